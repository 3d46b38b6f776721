"""What answers of the two archives mean: value tables, grouped by where the form comes from."""

import gzip
import json
from datetime import UTC, date, datetime

import pytest

from crawler.sources.answers import Absent, Answer, Elsewhere, Given, Trouble, retry_after
from crawler.sources.commoncrawl import (
    Crawl,
    UnknownCrawlError,
    chosen_crawls,
    index_url,
    read_crawls,
    read_page,
    read_page_count,
    wanted_ids,
)
from crawler.sources.entries import BrokenIndexError, IndexPage, entry, timestamp
from crawler.sources.memento import archived_address, memento_url, read_memento
from crawler.sources.wayback import cdx_url, index_page, read_index

URL = "http://dukcqtw.dcs.vn/hoi-nghi-duk4736.aspx"
ASKED = f"https://web.archive.org/web/20180301020304id_/{URL}"
MEMENTO = ("Memento-Datetime", "Thu, 01 Mar 2018 02:03:04 GMT")
PAGE = b"<html><body>Xin ch\xc3\xa0o</body></html>"
HEADER = ["urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length"]
ROW = ["vn,dcs,dukcqtw)/a", "20180301020304", "http://dukcqtw.dcs.vn:80/a", "text/html", "200", "AB2", "312"]


def _answer(status=200, body=b"", *headers):
    return Answer(status, headers, body)


# -- index of the Wayback Machine -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "entries", "resume"),
    [
        # documentation
        (b"", 0, None),
        (b"[]", 0, None),
        (b"\n", 0, None),
        (json.dumps([HEADER, ROW]).encode(), 1, None),
        (json.dumps([HEADER, ROW, [], ["vn%2Cdcs+2018"]]).encode(), 1, "vn%2Cdcs+2018"),
        (json.dumps([HEADER, [], ["key"]]).encode(), 0, "key"),
        ((" ".join(ROW) + "\n").encode(), 1, None),
        ((" ".join(ROW) + "\n\nvn%2Cdcs+2018\n").encode(), 1, "vn%2Cdcs+2018"),
        # an answer cut by filters: nothing but the key
        (json.dumps([[], ["key"]]).encode(), 0, "key"),
        # recorded: rubbish among the rows
        (json.dumps([HEADER, [*ROW[:1], "20180001000000", *ROW[2:]]]).encode(), 0, None),
        (json.dumps([HEADER, [*ROW[:2], "http://mailto:a@b.vn", *ROW[3:]]]).encode(), 0, None),
        (json.dumps([HEADER, [*ROW[:3], "unk", "-", "-", "-"]]).encode(), 1, None),
        # a mirror that runs pywb: an object a line
        (json.dumps({"timestamp": ROW[1], "url": URL, "status": "200"}).encode() + b"\n", 1, None),
        # a server that leaves the header out
        (json.dumps([ROW, ROW]).encode(), 2, None),
        # the header tells the order
        (json.dumps([["original", "timestamp"], [URL, ROW[1]]]).encode(), 1, None),
    ],
)
def test_index_answers(body, entries, resume):
    page = read_index(body)
    assert (len(page.entries), page.resume) == (entries, resume)


@pytest.mark.parametrize(
    "body",
    [
        b"<html><body>Temporarily offline</body></html>",
        b"Temporarily offline",
        json.dumps([HEADER, ROW]).encode()[:-9],
        (" ".join(ROW) + "\n" + " ".join(ROW)[:40]).encode(),
        b'{"url": "http://dukcqtw.dcs.vn/"',
        b'{"timestamp"}\n',
        b'["x", "y"]',
        json.dumps([ROW[:5], ROW[:5]]).encode(),
    ],
)
def test_what_is_no_index_is_never_an_empty_one(body):
    with pytest.raises(BrokenIndexError):
        read_index(body)
    assert isinstance(index_page(_answer(200, body)), Trouble)


@pytest.mark.parametrize(
    ("answer", "whole", "again"),
    [
        (_answer(429), True, True),
        (_answer(503, b"<html>"), True, True),
        (_answer(504), True, True),
        (_answer(403, b"<html>Forbidden"), True, True),
        (_answer(403, b"...AdministrativeAccessControlException: Blocked Site Error"), False, False),
        (_answer(200, b"<!DOCTYPE html><html>offline", ("Content-Type", "text/plain")), True, True),
        (_answer(200, b"", ("Content-Type", "text/html")), True, True),
        (_answer(400, b"bad"), False, False),
        (_answer(404, b"<html>"), False, False),
        (_answer(200, gzip.compress(b"[]")[:-4], ("Content-Encoding", "gzip")), False, True),
    ],
)
def test_trouble_with_the_index(answer, whole, again):
    found = index_page(answer)
    assert isinstance(found, Trouble)
    assert (found.whole, found.again) == (whole, again)


