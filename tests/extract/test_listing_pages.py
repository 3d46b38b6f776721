"""Pages that list articles but are no plain listing: home page, article, empty section; sections and titles."""

import random
import time
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.extract.listing import extract_listing, looks_like_listing
from crawler.items import Listing
from crawler.sites import load_site

SITE = load_site("dukcqtw")
HOST = "http://dukcqtw.dcs.vn"
NOW = datetime(2020, 3, 25, 3, 0, tzinfo=UTC)
NAMES = {"tin-tuc": "Tin tức", "to-chuc": "Công tác tổ chức", "kiem-tra": "Kiểm tra - Giám sát"}
MENU = (
    "<ul id=menu><li><a href='/'>Trang chủ</a></li>"
    + "".join(f"<li><a href='/{slug}.aspx'>{name}</a></li>" for slug, name in NAMES.items())
    + "</ul>"
)


def link(n: int, text: str = "") -> str:
    text = text or f"Hội nghị lần thứ {n} của Đảng bộ Khối năm 2019"
    return f"<a href='/hoi-nghi-lan-thu-{n}-duk{n}.aspx'>{text}</a>"


def rows(*numbers: int) -> str:
    return "<ul>" + "".join(f"<li>{link(n)}</li>" for n in numbers) + "</ul>"


def side(*numbers: int, heading: str = "Đọc nhiều") -> str:
    return f"<div class=right><div>{heading}</div>{rows(*numbers)}</div>"


def read(page: str, path: str = "/to-chuc.aspx") -> Listing:
    return extract_listing(page.encode(), url=HOST + path, site=SITE, fetched_at=NOW)


def ids(listed) -> list[str]:
    return [article.id for article in listed]


# -- home pages -------------------------------------------------------------------------------------------------

HOME_BOXES = {
    "linked headings": lambda slug, name, n: (
        f"<div><h2><a href='/{slug}.aspx'>{name}</a></h2>{rows(n, n + 1)}</div>"
    ),
    "plain headings": lambda slug, name, n: f"<div class=box><div>{name}</div>{rows(n, n + 1)}</div>",
    "tables": lambda slug, name, n: (
        f"<table><tr><td><a href='/{slug}.aspx'><b>{name}</b></a></td></tr><tr><td>{link(n)}</td></tr>"
        f"<tr><td>{link(n + 1)}</td></tr></table>"
    ),
    "flat": lambda slug, name, n: (
        f"<h3><a href='/{slug}.aspx'>{name}</a></h3><p>{link(n)}</p><p>{link(n + 1)}</p>"
    ),
    "one article each": lambda slug, name, n: (
        f"<div><a href='/{slug}.aspx'>{name}</a><div>{link(n)}</div></div>"
    ),
}


@pytest.mark.parametrize("box", HOME_BOXES)
@pytest.mark.parametrize("newest", ["", f"<div class=slide>{rows(900, 901, 902)}</div>"])
def test_a_home_page_of_section_boxes_has_no_own_list(box: str, newest: str) -> None:
    boxes = "".join(HOME_BOXES[box](slug, name, 100 + 10 * n) for n, (slug, name) in enumerate(NAMES.items()))
    page = f"<html><body>{MENU}{newest}<div id=main>{boxes}</div>{side(800, 801)}</body></html>"
    found = read(page, "/")
    assert found.articles == ()
    assert {"duk100", "duk110", "duk120", "duk800"} <= set(ids(found.elsewhere))
    assert [section.text for section in found.sections] == list(NAMES.values())
    assert looks_like_listing(found)
    assert found.next_page is None


# -- articles ---------------------------------------------------------------------------------------------------

BODY = "<p>" + "Đảng ủy Khối tổ chức hội nghị quán triệt nghị quyết của Trung ương. " * 12 + "</p>"


