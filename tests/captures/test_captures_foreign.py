"""WARC files as other tools write them, made by hand byte for byte."""

import gzip
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.captures import CaptureError, decoded_body, read_at, read_captures
from crawler.items import Capture

PAGE = "<html><h1>Hội nghị báo cáo viên</h1></html>".encode()
WARCINFO = b"software: Wget/1.21.3 (linux-gnu)\r\nformat: WARC File Format 1.0\r\n"
MARKUP = ["Content-Type: text/html; charset=utf-8"]


def members(*records: bytes) -> bytes:
    return b"".join(gzip.compress(r) for r in records)


def urls(path: Path) -> list[str]:
    return [r.url for r in read_captures(path)]


@pytest.fixture
def wget(record, http) -> list[bytes]:
    """The order and the habits of Wget: `<…>` around addresses, a request before each response, a log at the end."""
    return [
        record("warcinfo", None, WARCINFO, WARC_Filename="congso.warc"),
        record("request", "<http://congso.vn/a>", b"GET /a HTTP/1.1\r\nHost: congso.vn\r\n\r\n"),
        record("response", "<http://congso.vn/a>", http(PAGE, *MARKUP), WARC_IP_Address="203.0.113.7"),
        record("request", "<http://congso.vn/b>", b"GET /b HTTP/1.1\r\nHost: congso.vn\r\n\r\n"),
        record("response", "<http://congso.vn/b>", http(b"<p>B</p>", *MARKUP), date="2020-03-26T10:00:00Z"),
        record("metadata", "metadata://gnu.org/software/wget/warc/MANIFEST.txt", b"<urn:uuid:made>\r\n"),
        record(
            "resource", "metadata://gnu.org/software/wget/warc/wget.log", b"--2020-03-25-- http://congso.vn/"
        ),
    ]


@pytest.mark.parametrize("kind", ["plain", "members", "one member", "many members"])
def test_wget(tmp_path, wget, kind):
    """Many members: records grouped by whoever compressed the file again, two to a member."""
    packed = {
        "plain": b"".join(wget),
        "members": members(*wget),
        "one member": gzip.compress(b"".join(wget)),
        "many members": members(*(b"".join(wget[i : i + 2]) for i in range(0, len(wget), 2))),
    }[kind]
    path = tmp_path / ("wget.warc" if kind == "plain" else "wget.warc.gz")
    path.write_bytes(packed)
    reader = read_captures(path)
    a, b = reader
    assert (a.url, a.status, a.reason, a.payload) == ("http://congso.vn/a", 200, "OK", PAGE)
    assert a.headers == (("Content-Type", "text/html; charset=utf-8"),)
    assert (a.fetched_at, b.fetched_at) == (
        datetime(2020, 3, 25, 3, tzinfo=UTC),
        datetime(2020, 3, 26, 10, tzinfo=UTC),
    )
    assert (a.record_type, a.truncated, a.warc) == ("response", None, path.name)
    assert not reader.problems
    for response in (a, b):
        if response.offset is not None:
            named = Capture(
                "warc",
                response.url,
                response.fetched_at,
                200,
                response.digest,
                response.warc,
                response.offset,
            )
            assert read_at(tmp_path, named) == response
    assert [r.offset is None for r in (a, b)] == {
        "plain": [False, False], "members": [False, False], "one member": [True, True], "many members": [False, False],
    }[kind]  # fmt: skip


def test_passes_over_what_is_no_web_response(tmp_path, record, http):
    (tmp_path / "x.warc").write_bytes(
        record(
            "response",
            "dns:congso.vn",
            b"20200325\r\ncongso.vn. 300 IN A 203.0.113.7\r\n",
            Content_Type="text/dns",
        )
        + record("conversion", "http://congso.vn/a", b"text")
        + record("continuation", "http://congso.vn/a", b"more")
        + record("something-new", "http://congso.vn/a", b"?")
        + record("response", "ftp://congso.vn/a", b"file")
        + record("response", "HTTP://congso.vn/a", http(PAGE))
    )
    reader = read_captures(tmp_path / "x.warc")
    assert [r.url for r in reader] == ["HTTP://congso.vn/a"]
    assert not reader.problems


def test_only_wanted_addresses_are_read(tmp_path, record, http):
    (tmp_path / "x.warc").write_bytes(
        record("response", "http://khac.vn/a", http(b"x" * 500))
        + record("response", "http://congso.vn/a", http(PAGE))
    )
    reader = read_captures(tmp_path / "x.warc", wanted=lambda url: "congso" in url)
    assert [r.url for r in reader] == ["http://congso.vn/a"]


