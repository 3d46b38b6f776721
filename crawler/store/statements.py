"""SQL that is used again and again, built once; the two databases differ only in who makes an upsert."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, Table, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from crawler.store.schema import articles, listings, memberships, readings, revisions

_INSERTS = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def insert(dialect: str, table: Table, *, update: tuple[str, ...] = ()) -> Any:
    """An insert that meets an existing key with an update of these columns, or with nothing."""
    statement = insert_only(dialect, table)
    if not update:
        return statement.on_conflict_do_nothing(index_elements=_keys(table))
    return on_conflict(statement, table, {name: statement.excluded[name] for name in update})


def insert_only(dialect: str, table: Table) -> Any:
    """An insert that is still to be told what to do about an existing key."""
    return _INSERTS[dialect](table)


def on_conflict(statement: Any, table: Table, values: Mapping[str, Any]) -> Any:
    """The insert, setting these values where the key exists."""
    return statement.on_conflict_do_update(index_elements=_keys(table), set_=dict(values))


def _keys(table: Table) -> list[str]:
    return [column.name for column in table.primary_key]


def states() -> Select[Any]:
    """Rows that `codec.read_state` reads."""
    same = (
        (revisions.c.site == articles.c.site)
        & (revisions.c.article == articles.c.id)
        & (revisions.c.page == articles.c.page)
    )
    return select(articles, revisions.c.content).join(revisions, same)


ONE_STATE = states().where(
    articles.c.site == bindparam("of_site"),
    articles.c.id == bindparam("of_article"),
)

READINGS = (
    select(readings, revisions.c.reader, revisions.c.url, revisions.c.published, revisions.c.series)
    .join(
        revisions,
        (revisions.c.site == readings.c.site)
        & (revisions.c.article == readings.c.article)
        & (revisions.c.page == readings.c.page),
    )
    .where(readings.c.site == bindparam("of_site"), readings.c.article == bindparam("of_article"))
    .order_by(readings.c.at, readings.c.rank)
)

SECTIONS_OF = (
    select(listings.c.id, listings.c.title, listings.c.url)
    .join(
        memberships,
        (memberships.c.site == listings.c.site) & (memberships.c.section == listings.c.id),
    )
    .where(memberships.c.site == bindparam("of_site"), memberships.c.article == bindparam("of_article"))
    .order_by(listings.c.id)
)