@pytest.mark.parametrize("body", [BODY * 4, "<p>Xem tệp đính kèm.</p>"])
@pytest.mark.parametrize("heading", ["Các bài viết khác", "TIN ĐÃ ĐƯA", "Những bài trước"])
def test_an_article_is_no_listing(heading: str, body: str) -> None:
    related = "".join(f"<div>{link(n)}<br>1 tháng trước</div>" for n in range(300, 304))
    page = (
        f"<html><title>Hội nghị lần thứ 5</title><body>{MENU}<div class=main><h1>Hội nghị lần thứ 5</h1>"
        f"<p>07/02/2020 | 1874</p>{body}<p>Phạm Anh</p><div><h4>{heading}</h4>{related}</div></div>"
        f"{side(800, 801)}</body></html>"
    )
    found = read(page, "/hoi-nghi-lan-thu-5-duk5.aspx")
    assert not looks_like_listing(found)
    assert found.articles == ()
    assert ids(found.elsewhere) == ["duk300", "duk301", "duk302", "duk303", "duk800", "duk801"]
    age = found.elsewhere[0].published
    assert age is not None
    assert (age.precision, age.earliest <= date(2020, 2, 20) <= age.latest) == ("month", True)


def test_a_page_to_read_with_sidebars_is_no_listing() -> None:
    found = read(
        f"<title>Giới thiệu</title>{MENU}<h1>Giới thiệu</h1>{BODY * 4}{side(1, 2, 3)}", "/gioi-thieu.aspx"
    )
    assert not looks_like_listing(found)
    assert ids(found.elsewhere) == ["duk1", "duk2", "duk3"]


# -- listings ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("heading", ["Đọc nhiều", "Tin mới nhất", "Tin nóng trong ngày"])
@pytest.mark.parametrize("note", ["Chưa có bài viết nào.", "Không có dữ liệu", "Dữ liệu đang được cập nhật…"])
def test_an_empty_section_is_a_listing_without_articles(note: str, heading: str) -> None:
    page = (
        f"<html><head><title>Công tác tổ chức</title></head><body>{MENU}<h1>Công tác tổ chức</h1><p>{note}</p>"
        f"{side(*range(1, 11), heading=heading)}</body></html>"
    )
    found = read(page)
    assert found.articles == ()
    assert looks_like_listing(found)
    assert len(found.elsewhere) == 10


def test_articles_of_a_sidebar_that_stand_in_the_list_too() -> None:
    page = f"<html><body>{MENU}{side(1, 2)}<div><h1>Công tác tổ chức</h1>{rows(1, 2, 3)}</div></body></html>"
    found = read(page)
    assert ids(found.articles) == ["duk1", "duk2", "duk3"]
    assert ids(found.elsewhere) == ["duk1", "duk2"]


@pytest.mark.parametrize(
    "page",
    [
        rows(1, 2, 3),
        f"{link(1)}<br>{link(2)}<br>{link(3)}",
        f"<table><tr><td>Tin</td></tr><tr><td>{link(1)}</td></tr><tr><td>{link(2)}</td></tr><tr><td>{link(3)}</td></tr>",
        f"<marquee>{link(7)} {link(8)}</marquee><div>Công tác tổ chức</div>{rows(1, 2, 3)}{MENU}",
        f"{MENU}<h1>Công tác tổ chức</h1><ul><li><a href='/con.aspx'>Mục con</a></li></ul>{rows(1, 2, 3)}",
        f"{MENU}<h1>Công tác tổ chức</h1>{rows(1, 2, 3)}<div><b>Đọc nhiều</b>{link(7)}{link(8)}</div>",
        f"{MENU}<h1>Công tác tổ chức</h1>{rows(1, 2, 3)}<footer>{link(7)}</footer>",
        f"{MENU}<h1>Công tác tổ chức</h1>{rows(1, 2, 3)}<aside>{rows(7, 8, 9)}</aside>",
        f"{MENU}<h1>Công tác tổ chức</h1>{rows(1, 2, 3)}<a href='http://other.vn/a-duk9.aspx'>Tin ở nơi khác</a>",
        f"{MENU}<h1>Công tác tổ chức</h1>" + "<br>".join(f"{link(n, str(n))} {link(n)}" for n in (1, 2, 3)),
    ],
)
def test_the_own_list(page: str) -> None:
    found = read(f"<html><body>{page}</body></html>")
    assert ids(found.articles) == ["duk1", "duk2", "duk3"]
    assert {a.title for a in found.articles} == {
        f"Hội nghị lần thứ {n} của Đảng bộ Khối năm 2019" for n in (1, 2, 3)
    }


