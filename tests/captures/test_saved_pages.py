"""Pages as browsers and other tools leave them on a disk."""

import gzip
import os
import time
import unicodedata
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.captures import CaptureError, decoded_body, read_captures, saved
from crawler.captures.marks import parse_date, told_by_page

NOW = datetime(2021, 1, 1, tzinfo=UTC)
WRITTEN = datetime(2020, 6, 1, 12, 30, 15, tzinfo=UTC)
URL = "http://congso.vn/tin-cs123.aspx"
TOLD = datetime(2020, 3, 25, 3, tzinfo=UTC)


def save(path: Path, page: str | bytes = "<p>Tin</p>", *, written: datetime = WRITTEN) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(page.encode() if isinstance(page, str) else page)
    os.utime(path, (written.timestamp(), written.timestamp()))
    return path


def canonical(url: str = URL) -> str:
    return f'<html><head><link rel="canonical" href="{url}"></head><body><p>Tin</p></body></html>'


def url_of(page: str | bytes) -> str | None:
    told = told_by_page(page.encode() if isinstance(page, str) else page)
    return told.url if told else None


# -- what a page tells ---------------------------------------------------------------------------------------

SINGLE_FILE = """<!DOCTYPE html> <html lang="vi"><!--
 Page saved with SingleFile {version}
 url: {url} {extra}
 saved date: {date}
--><head><meta charset="utf-8">{head}</head><body><p>Tin</p></body></html>"""
SCRIPT_DATE = "Wed Mar 25 2020 10:00:00 GMT+0700 (Indochina Time)"
HTTRACK = """<!DOCTYPE html>
<html>
<!-- Mirrored from {url} by HTTrack Website Copier/3.x [XR&CO'2014], Wed, 25 Mar 2020 03:00:00 GMT -->
<!-- Added by HTTrack --><meta http-equiv="content-type" content="text/html;charset=utf-8" /><!-- /Added by HTTrack -->
<head></head><body></body></html>"""

PAGES = {
    "Chrome and Edge": (f"<!DOCTYPE html>\n<!-- saved from url=(0031){URL} -->\n<html><body></body></html>", None),
    "Internet Explorer": (f"\ufeff<!DOCTYPE HTML PUBLIC>\r\n<!-- saved from url=(0031){URL} -->\r\n<HTML>", None),
    "a wrong length": (f"<!-- saved from url=(0099){URL} --><html>", None),
    "without blanks": (f"<!--saved from url=(0031){URL}--><html>", None),
    "SingleFile": (SINGLE_FILE.format(version="", url=URL, extra="", date=SCRIPT_DATE, head=""), TOLD),
    "SingleFile, ISO": (
        SINGLE_FILE.format(version="v1", url=URL, extra="", date="2020-03-25T03:00:00.000Z", head=""), TOLD,
    ),
    "SingleFile, another date": (
        SINGLE_FILE.format(version="", url=URL, extra="\n archived by: x", date="hôm qua", head=""), None,
    ),
    "HTTrack": (HTTRACK.format(url="congso.vn/tin-cs123.aspx"), TOLD),
    "HTTrack, with a scheme": (HTTRACK.format(url=URL), TOLD),
    "canonical": (canonical(), None),
    "canonical, upper case": (f"<HTML><HEAD><LINK HREF='{URL}' REL='shortlink Canonical'></HEAD>", None),
    "canonical, without quotes": (f"<link rel=canonical href={URL}>", None),
    "canonical, twice": (canonical().replace("</head>", f'<link rel="canonical" href=" {URL} "></head>'), None),
    "canonical of XHTML": (f'<?xml version="1.0" encoding="utf-8"?>{canonical()}', None),
    "og:url": (f'<meta property="og:url" content="{URL}"><body>', None),
    "og:url by name": (f'<meta name="OG:URL" content="{URL}"><body>', None),
    "mark before canonical": (f"<!-- saved from url=(0031){URL} -->{canonical('http://congso.vn/other')}", None),
    "no mark of the web": (f"<!-- saved from url=(0014)about:internet -->{canonical()}", None),
    "canonical before og:url": (
        canonical().replace("</head>", '<meta property="og:url" content="http://congso.vn/x"></head>'), None,
    ),
    "two canonical, one og:url": (
        f'<link rel=canonical href=http://a.vn/1><link rel=canonical href=http://a.vn/2>'
        f'<meta property="og:url" content="{URL}">', None,
    ),
    "a long head": (f"<head><style>{'x' * 900_000}</style><link rel=canonical href={URL}></head>", None),
}  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_addresses_and_times_that_pages_tell(name):
    page, time = PAGES[name]
    told = told_by_page(page.encode())
    assert told is not None
    assert (told.url, told.time) == (URL, time)


