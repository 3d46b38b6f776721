"""What a portal shows instead of an article, and when two such answers are one and the same."""

from datetime import UTC, datetime

import pytest
from scrapy.http import HtmlResponse

from crawler.extract import read_page
from crawler.sites import load_site
from crawler.spiders.missing import IMPOSSIBLE, agree, impossible_address, sign_of

SITE = load_site("dukcqtw")
SHAREPOINT = load_site("dangcongsan-dukcqtw")
HOME = "http://dukcqtw.dcs.vn/"
NOW = datetime(2020, 3, 25, tzinfo=UTC)
MENU = "<ul><li><a href='/muc-1.aspx'>Tin tức</a></li><li><a href='/muc-2.aspx'>Văn bản</a></li></ul>"
REMOVED = f"<html><title>Thông báo</title><body>{MENU}<h1>Bài viết không tồn tại</h1></body></html>"


def _address(number):
    return f"{HOME}tin-duk{number}.aspx"


def _sign(number, body, answered=None):
    asked = _address(number)
    url = answered or asked
    response = HtmlResponse(url, body=body.encode(), headers={"Content-Type": "text/html; charset=utf-8"})
    page = read_page(response.body, url=url, site=SITE, fetched_at=NOW)
    return sign_of(SITE, asked, response, page)


@pytest.mark.parametrize(
    ("site", "url"),
    [
        (SITE, _address(4736)),
        (SITE, f"{HOME}hoi-nghi-thang-102021-duk15374.aspx"),
        (SITE, f"{HOME}tin-duk4736.aspx?page=2"),
        (SHAREPOINT, f"{SHAREPOINT.home}Lists/TinHoatDong/View_Detail.aspx?ItemID=370"),
    ],
)
def test_an_impossible_address_has_the_form_of_an_articles(site, url):
    impossible = impossible_address(site, url)
    assert IMPOSSIBLE in site.article_id(impossible)


def test_no_address_without_a_number_is_made_impossible():
    assert impossible_address(SITE, f"{HOME}gioi-thieu.aspx") is None


def test_one_message_for_two_articles_agrees_whatever_clock_and_address_it_shows():
    told = REMOVED.replace("</h1>", "</h1><p>{}</p><p>10:{} ngày 25/3/2020</p>")
    one = _sign(1, told.format(_address(1), 11))
    other = _sign(2, told.format(_address(2), 59))
    assert one.kind == "message"
    assert agree(one, other)


def test_another_message_does_not_agree():
    other = "<html><body><h1>Không tìm thấy trang yêu cầu</h1><p>Mời quay lại sau.</p></body></html>"
    assert not agree(_sign(1, REMOVED), _sign(2, other))


def test_places_agree_that_are_told_what_was_asked_for():
    empty = "<html><body><p>Mời bạn chọn mục khác trong thực đơn của trang.</p></body></html>"
    one = _sign(1, empty, f"{HOME}loi.aspx?aspxerrorpath=/tin-duk1.aspx")
    other = _sign(2, empty, f"{HOME}loi.aspx?aspxerrorpath=%2Ftin-duk2.aspx")
    assert one.kind == "elsewhere"
    assert agree(one, other)
    assert not agree(one, _sign(3, empty, HOME))


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<html><body><h1>Hệ thống đang bảo trì</h1></body></html>",
        f"<html><body>{MENU}<p>Một trang mà bộ đọc không hiểu, ở đúng địa chỉ của bài viết.</p></body></html>",
    ],
)
def test_what_may_be_our_fault_or_the_portals_is_no_sign(body):
    assert _sign(1, body) is None
