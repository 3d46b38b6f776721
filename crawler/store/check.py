"""Reads the whole store back and tells what does not fit together, one sentence each."""

from collections.abc import Iterator

from sqlalchemy import Connection, text


def problems(connection: Connection) -> Iterator[str]:
    """Inconsistencies in the order of their weight; none when the store is sound."""
    if connection.dialect.name == "sqlite":
        for (found,) in connection.execute(text("PRAGMA quick_check")):
            if found != "ok":
                yield f"the file is damaged: {found}"