# -- heads ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "status", "reason"),
    [
        ("HTTP/1.1 200 OK", 200, "OK"),
        ("HTTP/1.1 200", 200, None),
        ("HTTP/1.1 200 ", 200, None),
        ("HTTP/1.0 404 Not  Found", 404, "Not  Found"),
        ("HTTP/2 200", 200, None),
        ("HTTP/1.1\t302\tFound", 302, "Found"),
    ],
)
def test_status_lines(tmp_path, record, http, line, status, reason):
    (tmp_path / "x.warc").write_bytes(
        record("response", "http://congso.vn/a", http(PAGE, *MARKUP, status=line))
    )
    (response,) = read_captures(tmp_path)
    assert (response.status, response.reason, response.payload) == (status, reason, PAGE)


def test_bare_line_feeds_and_folded_headers(tmp_path, record):
    block = b"HTTP/1.1 200 OK\nContent-Type: text/html;\n charset=utf-8\nbroken line\nX-Empty:\n\n" + PAGE
    (tmp_path / "x.warc").write_bytes(record("response", "http://congso.vn/a", block))
    (response,) = read_captures(tmp_path)
    assert response.headers == (("Content-Type", "text/html; charset=utf-8"), ("X-Empty", ""))
    assert response.payload == PAGE


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2016-12-22T03:04:05Z", datetime(2016, 12, 22, 3, 4, 5, tzinfo=UTC)),
        ("2016-12-22T03:04:05.6Z", datetime(2016, 12, 22, 3, 4, 5, 600000, tzinfo=UTC)),
        ("2016-12-22T03:04:05.123456789Z", datetime(2016, 12, 22, 3, 4, 5, 123456, tzinfo=UTC)),
        ("2016-12-22T03:04Z", datetime(2016, 12, 22, 3, 4, tzinfo=UTC)),
        ("2016-12-22T10:04:05+07:00", datetime(2016, 12, 22, 3, 4, 5, tzinfo=UTC)),
        ("2016-12-21T20:34:05-06:30", datetime(2016, 12, 22, 3, 4, 5, tzinfo=UTC)),
        ("2016-12-22T03:04:05", datetime(2016, 12, 22, 3, 4, 5, tzinfo=UTC)),
        ("2016-12-22", None),
        ("2016", None),
        ("2016-13-22T03:04:05Z", None),
        ("20161222030405", None),
        ("0001-01-01T00:00:00+07:00", None),
        ("9999-12-31T23:59:59-07:00", None),
        ("2016-12-22T03:04:05+99:99", None),
        ("", None),
    ],
)
def test_dates(tmp_path, record, http, text, time):
    """A date too coarse to count relative ages from is refused, and the record counted."""
    (tmp_path / "x.warc").write_bytes(record("response", "http://congso.vn/a", http(PAGE), date=text))
    reader = read_captures(tmp_path)
    assert [r.fetched_at for r in reader] == ([time] if time else [])
    assert dict(reader.problems) == ({} if time else {"unreadable": 1})


# -- bodies --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("recorded", "payload", "truncated"),
    [
        (b"8\r\n<p>Xin c\r\n7\r\nhao</p>\r\n0\r\n\r\n", b"<p>Xin chao</p>", None),
        (b"F;name=value\r\n<p>Xin chao</p>\r\n0\r\nX-Trailer: 1\r\n\r\n", b"<p>Xin chao</p>", None),
        (b"00f\n<p>Xin chao</p>\n0\n\n", b"<p>Xin chao</p>", None),
        (b"8\r\n<p>Xin c\r\n70\r\nhao</p>", b"<p>Xin chao</p>", "chunked"),
        (b"8\r\n<p>Xin c\r\n", b"<p>Xin c", "chunked"),
        (b"<p>undone by the tool</p>", b"<p>undone by the tool</p>", None),
        (b"3 is no chunk", b"3 is no chunk", None),
        (b"4\r\nis no chunk either", b"4\r\nis no chunk either", None),
    ],
)
def test_chunked_bodies(tmp_path, record, http, recorded, payload, truncated):
    block = http(recorded, *MARKUP, "Transfer-Encoding: Chunked")
    (tmp_path / "x.warc").write_bytes(record("response", "http://congso.vn/a", block))
    (response,) = read_captures(tmp_path)
    assert (response.payload, response.truncated) == (payload, truncated)
    assert response.headers == (("Content-Type", "text/html; charset=utf-8"),)
    assert (
        read_at(tmp_path, Capture("warc", "", response.fetched_at, 200, response.digest, "x.warc", 0))
        == response
    )


