"""PostgreSQL end to end: crawl, build and export by the real command, two at once, a server that goes away."""

import json
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from crawler.store import open_store
from fixtures.portal import Faults, scaled_portal
from fixtures.portal import faults as fault
from tests.crawl.conftest import Bantin, Ended, serve  # noqa: F401  # a fixture
from tests.store.conftest import server_address, server_folder, start_server

Serve = Callable[..., Bantin]


@pytest.fixture
def bantin(serve: Serve) -> Bantin:  # noqa: F811
    return serve(scaled_portal(14, sections=2))


def records(ended: Ended) -> list[dict[str, Any]]:
    """Exported records by article, without their captures; a slow answer may have changed the order of reading."""
    assert ended.code == 0, ended.err
    found = [json.loads(line) for line in ended.out.splitlines()]
    assert [record["seq"] for record in found] == list(range(1, len(found) + 1))
    left_out = ("capture", "seq")
    plain = [{name: value for name, value in record.items() if name not in left_out} for record in found]
    return sorted(plain, key=lambda record: str(record["id"]))


def one_line(ended: Ended, *words: str) -> None:
    told = [line for line in ended.err.splitlines() if line.strip()]
    assert len(told) == 1, ended.err
    assert all(word in told[0] for word in words), told[0]


def test_both_databases_make_the_same_records_and_files(bantin: Bantin, server_url: str) -> None:
    assert bantin.run("run").code == 0
    kept, files = records(bantin.run("export")), bantin.output()
    there = {"BANTIN_STORE": server_url, "BANTIN_OUT": "elsewhere", "BANTIN_CAPTURES": "captures"}
    report = bantin.run("--json", "run", **there)
    assert report.code == 0, report.err
    assert records(bantin.run("export", **there)) == kept
    elsewhere = bantin.folder / "elsewhere"
    assert {
        str(path.relative_to(elsewhere)): path.read_bytes()
        for path in sorted(elsewhere.rglob("*"))
        if path.is_file() and not path.name.startswith("status.")
    } == files
    before = len(bantin.server.paths)
    again = bantin.run("--json", "crawl", **there)
    assert (again.code, again.json["articles"]["new"]) == (0, 0)
    assert len(bantin.server.paths) - before < 10
    with open_store(server_url) as store:
        assert list(store.problems()) == []


def test_a_second_crawl_ends_at_once_while_the_first_works(bantin: Bantin, server_url: str) -> None:
    bantin.server.faults.paths["/"] = fault.hang(20)
    first = bantin.start("crawl", BANTIN_STORE=server_url)
    _wait_until(lambda: "/" in bantin.server.paths)
    second = bantin.run("crawl", BANTIN_STORE=server_url)
    first.kill()
    first.communicate()
    assert second.code == 5
    one_line(second, "dukcqtw", "is being written by")
    bantin.server.faults.paths.clear()
    assert bantin.run("crawl", BANTIN_STORE=server_url).code == 0  # the lock went with the first


@pytest.fixture
def own_server() -> Iterator[tuple[str, Callable[[], None], Callable[[], None]]]:
    """A server of its own: its address, how to kill it, and how to start it again."""
    with server_folder() as folder:
        running = [start_server(folder)]

        def kill() -> None:
            running[-1].send_signal(signal.SIGQUIT)  # no goodbye to its sessions
            running[-1].wait(20)

        def start() -> None:
            running.append(start_server(folder, fresh=False))

        yield server_address(folder), kill, start
        if running[-1].poll() is None:
            kill()


@pytest.mark.parametrize("request_number", [3, 12])
def test_a_server_that_goes_away_ends_the_run_and_the_next_goes_on(
    serve: Serve,  # noqa: F811
    own_server: tuple[str, Callable[[], None], Callable[[], None]],
    request_number: int,
) -> None:
    url, kill, start = own_server
    faults = Faults(on_request=lambda n, _: kill() if n == request_number else None)
    bantin = serve(scaled_portal(14, sections=2), faults)
    ended = bantin.run("crawl", BANTIN_STORE=url)
    assert ended.code == 4, ended.err
    one_line(ended, "dukcqtw", "see that the server runs")
    one_line(bantin.run("export", BANTIN_STORE=url), "postgresql")
    faults.on_request = None
    start()
    assert bantin.run("crawl", BANTIN_STORE=url).code == 0
    assert len(records(bantin.run("export", BANTIN_STORE=url))) == 14
    with open_store(url) as store:
        assert list(store.problems()) == []


def test_a_session_that_is_cut_off_is_no_lock(bantin: Bantin, postgres: str, server_url: str) -> None:
    """The server goes on, but the lock went with the session: nothing more is written without it."""
    import psycopg

    cut = []

    def cut_off(number: int, _path: str) -> None:
        if number == 8:
            with psycopg.connect(postgres, autocommit=True) as connection:
                query = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"
                cut.extend(connection.execute(query).fetchall())

    bantin.server.faults.on_request = cut_off
    ended = bantin.run("crawl", BANTIN_STORE=server_url)
    assert cut
    assert ended.code == 4, ended.err
    one_line(ended, "dukcqtw")
    bantin.server.faults.on_request = None
    assert bantin.run("crawl", BANTIN_STORE=server_url).code == 0
    assert len(records(bantin.run("export", BANTIN_STORE=server_url))) == 14


def _wait_until(happened: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not happened() and time.monotonic() < deadline:
        time.sleep(0.05)


def test_no_server_is_told_in_one_line(bantin: Bantin, tmp_path: Path) -> None:
    ended = bantin.run("crawl", BANTIN_STORE=f"postgresql://me:geheim@/x?host={tmp_path}")
    assert ended.code == 4
    one_line(ended, "postgresql")
    assert "geheim" not in ended.err
