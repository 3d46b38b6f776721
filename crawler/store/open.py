"""Opens a store: finds out what is there, makes it or brings it up to date, hands out readers and writers."""

import re
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from sqlalchemy import Connection, inspect, select, text
from sqlalchemy.engine import URL

from crawler.store import schema as t
from crawler.store.api import Reader, StoreError, Writer
from crawler.store.engine import read_url, reading_engine, shown, sqlite_path, writing_engine
from crawler.store.lease import FileLock, Holder, Lock, ServerLock, sign, unsign
from crawler.store.read import ReadMethods
from crawler.store.statements import insert
from crawler.store.write import SiteWriter

_SITE = re.compile(r"[a-z0-9][a-z0-9_.-]{0,79}")


def open_store(url: str, *, create: bool = True) -> "SqlStore":
    """The store at `sqlite:///PATH` or `postgresql://…`, made when it is not there.

    With `create` False a store that is not there is a StoreError, as is always one that is damaged, of a newer
    version, or no store at all. An older one is brought up to date.
    """
    address = read_url(url)
    store = SqlStore(address)
    try:
        if not _is_current(store, address, create=create):
            store.prepare()
    except BaseException:
        store.close()
        raise
    return store


def _is_current(store: "SqlStore", address: URL, *, create: bool) -> bool:
    """Looks without a lock: readers must be able to open a store that is being written."""
    if address.get_backend_name() == "sqlite" and not _file_exists(sqlite_path(address), create=create):
        return False
    with store.snapshot() as connection:
        found = _version(connection, address)
    if found is None and not create:
        raise StoreError(f"there is no store at {shown(address)}; `bantin crawl` makes one")
    return found == t.SCHEMA_VERSION


def _file_exists(path: Path, *, create: bool) -> bool:
    """Whether there is a file with something in it; makes its folder otherwise."""
    if path.is_file() and path.stat().st_size:
        return True
    if not create:
        raise StoreError(f"there is no store at {path}; `bantin crawl` makes one")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{path.parent}: {error.strerror}; name another place with --store") from error
    return False


def _version(connection: Connection, address: URL) -> str | None:
    """Revision of the store's schema; None where there is none yet; StoreError where something else is."""
    names = set(inspect(connection).get_table_names())
    if t.version.name in names and t.changes.name in names:
        found: str | None = connection.scalar(select(t.version.c.version_num))
        return found
    if names:
        raise StoreError(f"{shown(address)} belongs to another program; name another store with --store")
    return None


class SqlReader(ReadMethods):
    """Reads one snapshot through one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @contextmanager
    def _connect(self) -> Iterator[Connection]:
        yield self._connection


class SqlStore(ReadMethods):
    """An open store."""

    def __init__(self, url: URL) -> None:
        self._url = url
        self._writing = writing_engine(url)
        self._reading = reading_engine(url)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def prepare(self) -> None:
        """Makes the tables or brings them up to date; of several processes that try, one does it."""
        with self._writing.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(hashtextextended('bantin schema', 0))"))
            found = _version(connection, self._url)
            if found is None:
                t.metadata.create_all(connection)
                connection.execute(t.version.insert(), {"version_num": t.SCHEMA_VERSION})
            elif found != t.SCHEMA_VERSION:
                from crawler.store.migrate import upgrade

                upgrade(connection, found, shown(self._url))

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A connection that cannot write and sees one state of the store."""
        with self._reading.connect() as connection:
            yield connection

    def _connect(self) -> AbstractContextManager[Connection]:
        return self.snapshot()

    def transaction(self, work: Callable[[Reader], Any]) -> Any:
        """Runs `work` on one consistent snapshot."""
        with self.snapshot() as connection:
            return work(SqlReader(connection))

    def writer(
        self,
        site: str,
        owner: str,
        now: datetime,
        *,
        reserved: Collection[str] = (),
        canonical: Callable[[str], str | None] | None = None,
    ) -> AbstractContextManager[Writer]:
        """Takes the site's lease and opens its writer; SiteLockedError when another run has it."""
        if not _SITE.fullmatch(site):
            raise StoreError(f"{site!r} is no site id")

        def make(connection: Connection, lock: Lock) -> Writer:
            return SiteWriter(connection, site, lock, now, reserved=reserved, canonical=canonical)

        return self._writer(site, owner, make)

    @contextmanager
    def _writer(self, site: str, owner: str, make: Callable[[Connection, Lock], Writer]) -> Iterator[Writer]:
        with self._writing.connect() as connection:
            holder = Holder.me(owner)
            lock = self._lock(connection, site, holder)
            try:
                sign(connection, site, holder)
                yield make(connection, lock)
            finally:
                connection.rollback()
                with suppress(StoreError):  # lost with the session, or a full disk: the next owner signs anew
                    lock.check()
                    unsign(connection, site)
                lock.release()

    def _lock(self, connection: Connection, site: str, holder: Holder) -> Lock:
        if self._url.get_backend_name() == "sqlite":
            return FileLock(sqlite_path(self._url), site, holder)
        return ServerLock(connection, site)

    def set_note(self, key: str, value: str) -> None:
        """Notes something about the whole store."""
        with self._writing.begin() as connection:
            statement = insert(connection.dialect.name, t.meta, update=("value",))
            connection.execute(statement, {"key": key, "value": value})

    def close(self) -> None:
        """Closes every connection."""
        self._writing.dispose()
        self._reading.dispose()
