"""Which pages that gave no article are worth a second reading."""

from datetime import UTC, datetime

import pytest

from crawler.captures import CapturedResponse
from crawler.reextract.candidates import may_be_article
from crawler.sites import load_site

ARTICLE = "http://dukcqtw.dcs.vn/hoi-nghi-duk1234.aspx"
LISTING = "http://dukcqtw.dcs.vn/tin-tuc.aspx"
SITE = load_site("dukcqtw")


def _response(url: str, body: bytes, *headers: tuple[str, str]) -> CapturedResponse:
    at = datetime(2020, 3, 1, tzinfo=UTC)
    given = headers or (("Content-Type", "text/html"),)
    return CapturedResponse(url, 200, "OK", given, body, at, "x.warc.gz", 0, "sha256:", "response")


@pytest.mark.parametrize(
    ("url", "body"),
    [
        (ARTICLE, b""),
        (LISTING, f'<link rel="canonical" href="{ARTICLE}">'.encode()),
        (LISTING, f"<LINK HREF='{ARTICLE}' REL=canonical>".encode()),
        (LISTING, b'<link rel="canonical"\n  href="/hoi-nghi-duk1234.aspx">'),
        (LISTING, f'<meta property="og:url" content="{ARTICLE}"/>'.encode()),
        (LISTING, b'<meta content="http://dukcqtw.dcs.vn/a&#45;duk12.aspx" property="og:url">'),
    ],
)
def test_pages_with_the_identity_of_an_article(url, body):
    assert may_be_article(_response(url, body), SITE)


@pytest.mark.parametrize(
    ("url", "body", "headers"),
    [
        (LISTING, b"", ()),
        (LISTING, f'<a href="{ARTICLE}">Hoi nghi</a>'.encode(), ()),
        (LISTING, f'<link rel="canonical" href="{LISTING}">'.encode(), ()),
        (LISTING, b'<link rel="canonical" href="http://elsewhere.example/hoi-nghi-duk1234.aspx">', ()),
        (LISTING, b'<link rel="canonical" href="http://[">', ()),
        (LISTING, b"canonical" * 100_000, ()),
        (LISTING, b"\x1f\x8b\x08 broken", (("Content-Encoding", "gzip"),)),
        (ARTICLE, b"%PDF-1.4", (("Content-Type", "application/pdf"),)),
        (ARTICLE, b"%PDF-1.4", (("Content-Type", "text/html"), ("content-type", "application/pdf"))),
    ],
)
def test_pages_that_can_be_no_article(url, body, headers):
    assert not may_be_article(_response(url, body, *headers), SITE)