@pytest.mark.parametrize(
    ("shown", "title"),
    [
        ("<a href='/a-duk1.aspx'>• Một tin của Đảng bộ</a>", "Một tin của Đảng bộ"),
        ("<a href='/a-duk1.aspx'>Một tin của Đảng bộ (1 tháng trước)</a>", "Một tin của Đảng bộ"),
        ("<a href='/a-duk1.aspx'>Một tin của Đảng bộ (25/10/2019)</a>", "Một tin của Đảng bộ"),
        ("<a href='/a-duk1.aspx'>Kỷ niệm 70 năm (07/11/1948 - 07/11/2018)</a>",
         "Kỷ niệm 70 năm (07/11/1948 - 07/11/2018)"),
        ("<a href='/a-duk1.aspx'>7 nhiệm vụ trọng tâm</a>", "7 nhiệm vụ trọng tâm"),
        ("<a href='/a-duk1.aspx'><img alt='Một tin của Đảng bộ' src=a></a><a href='/a-duk1.aspx'>Xem tiếp</a>",
         "Một tin của Đảng bộ"),
        ("<a href='/a-duk1.aspx'>Một tin c...</a><a href='/a-duk1.aspx'><img alt='Một tin của Đảng bộ' src=a></a>",
         "Một tin của Đảng bộ"),
        ("<a href='/a-duk1.aspx'>Một tin c...</a>", "Một tin c..."),
        ("<a href='/a-duk1.aspx'><img src=a></a>", None),
        ("<a href='/a-duk1.aspx'><span class=label>Tin</span><span class=tit>Một tin của Đảng bộ</span>"
         "<span class=day>25/10/2019</span></a>", "Một tin của Đảng bộ"),
    ],
)  # fmt: skip
def test_titles(shown: str, title: str | None) -> None:
    found = read(
        f"<html><body>{MENU}<h1>Công tác tổ chức</h1><ul><li>{shown}</li><li>{link(2)}</li></ul></body></html>"
    )
    assert found.articles[0].title == title


@pytest.mark.parametrize(
    ("shown", "day"),
    [
        ("<span>25/10/2019</span>", date(2019, 10, 25)),
        ("(25/10/2019)", date(2019, 10, 25)),
        ("<i>Ngày đăng: 25/10/2019</i>", date(2019, 10, 25)),
        ("25/10/2019 | 433", date(2019, 10, 25)),
        ("<p>25/10/2019 - Sáng nay, Đảng ủy Khối đã tổ chức hội nghị tại Hà Nội với sự tham gia của đại biểu</p>",
         date(2019, 10, 25)),
        ("<p>Ngày 25/10/2019, tại Hà Nội, Đảng ủy Khối đã tổ chức hội nghị với sự tham gia của các đại biểu</p>", None),
        ("", None),
        ("31/02/2019", None),
    ],
)  # fmt: skip
def test_dates(shown: str, day: date | None) -> None:
    page = f"<html><body>{MENU}<h1>Công tác tổ chức</h1><ul><li>{link(1)} {shown}</li><li>{link(2)} {shown}</li></ul>"
    assert [a.published and a.published.start for a in read(page).articles] == [day, day]


@pytest.mark.parametrize(
    "shown", ["", "<p>15/10/2019 - Sáng nay, Đảng ủy Khối đã tổ chức hội nghị tại Hà Nội với đại biểu</p>"]
)
def test_the_clock_of_a_page_is_no_date_of_an_article(shown: str) -> None:
    clock = "Chủ nhật, 22/11/2020 | 10:15"
    page = f"<table><tr><td>{clock}</td><td><div><dl><dt>{link(1)}</dt><dd>{shown}</dd></dl></div></td></tr></table>"
    found = read(f"<html><body>{MENU}<div>{clock}</div>{page}</body></html>")
    listed = (*found.articles, *found.elsewhere)
    assert [a.published and a.published.start for a in listed] == [date(2019, 10, 15) if shown else None]


# -- sections and titles ----------------------------------------------------------------------------------------


