"""Rows on their way into the open transaction: many small writes become few statements."""

from typing import Any, Final

from sqlalchemy import Connection, bindparam, case, update

from crawler.store import schema as t
from crawler.store.quick import Quick
from crawler.store.statements import insert, insert_only, on_conflict

#: Rows kept back at most.
LIMIT: Final = 2000

_STATE: Final = tuple(c.name for c in t.articles.columns if not c.primary_key)
_READ: Final = ("url", "state", "reason", "tries", "next_try", "last_read_run")
#: What an absence that is newer than the reading leaves as it is.
_PLAN: Final = ("due_at", "step", "absent_at", "absent_run")


class Batch:
    """Rows by statement; written in an order that keeps every reference whole."""

    def __init__(self, connection: Connection) -> None:
        dialect = connection.dialect.name
        self._statements = {name: Quick(connection, made) for name, made in _statements(dialect).items()}
        self._rows: dict[str, list[dict[str, Any]]] = {name: [] for name in self._statements}
        self._count = 0

    def add(self, name: str, row: dict[str, Any]) -> None:
        """Keeps a row for the statement of this name."""
        self._rows[name].append(row)
        self._count += 1
        if self._count >= LIMIT:
            self.flush()

    def flush(self) -> None:
        """Executes what is waiting."""
        if not self._count:
            return
        for name, rows in self._rows.items():
            if rows:
                self._statements[name].many(rows)
                rows.clear()
        self._count = 0

    def clear(self) -> None:
        """Forgets what is waiting."""
        for rows in self._rows.values():
            rows.clear()
        self._count = 0


def _statements(dialect: str) -> dict[str, Any]:
    """What rows are for, in the order of writing."""
    links, captured = t.links.c, ("source", "url", "fetched_at", "status", "digest")
    return {
        "revisions": insert(dialect, t.revisions),
        "readings": insert(dialect, t.readings, update=("payload", "page", "kept", "reextracted_at")),
        "articles": insert(dialect, t.articles, update=_STATE),
        "views": insert(dialect, t.views),
        "changes": t.changes.insert(),
        "memberships": insert(dialect, t.memberships),
        "links": insert(dialect, t.links),
        "read links": _read_links(dialect),
        "seen links": update(t.links)
        .where(links.site == bindparam("of_site"), links.id == bindparam("of_id"))
        .values(url=bindparam("new_url"), title=bindparam("new_title")),
        "captures": insert(dialect, t.captures, update=captured),
    }


def _read_links(dialect: str) -> Any:
    """Settles links as read. An absence that is newer than the page stays noted, and is looked into as planned."""
    statement = insert_only(dialect, t.links)
    old, new = t.links.c, statement.excluded
    newer = old.absent_at > new.read_at
    plan = {name: case((newer, old[name]), else_=new[name]) for name in _PLAN}
    values = {name: new[name] for name in _READ} | plan | {"read_at": new.read_at}
    return on_conflict(statement, t.links, values)
