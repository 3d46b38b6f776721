"""`bantin crawl --from wayback` against a stand-in: complete, polite, nothing asked twice, nothing doubled."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import cycle

import pytest

from fixtures.archives import Held, WaybackServer, captures_of
from fixtures.portal import PortalFile, PortalServer, scaled_portal
from fixtures.portal import faults as fault
from fixtures.portal.files import file_bytes
from fixtures.portal.pages import Response

CAPTURED = datetime.fromisoformat("2020-03-24T09:00:00+07:00")
OLDER = CAPTURED - timedelta(days=200)
LONG_TEXT = (
    "Hội nghị đã nghe báo cáo kết quả công tác và thảo luận nhiều nội dung quan trọng trong thời gian tới."
)


@pytest.fixture
def portal():
    return scaled_portal(8, sections=2, page_size=3)


def _article(portal):
    return next(iter(portal))


def _fetched(server):
    """Captures asked for, as (timestamp, address); none may be asked for twice."""
    paths = server.paths("/web/")
    assert len(paths) == len(set(paths)), [path for path in paths if paths.count(path) > 1]
    return paths


def test_what_the_archive_holds_is_read(portal, install):
    with WaybackServer(captures_of(portal, CAPTURED)) as server:
        bantin = install(server)
        report = bantin.harvest()
        _fetched(server)
    assert all("example.org/test" in one.headers["user-agent"] for one in server.asked)
    assert (report["source"], report["outcome"]) == ("wayback", "complete")
    assert report["articles"]["new"] == 8
    assert report["responses"]["200"] == report["requests"]
    newest = bantin.newest()
    assert set(newest) == {article.id for article in portal}
    record = newest[_article(portal).id]
    assert record["capture"]["source"] == "wayback"
    assert record["capture"]["fetched_at"] == "2020-03-24T02:00:00Z"
    assert record["sections"]
    assert bantin.problems() == []


def test_a_harvest_gives_what_a_live_crawl_of_the_same_pages_gives(install):
    portal = scaled_portal(12, sections=3, page_size=3)
    with PortalServer(portal, now=CAPTURED) as live, WaybackServer(captures_of(portal, CAPTURED)) as server:
        crawled = install(
            server, http_proxy=live.proxy_url, BANTIN_DELAY="0", BANTIN_NOW=CAPTURED.isoformat()
        )
        crawled.run("crawl")
        harvested = install(server, BANTIN_NOW=CAPTURED.isoformat())
        harvested.harvest()
    ours, theirs = harvested.newest(), crawled.newest()
    for record in (*ours.values(), *theirs.values()):
        record["capture"].pop("source")
    assert ours == theirs
    assert harvested.run("feeds") == crawled.run("feeds")
    assert harvested.views() == crawled.views()


def test_every_capture_is_a_view_observation_and_the_newest_text_stands(portal, install):
    article = _article(portal)
    first = captures_of(portal, OLDER)
    portal.edit(article.id, views=article.views + 70, body=(LONG_TEXT, "Đã sửa./."))
    second = captures_of(portal, CAPTURED)
    with WaybackServer([*second, *first]) as server:
        bantin = install(server)
        bantin.harvest()
    record = bantin.newest()[article.id]
    assert "Đã sửa" in record["text"]
    assert record["revision"] == "2020-03-24T02:00:00Z"
    assert record["first_seen"] == "2019-09-06T02:00:00Z"
    assert [view[1:] for view in bantin.views() if view[0] == article.id] == [
        (article.views, "2019-09-06T02:00:00Z"),
        (article.views + 70, "2020-03-24T02:00:00Z"),
    ]


def test_a_later_harvest_asks_the_index_for_what_is_new_and_the_pages_for_nothing_known(portal, install):
    with WaybackServer(captures_of(portal, CAPTURED)) as server:
        bantin = install(server)
        bantin.harvest()
        before = len(server.asked)
        report = bantin.harvest()
        asked = [one.path for one in server.asked[before:]]
        assert len(asked) == 1
        assert "from=2020" in asked[0]
        assert report["outcome"] == "complete"
        fresh = portal.add_article("Hội nghị triển khai công tác quý II", date(2020, 3, 24), "muc-1")
        server.held += captures_of(portal, CAPTURED + timedelta(hours=8), paths=[fresh.path])
        assert bantin.harvest()["articles"]["new"] == 1
        assert server.asked[-1].path.endswith(fresh.path)
        before = len(server.asked)
        bantin.harvest("--full")
        assert ["from=" in one.path for one in server.asked[before:]] == [False]


def test_the_index_is_walked_to_its_end_by_resume_keys(portal, install):
    with WaybackServer(captures_of(portal, CAPTURED), cap=1) as server:
        bantin = install(server)
        assert bantin.harvest()["articles"]["new"] == 8
        assert len(server.paths("resumeKey=")) == len(server.held)


def test_a_key_that_the_server_takes_no_more_is_not_asked_for_ever(portal, install):
    with WaybackServer(captures_of(portal, CAPTURED), cap=4) as server:
        bantin = install(server)
        server.faults.paths["/cdx/*resumeKey*"] = fault.status(400)
        assert "400" in bantin.harvest(expect=6)["responses"]
        assert "HTTP status 400" in bantin.err
        server.faults.paths.clear()
        assert bantin.harvest()["articles"]["new"] == 8
        assert "resumeKey" not in server.paths("/cdx/")[2]


def test_keys_that_lead_nowhere_doubled_rows_and_rubbish_do_no_harm(portal, install):
    held = captures_of(portal, CAPTURED)
    with WaybackServer(held, cap=4, loop=True, twice=True, rubbish=True) as server:
        bantin = install(server)
        report = bantin.harvest()
        _fetched(server)
    assert (report["outcome"], report["articles"]["new"]) == ("complete", 8)


def test_spellings_of_one_capture_and_of_one_address(portal, install):
    article = _article(portal)
    held = captures_of(portal, CAPTURED)
    one = next(each for each in held if each.url.endswith(article.path))
    held += [
        replace(one, url=one.url.replace("http://", "http://www.")),
        replace(one, url=one.url.replace("dcs.vn/", "dcs.vn:80/")),
        replace(one, url=one.url.replace("http://", "https://"), at=one.at + timedelta(days=1)),
        replace(one, url=one.url + "?fbclid=IwAR0", at=one.at + timedelta(hours=1)),
    ]
    with WaybackServer(held) as server:
        bantin = install(server)
        bantin.harvest()
        asked = [path for path in _fetched(server) if article.id in path]
    assert len(server.paths("cdx/search")) == 1  # www and the bare host share their keys
    assert len(asked) == 1  # the same bytes were not fetched again
    observed = [view[2] for view in bantin.views() if view[0] == article.id]
    assert observed == ["2020-03-24T02:00:00Z", "2020-03-24T03:00:00Z", "2020-03-25T02:00:00Z"]
    assert {record["id"] for record in bantin.exported()} == {article.id for article in portal}


def test_revisits_are_observations_without_a_second_fetch(portal, install):
    article = _article(portal)
    held = captures_of(portal, OLDER)
    one = next(each for each in held if each.url.endswith(article.path))
    held += [replace(one, at=OLDER + timedelta(days=n), revisit=True) for n in (1, 2, 30)]
    with WaybackServer(held) as server:
        bantin = install(server)
        report = bantin.harvest()
        assert len([path for path in _fetched(server) if article.id in path]) == 1
    assert report["outcome"] == "complete"
    assert len([view for view in bantin.views() if view[0] == article.id]) == 4
    assert bantin.problems() == []


def test_only_pages_that_can_tell_something_are_fetched(portal, install):
    site = "http://dukcqtw.dcs.vn"
    article = _article(portal)
    page = b"<html><body>x</body></html>"
    useless = [
        Held(f"{site}/anh/1.jpg", CAPTURED, b"\xff\xd8", media_type="image/jpeg"),
        Held(f"{site}/anh/2.jpg", CAPTURED, page),
        Held(f"{site}/van-ban/1.pdf", CAPTURED, b"%PDF", media_type="application/pdf"),
        Held(f"{site}/khong-co-duk999999.aspx", CAPTURED, page, status=404),
        Held(f"{site}/dung-duk999998.aspx", CAPTURED, page, status=503),
        Held(f"{site}/doi-duk999997.aspx", CAPTURED, b"", status=301, headers=(("Location", f"{site}/"),)),
        Held("http://dukcqtw.dcs.vn.example.com/a-duk1.aspx", CAPTURED, page),
    ]
    home = [each for n in range(9) for each in captures_of(portal, OLDER + timedelta(hours=n), paths=["/"])]
    with WaybackServer([*captures_of(portal, CAPTURED), *useless, *home]) as server:
        bantin = install(server)
        report = bantin.harvest()
        asked = _fetched(server)
    assert report["outcome"] == "complete"
    assert not [path for path in asked if any(path.endswith(each.url) for each in useless)]
    assert len([path for path in asked if path.endswith("dcs.vn/")]) == 2  # one a month
    assert any(path.endswith(article.path) for path in asked)


def test_pages_that_the_origin_has_packed(portal, install):
    ways = cycle(["gzip", "doubled", "bare"])
    held = [replace(each, packed=next(ways)) for each in captures_of(portal, CAPTURED)]
    with WaybackServer(held) as server:
        bantin = install(server)
        assert bantin.harvest()["articles"]["new"] == 8


def test_a_row_without_a_record_leads_to_the_nearest_capture_once(portal, install):
    article = _article(portal)
    held = captures_of(portal, CAPTURED)
    one = next(each for each in held if each.url.endswith(article.path))
    # The index does not know the nearest one: its row has another status.
    near = replace(one, at=OLDER, body=one.body + b"<!-- as it was -->", revisit=False)
    held = [each for each in held if each is not one]
    held += [near, *(replace(one, at=CAPTURED + timedelta(days=n), playable=False) for n in range(-3, 1))]
    with WaybackServer(held) as server:
        bantin = install(server)
        report = bantin.harvest()
        asked = [path for path in _fetched(server) if article.id in path]
        before = len(server.asked)
        bantin.harvest()
        assert len(server.asked) - before == 1
    assert report["outcome"] == "complete"
    assert report["responses"]["302"] == 4
    assert len(asked) == 5
    assert [view[2] for view in bantin.views() if view[0] == article.id] == ["2019-09-06T02:00:00Z"]


class _Astray(WaybackServer):
    """Leads every request for some pages on to yet another second, for ever."""

    def _capture(self, timestamp, url):
        if "-duk" not in url:
            return super()._capture(timestamp, url)
        return Response(302, "text/html", b"", f"/web/{int(timestamp) + 1}id_/{url}"), ()


def test_captures_that_lead_on_for_ever_come_to_an_end(portal, install):
    with _Astray(captures_of(portal, CAPTURED)) as server:
        bantin = install(server)
        report = bantin.harvest()
    assert report["articles"]["new"] == 0
    assert report["responses"]["302"] == 8 * 6


def test_captures_of_error_pages_and_cut_captures_are_counted_and_make_no_article(portal, install):
    held = captures_of(portal, CAPTURED)
    articles = list(portal)
    soft = b"<html><title>Runtime Error</title><body><h1>Server Error in '/' Application.</h1></body></html>"
    for number, change in (
        (0, {"body": soft}),
        (1, {"announced": 10**6}),
        (2, {"revisit": True, "status": 404}),
    ):
        place = next(n for n, each in enumerate(held) if each.url.endswith(articles[number].path))
        held[place] = replace(held[place], **change)
    with WaybackServer(held) as server:
        bantin = install(server)
        report = bantin.harvest(expect=7)
        assert report["articles"]["new"] == 5
        assert report["refused"]["capture-truncated"] == 1
        assert report["articles"]["refused"] == 2
        assert "; these captures could not be read and stay out" in bantin.err
        assert bantin.harvest()["outcome"] == "complete"  # nothing of it is asked for again
        _fetched(server)


def test_an_archived_429_is_a_capture_and_stops_nothing(portal, install):
    held = captures_of(portal, CAPTURED)
    article = _article(portal)
    held.append(
        Held(f"http://{portal.host}{article.path}", OLDER, b"<html>slow down</html>", 429, revisit=True)
    )
    with WaybackServer(held) as server:
        bantin = install(server, BANTIN_ARCHIVE_PAUSE="3600")
        report = bantin.harvest()
    assert report["responses"]["429"] == 1
    assert report["articles"]["new"] == 8


FAULTS = {
    "429 with Retry-After": fault.status(429, retry_after=0, times=2),
    "503": fault.status(503, times=1),
    "504": fault.status(504, times=3),
    "a page of an outage": fault.body(b"<html><body>Temporarily offline</body></html>", times=2),
    "half an answer": fault.truncate(0.5, times=2),
    "no answer": fault.reset(times=2),
    "damaged gzip": fault.body(b"\x1f\x8b\x08\x00half", media_type="application/json", times=2),
}  # fmt: skip


def _one_after_the_other(path, rest, names):
    """Faults of one path in turn: patterns that all fit it, each good for one request."""
    return {f"{path[:n]}*{rest}": replace(FAULTS[name], times=1) for n, name in enumerate(names, 3)}


@pytest.mark.parametrize("names", [list(FAULTS)[:4], list(FAULTS)[4:]])
def test_trouble_that_passes_costs_nothing(portal, install, names):
    troubles = _one_after_the_other("/cdx/search", "resumeKey*", names)
    troubles |= _one_after_the_other("/web/2020", "", names)
    with WaybackServer(captures_of(portal, CAPTURED), troubles, cap=9) as server:
        bantin = install(server, BANTIN_ARCHIVE_PAUSE="1")
        report = bantin.harvest()
    assert report["outcome"] == "complete", bantin.err
    assert report["articles"]["new"] == 8
    assert report["requests"] == 19 + 2 * len(names)


def test_an_archive_that_is_not_there_is_told_at_once(portal, install):
    with WaybackServer() as server:
        bantin = install(server)
    report = bantin.harvest(expect=6)
    assert report["requests"] == 1
    assert "127.0.0.1" in bantin.err


@pytest.mark.full
@pytest.mark.parametrize("where", ["/cdx/*", "/web/*", "*"])
@pytest.mark.parametrize("name", FAULTS)
def test_each_trouble_by_itself(portal, install, name, where):
    with WaybackServer(captures_of(portal, CAPTURED), {where: FAULTS[name]}) as server:
        bantin = install(server, BANTIN_ARCHIVE_PAUSE="1")
        assert bantin.harvest()["articles"]["new"] == 8, bantin.err


@pytest.mark.parametrize("where", ["/cdx/*", "/web/*"])
def test_an_archive_that_stays_in_trouble_is_given_up_and_what_was_read_is_kept(portal, install, where):
    with WaybackServer(captures_of(portal, CAPTURED)) as server:
        bantin = install(server, BANTIN_ARCHIVE_PAUSE="1")
        if where == "/web/*":
            bantin.harvest("--max-requests", "10", expect=9)
            assert "captures are not fetched yet" in bantin.run("status")
        server.faults.paths[where] = fault.status(429)
        before = len(server.asked)
        report = bantin.harvest(expect=6)
        assert len(server.asked) - before <= 9
        assert report["outcome"] == "blocked"
        assert "127.0.0.1" in bantin.err
        assert "since 2020-03-25" in bantin.err
        server.faults.paths.clear()
        bantin.harvest()
    assert set(bantin.newest()) == {article.id for article in portal}
    assert "captures are not fetched yet" not in bantin.run("status")


def test_one_capture_that_always_fails_holds_up_no_other(portal, install):
    article = _article(portal)
    with WaybackServer(captures_of(portal, CAPTURED), {f"/web/*{article.path}": fault.status(503)}) as server:
        bantin = install(server, BANTIN_ARCHIVE_PAUSE="1")
        report = bantin.harvest(expect=7)
        assert report["articles"]["new"] == 7
        assert report["refused"] == {"archive-failed": 1}
        assert "the archive did not give is asked for again" in bantin.err
        server.faults.paths.clear()
        assert bantin.harvest(BANTIN_NOW="2020-03-27T10:00:00+07:00")["articles"]["new"] == 1


def test_files_of_articles_come_out_of_the_archive_too(portal, install):
    files = [PortalFile(f"van-ban-{n}.pdf", f"Văn bản số {n}") for n in (1, 2, 3)]
    for file in files:
        portal.add_article(f"Thông báo về {file.name}", date(2020, 3, 23), "muc-1", attachments=(file,))
    paths = [f"/upload/tep/{file.name}" for file in files]
    held = captures_of(portal, CAPTURED)
    held += captures_of(portal, OLDER, paths=paths[:1])
    held += [replace(each, announced=10**6) for each in captures_of(portal, OLDER, paths=paths[1:2])]
    with WaybackServer(held) as server:
        bantin = install(server)
        report = bantin.harvest("--assets", "attachments")
        assert report["outcome"] == "complete"
        assert report["assets"]["kept"] == 1
        assert report["assets"]["missing"] == {"not-archived": 1, "truncated": 1}
        before = len(server.asked)
        bantin.harvest("--assets", "attachments")
        assert len(server.asked) - before == 1
    offered = [file for record in bantin.newest().values() for file in record["attachments"]]
    assert {file["url"].rpartition("/")[2]: file["bytes"] for file in offered} == {
        "van-ban-1.pdf": len(file_bytes(paths[0])),
        "van-ban-2.pdf": None,
        "van-ban-3.pdf": None,
    }


def test_a_site_that_is_excluded(portal, install):
    with WaybackServer(captures_of(portal, CAPTURED), excluded=True) as server:
        bantin = install(server)
        assert bantin.harvest(expect=6)["outcome"] == "blocked"
        assert "dukcqtw: archive not readable: wayback has excluded dukcqtw.dcs.vn" in bantin.err
        assert "--from" in bantin.err
        assert "next crawl" not in bantin.err
        assert len(bantin.err.splitlines()) == 1
        assert len(server.asked) == 1


def test_an_archive_without_captures_of_the_site_says_so(install):
    with WaybackServer([]) as server:
        bantin = install(server)
        assert bantin.harvest()["outcome"] == "complete"
        assert bantin.err == "bantin: dukcqtw: wayback holds no captures of dukcqtw.dcs.vn\n"
        bantin.run("-q", "crawl", "--from", "wayback", "--since", "2020-01-01")
        assert bantin.err == ""


def test_the_budget_of_requests_and_since(portal, install):
    article = _article(portal)
    held = [*captures_of(portal, OLDER, paths=[article.path]), *captures_of(portal, CAPTURED)]
    with WaybackServer(held) as server:
        bantin = install(server)
        bantin.harvest("--since", "2020-01-01")
        assert "from=20200101" in server.paths("cdx")[0]
        assert not server.paths("/web/2019")
        assert "holds no captures" not in bantin.err
        bantin.harvest()
        assert [view[2][:4] for view in bantin.views() if view[0] == article.id] == ["2019", "2020"]
        assert bantin.harvest("--full", "--max-requests", "1")["outcome"] == "complete"


def test_nobody_but_the_archive_is_asked_and_only_where_it_is_allowed(portal, install):
    with WaybackServer(captures_of(portal, CAPTURED)) as server:
        bantin = install(server, BANTIN_ALLOW_PRIVATE="")
        bantin.run("crawl", "--from", "wayback", expect=2)
        assert "allow_private" in bantin.err
        assert server.asked == []
        # An answer that leads to another host is not followed.
        target = "http://127.0.0.1:9/web/20200324020000id_/http://dukcqtw.dcs.vn/a-duk1.aspx"
        server.faults.paths["/web/*"] = fault.redirect(target)
        bantin = install(server)
        assert bantin.harvest(expect=7)["refused"].keys() == {"archive-redirect"}


@pytest.mark.parametrize(
    ("source", "word"),
    [
        ("wayback:x", "wayback"),
        ("commoncrawl:", "commoncrawl"),
        ("commoncrawl:a b", "CC-MAIN"),
        ("waybck", "--from"),
    ],
)
def test_a_source_that_is_none(install, source, word):
    with WaybackServer() as server:
        bantin = install(server)
        bantin.run("crawl", "--from", source, expect=2)
    assert word in bantin.err
    assert len(bantin.err.splitlines()) == 1
