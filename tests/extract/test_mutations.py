"""Broken pages: no exception, no long page, no unsafe mark-up, whatever is cut, shuffled, nested or blown up."""

import os
import random
import re
import time
from datetime import UTC, datetime
from pathlib import Path

from crawler.extract import extract_article, read_page
from crawler.sites import load_site

CASES = Path(__file__).parents[2] / "fixtures" / "cases"
PAGES = [path.read_bytes() for path in sorted(CASES.glob("*/*/page.html"))]
SITE = load_site("dukcqtw")
NOW = datetime(2020, 3, 25, 3, tzinfo=UTC)
URL = "http://dukcqtw.dcs.vn/hoi-nghi-duk900001.aspx"
MANY = 10_000 if os.environ.get("BANTIN_TEST_ALL") else 300
LONGEST = 2.0
ALLOWED = re.compile(
    r"</?(?:p|h[2-4]|ul|ol|li|table|tr|th|td|strong|em|figure|figcaption|blockquote|br)>|</a>"
    r'|<a href="(?:https?:|mailto:|tel:)[^"<>]*">|<img src="https?:[^"<>]*" alt="[^"<>]*">'
)


def mutate(page: bytes, chance: random.Random) -> bytes:
    """One or two of the things that happen to pages."""
    for _ in range(chance.randint(1, 2)):
        at = chance.randrange(len(page) + 1)
        end = min(len(page), at + chance.randrange(1, 400))
        match chance.randrange(9):
            case 0:
                page = page[:at]
            case 1:
                page = page[:at] + chance.randbytes(chance.randrange(1, 60)) + page[end:]
            case 2:
                piece = bytearray(page[at:end])
                chance.shuffle(piece)
                page = page[:at] + bytes(piece) + page[end:]
            case 3:
                tag = chance.choice(
                    (b"<div>", b"<table><tr><td>", b"<b>", b"<ul><li>", b"<a href=x>", b"<p><span>")
                )
                page = page[:at] + tag * chance.randrange(1, 3000) + page[at:]
            case 4:
                page = page[:at] + b'<p title="' + b"x" * chance.randrange(1, 200_000) + b'">' + page[at:]
            case 5:
                page = page[:at] + page[end:] + page[at:end]
            case 6:
                page = page[:at] + page[at:end] * chance.randrange(2, 60) + page[end:]
            case 7:
                page = page.replace(b">", b"", chance.randrange(1, 40))
            case _:
                signs = (
                    b"\0",
                    b"&#0;",
                    b"&#xD800;",
                    b"]]>",
                    b"<!--",
                    b"</",
                    b"<![CDATA[",
                    "\u202e".encode(),
                    b"\x0b",
                )
                page = page[:at] + chance.choice(signs) * chance.randrange(1, 50) + page[at:]
    return page


def test_mutated_pages() -> None:
    chance = random.Random(20161222)
    for number in range(MANY):
        page = mutate(chance.choice(PAGES), chance)
        started = time.perf_counter()
        article = read_page(page, url=URL, site=SITE, fetched_at=NOW).article
        assert time.perf_counter() - started < LONGEST, number
        assert article is not None
        assert not ALLOWED.sub("", article.html).count("<"), number
        stored = f"{article.title}{article.lead}{article.text}{article.html}"
        assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", stored), number


def test_large_pages_take_no_longer() -> None:
    line = "<p>Hội nghị <a href='/a-duk5.aspx'>giao ban</a> ngày 22/12/2016 | 4258</p>".encode()
    for page in (
        line * 60_000,
        b"<div>" * 400_000,
        b"22/12/2016 | 4258 " * 200_000,
        b"<a href=x onclick=download(" * 50_000,
    ):
        started = time.perf_counter()
        extract_article(page, url=URL, site=SITE, fetched_at=NOW)
        assert time.perf_counter() - started < 4 * LONGEST
