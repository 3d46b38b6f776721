"""Stores of both kinds: SQLite always, PostgreSQL where a server is named or can be started."""

import getpass
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from crawler.store.open import SqlStore, open_store
from crawler.store.schema import metadata, version
from crawler.store.write import SiteWriter
from tests.store.samples import SITE, T0


def _other_user() -> str | None:
    """PostgreSQL refuses to run as root."""
    return "nobody" if os.geteuid() == 0 else None


def _start(folder: Path) -> subprocess.Popen[bytes]:
    user = _other_user()
    data = folder / "data"
    initdb = [
        "initdb",
        "-D",
        str(data),
        "-A",
        "trust",
        "-U",
        "bantin",
        "-E",
        "UTF8",
        "--locale=C",
        "--no-sync",
    ]
    subprocess.run(initdb, check=True, user=user, stdout=subprocess.DEVNULL, cwd=folder)
    options = ["-c", "listen_addresses=", "-c", "fsync=off", "-c", "max_connections=30"]
    server = ["postgres", "-D", str(data), "-k", str(folder), *options]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(server, user=user, stdout=quiet, stderr=quiet, cwd=folder)
    for _ in range(200):
        if process.poll() is not None:
            break
        if _answers(_address(folder)):
            return process
        time.sleep(0.05)
    process.kill()
    raise RuntimeError("postgres does not start")


def _address(folder: Path) -> str:
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
    if not (shutil.which("postgres") and shutil.which("initdb")):
        pytest.skip("no PostgreSQL: neither BANTIN_TEST_POSTGRES nor postgres and initdb on PATH")
    folder = Path(tempfile.mkdtemp(prefix="bantin-pg-"))
    shutil.chown(folder, _other_user() or getpass.getuser())
    server = _start(folder)
    try:
        yield _address(folder)
    finally:
        server.send_signal(signal.SIGINT)  # fast shutdown: sessions are not waited for
        server.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


def _in_schema(base: str, schema: str) -> str:
    """The database's address with a schema of its own, where another store can live."""
    import psycopg

    with psycopg.connect(base, autocommit=True) as connection:
        connection.execute(f'CREATE SCHEMA "{schema}"')
    return f"{base}{'&' if '?' in base else '?'}options={quote(f'-csearch_path={schema}')}"


@pytest.fixture(params=["sqlite", "postgresql"])
def fresh_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Address of a store that does not exist yet."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/folder/store.sqlite"
        return
    import psycopg

    base, schema = request.getfixturevalue("postgres"), f"t{time.monotonic_ns()}"
    yield _in_schema(base, schema)
    with psycopg.connect(base, autocommit=True) as connection:
        connection.execute(f'DROP SCHEMA "{schema}" CASCADE')


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
