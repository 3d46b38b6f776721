"""`bantin crawl --from commoncrawl[:ID]` against a stand-in: crawls chosen, index paged, records read by range."""

from datetime import datetime, timedelta

import pytest

from fixtures.archives import CommonCrawlServer, Held, captures_of
from fixtures.portal import faults as fault
from fixtures.portal import scaled_portal

NEW, OLD = "CC-MAIN-2020-10", "CC-MAIN-2019-39"
CAPTURED = datetime.fromisoformat("2020-02-24T09:00:00+07:00")
OLDER = CAPTURED - timedelta(days=150)


@pytest.fixture
def portal():
    return scaled_portal(8, sections=2, page_size=3)


@pytest.fixture
def serve(portal, tmp_path):
    """A stand-in with two crawls; the portal was edited between them."""

    def start(**arguments):
        article = next(iter(portal))
        older = captures_of(portal, OLDER)
        portal.edit(article.id, views=article.views + 70, author="Ban biên tập")
        newer = captures_of(portal, CAPTURED)
        gone = Held(f"http://{portal.host}/cu-duk999999.aspx", CAPTURED, b"<html>404</html>", status=404)
        return CommonCrawlServer(tmp_path / "cc", {NEW: [*newer, gone], OLD: older}, **arguments)

    return start


def test_the_newest_crawl_alone_is_read_unless_others_are_named(portal, serve, install):
    article = next(iter(portal))
    with serve() as server:
        bantin = install(server)
        report = bantin.harvest(source="commoncrawl")
        assert (report["source"], report["outcome"]) == ("commoncrawl", "complete")
        assert report["articles"]["new"] == 8
        assert not server.paths(OLD)
        assert not [path for path in server.paths("-index") if path.count("showNumPages") > 1]
        record = bantin.newest()[article.id]
        assert record["capture"]["source"] == "commoncrawl"
        assert record["capture"]["fetched_at"] == "2020-02-24T02:00:00Z"
        before = len(server.asked)
        report = bantin.harvest(source=f"commoncrawl:{NEW},{OLD}")
        asked = server.asked[before:]
        assert not [one for one in asked if NEW in one.path]  # a crawl never changes
        assert "/collinfo.json" not in [one.path for one in asked]  # it was read today
    assert report["articles"]["new"] == 0
    assert len([view for view in bantin.views() if view[0] == article.id]) == 2
    assert bantin.newest()[article.id] == record | dict.fromkeys(
        ("first_seen", "revision"), "2019-09-27T02:00:00Z"
    )
    ranges = [(one.path, one.headers["range"]) for one in server.asked if "/crawl-data/" in one.path]
    assert len(ranges) == len(set(ranges))
    assert bantin.problems() == []


def test_a_crawl_that_does_not_exist_is_told_in_one_line(serve, install):
    with serve() as server:
        bantin = install(server)
        assert bantin.run("crawl", "--from", "commoncrawl:CC-MAIN-1999-01", expect=2) == ""
        assert "CC-MAIN-1999-01" in bantin.err
        assert NEW in bantin.err
        assert len(bantin.err.splitlines()) == 1
        assert [one.path for one in server.asked] == ["/collinfo.json"]


def test_a_site_that_no_crawl_holds_is_an_empty_result(tmp_path, install):
    with CommonCrawlServer(tmp_path / "cc", {NEW: [Held("http://other.vn/", CAPTURED, b"x")]}) as server:
        bantin = install(server)
        report = bantin.harvest(source="commoncrawl")
    assert (report["outcome"], report["articles"]["new"]) == ("complete", 0)
    assert f"commoncrawl:{NEW} holds no captures of dukcqtw.dcs.vn" in bantin.err


FAULTS = {
    "slow down": ("/crawl-data/*", fault.body(b"<Code>SlowDown</Code>", code=503, times=2)),
    "rate rule": ("/crawl-data/C*", fault.body(b"<html>Request blocked</html>", code=403, times=2)),
    "index overloaded": ("/CC-*", fault.status(504, times=2)),
    "no crawls": ("/collinfo.json", fault.body(b"[]", media_type="application/json", times=2)),
    "half a page": ("/CC-*page=1*", fault.truncate(0.5, times=1)),
    "half a record": ("/crawl-data/*", fault.truncate(0.9, times=1)),
    "empty replies": ("*", fault.reset(times=2)),
    "a page of an outage": ("/CC-*", fault.body(b"<html>Service unavailable</html>", times=1)),
}  # fmt: skip


@pytest.mark.parametrize(
    "names",
    [
        ["no crawls", "index overloaded", "half a page", "slow down"],
        ["a page of an outage", "half a record", "rate rule"],
    ],
)
def test_trouble_that_passes_costs_nothing(serve, install, names):
    with serve(faults=dict(FAULTS[name] for name in names)) as server:
        bantin = install(server, BANTIN_ARCHIVE_PAUSE="1")
        report = bantin.harvest(source="commoncrawl")
    assert (report["outcome"], report["articles"]["new"]) == ("complete", 8), bantin.err


@pytest.mark.full
@pytest.mark.parametrize("name", FAULTS)
def test_each_trouble_by_itself(serve, install, name):
    where, trouble = FAULTS[name]
    with serve(faults={where: trouble}) as server:
        bantin = install(server, BANTIN_ARCHIVE_PAUSE="1")
        assert bantin.harvest(source="commoncrawl")["articles"]["new"] == 8, bantin.err


def test_a_whole_file_is_not_taken_for_a_record(portal, serve, install):
    whole = fault.body(b"x" * 3_000_000, media_type="application/octet-stream")
    with serve(faults={"/crawl-data/*00000[6-9]-*": whole}) as server:
        bantin = install(server)
        report = bantin.harvest(source="commoncrawl", expect=7)
    assert report["articles"]["new"] < 8
    assert set(report["refused"]) == {"archive-too-large"}


@pytest.mark.parametrize("size", [3_000, 3_000_000])
def test_a_mirror_that_takes_no_ranges_is_given_up_at_once(serve, install, size):
    whole = fault.body(b"x" * size, media_type="application/octet-stream")
    with serve(faults={"/crawl-data/*": whole}) as server:
        bantin = install(server)
        assert bantin.harvest(source="commoncrawl", expect=6)["outcome"] == "blocked"
        assert len(server.paths("/crawl-data/")) <= 4
    assert "sends whole files instead of the records asked for; set commoncrawl_data_url" in bantin.err
    assert len(bantin.err.splitlines()) == 1


def test_another_404_than_no_captures_is_no_empty_result(serve, install):
    with serve(faults={"/CC-*": fault.status(404)}) as server:
        bantin = install(server)
        assert bantin.harvest(source="commoncrawl", expect=6)["outcome"] == "blocked"
        assert "404" in bantin.err
        assert len(server.paths("-index")) == 1