def test_sections_are_pages_that_may_list() -> None:
    links = {
        "/": "Trang chủ",
        "/tin-tuc.aspx": "» Tin tức",
        "/tin-tuc.aspx#top": "Tin tức nữa",
        "http://www.dukcqtw.dcs.vn/tin-tuc.aspx": "Tin tức lần ba",
        "/muc-con-c11.aspx": "Mục con",
        "/muc-hai-c12.aspx": "Mục hai",
        "/default.aspx?cat=7": "Đoàn thể",
        "/lien-he.aspx": "Liên hệ",
        "/dang-nhap.aspx": "Đăng nhập",
        "/rss.aspx": "RSS",
        "/tin.xml": "Nguồn tin",
        "/van-ban.pdf": "Văn bản",
        "/tim-kiem.aspx?q=": "Tìm",
        "/_layouts/15/start.aspx": "Hệ thống",
        "/x.aspx": "»",
        "/y.aspx": "Xem tiếp",
        "javascript:void(0)": "Thực đơn",
        "mailto:a@b.vn": "Thư",
        "#": "Đầu",
        "http://other.vn/tin.aspx": "Nơi khác",
    }
    menu = (
        "<ul class=menu>"
        + "".join(f"<li><a href='{url}'>{text}</a></li>" for url, text in links.items())
        + "</ul>"
    )
    found = read(f"<html><body>{menu}<h1>Công tác tổ chức</h1>{rows(1, 2)}</body></html>")
    assert [(section.url.removeprefix(HOST), section.text) for section in found.sections] == [
        ("/tin-tuc.aspx", "Tin tức"),
        ("/muc-con-c11.aspx", "Mục con"),
        ("/muc-hai-c12.aspx", "Mục hai"),
        ("/default.aspx?cat=7", "Đoàn thể"),
    ]
    assert ids(found.articles) == ["duk1", "duk2"]


COLUMN = "".join(f"<p><a href='/muc-so-{n}-c{n}.aspx'>Mục số {n}</a></p>" for n in (11, 12, 13))


@pytest.mark.parametrize(
    "menu",
    [
        f"<div><b>Chuyên mục</b>{COLUMN}</div>",
        f"<div class=leftmenu>{COLUMN}</div>",
        f"<nav>{COLUMN}</nav>",
        f"<table><tr><td><a href='/'>Trang chủ</a></td>{COLUMN.replace('p>', 'td>')}</tr></table>",
    ],
)
def test_a_menu_of_addresses_like_articles(menu: str) -> None:
    found = read(
        f"<html><body><div>{menu}</div><div><h1>Công tác tổ chức</h1>{rows(1, 2)}</div></body></html>"
    )
    assert [section.text for section in found.sections] == ["Mục số 11", "Mục số 12", "Mục số 13"]
    assert ids(found.articles) == ["duk1", "duk2"]
    assert set(ids(found.elsewhere)) <= {"c11", "c12", "c13"}


def test_short_notices_beside_long_news_are_articles() -> None:
    notices = "".join(f"<li>{link(n, f'Thông báo số {n}').replace('-duk', '-tbo')}</li>" for n in (1, 2, 3))
    found = read(f"<html><body>{MENU}<h1>Công tác tổ chức</h1><ul>{notices}</ul>{side(7, 8)}</body></html>")
    assert ids(found.articles) == ["tbo1", "tbo2", "tbo3"]
    found = read(
        f"<html><body>{MENU}<h1>Công tác tổ chức</h1>{rows(7, 8)}<p>Mới</p><ul>{notices}</ul></body></html>"
    )
    assert ids(found.articles) == ["duk7", "duk8"]
    assert ids(found.elsewhere) == ["tbo1", "tbo2", "tbo3"]


@pytest.mark.parametrize(
    ("page", "title", "rule"),
    [
        (f"<h1>Công tác tổ chức</h1>{rows(1, 2)}", "Công tác tổ chức", "h1"),
        (f"<title>Công tác tổ chức - Đảng ủy Khối các cơ quan Trung ương</title>{rows(1, 2)}",
         "Công tác tổ chức", "title"),
        (f"<title>Kiểm tra - Giám sát | Cổng thông tin</title><div>Kiểm tra - Giám sát</div>{rows(1, 2)}",
         "Kiểm tra - Giám sát", "heading of the list"),
        (f"<div><a href='/'>Trang chủ</a> &gt; <a href='/x.aspx'>Tin</a> &gt; Đoàn thể</div>{rows(1, 2)}", "Đoàn thể",
         "heading of the list"),
        (f"{MENU}<div>CÔNG TÁC TỔ CHỨC</div>{rows(1, 2)}", "CÔNG TÁC TỔ CHỨC", "heading of the list"),
        (f"<div>Danh mục</div>{rows(1, 2)}", "Danh mục", "heading of the list"),
        (rows(1, 2), None, None),
    ],
)  # fmt: skip
def test_title_of_a_listing(page: str, title: str | None, rule: str | None) -> None:
    found = read(f"<html><body>{page}</body></html>")
    assert (found.title, found.rules.get("title")) == (title, rule)


