"""What is read of a page by its address, and that blanks between tags say nothing."""

from datetime import UTC, datetime

import pytest

from crawler.extract import extract_article, read_page
from crawler.items import Page
from crawler.sites import load_site

SITE = load_site("dukcqtw")
NOW = datetime(2020, 3, 25, 3, tzinfo=UTC)
HOST = "http://dukcqtw.dcs.vn"
ITEMS = "".join(
    f"<li><a href='/hoi-nghi-duk{n}.aspx'>Hội nghị giao ban công tác tuyên giáo lần thứ {n}</a>"
    f" <i>{n:02}/02/2020</i></li>"
    for n in range(10, 25)
)


BROKEN = ITEMS.replace(
    "Hội nghị giao ban công tác tuyên giáo lần thứ", "Héi nghÞ giao ban c«ng t¸c tuyªn gi¸o lÇn thø"
)
#: The page's first words are right, so that only its items tell that they are broken.
READABLE = f"<!-- {'Đảng ủy Khối các cơ quan Trung ương ' * 30} -->"


def page_of(body: str, path: str, status: int = 200) -> Page:
    return read_page(body.encode(), url=HOST + path, site=SITE, fetched_at=NOW, status=status)


def listing(items: str = ITEMS, end: str = "</body></html>") -> str:
    return f"<html><body><h1>Công tác tuyên giáo</h1><ul>{items}</ul>{end}"


def test_a_listing_at_an_address_of_no_article_is_read_as_a_listing_alone() -> None:
    page = page_of(listing(), "/cong-tac-tuyen-giao-c11.aspx")
    assert (page.kind, page.article, page.refusal) == ("listing", None, None)
    assert page.listing is not None
    assert len(page.listing.articles) == 15


def test_a_home_page_of_boxes_is_still_asked_what_an_article_would_be() -> None:
    boxes = "".join(
        f"<div><h2><a href='/muc-c{n}.aspx'>Mục số {n}</a></h2><ul>{ITEMS}</ul></div>" for n in (1, 2)
    )
    page = page_of(f"<html><body>{boxes}</body></html>", "/")
    assert page.kind == "listing"
    assert page.article is not None
    assert page.article.refusal


def test_a_listing_whose_titles_cannot_be_read_is_looked_at_twice() -> None:
    page = page_of(READABLE + listing(BROKEN), "/cong-tac-tuyen-giao-c11.aspx")
    assert page.article is not None


@pytest.mark.parametrize(
    ("body", "status", "refusal"),
    [
        (listing(end="<div><p>Hội nghị giao ban <a href='/x"), 200, "truncated"),
        (listing(), 503, "http-503"),
        ("<html><body><h1>Không tìm thấy trang</h1></body></html>", 200, "soft-404"),
        (
            "<html><body><form>Đăng nhập hệ thống quản trị <input type=password></form></body></html>",
            200,
            "login",
        ),
    ],
)
def test_a_listing_is_refused_for_what_is_wrong_with_it(body: str, status: int, refusal: str) -> None:
    page = page_of(body, "/cong-tac-tuyen-giao-c11.aspx", status)
    assert (page.kind, page.refusal) == ("refused", refusal)


ARTICLE = (
    "<html><body><h1>Hội nghị giao ban công tác tuyên giáo</h1>{b}<p>{b}22/12/2016 | 4258</p>{b}"
    "<div>{b}<p>{b}<b>{b}Ngày 20/12/2016, tại Hà Nội, Đảng ủy Khối tổ chức Hội nghị giao ban.</b></p>{b}"
    "<p align=center>{b}<img src='/anh/1.jpg' width=400>{b}Đồng chí Trần Hồng Hà phát biểu.</p>{b}"
    "<p>{b}{p}</p>{b}</div></body></html>"
)


def test_blanks_that_open_an_element_say_nothing() -> None:
    prose = "Hội nghị đã thảo luận nhiều nội dung quan trọng của công tác tuyên giáo. " * 4
    url = f"{HOST}/giao-ban-duk900001.aspx"
    articles = [
        extract_article(ARTICLE.format(b=blank, p=prose).encode(), url=url, site=SITE, fetched_at=NOW)
        for blank in ("", "\n", "\r\n\t  ", " \n \n")
    ]
    assert articles[0].title
    assert articles[0].images[0].caption == "Đồng chí Trần Hồng Hà phát biểu."
    assert all(article == articles[0] for article in articles)
