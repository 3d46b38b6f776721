"""How often an archive is asked: turns shared by processes, pauses, giving up; the configured floors."""

from datetime import datetime
from pathlib import Path

import pytest

from crawler.config import Config
from crawler.sources.limits import commoncrawl_limits, is_below, wayback_limits
from crawler.sources.pace import Turns, turns_for
from crawler.sources.patience import LONGEST_PAUSE, Patience
from fixtures.archives import WaybackServer, captures_of
from fixtures.portal import faults as fault
from fixtures.portal import scaled_portal

CAPTURED = datetime.fromisoformat("2020-03-24T09:00+07:00")
BASE = "https://web.archive.org/"


def test_turns_at_one_host_are_shared_and_its_budgets_are_not(tmp_path):
    one, other = Turns(tmp_path, BASE), Turns(tmp_path, BASE)
    assert one.take("index", 9.0) == 0
    assert other.take("index", 9.0) == pytest.approx(9, abs=1)
    assert other.take("pages", 9.0) == 0
    assert Turns(tmp_path, "http://127.0.0.1:8000/").take("index", 9.0) == 0
    other.pause(60.0)
    assert one.take("pages", 0.0) == pytest.approx(60, abs=1)
    one.pause(5.0)  # a shorter pause does not end a longer one
    assert other.take("index", 0.0) == pytest.approx(60, abs=1)


@pytest.mark.parametrize("noted", ["", "{", "[]", '{"index": "x"}', '{"index": 1e15}', '{"paused": 1e15}'])
def test_a_note_that_means_nothing_holds_nobody_up(tmp_path, noted):
    (tmp_path / "turns-web.archive.org.json").write_text(noted)
    assert Turns(tmp_path, BASE).take("index", 1.0) == 0
    assert Turns(tmp_path, BASE).take("index", 1.0) > 0


def test_turns_are_kept_where_a_folder_takes_them(tmp_path):
    (tmp_path / "file").write_text("")
    turns_for(BASE, tmp_path / "file" / "cache", tmp_path / "captures").take("index", 1.0)
    assert list((tmp_path / "captures").iterdir())
    with pytest.raises(OSError, match="file"):
        turns_for(BASE, tmp_path / "file" / "cache", tmp_path / "file" / "captures")


def test_pauses_double_up_to_a_ceiling_until_the_archive_is_given_up():
    def pauses(patience, *waits):
        return [patience.trouble(f"/{n}", wait) for n, wait in enumerate(waits)]

    assert pauses(Patience(60.0, 6, answered=True), *[None] * 5) == [60.0, 120.0, 240.0, 480.0, None]
    assert pauses(Patience(60.0, 6), *[None] * 3) == [60.0, 120.0, None]  # it has never answered
    assert pauses(Patience(60.0, 6), *[1.0] * 7) == [*[1.0] * 6, None]  # it says itself when it is well
    assert pauses(Patience(60.0, 6), 7200.0, 1.0) == [LONGEST_PAUSE, None]
    assert pauses(Patience(0.01, 6), *[None] * 7)[-2:] == [0.32, None]
    patience = Patience(60.0, 6, answered=True)
    assert pauses(patience, None, None) == [60.0, 120.0]
    patience.good()
    assert pauses(patience, None) == [60.0]


def test_an_address_that_fails_alone_is_what_is_wrong():
    patience = Patience(pause=1.0, limit=4)
    patience.trouble("/a", None)
    assert not patience.is_alone("/a", 3)  # the archive has answered nothing yet
    patience.good()
    patience.trouble("/a", None)
    assert not patience.is_alone("/a", 2)
    assert patience.is_alone("/a", 3)
    patience.trouble("/b", None)
    assert not patience.is_alone("/a", 3)


def test_an_archive_in_trouble_is_asked_more_slowly():
    patience = Patience(pause=1.0, limit=9)
    told = [patience.slower]
    for _ in range(4):
        patience.trouble("/", None)
        told.append(patience.slower)
    assert told == [1, 2, 4, 8, 8]


def test_the_floors_are_the_defaults_and_the_public_archive_is_never_asked_more_often():
    config = Config()
    assert wayback_limits(config, "index").interval == pytest.approx(2.5)
    assert wayback_limits(config, "pages").interval == pytest.approx(1 / 1.5)
    assert commoncrawl_limits(config, "pages").interval == 1.0
    assert commoncrawl_limits(config, "index").base == "https://index.commoncrawl.org/"
    fast = {"wayback_index_per_minute": 6000, "wayback_pages_per_second": 100}
    greedy = Config(**fast)
    assert wayback_limits(greedy, "index").interval == 2.0
    assert wayback_limits(greedy, "pages").interval == 1 / 8
    assert wayback_limits(greedy, "index").pause == 60.0
    mirror = Config(wayback_url="http://mirror.lan/wb", **fast)
    assert mirror.wayback_url == "http://mirror.lan/wb/"
    assert wayback_limits(mirror, "index").interval == pytest.approx(0.01)
    assert wayback_limits(mirror, "index").pause == pytest.approx(60 * 24 / 6000)


def test_services():
    for base in ("http://mirror.lan/wb/", "http://Mirror.lan:80/wb/"):
        assert is_below("http://mirror.lan/wb/cdx", (base,))
    for other in (
        "http://mirror.lan/x",
        "https://mirror.lan/wb/x",
        "http://mirror.lan:8000/wb/",
        "http://mirror.lan.vn/wb/",
    ):
        assert not is_below(other, ("http://mirror.lan/wb/",))


def test_requests_stand_apart_and_delay_does_not_bring_them_nearer(install):
    held = captures_of(scaled_portal(3, sections=1), CAPTURED)
    with WaybackServer(held, cap=4) as server:
        bantin = install(server, BANTIN_WAYBACK_PAGES_PER_SECOND="8", BANTIN_WAYBACK_INDEX_PER_MINUTE="480")
        two = [
            bantin.start(
                "--captures",
                f"captures-{n}",
                "--store",
                f"sqlite:///{n}.sqlite",
                "crawl",
                "--from",
                "wayback",
                "--delay",
                "0",
            )
            for n in (1, 2)
        ]
        for process in two:
            process.join(60)
        assert [process.exitcode for process in two] == [0, 0]
        for part in ("/cdx/", "/web/"):
            times = [one.time for one in server.asked if part in one.path]
            assert times[-1] - times[0] > 0.9 * 0.125 * (len(times) - 1), part  # both processes together


def test_nothing_is_asked_during_a_pause(install):
    held = captures_of(scaled_portal(3, sections=1), CAPTURED)
    with WaybackServer(held, {"/web/*": fault.status(429, retry_after=1, times=1)}) as server:
        bantin = install(server)
        bantin.harvest()
        refused = next(n for n, one in enumerate(server.asked) if one.status == 429)
        assert server.asked[refused + 1].time - server.asked[refused].time > 0.99
        assert "429" in bantin.err
    assert not list(Path(bantin.folder).rglob("turns-web.archive.org.json"))
