"""Database connections: URL forms, pragmas, transactions, and every driver error turned into a StoreError."""

import logging
import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, ExceptionContext, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import NullPool

from crawler.store.api import DiskError, StoreError

#: Seconds a SQLite writer waits for another site's commit.
BUSY_SECONDS = 60
_DISK_CODES = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}


def read_url(url: str) -> URL:
    """The address of a store with its driver; StoreError for anything but SQLite files and PostgreSQL."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise StoreError(
            "the store address is unreadable; use sqlite:///PATH or postgresql://HOST/NAME"
        ) from None
    backend = parsed.get_backend_name()
    if backend in ("postgresql", "postgres"):
        return parsed.set(drivername="postgresql+psycopg")
    if backend != "sqlite":
        raise StoreError(f"no store can be kept in {backend}; use sqlite:///PATH or postgresql://HOST/NAME")
    if not parsed.database or parsed.database == ":memory:":
        raise StoreError("a store in memory would be lost; use sqlite:///PATH")
    return URL.create("sqlite", database=parsed.database)


def sqlite_path(url: URL) -> Path:
    """The file itself: one store has one lock, whatever links and folders a process comes by."""
    return Path(str(url.database)).resolve()


def shown(url: URL) -> str:
    """The address for messages, without its password."""
    return url.render_as_string(hide_password=True)


def writing_engine(url: URL) -> Engine:
    """One connection at a time, whose transactions take the write lock when they begin."""
    return _sqlite_engine(url, read_only=False) if url.get_backend_name() == "sqlite" else _pg_engine(url)


def reading_engine(url: URL) -> Engine:
    """Connections that cannot write; each transaction sees one snapshot."""
    if url.get_backend_name() == "sqlite":
        return _sqlite_engine(url, read_only=True)
    return _pg_engine(url).execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def _pg_engine(url: URL) -> Engine:
    try:
        engine = create_engine(url, pool_pre_ping=True)
    except ModuleNotFoundError:
        raise StoreError("PostgreSQL needs the driver: pip install 'bantin[postgresql]'") from None
    logging.getLogger("psycopg").setLevel(logging.ERROR)  # a lost connection is told once, as an error
    event.listen(engine, "handle_error", _wrap)
    event.listen(engine, "connect", _keep_alive)
    return engine


def _keep_alive(connection: Any, _record: Any) -> None:
    """A writer's machine that vanishes must not hold the site's lock for the hours TCP would wait."""
    for setting, value in (("idle", 30), ("interval", 10), ("count", 3)):
        connection.execute(f"SET tcp_keepalives_{setting} = {value}")
    connection.commit()


def _sqlite_engine(url: URL, *, read_only: bool) -> Engine:
    path = sqlite_path(url)

    def connect() -> sqlite3.Connection:
        address = path.as_uri() + ("?mode=ro" if read_only else "?mode=rwc")
        return sqlite3.connect(
            address,
            uri=True,
            timeout=BUSY_SECONDS,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=256,
        )

    engine = create_engine(url, creator=connect, poolclass=NullPool if read_only else None)
    event.listen(engine, "handle_error", _wrap)
    event.listen(engine, "connect", _read_pragmas if read_only else _write_pragmas)
    # The driver would begin late and implicitly; a writer must hold the lock before it reads what it changes.
    event.listen(engine, "begin", _begin if read_only else _begin_immediate)
    return engine


def _write_pragmas(connection: sqlite3.Connection, _record: Any) -> None:
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-16000"):
        connection.execute(f"PRAGMA {pragma}")


def _read_pragmas(connection: sqlite3.Connection, _record: Any) -> None:
    connection.execute("PRAGMA query_only=ON")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _wrap(context: ExceptionContext) -> None:
    """Raises what callers know instead of the driver's own error."""
    original = context.original_exception
    raise translated(original, None if context.engine is None else context.engine.url) from original


def translated(error: BaseException, url: URL | None) -> StoreError:
    """What callers know for a driver's own error; the message names the store and the cure."""
    name = "the store" if url is None else shown(url)
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in _DISK_CODES or getattr(error, "sqlstate", None) == "53100":
        return DiskError(f"{name}: {error}; free some disk space and run again")
    return StoreError(f"{name}: {_sentence(error)}")


def lost(url: URL) -> StoreError:
    """What callers know when the connection that held the site's lock is gone; nothing is written on another."""
    return StoreError(f"{shown(url)}: the connection was lost; see that the server runs, then start again")


def _sentence(error: BaseException) -> str:
    text_of = " ".join(str(error).split())
    if isinstance(error, sqlite3.DatabaseError):
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
            return f"the file is damaged or no store ({text_of}); restore a backup or name another file"
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            return f"another program keeps it locked ({text_of}); try again when it has ended"
        if code == sqlite3.SQLITE_CANTOPEN:
            return f"it cannot be opened ({text_of}); check the owner and mode of the file and its folder"
        if code == sqlite3.SQLITE_READONLY:
            return f"it cannot be written ({text_of}); check the owner and mode of the file and its folder"
    if type(error).__name__ == "OperationalError" and getattr(error, "sqlstate", None) is None:
        return f"{text_of}; see that the server runs and can be reached"
    return text_of
