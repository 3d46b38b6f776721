"""Stores of both kinds: SQLite always, PostgreSQL where a server is named or can be started."""

import getpass
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest

from crawler.store.open import SqlStore, open_store
from crawler.store.schema import metadata, version
from crawler.store.write import SiteWriter
from tests.store.samples import SITE, T0


def _program(name: str) -> str | None:
    """On PATH, or where Debian puts the servers of all versions; the newest."""
    debian = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4]))
    return shutil.which(name) or (str(debian[-1]) if debian else None)


def _other_user() -> str | None:
    """PostgreSQL refuses to run as root."""
    return "nobody" if os.geteuid() == 0 else None


def start_server(folder: Path, *, fresh: bool = True) -> subprocess.Popen[bytes]:
    """A PostgreSQL server of our own, reached by a socket in this folder, which is empty or its former one."""
    user, data, quiet = _other_user(), folder / "data", subprocess.DEVNULL
    if fresh:
        shutil.chown(folder, user or getpass.getuser())
        making = ["-D", str(data), "-A", "trust", "-U", "bantin", "-E", "UTF8", "--locale=C", "--no-sync"]
        subprocess.run([str(_program("initdb")), *making], check=True, user=user, stdout=quiet, cwd=folder)
    options = ["-c", "listen_addresses=", "-c", "fsync=off", "-c", "max_connections=30"]
    server = [str(_program("postgres")), "-D", str(data), "-k", str(folder), *options]
    process = subprocess.Popen(server, user=user, stdout=quiet, stderr=quiet, cwd=folder)
    for _ in range(400):
        if process.poll() is not None:
            break
        if _answers(server_address(folder)):
            return process
        time.sleep(0.05)
    process.kill()
    raise RuntimeError("postgres does not start")


@contextmanager
def server_folder() -> Iterator[Path]:
    """A folder with a path short enough for a socket; skips where there is no server to start."""
    if not (_program("postgres") and _program("initdb")):
        pytest.skip(
            "no PostgreSQL: neither BANTIN_TEST_POSTGRES nor postgres and initdb (Debian: postgresql)"
        )
    folder = Path(tempfile.mkdtemp(prefix="bantin-pg-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def server_address(folder: Path) -> str:
    return f"postgresql://bantin@/postgres?host={quote(str(folder))}"


def _answers(address: str) -> bool:
    import psycopg

    try:
        psycopg.connect(address).close()
    except psycopg.OperationalError:
        return False
    return True


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """URL of a database in which schemas can be made."""
    if named := os.environ.get("BANTIN_TEST_POSTGRES"):
        yield named
        return
    with server_folder() as folder:
        server = start_server(folder)
        try:
            yield server_address(folder)
        finally:
            server.send_signal(signal.SIGINT)  # fast shutdown: sessions are not waited for
            server.wait(20)


def _in_schema(base: str, schema: str) -> str:
    """The database's address with a schema of its own, where another store can live."""
    import psycopg

    with psycopg.connect(base, autocommit=True) as connection:
        connection.execute(f'CREATE SCHEMA "{schema}"')
    return f"{base}{'&' if '?' in base else '?'}options={quote(f'-csearch_path={schema}')}"


@pytest.fixture
def server_url(postgres: str) -> Iterator[str]:
    """Address of a store on the server that does not exist yet."""
    import psycopg

    schema = f"t{time.monotonic_ns()}"
    yield _in_schema(postgres, schema)
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f'DROP SCHEMA "{schema}" CASCADE')


@pytest.fixture(params=["sqlite", "postgresql"])
def fresh_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Address of a store that does not exist yet."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/folder/store.sqlite"
    url: str = request.getfixturevalue("server_url")
    return url


@pytest.fixture(scope="session")
def sqlite_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlStore]:
    with open_store(f"sqlite:///{tmp_path_factory.mktemp('shared')}/store.sqlite") as opened:
        yield opened


@pytest.fixture(scope="session")
def postgresql_store(postgres: str) -> Iterator[SqlStore]:
    with open_store(_in_schema(postgres, f"shared{time.monotonic_ns()}")) as opened:
        yield opened


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest) -> Iterator[SqlStore]:
    """An empty store; tests take turns with one, since opening another costs more than most of them."""
    shared: SqlStore = request.getfixturevalue(f"{request.param}_store")
    yield shared
    with shared._writing.begin() as connection:
        for table in reversed(metadata.sorted_tables):
            if table is not version:
                connection.execute(table.delete())


@pytest.fixture
def url(store: SqlStore) -> str:
    """Address of the empty store."""
    return store._url.render_as_string(hide_password=False)


@pytest.fixture
def writer(store: SqlStore) -> Iterator[SiteWriter]:
    with store.writer(SITE, "test", T0, reserved={"hop-to"}) as opened:
        assert isinstance(opened, SiteWriter)
        opened.begin_run("live", T0, full=False)
        yield opened
