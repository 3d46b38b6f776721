"""One writer per site: locks that end with their process, and what a killed writer leaves behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from crawler.store import SiteLockedError, StoreError, open_store
from crawler.store.open import SqlStore
from crawler.store.schema import leases
from tests.store.samples import SITE, T0, article, read

#: Another process that writes until it is killed; it prints the number of every article it has committed.
WRITES = """
import sys
from crawler.store import open_store
from tests.store.samples import SITE, T0, article, read
with open_store(sys.argv[1]).writer(SITE, "elsewhere", T0) as writer:
    writer.begin_run("live", T0, full=False)
    writer.commit()
    print(0, flush=True)
    for number in range(1, 100000):
        read(writer, article(number))
        if number % 7 == 0:
            writer.commit()
            print(number, flush=True)
"""
HOLDS = """
import sys, time
from crawler.store import open_store
from tests.store.samples import SITE, T0
with open_store(sys.argv[1]).writer(SITE, "elsewhere", T0):
    print(0, flush=True)
    time.sleep(60)
"""


def elsewhere(code: str, url: str) -> subprocess.Popen[str]:
    root = Path(__file__).parents[2]
    process = subprocess.Popen(
        [sys.executable, "-c", code, url],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "0\n"
    return process


def test_a_second_writer_of_a_site_is_refused_at_once(store: SqlStore) -> None:
    with store.writer(SITE, "first", T0), store.writer("khac", "other site", T0) as other:
        read(other, article(site="khac"))
        other.commit()
        start = time.monotonic()
        with pytest.raises(
            SiteLockedError, match=rf"{SITE} is being written by first \(process {os.getpid()}"
        ):
            store.writer(SITE, "second", T0).__enter__()
        assert time.monotonic() - start < 2
    with store.writer(SITE, "third", T0) as again:
        read(again, article())
        again.commit()
    assert store.last_seq(SITE) == 1


def test_another_processs_lock_is_seen_and_ends_with_its_death(store: SqlStore, url: str) -> None:
    process = elsewhere(HOLDS, url)
    with pytest.raises(SiteLockedError, match=rf"elsewhere \(process {process.pid}"):
        store.writer(SITE, "here", T0).__enter__()
    process.send_signal(signal.SIGKILL)
    process.wait(10)
    _take_soon(store)


def _take_soon(store: SqlStore) -> None:
    """At once on SQLite; on PostgreSQL as soon as the server has noticed."""
    for _ in range(50):
        try:
            with store.writer(SITE, "heir", T0):
                return
        except SiteLockedError:
            time.sleep(0.1)
    pytest.fail("the lock outlived its process")


@pytest.mark.parametrize("delay", [0.02, 0.17])
def test_a_killed_writer_loses_nothing_committed(store: SqlStore, url: str, delay: float) -> None:
    process = elsewhere(WRITES, url)
    assert process.stdout is not None
    process.stdout.readline()  # killed somewhere inside or between later commits
    time.sleep(delay)
    process.send_signal(signal.SIGKILL)
    told = [int(line) for line in process.stdout.read().split()]
    process.wait(10)
    _take_soon(store)
    last = store.last_seq(SITE)
    assert last % 7 == 0
    assert last >= max(told, default=7)
    assert {state.id for state in store.articles(SITE)} == {f"pm{n}" for n in range(1, last + 1)}
    assert list(store.problems()) == []
    with store.writer(SITE, "heir", T0) as writer:
        assert read(writer, article(3)) is None
        assert read(writer, article(last + 1)) == "created"
        writer.commit()
    assert store.last_seq(SITE) == last + 1


def test_a_writer_whose_lock_was_taken_away_commits_nothing_more(tmp_path: Path) -> None:
    with open_store(f"sqlite:///{tmp_path}/s.sqlite") as store:
        first = store.writer(SITE, "first", T0)
        writer = first.__enter__()
        (tmp_path / f"s.sqlite.{SITE}.lock").unlink()
        with store.writer(SITE, "second", T0):
            read(writer, article())
            with pytest.raises(SiteLockedError, match="taken away"):
                writer.commit()
            writer.rollback()
        first.__exit__(None, None, None)
        assert store.last_seq(SITE) == 0


def test_a_writer_whose_session_was_ended_commits_nothing_more(postgres: str, tmp_path: Path) -> None:
    import psycopg

    schema = f"lease{time.monotonic_ns()}"
    with psycopg.connect(postgres, autocommit=True) as admin:
        admin.execute(f'CREATE SCHEMA "{schema}"')
        url = f"{postgres}{'&' if '?' in postgres else '?'}options=-csearch_path%3D{schema}"
        with open_store(url) as store:
            first = store.writer(SITE, "first", T0)
            writer = first.__enter__()
            read(writer, article())
            pid = writer._connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()  # type: ignore[attr-defined]
            admin.execute("SELECT pg_terminate_backend(%s)", (pid,))
            _take_soon(store)
            with pytest.raises(StoreError):
                writer.commit()
            with pytest.raises(StoreError, match="was lost"):
                writer.commit()
            writer.rollback()
            with pytest.raises(StoreError, match="was lost"):
                writer.commit()
            first.__exit__(None, None, None)
            assert store.last_seq(SITE) == 0
        admin.execute(f'DROP SCHEMA "{schema}" CASCADE')


def test_a_writer_that_commits_says_that_it_is_alive(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def signed() -> list[object]:
        with store.snapshot() as connection:
            return list(connection.execute(leases.select()))

    with store.writer(SITE, "first", T0) as writer:
        (before,) = signed()
        writer.commit()
        assert signed() == [before]
        monkeypatch.setattr("crawler.store.session.monotonic", lambda: time.monotonic() + 60)
        writer.commit()
        (after,) = signed()
        assert after.until > before.until  # type: ignore[attr-defined]
    assert signed() == []


def test_a_link_to_a_store_is_no_way_around_its_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    monkeypatch.chdir(tmp_path)
    with (
        open_store("sqlite:///real/s.sqlite") as one,
        open_store(f"sqlite:///{tmp_path}/link/s.sqlite") as two,
    ):
        (tmp_path / "s.sqlite").symlink_to(tmp_path / "real" / "s.sqlite")
        with one.writer(SITE, "first", T0), open_store("sqlite:///s.sqlite") as three:
            for other in (two, three):
                with pytest.raises(SiteLockedError):
                    other.writer(SITE, "second", T0).__enter__()
