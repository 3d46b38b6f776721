"""Long answers in small pieces, so that memory does not grow with the archive."""

from collections.abc import Callable, Iterator
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, Select, tuple_

CHUNK: Final = 200


def chunks(
    connection: Connection,
    statement: Select[Any],
    *key: ColumnElement[Any],
    newest_first: bool = False,
    before: Callable[[], None] | None = None,
) -> Iterator[Row[Any]]:
    """Rows in the order of a unique key, fetched in chunks that each start behind the last one.

    No cursor stays open, so the caller may write and commit while he reads; `before` is called before each
    chunk, to write what is still waiting.
    """
    ordered = statement.order_by(*(column.desc() if newest_first else column for column in key)).limit(CHUNK)
    behind: tuple[Any, ...] | None = None
    while True:
        if before is not None:
            before()
        chunk = ordered if behind is None else ordered.where(_beyond(key, behind, newest_first=newest_first))
        rows = connection.execute(chunk).all()
        yield from rows
        if len(rows) < CHUNK:
            return
        behind = tuple(getattr(rows[-1], str(column.key)) for column in key)


def _beyond(
    key: tuple[ColumnElement[Any], ...], last: tuple[Any, ...], *, newest_first: bool
) -> ColumnElement[bool]:
    here, there = tuple_(*key), tuple_(*last, types=[column.type for column in key])
    return here < there if newest_first else here > there