# -- robustness -------------------------------------------------------------------------------------------------

WHOLE = (
    f"<html><head><title>Công tác tổ chức</title><link rel=next href='?page=2'></head><body>{MENU}<div id=c><h1>Công "
    f"tác tổ chức</h1><table><tr><td>{link(1)}<br>25/10/2019</td><td><img src=a></td></tr></table>{rows(*range(2, 9))}"
    f"<div>Trang: [1] <a href='?page=2'>[2]</a> <a class=next href='?page=2'><i></i></a></div></div>"
    f"{side(90, 91)}</body></html>"
).encode()


def mutated(seed: int) -> bytes:
    """The whole page with pieces cut out, doubled, moved, and bytes overwritten."""
    rng = random.Random(seed)
    page = bytearray(WHOLE)
    for _ in range(rng.randint(1, 12)):
        a, b = sorted(rng.randrange(len(page) + 1) for _ in range(2))
        match rng.randrange(4):
            case 0:
                del page[a : min(b, a + 200)]
            case 1:
                page[a:a] = page[a:b]
            case 2:
                page[b:b], page[a:a] = page[a : a + 40], b""
            case _:
                page[a : a + 3] = bytes(rng.randrange(256) for _ in range(3))
    return bytes(page[:20_000])


@pytest.mark.parametrize("seeds", range(0, 300, 50))
def test_mutated_pages_give_a_listing(seeds: int) -> None:
    for seed in range(seeds, seeds + 50):
        found = extract_listing(mutated(seed), url=f"{HOST}/to-chuc.aspx", site=SITE, fetched_at=NOW)
        assert found.next_page is None or found.next_page.url != found.url
        assert len(set(ids(found.articles))) == len(found.articles)
        assert all(SITE.article_id(a.url) == a.id for a in (*found.articles, *found.elsewhere))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from([
    "<div>", "</div>", "<ul>", "<li>", "</ul>", "<table><tr><td>", "</table>", "<h2>", "</h2>", "<nav>", "<br>", "1 ",
    "<a href='?page=2'>2</a>", "<a href='?page=3'>Trang sau</a>", "<a href='x", link(1), link(2), link(3), link(1, "1"),
    "Công tác tổ chức", "25/10/2019", "Đọc nhiều", "<a href='/muc.aspx'>Mục</a>", "<img alt='", "'>", "»", "[", "]",
]), max_size=40))  # fmt: skip
def test_any_soup_gives_a_listing(parts: list[str]) -> None:
    found = read("".join(parts))
    assert len(set(ids(found.articles))) == len(found.articles)
    assert found.next_page is None or found.next_page.url != found.url


@pytest.mark.parametrize(
    "page",
    [
        b"",
        b"<a href='/a-duk1.aspx'>",
        b"<div>" * 5000 + link(1).encode() + link(2).encode(),
        "".join(f"<p>{link(n)}</p>" for n in range(3000)).encode(),
        "".join(f"<a href='?page={n}'>{n}</a> " for n in range(1, 3000)).encode(),
        ("<a href='?page=2' class='" + "next " * 2000 + "'></a>").encode() * 20,
        ("<a " + "x " * 50_000 + ">").encode() + b"<a><i></a>" * 5000,
        f"<p>{link(1, '[' * 30_000 + 'x')}</p>".encode(),
        ("<td>" + "[" * 20_000 + "1" * 20_000 + "</td>").encode(),
    ],
)
def test_hostile_pages_cost_little(page: bytes) -> None:
    started = time.perf_counter()
    extract_listing(page, url=f"{HOST}/to-chuc.aspx", site=SITE, fetched_at=NOW)
    assert time.perf_counter() - started < 2
