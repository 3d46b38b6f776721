"""Statements that run for every page: compiled once, handed to the driver itself.

SQLAlchemy takes a tenth of a millisecond to execute one statement, or a few rows; its compiled text and its types
are used here, its transactions stay in charge, and errors come out as they do elsewhere.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Executable

from crawler.store.engine import lost, translated
from crawler.store.schema import Utc

Values = Mapping[str, Any]


class Quick:
    """One statement on one connection. Values go in as they do in SQLAlchemy; rows come out as the driver's own."""

    def __init__(self, connection: Connection, statement: Executable) -> None:
        self._connection = connection
        dialect = connection.dialect
        compiled: Any = statement.compile(dialect=dialect)  # type: ignore[attr-defined]
        self._text = str(compiled)
        #: Names in the order of the driver's question marks; None where the driver takes names.
        self._order: Sequence[str] | None = compiled.positiontup
        self._fixed: Values = {
            name: bind.value for name, bind in compiled.binds.items() if bind.value is not None
        }
        # One page brings the same few times again and again.
        self._converters = [
            (name, lru_cache(maxsize=64)(convert) if isinstance(bind.type, Utc) else convert)
            for name, bind in compiled.binds.items()
            if (convert := bind.type.dialect_impl(dialect).bind_processor(dialect))
        ]

    def rows(self, values: Values) -> list[tuple[Any, ...]]:
        """Executes a query. StoreError, DiskError."""
        found: list[tuple[Any, ...]] = self._on_driver(
            lambda driver: driver.execute(self._text, self._converted(values)).fetchall()
        )
        return found

    def many(self, rows: Sequence[Values]) -> None:
        """Executes a change for each of these rows. StoreError, DiskError."""
        converted = list(map(self._converted, rows))
        self._on_driver(lambda driver: driver.cursor().executemany(self._text, converted))

    def _converted(self, values: Values) -> Any:
        whole = {**self._fixed, **values}
        for name, convert in self._converters:
            whole[name] = convert(whole[name])
        return whole if self._order is None else [whole[name] for name in self._order]

    def _on_driver(self, work: Callable[[Any], Any]) -> Any:
        if self._connection.invalidated:
            raise lost(self._connection.engine.url)
        if not self._connection.in_transaction():
            self._connection.begin()
        driver = self._connection.connection.dbapi_connection
        try:
            return work(driver)
        except self._connection.dialect.loaded_dbapi.Error as error:
            if self._connection.dialect.is_disconnect(error, driver, None):
                self._connection.invalidate(error)
            raise translated(error, self._connection.engine.url) from error
