"""A harvest killed at any request and started again: complete, nothing doubled, and hardly anything fetched twice."""

import os
import signal
import time
from collections import Counter
from datetime import datetime, timedelta

import pytest

from fixtures.archives import CommonCrawlServer, WaybackServer, captures_of
from fixtures.portal import faults as fault
from fixtures.portal import scaled_portal

CAPTURED = datetime.fromisoformat("2020-03-24T09:00:00+07:00")
#: Each of these requests is one at which a harvest is killed; all of them at full size.
STEP = 1 if os.environ.get("BANTIN_TEST_ALL") else 13


@pytest.fixture(scope="module")
def held():
    portal = scaled_portal(6, sections=2, page_size=2)
    older = captures_of(portal, CAPTURED - timedelta(days=100))
    article = next(iter(portal))
    portal.edit(article.id, title=f"{article.title} (bổ sung)", views=article.views + 9)
    return [*older, *captures_of(portal, CAPTURED)]


def _serve(kind, held, folder):
    if kind == "wayback":
        return WaybackServer(held, cap=7)
    return CommonCrawlServer(folder / "cc", {"CC-MAIN-2020-16": held}, page_size=7)


def _killed_at(bantin, server, number, kind):
    """One harvest that is killed while its request of this number is answered; whether it came so far."""
    process = bantin.start("crawl", "--from", kind)

    def kill(asked, path):
        if asked == number:
            process.kill()

    server.faults.on_request = kill
    process.join(60)
    server.faults.on_request = None
    return process.exitcode == -signal.SIGKILL


@pytest.mark.parametrize("kind", ["wayback", "commoncrawl"])
def test_killed_at_any_request_and_started_again(kind, held, install, tmp_path):
    with _serve(kind, held, tmp_path) as server:
        whole = install(server)
        whole.harvest(source=kind)
        wanted, views, sections = whole.newest(), whole.views(), _sections(whole)
        number = 0
        while True:
            number += STEP
            server.asked.clear()
            bantin = install(server)
            if not _killed_at(bantin, server, number, kind):
                break
            bantin.harvest(source=kind)
            assert bantin.newest() == wanted, f"killed at request {number}"
            assert (bantin.views(), _sections(bantin)) == (views, sections), f"killed at request {number}"
            assert bantin.problems() == []
    assert number > 20


def _sections(bantin):
    return sorted((record["id"], str(record["sections"])) for record in bantin.newest().values())


def test_what_is_committed_is_not_fetched_again(held, install):
    with WaybackServer(held) as server:
        bantin = install(server)
        assert _killed_at(bantin, server, 28, "wayback")
        bantin.harvest()
        fetched = Counter(server.paths("/web/"))
    again = [path for path, times in fetched.items() if times > 1]
    assert len(again) <= 2  # the one under way, and the one before it that is being read


def test_a_harvest_that_is_killed_again_and_again_comes_to_its_end(held, install):
    with WaybackServer(held) as server:
        bantin = install(server)
        runs = 0
        while True:
            before = len(server.asked)
            if not _killed_at(bantin, server, before + 9, "wayback"):
                break
            runs += 1
            assert runs < 20
        assert len(server.paths("/cdx/")) <= 2
    assert len(bantin.newest()) == 6


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_while_the_archive_is_left_alone_ends_at_once(held, install, number):
    with WaybackServer(held, faults={"/web/*": fault.status(429)}) as server:
        bantin = install(server, BANTIN_ARCHIVE_PAUSE="3600", BANTIN_WAYBACK_PAGES_PER_SECOND="1.5")
        process = bantin.start("crawl", "--from", "wayback")
        deadline = time.monotonic() + 20
        while not server.paths("/web/") and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(0.3)
        os.kill(process.pid, number)
        process.join(10)
    assert process.exitcode == 128 + number
    assert "Traceback" not in (bantin.folder / "err").read_text()