def test_chunked_and_gzipped(tmp_path, record, http):
    packed = gzip.compress(PAGE)
    chunked = b"".join(
        b"%x\r\n%b\r\n" % (len(packed[i : i + 9]), packed[i : i + 9]) for i in range(0, len(packed), 9)
    )
    block = http(chunked + b"0\r\n\r\n", *MARKUP, "Content-Encoding: gzip", "Transfer-Encoding: chunked")
    (tmp_path / "x.warc").write_bytes(record("response", "http://congso.vn/a", block))
    (response,) = read_captures(tmp_path)
    assert response.payload == packed
    assert decoded_body(response) == PAGE


@pytest.mark.parametrize(
    ("fields", "headers", "truncated"),
    [
        ({"WARC_Truncated": "length"}, [], "length"),
        ({"WARC_Truncated": "disconnect"}, ["Content-Length: 9999"], "disconnect"),
        ({}, ["Content-Length: 9999"], "length"),
        ({}, [f"Content-Length: {len(PAGE)}"], None),
        ({}, ["Content-Length: 5"], None),
        ({}, ["Content-Length: -1"], None),
        ({}, [f"Content-Length: {'9' * 5000}"], "length"),
    ],
)
def test_cut_payloads_are_marked(tmp_path, record, http, fields, headers, truncated):
    (tmp_path / "x.warc").write_bytes(
        record("response", "http://congso.vn/a", http(PAGE, *headers), **fields)
    )
    (response,) = read_captures(tmp_path)
    assert (response.payload, response.truncated) == (PAGE, truncated)


# -- revisits ------------------------------------------------------------------------------------------------

SAME = {"WARC_Profile": "http://netpreserve.org/warc/1.0/revisit/identical-payload-digest"}
NOT_MODIFIED = {"WARC_Profile": "http://netpreserve.org/warc/1.0/revisit/server-not-modified"}
LATER = "2020-04-01T00:00:00Z"


@pytest.mark.parametrize(
    "fields",
    [
        {"WARC_Refers_To_Target_URI": "http://congso.vn/a", "WARC_Refers_To_Date": "2020-03-25T03:00:00Z"},
        {
            "WARC_Refers_To_Target_URI": "<http://congso.vn/a>",
            "WARC_Refers_To_Date": "2020-03-25T03:00:00.25Z",
        },
        {"WARC_Payload_Digest": "sha1:AAAA"},
        {"WARC_Refers_To": "<urn:uuid:made>"},
        {
            "WARC_Refers_To_Target_URI": "http://congso.vn/elsewhere",
            "WARC_Refers_To_Date": "2019-01-01T00:00:00Z",
            "WARC_Payload_Digest": "sha1:AAAA",
        },
    ],
    ids=["address and date", "as Wget writes it", "digest", "record id", "wrong address, right digest"],
)
@pytest.mark.parametrize("order", ["original first", "revisit first", "other file"])
def test_revisits_find_their_original(tmp_path, record, http, fields, order):
    original = record("response", "http://congso.vn/a", http(PAGE, *MARKUP), WARC_Payload_Digest="sha1:AAAA")
    decoy = record("response", "http://congso.vn/c", http(b"decoy"), WARC_Payload_Digest="sha1:BBBB").replace(
        b"made", b"decoy"
    )
    head = http(b"", "X: revisit", status="HTTP/1.1 200 Lai")
    revisit = record("revisit", "http://congso.vn/b", head, date=LATER, **SAME, **fields)
    if order == "other file":
        (tmp_path / "1.warc").write_bytes(decoy + revisit)
        (tmp_path / "2.warc.gz").write_bytes(members(decoy, original))
    else:
        both = [original, decoy, revisit] if order == "original first" else [revisit, decoy, original]
        (tmp_path / "1.warc.gz").write_bytes(members(*both))
    reader = read_captures(tmp_path)
    (response,) = (r for r in reader if r.record_type == "revisit")
    assert (response.url, response.payload, response.reason) == ("http://congso.vn/b", PAGE, "Lai")
    assert response.headers == (("X", "revisit"),)
    assert response.fetched_at == datetime(2020, 4, 1, tzinfo=UTC)
    assert not reader.problems