def test_a_service_that_has_moved_says_where():
    moved = _answer(301, b"", ("Location", "https://web.archive.org/cdx/search/cdx"))
    assert index_page(moved) == Trouble(
        "HTTP status 301, moved to https://web.archive.org/cdx/search/cdx", again=False
    )


def test_a_mirror_may_name_the_archive_that_it_mirrors():
    asked = f"http://mirror.lan/web/2018id_/{URL}"
    assert archived_address(f"https://web.archive.org/web/20180301020304/{URL}", asked)[0] == URL


def test_packed_index_answers_and_a_mirror_that_has_nothing():
    packed = _answer(200, gzip.compress(json.dumps([HEADER, ROW]).encode()), ("Content-Encoding", "gzip"))
    assert len(index_page(packed).entries) == 1
    assert index_page(_answer(404, b'{"message": "No Captures found for: x"}')) == IndexPage(())


def test_the_query_asks_once_for_all_and_gives_the_key_back_as_it_was_printed():
    url = cdx_url(
        "https://web.archive.org/", "dukcqtw.dcs.vn/", since=date(2020, 1, 2), resume="vn%2Cdcs%29+2018"
    )
    assert url.startswith("https://web.archive.org/cdx/search/cdx?url=dukcqtw.dcs.vn%2F&matchType=prefix")
    for part in ("fl=urlkey%2C", "showResumeKey=true", "from=20200102", "output=json"):
        assert part in url
    assert url.endswith("&resumeKey=vn%2Cdcs%29+2018")
    assert cdx_url("http://m/", "x/", resume="vn,dcs)/ 2018").endswith("resumeKey=vn%2Cdcs%29%2F%202018")


def test_an_entry_knows_what_the_index_does_not():
    found = entry(dict(zip(HEADER, [*ROW[:3], "warc/revisit", "-", "sha1:AB2", "-"], strict=True)))
    assert found is not None
    assert (found.status, found.length, found.digest) == (None, None, "AB2")
    assert found.at == datetime(2018, 3, 1, 2, 3, 4, tzinfo=UTC)
    assert [timestamp(t) for t in ("2018", "20180230000000", "20180100000000", "x")] == [None] * 4


# -- captures of the Wayback Machine --------------------------------------------------------------------------


def _read(answer):
    return read_memento(answer, asked=ASKED, url=URL)


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (_answer(404, b"The Wayback Machine has not archived that URL."), Absent("not-archived")),
        (
            _answer(200, b"<p>This URL has been excluded from the Wayback Machine.</p>"),
            Absent("archive-excluded"),
        ),
        (_answer(403, b"AdministrativeAccessControlException"), Absent("archive-excluded")),
        (_answer(302, b"", ("Location", "https://example.org/")), Absent("archive-redirect")),
        (_answer(302, b""), Absent("archive-redirect")),
        (
            _answer(302, b"", ("Location", f"/web/20190102030405id_/{URL}")),
            Elsewhere(URL, datetime(2019, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ),
        (_answer(500, b"<html>"), Trouble("HTTP status 500")),
        (_answer(429, b"", ("Retry-After", "7")), Trouble("HTTP status 429", whole=True, wait=7.0)),
        (_answer(503), Trouble("HTTP status 503", whole=True)),
        (_answer(200, PAGE), Trouble("a page of its own instead of a capture", whole=True)),
    ],
)
def test_the_archives_own_answers(answer, verdict):
    assert _read(answer) == verdict


@pytest.mark.parametrize("status", [200, 404, 429, 503])
def test_a_memento_is_a_capture_whatever_its_status(status):
    found = _read(_answer(status, PAGE, MEMENTO))
    assert isinstance(found, Given)
    assert (found.capture.status, found.capture.payload) == (status, PAGE)
    assert found.capture.fetched_at == datetime(2018, 3, 1, 2, 3, 4, tzinfo=UTC)


