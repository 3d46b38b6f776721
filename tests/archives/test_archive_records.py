"""Records of Common Crawl out of answers to range requests; which captures are chosen."""

import gzip
import io
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.captures import decoded_body
from crawler.sites import load_site
from crawler.sources.answers import Absent, Answer, Given, Trouble
from crawler.sources.choose import chosen, prefixes
from crawler.sources.entries import Entry
from crawler.sources.ranges import MAX_RECORD, range_header, read_record, record_url

URL = "http://dukcqtw.dcs.vn/hoi-nghi-duk4736.aspx"
PAGE = "<html><body>Hội nghị</body></html>".encode()
NOW = datetime(2020, 3, 25, tzinfo=UTC)


def _member(url=URL, kind="response", headers=(), body=PAGE, **fields):
    """A record as other software writes it, in a gzip member of its own."""
    out = io.BytesIO()
    http = StatusAndHeaders("200 OK", [("Content-Type", "text/html"), *headers], protocol="HTTP/1.1")
    record = WARCWriter(out, gzip=True).create_warc_record(
        url,
        kind,
        payload=io.BytesIO(body),
        http_headers=http,
        warc_headers_dict={"WARC-Date": "2020-02-25T01:02:03Z", **fields},
    )
    WARCWriter(out, gzip=True).write_record(record)
    return out.getvalue()


def _read(body, *, status=206, told=None, url=URL, offset=651):
    length = len(body)
    told = told or f"bytes {offset}-{offset + length - 1}/1000000"
    answer = Answer(status, (("Content-Range", told),), body)
    return read_record(answer, url=url, offset=offset, length=length)


def test_a_record():
    found = _read(_member())
    assert isinstance(found, Given)
    assert (found.capture.url, found.capture.status, found.capture.truncated) == (URL, 200, None)
    assert found.capture.fetched_at == datetime(2020, 2, 25, 1, 2, 3, tzinfo=UTC)
    assert decoded_body(found.capture) == PAGE


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ((("X-Crawler-Content-Encoding", "gzip"), ("X-Crawler-Transfer-Encoding", "chunked")), PAGE),
        ((("Content-Encoding", "gzip"),), PAGE),
        ((("Content-Encoding", "gzip"),), gzip.compress(PAGE, mtime=0)),
        ((("Content-Encoding", "br"),), PAGE),
    ],
)
def test_codings_that_are_undone_already_or_not(headers, body):
    assert decoded_body(_read(_member(headers=headers, body=body)).capture) == PAGE


@pytest.mark.parametrize(("cut", "truncated"), [(0, None), (1, "length"), (8, "length"), (20, "length")])
def test_a_packed_payload_with_the_length_of_the_page_is_whole_when_gzip_says_so(cut, truncated):
    body = gzip.compress(PAGE, mtime=0)
    headers = (("Content-Encoding", "gzip"), ("Content-Length", str(len(body) + 900)))
    capture = _read(_member(headers=headers, body=body[: len(body) - cut])).capture
    assert capture.truncated == truncated
    assert cut or decoded_body(capture) == PAGE


def test_a_cut_payload_says_so():
    assert _read(_member(**{"WARC-Truncated": "length"})).capture.truncated == "length"


def test_spellings_of_the_same_address():
    assert isinstance(_read(_member("http://www.dukcqtw.dcs.vn:80/Hoi-nghi-duk4736.aspx")), Given)


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (Answer(404, (), b"<Code>NoSuchKey</Code>"), Absent("not-archived")),
        (Answer(416, (), b""), Absent("archive-no-such-range")),
        (
            Answer(200, (), b"x" * 99),
            Trouble("the whole file instead of one record", again=False, reason="archive-whole-file"),
        ),
        (Answer(503, (), b"<Code>SlowDown</Code>"), Trouble("HTTP status 503", whole=True)),
        (Answer(403, (("Content-Type", "text/html"),), b"<html>"), Trouble("HTTP status 403", whole=True)),
        (Answer(206, (), b"short"), Trouble("half a record")),
        (Answer(206, (), b"x" * 99), Trouble("bytes that are no whole record")),
    ],
)
def test_what_is_no_record(answer, verdict):
    assert read_record(answer, url=URL, offset=0, length=99) == verdict