def test_a_revisit_without_http_headers_has_those_of_its_original(tmp_path, record, http):
    (tmp_path / "x.warc").write_bytes(
        record("response", "http://congso.vn/a", http(PAGE, *MARKUP), WARC_Payload_Digest="sha1:AAAA")
        + record("revisit", "http://congso.vn/b", b"", date=LATER, **SAME, WARC_Payload_Digest="sha1:AAAA")
    )
    _, response = read_captures(tmp_path)
    assert (response.payload, response.headers[0][0]) == (PAGE, "Content-Type")


def test_not_modified_means_the_page_as_it_was_before(tmp_path, record, http):
    """Status and headers are the original's: what was not modified is still a page with status 200."""
    old, new, future = (http(b"<p>%b</p>" % text, *MARKUP) for text in (b"old", b"new", b"future"))
    not_modified = http(b"", "ETag: x", status="HTTP/1.1 304 Not Modified")
    (tmp_path / "x.warc.gz").write_bytes(
        members(
            record("response", "http://congso.vn/a", future, date="2020-05-01T00:00:00Z"),
            record("response", "http://congso.vn/a", new, date="2020-03-20T00:00:00Z"),
            record("response", "http://congso.vn/a", old, date="2020-01-01T00:00:00Z"),
            record("response", "http://congso.vn/b", new, date="2020-03-30T00:00:00Z"),
            record("revisit", "http://congso.vn/a", not_modified, date=LATER, **NOT_MODIFIED).replace(
                b"made", b"other"
            ),
        )
    )
    *_, response = read_captures(tmp_path)
    assert (response.status, response.payload, response.record_type) == (200, b"<p>new</p>", "revisit")
    assert response.headers == (("Content-Type", "text/html; charset=utf-8"),)


def test_a_revisit_whose_original_is_nowhere_is_counted(tmp_path, record, http):
    (tmp_path / "x.warc").write_bytes(
        record("response", "http://congso.vn/c", http(PAGE), WARC_Payload_Digest="sha1:BBBB").replace(
            b"made", b"x"
        )
        + record(
            "revisit", "http://congso.vn/a", http(b""), date=LATER, **SAME, WARC_Payload_Digest="sha1:AAAA"
        )
    )
    reader = read_captures(tmp_path)
    assert [r.url for r in reader] == ["http://congso.vn/c"]
    assert dict(reader.problems) == {"unresolved": 1}


def test_an_original_with_another_digest_is_none(tmp_path, record, http):
    """Address and date agree within a second, but the payload is another: rather nothing than a wrong text."""
    (tmp_path / "x.warc").write_bytes(
        record("response", "http://congso.vn/a", http(PAGE), WARC_Payload_Digest="sha1:BBBB").replace(b"made", b"x")
        + record(
            "revisit", "http://congso.vn/a", http(b""), date=LATER, **SAME, WARC_Payload_Digest="sha1:AAAA",
            WARC_Refers_To_Target_URI="http://congso.vn/a", WARC_Refers_To_Date="2020-03-25T03:00:00Z",
        )
    )  # fmt: skip
    reader = read_captures(tmp_path)
    assert len(list(reader)) == 1
    assert dict(reader.problems) == {"unresolved": 1}


# -- damage --------------------------------------------------------------------------------------------------


@pytest.fixture
def three(record, http) -> list[bytes]:
    """Bodies that gzip cannot shrink, so that damage hits where it is meant to."""
    return [record("response", f"http://congso.vn/{i}", http(os.urandom(3000), *MARKUP)) for i in range(3)]


@pytest.mark.parametrize("cut", [1, 4, 8, 9, 100, 2500])
@pytest.mark.parametrize("kind", ["plain", "members"])
def test_a_torn_tail_costs_only_the_last_record(tmp_path, three, kind, cut):
    data = b"".join(three)[:-4] if kind == "plain" else members(*three)
    (tmp_path / "x.warc").write_bytes(data[:-cut])
    reader = read_captures(tmp_path)
    assert [r.url for r in reader] == ["http://congso.vn/0", "http://congso.vn/1"]
    assert dict(reader.problems) == {"torn": 1}