def test_headers_are_the_origins_own():
    found = _read(
        _answer(
            200,
            PAGE,
            ("memento-datetime", MEMENTO[1]),
            ("X-Archive-Orig-content-type", "text/html; charset=utf-8"),
            ("x-archive-orig-etag", '"a"'),
            ("x-archive-orig-transfer-encoding", "chunked"),
            ("Content-Type", "text/html"),
            ("Server", "nginx"),
            (
                "Link",
                f'<http://www.dukcqtw.dcs.vn:80/x>; rel="original", <{ASKED}>; rel="first last memento"',
            ),
        )
    )
    assert found.capture.headers == (("content-type", "text/html; charset=utf-8"), ("etag", '"a"'))
    assert found.capture.url == "http://www.dukcqtw.dcs.vn:80/x"


@pytest.mark.parametrize(
    ("body", "headers", "coding", "truncated"),
    [
        (PAGE, (("X-Archive-Orig-Content-Length", str(len(PAGE))),), "", None),
        (PAGE, (("X-Archive-Orig-Content-Length", "-1"),), "", None),
        (PAGE, (("X-Archive-Orig-Content-Length", str(len(PAGE) + 1)),), "", "length"),
        # packed by the origin: counted as transferred
        (
            gzip.compress(PAGE),
            (("X-Archive-Orig-Content-Length", str(len(gzip.compress(PAGE)))),),
            "gzip",
            None,
        ),
        (gzip.compress(PAGE), (("content-encoding", ""), ("Content-Encoding", "gzip")), "gzip", None),
        (gzip.compress(PAGE), (), "gzip", None),
        # unpacked by the archive, though its header still says gzip
        (PAGE, (("X-Archive-Orig-Content-Encoding", "gzip"),), "", None),
        (PAGE, (("Content-Encoding", "gzip"),), "", None),
    ],
)
def test_codings_and_lengths(body, headers, coding, truncated):
    found = _read(_answer(200, body, MEMENTO, ("Content-Type", "text/html"), *headers))
    named = dict(found.capture.headers).get("Content-Encoding", "")
    assert (named, found.capture.truncated, found.capture.payload) == (coding, truncated, body)


def test_a_cut_packed_body_is_asked_for_again():
    found = _read(_answer(200, gzip.compress(PAGE * 50)[:-20], MEMENTO))
    assert isinstance(found, Trouble)
    assert (found.whole, found.again, found.reason) == (False, True, "capture-undecodable")


def test_an_archived_redirect_leads_where_the_origin_led():
    location = f"https://web.archive.org/web/20180301020304id_/{URL}"
    found = _read(_answer(301, b"", MEMENTO, ("Location", location)))
    assert dict(found.capture.headers)["Location"] == URL


@pytest.mark.parametrize(
    ("location", "url"),
    [
        (f"/web/20180301020304id_/{URL}", URL),
        (f"https://web.archive.org/web/2018/{URL}?a=1&b=2", f"{URL}?a=1&b=2"),
        (f"//web.archive.org/web/20180301020304im_/{URL}", URL),
        ("/web/20180301020304id_/http%3A//dukcqtw.dcs.vn/x", "http://dukcqtw.dcs.vn/x"),
        ("/web/20180301020304id_/http:/dukcqtw.dcs.vn/x", "http://dukcqtw.dcs.vn/x"),
        (f"https://example.org/web/20180301020304id_/{URL}", None),
        (f"http://web.archive.org:8080/web/20180301020304id_/{URL}", None),
        ("/web/20180301020304id_/ftp://dukcqtw.dcs.vn/x", None),
        ("/web/99990301020304id_/x", None),
        ("/", None),
        ("", None),
    ],
)
def test_addresses_inside_the_archive(location, url):
    found = archived_address(location, ASKED)
    assert (found and found[0]) == url


def test_the_address_of_a_capture():
    assert memento_url("https://web.archive.org/", URL, datetime(2018, 3, 1, 2, 3, 4, tzinfo=UTC)) == ASKED


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ((("Retry-After", "60"),), 60.0),
        ((("retry-after", " 0 "),), 0.0),
        (
            (("Retry-After", "Thu, 01 Mar 2018 02:05:00 GMT"), ("Date", "Thu, 01 Mar 2018 02:03:00 GMT")),
            120.0,
        ),
        ((("Retry-After", "Thu, 01 Mar 2018 02:00:00 GMT"), ("Date", "Thu, 01 Mar 2018 02:03:00 GMT")), 0.0),
        ((("Retry-After", "Thu, 01 Mar 2018 02:05:00 GMT"),), None),
        ((("Retry-After", "-5"),), None),
        ((("Retry-After", "soon"),), None),
        ((), None),
    ],
)
def test_retry_after(headers, seconds):
    assert retry_after(_answer(429, b"", *headers)) == seconds


# -- Common Crawl ---------------------------------------------------------------------------------------------