def test_escapes_and_charsets():
    assert (
        url_of("<link rel=canonical href='http://congso.vn/a?x=1&amp;y=2'>") == "http://congso.vn/a?x=1&y=2"
    )
    assert url_of("<link rel=canonical href='http://congso.vn/bài'>") == "http://congso.vn/bài"
    assert url_of("<!-- saved from url=(0024)http://congso.vn/a%2D%2Db -->") == "http://congso.vn/a--b"
    assert url_of(canonical().encode("utf-16")) == URL
    assert url_of("<meta charset=windows-1258>Đảng".encode("cp1258", "replace") + canonical().encode()) == URL


@pytest.mark.parametrize(
    "page",
    [
        "",
        "<p>Tin</p>",
        "\0\0\0",
        "<link rel=canonical href=/tin-cs123.aspx>",
        "<link rel=canonical href=//congso.vn/tin>",
        "<link rel=canonical>",
        "<link rel=canonical href=''>",
        "<link rel=canonical href='http://'>",
        "<link rel=canonical href='javascript:alert(1)'>",
        "<link rel=canonical href='file:///C:/tin.html'>",
        "<link rel=canonical href='http://congso.vn/a b'>",
        "<link rel=icon href=http://congso.vn/icon>",
        "<link rel=canonical href=http://a.vn/1><link rel=canonical href=http://a.vn/2>",
        "<!-- saved from url=(0014)about:internet --><p>",
        "<!-- saved from url=http://congso.vn/ --><p>",
        f"<!-- {canonical()} --><body>",
        f"<body><p>Tin</p><!-- saved from url=(0031){URL} --></body>",
        f"<body>{canonical()}</body>",
        "<link rel=canonical href='http://congso.vn/b\xe0i'>".encode("latin-1"),
    ],
)
def test_what_tells_no_address(page):
    """A mark or a link inside the text is the text's: an editor pastes such from other pages."""
    assert url_of(page) is None


