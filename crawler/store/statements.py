"""SQL that is used again and again, built once; the two databases differ only in who makes an upsert."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, Text, any_, bindparam, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import ARRAY

from crawler.store.schema import articles, captures, links, memberships, readings, revisions

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
    select(memberships.c.section)
    .where(memberships.c.site == bindparam("of_site"), memberships.c.article == bindparam("of_article"))
    .order_by(memberships.c.section)
)

IS_STORED = select(articles.c.page).where(
    articles.c.site == bindparam("of_site"), articles.c.id == bindparam("of_article")
)

IS_CAPTURED = (
    select(captures.c.offset)
    .where(captures.c.site == bindparam("of_site"), captures.c.digest == bindparam("of_digest"))
    .limit(1)
)


def one_of(dialect: str, column: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether the column is among the texts bound as `of_ids` (see `bound_ids`), in one statement for any number."""
    if dialect == "sqlite":
        return column.in_(select(func.json_each(bindparam("of_ids")).table_valued("value").c.value))
    return column == any_(bindparam("of_ids", type_=ARRAY(Text())))


def bound_ids(dialect: str, ids: Sequence[str]) -> Any:
    """The value of `of_ids`."""
    return json.dumps(ids) if dialect == "sqlite" else list(ids)


def seen_links(dialect: str) -> Select[Any]:
    """What is known of links, without times."""
    c = links.c
    return select(c.id, c.url, c.title, c.state, c.first_run, c.last_read_run).where(
        c.site == bindparam("of_site"), one_of(dialect, c.id)
    )


def seen_members(dialect: str) -> Select[Any]:
    """Which articles stand in a section, and since which run."""
    c = memberships.c
    return select(c.article, c.first_run).where(
        c.site == bindparam("of_site"), c.section == bindparam("of_section"), one_of(dialect, c.article)
    )