LIST = [
    {"id": "CC-MAIN-2026-34", "to": "2026-08-20T00:00:00", "cdx-api": "https://index.commoncrawl.org/x"},
    {"id": "CC-MAIN-2008-2009"},
    {"id": "CC-MAIN-2018-34"},
]


def test_the_list_of_crawls():
    crawls = read_crawls(_answer(200, json.dumps(LIST).encode()))
    assert [crawl.id for crawl in crawls] == [row["id"] for row in LIST]
    assert chosen_crawls(crawls, ()) == crawls[:1]
    assert [crawl.id for crawl in chosen_crawls(crawls, ("cc-main-2018-34", "CC-MAIN-2026-34"))] == [
        "CC-MAIN-2018-34",
        "CC-MAIN-2026-34",
    ]
    with pytest.raises(UnknownCrawlError, match="CC-MAIN-1999-01"):
        chosen_crawls(crawls, ("CC-MAIN-1999-01",))
    older_first = tuple(reversed(crawls))
    assert chosen_crawls(older_first, ())[0].id == "CC-MAIN-2026-34"
    assert chosen_crawls((Crawl("mirror", None),), ())[0].id == "mirror"


@pytest.mark.parametrize("body", [b"[]", b"{}", b"<html></html>", b"[{", b'[{"name": "x"}]', b"null", b""])
def test_an_empty_list_is_an_outage(body):
    assert isinstance(read_crawls(_answer(200, body)), Trouble)


def test_names_of_crawls():
    assert wanted_ids("commoncrawl") == ()
    assert wanted_ids("commoncrawl:CC-MAIN-2018-34, CC-MAIN-2019-04,CC-MAIN-2018-34") == (
        "CC-MAIN-2018-34",
        "CC-MAIN-2019-04",
    )
    for bad in ("commoncrawl:", "commoncrawl:a b", "commoncrawl:../x", "commoncrawl:A,,B"):
        with pytest.raises(ValueError, match="CC-MAIN"):
            wanted_ids(bad)


@pytest.mark.parametrize(
    ("answer", "pages"),
    [
        (_answer(200, b'{"pages": 3, "pageSize": 5, "blocks": 11}'), 3),
        (_answer(200, b'{"pages": 0, "pageSize": 5, "blocks": 0}'), 0),
        (_answer(200, b"2"), 2),
        (_answer(404, b'{"message": "No Captures found for: dukcqtw.dcs.vn/"}'), 0),
        (_answer(404, b'{"error": "No Captures found for: dukcqtw.dcs.vn/*"}'), 0),
        (_answer(404, b"<html>No Captures found</html>"), None),
        (_answer(404, b'{"message": "No such crawl"}'), None),
        (_answer(404), None),
        (_answer(200, b'{"pages": "3"}'), None),
        (_answer(200, b"<html></html>"), None),
        (_answer(503, b'{"message": "slow"}'), None),
    ],
)
def test_numbers_of_pages(answer, pages):
    found = read_page_count(answer)
    assert isinstance(found, Trouble) if pages is None else found == pages


LINE = {
    "urlkey": "vn,dcs,dukcqtw)/",
    "timestamp": "20200225010203",
    "url": URL,
    "mime": "text/html",
    "status": "200",
    "digest": "AB2",
    "length": "8046",
    "offset": "651",
    "filename": "crawl-data/x.warc.gz",
}


def test_index_lines():
    line = json.dumps(LINE)
    page = read_page(_answer(200, f"{line}\n{line}\n".encode(), ("Content-Type", "text/x-ndjson")))
    assert len(page.entries) == 2
    assert (page.entries[0].offset, page.entries[0].length) == (651, 8046)
    assert isinstance(read_page(_answer(200, f"{line}\n{line[:50]}".encode())), Trouble)
    beyond = b'{"message": "Page 1 invalid: First Page is 0, Last Page is 0"}'
    assert read_page(_answer(400, beyond)) == IndexPage(())
    assert isinstance(read_page(_answer(400, b"{}")), Trouble)
    assert read_page(_answer(403)).whole
    assert read_page(_answer(500)).whole


def test_index_addresses():
    url = index_url("https://index.commoncrawl.org/", "CC-MAIN-2020-10", "dukcqtw.dcs.vn/", page=None)
    assert url.startswith(
        "https://index.commoncrawl.org/CC-MAIN-2020-10-index?url=dukcqtw.dcs.vn%2F%2A&output=json"
    )
    assert url.endswith("showNumPages=true")
    assert index_url("http://m/", "A", "x/", page=2).endswith("page=2")