@pytest.mark.parametrize(
    "piece",
    [
        "<!-- saved from url=(0031)x",
        "<!-- Page saved with SingleFile ",
        "<!-- Mirrored from x",
        "<!-- Mirrored from x by HTTrack ",
        "<link rel=canonical href=",
        "<p><b><i>",
    ],
)
def test_no_page_takes_long(piece):
    """Beginnings of marks without end: seconds, where each is searched for its end to the end of the page."""
    started = time.process_time()
    assert url_of(piece * (2_000_000 // len(piece))) is None
    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    ("text", "time"),
    [
        (SCRIPT_DATE, TOLD),
        ("Wed Mar 25 2020 03:00:00 GMT+0000 (Coordinated Universal Time)", TOLD),
        ("Tue Mar 24 2020 20:00:00 GMT-0700", TOLD),
        ("Wed, 25 Mar 2020 03:00:00 GMT", TOLD),
        ("Wed, 25 Mar 2020 10:00:00 +0700", TOLD),
        ("Wed, 25 Mar 2020 03:00:00 -0000", TOLD),
        ("2020-03-25T10:00:00+07:00", TOLD),
        ("2020-03-25", None),
        ("2020-03-25T10:00:00", None),
        ("Wed, 25 Mar 2020 03:00:00", None),
        ("25/03/2020", None),
        ("Wed Mar 35 2020 10:00:00 GMT+0700", None),
        ("0001-01-01T00:00:00+07:00", None),
        ("", None),
    ],
)
def test_dates(text, time):
    """Without its zone a time tells nothing."""
    assert parse_date(text) == time


# -- one file ------------------------------------------------------------------------------------------------


def test_a_saved_page_is_a_response(tmp_path):
    path = save(tmp_path / "tin.html", canonical())
    reader = read_captures(path, now=NOW)
    (page,) = reader
    assert (page.url, page.status, page.payload) == (URL, 200, canonical().encode())
    assert page.headers == (("Content-Type", "text/html"),)
    assert (page.fetched_at, page.warc, page.offset, page.addressable) == (WRITTEN, "tin.html", None, False)
    assert (page.record_type, page.truncated) == ("response", None)
    assert not reader.problems


def test_a_page_packed_with_gzip(tmp_path):
    (page,) = read_captures(save(tmp_path / "tin.html.gz", gzip.compress(canonical().encode())))
    assert (page.url, decoded_body(page)) == (URL, canonical().encode())


def test_the_time_that_a_page_tells_comes_before_that_of_the_file(tmp_path):
    page = SINGLE_FILE.format(version="", url=URL, extra="", date=SCRIPT_DATE, head="")
    (found,) = read_captures(save(tmp_path / "tin.html", page), now=NOW)
    assert found.fetched_at == TOLD


def test_no_time_is_later_than_now(tmp_path):
    """A copy made with a wrong clock, or a clock set back for a test: the page was there now at the latest."""
    save(tmp_path / "a.html", canonical(), written=NOW + timedelta(days=400))
    save(tmp_path / "b.html", SINGLE_FILE.format(
        version="", url=URL, extra="", date="Wed Mar 25 2099 10:00:00 GMT+0700", head=""))  # fmt: skip
    assert [r.fetched_at for r in read_captures(tmp_path, now=NOW)] == [NOW, WRITTEN]


@pytest.mark.parametrize(("seconds", "year"), [(-(10**9), 1970), (10**10, 2286), (10**11, 5138)])
def test_times_that_no_honest_file_has(tmp_path, seconds, year):
    path = save(tmp_path / "a.html", canonical())
    os.utime(path, (seconds, seconds))
    (page,) = read_captures(path)
    assert page.fetched_at.year <= year
    (page,) = read_captures(path, now=NOW)
    assert page.fetched_at <= NOW


MHTML = """From: <Saved by Blink>
Snapshot-Content-Location: {url}
Subject: =?utf-8?Q?Tin?=
Date: Wed, 25 Mar 2020 03:00:00 -0000
MIME-Version: 1.0
Content-Type: multipart/related;
\ttype="text/html";
\tboundary="----MultipartBoundary--x----"


------MultipartBoundary--x----
Content-Type: text/html; charset=utf-8
Content-ID: <frame-1@mhtml.blink>
Content-Transfer-Encoding: quoted-printable
Content-Location: http://congso.vn/part

<p>=C4=90=E1=BA=A3ng=
 =E1=BB=A7y</p>
------MultipartBoundary--x----
Content-Type: image/png
Content-Transfer-Encoding: base64
Content-Location: http://congso.vn/a.png

iVBORw0KGgo=
------MultipartBoundary--x------
"""


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_a_web_archive_of_one_file_gives_its_page(tmp_path, ending):
    data = MHTML.format(url=URL).replace("\n", ending)
    (page,) = read_captures(save(tmp_path / "tin.mhtml", data), now=NOW)
    assert (page.url, page.fetched_at) == (URL, TOLD)
    assert page.payload.decode().strip() == "<p>Đảng ủy</p>"
    assert page.headers == (("Content-Type", "text/html; charset=utf-8"),)


def test_a_web_archive_without_an_address_in_its_head(tmp_path):
    save(tmp_path / "tin.mht", MHTML.format(url="about:blank"))
    assert [r.url for r in read_captures(tmp_path)] == ["http://congso.vn/part"]


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.html", "<p>Tin</p>", "no-address"),
        ("a.html", "", "no-address"),
        ("a.mhtml", "no mail at all", "unreadable"),
        ("a.mhtml", "Content-Type: image/png\n\nx", "unreadable"),
        (
            "a.mhtml",
            "".join(f"Content-Type: multipart/x; boundary=b{i}\n\n--b{i}\n" for i in range(1500)),
            "unreadable",
        ),
        ("a.html.gz", b"\x1f\x8b\x08 broken", "unreadable"),
        ("a.html", canonical() + " " * saved.MAX_UNPACKED, "oversized"),
        ("a.html.gz", gzip.compress(bytes(20_000_000)), "oversized"),
    ],
)
def test_what_cannot_be_used_is_counted(tmp_path, name, data, reason):
    reader = read_captures(save(tmp_path / name, data))
    assert (list(reader), dict(reader.problems)) == ([], {reason: 1})