def test_records_that_are_not_the_one_asked_for():
    assert _read(_member(), told="bytes 0-9/100") == Trouble("another range than asked for")
    assert _read(_member("http://dukcqtw.dcs.vn/khac")) == Trouble("a record of another address")
    assert _read(_member(kind="revisit", body=b"")) == Absent("archive-no-response")
    damaged = _member()
    assert _read(damaged[:-9]) == Trouble("bytes that are no whole record")


@pytest.mark.parametrize(
    ("file", "offset", "length", "usable"),
    [
        ("crawl-data/CC-MAIN-2020-10/segments/1/warc/x.warc.gz", 651, 8046, True),
        ("../secret", 0, 10, False),
        ("crawl-data/../../secret", 0, 10, False),
        ("https://example.org/x", 0, 10, False),
        ("//example.org/x", 0, 10, False),
        ("/x", 0, 10, False),
        ("x y", 0, 10, False),
        (None, 0, 10, False),
        ("x", None, 10, False),
        ("x", 0, None, False),
        ("x", 0, 0, False),
        ("x", 0, MAX_RECORD + 1, False),
    ],
)
def test_places(file, offset, length, usable):
    url = record_url("https://data.commoncrawl.org/", file, offset, length)
    assert url == (f"https://data.commoncrawl.org/{file}" if usable else None)


def test_the_range_includes_its_last_byte():
    assert range_header(651, 10) == "bytes=651-660"


# -- what is chosen -------------------------------------------------------------------------------------------

SITE = load_site("dukcqtw")


def _entry(url, at="20180301020304", **changes):
    moment = datetime.strptime(at, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    return replace(Entry(url, moment, "text/html", 200, "AB2", 312), **changes)


def test_hosts_that_the_index_does_not_tell_apart_are_asked_once():
    assert prefixes(SITE) == ("dukcqtw.dcs.vn/",)
    shared = replace(SITE, hosts=("dangcongsan.vn", "www.dangcongsan.vn", "cu.vn"), scope="/dukcqtw/")
    assert prefixes(shared) == ("dangcongsan.vn/dukcqtw/", "cu.vn/dukcqtw/")


@pytest.mark.parametrize(
    ("entry", "wanted"),
    [
        (_entry(URL), True),
        (_entry(URL, media_type="warc/revisit", status=None), True),
        (_entry(URL, media_type="unk", status=None), True),
        (_entry(URL, media_type=None), True),
        (_entry("http://dukcqtw.dcs.vn/"), True),
        (_entry("http://dukcqtw.dcs.vn/Default.aspx?tabid=3"), True),
        (_entry(URL, status=301), False),
        (_entry(URL, status=404), False),
        (_entry(URL, status=503), False),
        (_entry(URL, media_type="application/pdf"), False),
        (_entry("http://dukcqtw.dcs.vn/anh/1.JPG"), False),
        (_entry("http://dukcqtw.dcs.vn/mailto:a@b.vn"), False),
        (_entry("http://dukcqtw.dcs.vn/ScriptResource.axd?d=x"), False),
        (_entry("http://khac.dcs.vn/x-duk1.aspx"), False),
        (_entry(URL, at="20300101000000"), False),
    ],
)
def test_captures_that_can_tell_something(entry, wanted):
    assert bool(chosen([entry], SITE, NOW)) == wanted


def test_articles_are_wanted_at_every_time_and_other_pages_once_a_month():
    rows = [_entry(URL, at=f"201803{day:02d}000000") for day in (1, 2, 3)]
    rows += [_entry("http://dukcqtw.dcs.vn/", at=f"201803{day:02d}000000") for day in (3, 9, 5)]
    rows += [_entry("http://www.dukcqtw.dcs.vn/?utm_source=x", at="20180308000000")]
    rows += [_entry("https://dukcqtw.dcs.vn/", at="20180401000000")]
    found = chosen(rows, SITE, NOW)
    assert [(row.article, row.at.strftime("%m%d")) for row in found] == [
        ("duk4736", "0301"),
        ("duk4736", "0302"),
        ("duk4736", "0303"),
        (None, "0309"),
        (None, "0401"),
    ]


def test_one_capture_under_several_spellings_counts_once():
    rows = [_entry(url) for url in (URL, URL.replace("vn/", "vn:80/"), URL.replace("//", "//www."))]
    assert len(chosen(rows, SITE, NOW)) == 1
