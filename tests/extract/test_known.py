"""What is remembered between pages: the same answers in any order, bounded, and nothing kept of long texts."""

import gc
import random
from datetime import UTC, datetime
from functools import _lru_cache_wrapper

import pytest

from crawler.extract import read_page
from crawler.extract.known import LONGEST, MOST, cleaned, folded, remembered
from crawler.items import Page
from crawler.normalize import clean_text, fold
from crawler.sites import load_site
from fixtures.portal import Pages, scaled_portal

NOW = datetime(2020, 3, 25, 3, tzinfo=UTC)
SITE = load_site("dukcqtw")


REMEMBERED = [
    found
    for found in gc.get_objects()
    if isinstance(found, _lru_cache_wrapper) and (found.__module__ or "").startswith("crawler.")
]


def _forget() -> None:
    for found in REMEMBERED:
        found.cache_clear()


def _read(url: str, body: bytes) -> Page:
    return read_page(body, url=url, site=SITE, fetched_at=NOW)


@pytest.mark.parametrize("markup", ["table", "webforms", "modern"])
def test_a_page_reads_the_same_whatever_was_read_before(markup: str) -> None:
    portal = scaled_portal(12, sections=2, markup=markup)
    pages = Pages(portal, NOW)
    bodies = [(f"http://{portal.host}{path}", pages.get(path).body) for path in pages.addresses()]
    fresh = {}
    for url, body in bodies:
        _forget()
        fresh[url] = _read(url, body)
    for seed in range(3):
        random.Random(seed).shuffle(bodies)
        assert all(_read(url, body) == fresh[url] for url, body in bodies)


def test_the_same_words_at_another_time_have_another_age() -> None:
    items = "".join(
        f"<li><a href='/tin-duk{n}.aspx'>Tin số {n} của Đảng ủy Khối</a> (1 tháng trước)</li>"
        for n in range(5, 9)
    )
    prose = "Đảng ủy Khối tổ chức Hội nghị giao ban. " * 9
    page = f"<h1>Hội nghị giao ban công tác tuyên giáo</h1><p>22/12/2016 | 4258</p><p>{prose}</p>"
    body = f"{page}<h3>Các tin khác</h3><ul>{items}</ul>".encode()
    url = "http://dukcqtw.dcs.vn/giao-ban-duk900001.aspx"
    spans = []
    for month in (3, 8, 3):
        article = read_page(
            body, url=url, site=SITE, fetched_at=datetime(2020, month, 25, tzinfo=UTC)
        ).article
        assert article is not None
        assert len(article.related) == 4
        spans.append(article.related[0].published)
    assert spans[0] == spans[2] != spans[1]


def test_short_texts_are_asked_once_and_long_ones_are_not_kept() -> None:
    asked: list[str] = []

    @remembered
    def length(text: str) -> int:
        asked.append(text)
        return len(text)

    short, long = "a" * LONGEST, "a" * (LONGEST + 1)
    assert [length(text) for text in (short, short, long, long)] == [200, 200, 201, 201]
    assert asked == [short, long, long]
    assert len(REMEMBERED) > 20
    for number in range(MOST + 1):
        length(str(number))
    length(short)
    assert asked[-1] == short  # the oldest was forgotten


@pytest.mark.parametrize("text", ["  Hội\u200b nghị \n", "Ðảng ủy…", "ngàу", "Uỷ ban – Khối", "\u034fa", ""])
def test_remembered_texts_are_those_of_the_normaliser(text: str) -> None:
    assert (cleaned(text), folded(text)) == (clean_text(text), fold(text))