def test_a_web_archive_too_long_to_be_held_is_counted(tmp_path, monkeypatch):
    monkeypatch.setattr(saved, "_LONGEST_MAIL", 500)
    reader = read_captures(save(tmp_path / "a.mhtml", MHTML.format(url=URL)))
    assert (list(reader), dict(reader.problems)) == ([], {"oversized": 1})


# -- folders -------------------------------------------------------------------------------------------------


def names(reader) -> list[str]:
    return [response.warc for response in reader]


def test_the_parts_of_a_page_are_no_pages(tmp_path):
    for name in (
        "tin.html",
        "tin_files/ad.html",
        "tin-Dateien/ad.htm",
        "tin_tệp tin/x.html",
        "any.files/frame.html",
    ):
        save(tmp_path / name, canonical())
    for name in ("tin-2020/b.html", "tinh/c.htm", "sub/d.xhtml", ".git/e.html", ".f.html"):
        save(tmp_path / name, canonical())
    assert names(read_captures(tmp_path)) == ["tin.html", "d.xhtml", "b.html", "c.htm"]


def test_two_files_with_one_address_are_two_captures(tmp_path):
    save(tmp_path / "1.html", canonical())
    save(tmp_path / "2.html", canonical(), written=WRITTEN + timedelta(days=1))
    assert [(r.url, r.fetched_at) for r in read_captures(tmp_path)] == [
        (URL, WRITTEN), (URL, WRITTEN + timedelta(days=1)),
    ]  # fmt: skip


def test_pages_of_other_sites_are_passed_over_and_those_without_address_counted(tmp_path):
    save(tmp_path / "1.html", canonical())
    save(tmp_path / "2.html", canonical("http://khac.vn/"))
    save(tmp_path / "3.html")
    reader = read_captures(tmp_path, wanted=lambda url: "congso" in url)
    assert (names(reader), dict(reader.problems)) == (["1.html"], {"no-address": 1})


def test_links_out_of_the_folder_are_not_followed(tmp_path):
    folder = tmp_path / "pages"
    save(folder / "real.html", canonical())
    secret = save(tmp_path / "secret.html", canonical("http://congso.vn/secret"))
    (folder / "link.html").symlink_to(secret)
    (folder / "inside.html").symlink_to(folder / "real.html")
    (folder / "dir").symlink_to(tmp_path)
    (folder / "broken.html").symlink_to(tmp_path / "absent")
    (folder / "addresses.tsv").symlink_to(save(tmp_path / "list", "secret"))
    assert names(read_captures(folder)) == ["inside.html", "real.html"]


# -- the list of addresses -----------------------------------------------------------------------------------


def test_the_list_beside_the_pages_comes_first(tmp_path):
    save(tmp_path / "a b.html", canonical("http://congso.vn/canonical"))
    save(tmp_path / "sub" / "page.aspx")
    save(tmp_path / "download", " \n<html>")
    save(tmp_path / "own.html", canonical("http://congso.vn/own"))
    save(tmp_path / "addresses.tsv", (
        "\ufefffile\turl\ttime\r\n"
        "a b.html\thttp://congso.vn/listed\t2020-03-25T10:00:00+07:00\r\n"
        "\r\n# a remark\r\n"
        "sub/page.aspx   https://congso.vn/trang?id=1&x=,;\r\n"
        "download\tHTTP://congso.vn/tải\r\n"
        "missing.html\thttp://congso.vn/missing\r\n"
        "a_files/frame.html\thttp://congso.vn/frame\r\n"
    ))  # fmt: skip
    save(tmp_path / "a_files" / "frame.html")
    reader = read_captures(tmp_path, now=NOW)
    assert [(r.url, r.fetched_at) for r in reader] == [
        ("http://congso.vn/listed", TOLD),
        ("HTTP://congso.vn/tải", WRITTEN),
        ("http://congso.vn/own", WRITTEN),
        ("https://congso.vn/trang?id=1&x=,;", WRITTEN),
        ("http://congso.vn/frame", WRITTEN),
    ]
    assert dict(reader.problems) == {"missing": 1}


