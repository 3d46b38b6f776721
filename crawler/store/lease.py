"""The right to write one site, held by the operating system or the database server, so that it dies with us.

SQLite: an exclusive lock on a file beside the store. PostgreSQL: an advisory lock of the writer's own
session, so that whoever can still write still holds it. The row in `leases` only tells people who that is;
the writer's own commits renew it, never another thread beside its open transaction.
"""

import fcntl
import json
import os
import socket
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Connection, delete, text, update

from crawler.store.api import DiskError, SiteLockedError, StoreError
from crawler.store.engine import lost
from crawler.store.schema import leases
from crawler.store.statements import insert

#: How long a writer that does not commit is believed to be alive.
LEASE = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Holder:
    """Who writes a site."""

    owner: str
    host: str
    pid: int

    @classmethod
    def me(cls, owner: str) -> "Holder":
        return cls(owner, socket.gethostname(), os.getpid())

    def __str__(self) -> str:
        return f"{self.owner} (process {self.pid} on {self.host})"


def sign(connection: Connection, site: str, holder: Holder) -> None:
    """Tells people who writes."""
    row = {"site": site, "owner": holder.owner, "host": holder.host, "pid": holder.pid}
    statement = insert(connection.dialect.name, leases, update=("owner", "host", "pid", "until"))
    connection.execute(statement, row | {"until": datetime.now(UTC) + LEASE})
    connection.commit()


def renew(connection: Connection, site: str) -> None:
    """Says in the open transaction that the writer is alive."""
    statement = update(leases).where(leases.c.site == site)
    connection.execute(statement.values(until=datetime.now(UTC) + LEASE))


def unsign(connection: Connection, site: str) -> None:
    """Tells people that nobody writes."""
    connection.execute(delete(leases).where(leases.c.site == site))
    connection.commit()


class Lock(Protocol):
    """A held lock."""

    def check(self) -> None:
        """SiteLockedError when somebody took it away, StoreError when it was lost with the connection."""

    def release(self) -> None: ...


class FileLock:
    """`flock` on `<store>.<site>.lock`; the kernel frees it when the process ends, however it ends."""

    def __init__(self, store: Path, site: str, holder: Holder) -> None:
        self._site = site
        self._path = store.with_name(f"{store.name}.{site}.lock")
        self._fd = self._take(holder)

    def check(self) -> None:
        """Somebody may have removed the file, and another run locked a new one."""
        if not self._same():
            raise SiteLockedError(f"the lock of site {self._site} was taken away ({self._path} was removed)")

    def release(self) -> None:
        os.close(self._fd)

    def _take(self, holder: Holder) -> int:
        while True:
            self._fd = self._open()
            try:
                fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if self._same():
                    os.ftruncate(self._fd, 0)
                    os.pwrite(self._fd, json.dumps([holder.owner, holder.host, holder.pid]).encode(), 0)
                    return self._fd
            except BlockingIOError:
                other = _read_holder(self._fd)
                os.close(self._fd)
                raise _locked(self._site, other) from None
            except OSError as error:
                os.close(self._fd)
                raise DiskError(f"{self._path}: {error.strerror}") from error
            os.close(self._fd)  # removed between open and lock: lock the new one

    def _open(self) -> int:
        try:
            return os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            cure = "the store's folder must be writable"
            raise StoreError(f"{self._path}: {error.strerror}; {cure}") from error

    def _same(self) -> bool:
        try:
            there = self._path.stat()
        except FileNotFoundError:
            return False
        return os.path.samestat(there, os.fstat(self._fd))


#: Locks are the database's; one database may hold several stores in schemas of their own.
_KEY = "hashtextextended(:key || current_schema(), 0)"


class ServerLock:
    """A session advisory lock; gone with the session, on the server, whatever became of the client."""

    def __init__(self, connection: Connection, site: str) -> None:
        self._connection = connection
        self._site = site
        taken = connection.execute(text(f"SELECT pg_try_advisory_lock({_KEY})"), self._key)
        if not taken.scalar_one():
            row = connection.execute(
                text("SELECT owner, host, pid FROM leases WHERE site = :site"), {"site": site}
            )
            other = row.one_or_none()
            connection.rollback()
            raise _locked(site, None if other is None else Holder(*other))
        connection.commit()
        self._session = connection.connection.dbapi_connection

    @property
    def _key(self) -> dict[str, str]:
        return {"key": f"bantin:{self._site}"}

    def check(self) -> None:
        """StoreError when it was lost: a connection that was made again is another session, without the lock."""
        gone = self._connection.invalidated
        if gone or self._connection.connection.dbapi_connection is not self._session:
            raise lost(self._connection.engine.url)

    def release(self) -> None:
        self._connection.rollback()
        with suppress(StoreError):  # lost already
            self.check()
            self._unlock()

    def _unlock(self) -> None:
        self._connection.execute(text(f"SELECT pg_advisory_unlock({_KEY})"), self._key)
        self._connection.commit()


def _read_holder(fd: int) -> Holder | None:
    try:
        found: Any = json.loads(os.pread(fd, 4096, 0))
        return Holder(*found)
    except (ValueError, TypeError):  # just being written
        return None


def _locked(site: str, other: Holder | None) -> SiteLockedError:
    who = "another run" if other is None else str(other)
    return SiteLockedError(f"site {site} is being written by {who}; wait until it has ended")