def test_a_torn_single_member(tmp_path, three):
    (tmp_path / "x.warc.gz").write_bytes(gzip.compress(b"".join(three))[:-1500])
    reader = read_captures(tmp_path)
    assert [r.url for r in reader] == ["http://congso.vn/0", "http://congso.vn/1"]
    assert dict(reader.problems) == {"torn": 1}


@pytest.mark.parametrize("cut", range(0, 700, 23))
def test_a_cut_anywhere_never_fails_and_never_gives_half_a_record(tmp_path, record, http, cut):
    whole = members(*(record("response", f"http://congso.vn/{i}", http(PAGE, *MARKUP)) for i in range(4)))
    (tmp_path / "x.warc.gz").write_bytes(whole[: len(whole) - cut] or b"\x1f")
    reader = read_captures(tmp_path)
    found = list(reader)
    assert all(r.payload == PAGE for r in found)
    assert len(found) + reader.problems["torn"] <= 4
    assert [r.url for r in found] == [f"http://congso.vn/{i}" for i in range(len(found))]


def test_a_damaged_member_costs_only_its_own_record(tmp_path, three):
    parts = [gzip.compress(r) for r in three]
    middle = bytearray(parts[1])
    middle[1500] ^= 0xFF
    (tmp_path / "x.warc.gz").write_bytes(parts[0] + bytes(middle) + parts[2])
    reader = read_captures(tmp_path)
    assert [r.url for r in reader] == ["http://congso.vn/0", "http://congso.vn/2"]
    assert dict(reader.problems) == {"unreadable": 1}


def test_a_length_that_is_missing_or_too_long_costs_one_record(tmp_path, record, http):
    good = record("response", "http://congso.vn/good", http(PAGE))
    for bad in (
        record("response", "http://congso.vn/bad", http(PAGE)).replace(b"Content-Length", b"Content-Lengte"),
        record("response", "http://congso.vn/bad", http(PAGE), length=10**15),
        record("response", "http://congso.vn/bad", http(PAGE), length=-5),
        record("response", "http://congso.vn/bad", http(PAGE)).replace(
            b"Content-Length: ", b"Content-Length: " + b"9" * 5000
        ),
    ):
        for path, data in (("x.warc", good + bad + good), ("x.warc.gz", members(good, bad, good))):
            (tmp_path / path).write_bytes(data)
            reader = read_captures(tmp_path / path)
            assert [r.url for r in reader] == ["http://congso.vn/good"] * 2, (path, bad)
            assert dict(reader.problems) == {"unreadable": 1}


def test_lengths_off_by_two_lose_nothing(tmp_path, record, http):
    """As in CC-MAIN-2018-34: the length leaves out the last two bytes."""
    block = http(PAGE + b"!!", *MARKUP)
    short = [record("response", f"http://congso.vn/{i}", block, length=len(block) - 2) for i in range(3)]
    for path, data in (("x.warc", b"".join(short)), ("x.warc.gz", members(*short))):
        (tmp_path / path).write_bytes(data)
        reader = read_captures(tmp_path / path)
        assert [r.payload for r in reader] == [PAGE] * 3
        assert not reader.problems


def test_a_length_that_swallows_the_next_record_costs_only_its_own(tmp_path, record, http):
    good = [record("response", f"http://congso.vn/{i}", http(PAGE * 3)) for i in range(4)]
    for extra in (100, len(good[0]) + 5, len(good[0]) + 90, 2 * len(good[0]) + 33):
        bad = record("response", "http://congso.vn/bad", http(PAGE), length=len(http(PAGE)) + extra)
        (tmp_path / "x.warc").write_bytes(good[0] + bad + b"".join(good[1:]))
        for wanted in (None, lambda url: "bad" not in url):
            reader = read_captures(tmp_path / "x.warc", wanted=wanted)
            assert [r.url for r in reader] == [f"http://congso.vn/{i}" for i in range(4)], extra
            assert dict(reader.problems) == {"unreadable": 1}


def test_a_length_that_is_far_too_short_costs_its_record(tmp_path, record, http):
    good = record("response", "http://congso.vn/good", http(PAGE))
    bad = record("response", "http://congso.vn/bad", http(PAGE * 9), length=100)
    packed = {
        "x.warc": good + bad + good,
        "y.warc.gz": members(good, bad, good),
        "z.warc.gz": gzip.compress(good + bad + good),
    }
    for name, data in packed.items():
        (tmp_path / name).write_bytes(data)
        reader = read_captures(tmp_path / name)
        assert [r.url for r in reader] == ["http://congso.vn/good"] * 2, name
        assert dict(reader.problems) == {"unreadable": 1}