def test_the_list_may_name_other_files_than_pages(tmp_path):
    """What a page offers for download; without a line in the list such files are nobody's."""
    for name in ("van-ban.pdf", "anh.JPG", "so-lieu.docx", "trang.php", "khong-ten", "other.pdf"):
        save(tmp_path / name, b"\x1f\x8b\x08 or anything")
    lines = (f"{name}\thttp://congso.vn/{name}\n" for name in ("van-ban.pdf", "anh.JPG", "so-lieu.docx"))
    save(tmp_path / "addresses.tsv", "".join(lines))
    found = {r.warc: dict(r.headers)["Content-Type"] for r in read_captures(tmp_path)}
    assert found.pop("so-lieu.docx").startswith("application/")
    assert found == {"van-ban.pdf": "application/pdf", "anh.JPG": "image/jpeg"}


def test_names_are_found_however_the_disk_writes_their_accents(tmp_path):
    """As of an archive packed on macOS."""
    path = save(tmp_path / unicodedata.normalize("NFD", "Hội nghị.html"))
    save(tmp_path / "addresses.tsv", f"Hội nghị.html\t{URL}\n")
    for given in (tmp_path, path):
        reader = read_captures(given)
        assert [r.url for r in reader] == [URL]
        assert not reader.problems


def test_the_list_serves_a_single_file_too(tmp_path):
    path = save(tmp_path / "a.html")
    save(tmp_path / "addresses.tsv", f"a.html\t{URL}\n")
    assert [r.url for r in read_captures(path)] == [URL]


def test_a_page_tells_the_time_that_the_list_leaves_open(tmp_path):
    save(
        tmp_path / "a.html",
        SINGLE_FILE.format(version="", url="x", extra="", date=SCRIPT_DATE, head=canonical()),
    )
    save(tmp_path / "addresses.tsv", f"a.html\t{URL}\n")
    (page,) = read_captures(tmp_path, now=NOW)
    assert page.fetched_at == WRITTEN  # its mark names no address, so it tells nothing
    save(tmp_path / "a.html", SINGLE_FILE.format(version="", url=URL, extra="", date=SCRIPT_DATE, head=""))
    (page,) = read_captures(tmp_path, now=NOW)
    assert page.fetched_at == TOLD


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a.html\n b.html", "line 2: write the file name, a tab and the address"),
        (f"a.html\t{URL}\na.html\tftp://congso.vn/", "line 2: write the file name"),
        (f"a.html\t{URL}\n\na.html\t{URL}", r"line 3: a\.html stands twice"),
        (f"../a.html\t{URL}", r"line 1: \.\./a\.html lies outside"),
        (f"/etc/passwd\t{URL}", "line 1: /etc/passwd lies outside"),
        (f"{URL}\ta.html", "line 1: write the file name"),
        (f"b.html\t{URL}\na.html{' ' * 100_000}x", "line 2: write the file name"),
        (f"a.html\t{URL}\t25/03/2020", "line 1: '25/03/2020' is no time with a zone"),
        (f"a.html\t{URL}\t2020-03-25T10:00:00", "is no time with a zone; write 2020-03-25T10:00:00"),
        (f"a.html\t{URL}\t0001-01-01T00:00:00+07:00", "is no time"),
        (b"\xff\xfea", "is no UTF-8 text"),
    ],
)
def test_a_mistake_in_the_list_is_named(tmp_path, text, message):
    save(tmp_path / "a.html", canonical())
    save(tmp_path / "addresses.tsv", text)
    with pytest.raises(CaptureError, match=message):
        read_captures(tmp_path)