def test_a_record_whose_first_line_is_damaged_is_counted(tmp_path, record, http):
    good = record("response", "http://congso.vn/good", http(PAGE))
    for name, data in {
        "x.warc": good + b"X" + good + good,
        "z.warc.gz": gzip.compress(good + b"X" + good + good),
    }.items():
        (tmp_path / name).write_bytes(data)
        reader = read_captures(tmp_path / name)
        assert [r.url for r in reader] == ["http://congso.vn/good"] * 2, name
        assert dict(reader.problems) == {"unreadable": 1}


def test_an_unreadable_http_head_is_counted(tmp_path, record, http):
    (tmp_path / "x.warc").write_bytes(
        record("response", "http://congso.vn/a", b"no http at all")
        + record("response", "http://congso.vn/b", http(PAGE))
    )
    reader = read_captures(tmp_path)
    assert [r.url for r in reader] == ["http://congso.vn/b"]
    assert dict(reader.problems) == {"unreadable": 1}


def test_padding_and_a_foreign_tail(tmp_path, three):
    (tmp_path / "x.warc.gz").write_bytes(members(*three) + bytes(100_000))
    assert len(urls(tmp_path)) == 3
    (tmp_path / "x.warc.gz").write_bytes(members(*three) + b"tail of another kind")
    reader = read_captures(tmp_path)
    assert (len(list(reader)), dict(reader.problems)) == (3, {"torn": 1})


# -- what is no archive --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("x.warc", b"<html>", "no WARC file"),
        ("x.warc.gz", gzip.compress(b"<html>" * 99), "no WARC file"),
        ("x.warc", b"", "empty"),
        ("x.arc", b"filedesc://x.arc 0.0.0.0 20200325 text/plain 76\n", "no WARC file"),
    ],
)
def test_a_file_that_is_no_warc_is_refused_by_name(tmp_path, name, data, message):
    (tmp_path / name).write_bytes(data)
    with pytest.raises(CaptureError, match=message) as refused:
        read_captures(tmp_path / name)
    assert name in str(refused.value)


def test_nothing_there(tmp_path):
    with pytest.raises(CaptureError, match="does not exist"):
        read_captures(tmp_path / "missing.warc")
    with pytest.raises(CaptureError, match="no WARC file"):
        read_captures(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(CaptureError, match="no regular file"):
        read_captures(tmp_path / "pipe")


def test_a_folder_in_order_of_names_with_a_stranger_counted(tmp_path, record, http):
    for name in ("b.warc", "a.warc.gz", "C.WARC"):
        (tmp_path / name).write_bytes(record("response", f"http://congso.vn/{name}", http(PAGE)))
    (tmp_path / "0.warc").write_bytes(b"<html>")
    (tmp_path / "notes.txt").write_bytes(b"not looked at")
    reader = read_captures(tmp_path)
    assert [r.warc for r in reader] == ["C.WARC", "a.warc.gz", "b.warc"]
    assert dict(reader.problems) == {"not-warc": 1}


@pytest.mark.parametrize("name", ["../x.warc", "sub/x.warc", "", "..", "absent.warc"])
def test_a_capture_cannot_point_out_of_its_folder(tmp_path, record, http, name):
    (tmp_path / "in").mkdir()
    (tmp_path / "x.warc").write_bytes(record("response", "http://congso.vn/a", http(PAGE)))
    capture = Capture("warc", "http://congso.vn/a", datetime(2020, 1, 1, tzinfo=UTC), 200, "sha256:", name, 0)
    with pytest.raises(CaptureError):
        read_at(tmp_path / "in", capture)


@pytest.mark.parametrize("offset", [1, 50, 10**9])
def test_a_wrong_offset_or_digest_is_told(tmp_path, record, http, offset):
    (tmp_path / "x.warc").write_bytes(record("response", "http://congso.vn/a", http(PAGE)))
    (response,) = read_captures(tmp_path)
    at = datetime(2020, 1, 1, tzinfo=UTC)
    with pytest.raises(CaptureError, match="no readable response"):
        read_at(tmp_path, Capture("warc", "http://congso.vn/a", at, 200, response.digest, "x.warc", offset))
    with pytest.raises(CaptureError, match="another payload"):
        read_at(tmp_path, Capture("warc", "http://congso.vn/a", at, 200, "sha256:00", "x.warc", 0))
