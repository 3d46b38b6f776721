"""Paging styles: the next page is the true next one, or none."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from crawler.extract.listing import extract_listing
from crawler.items import Listing
from crawler.sites import load_site

SITE = load_site("dukcqtw")
HOST = "http://dukcqtw.dcs.vn"
ROWS = "".join(
    f"<li><a href='/hoi-nghi-so-{n}-duk{n}.aspx'>Hội nghị lần thứ {n} của Đảng bộ Khối</a> 25/10/2021</li>"
    for n in range(100, 110)
)


def listing(pager: str, path: str = "/muc.aspx", head: str = "") -> Listing:
    page = (
        f"<html><head><title>Mục tin</title>{head}</head><body><ul class=menu><li><a href='/'>Trang chủ</a></li>"
        f"<li><a href='/muc.aspx'>Mục tin</a></li><li><a href='/khac.aspx'>Mục khác</a></li></ul><h1>Mục tin</h1>"
        f"<ul>{ROWS}</ul>{pager}<div>Lượt truy cập: 12345</div></body></html>"
    )
    return extract_listing(
        page.encode(), url=HOST + path, site=SITE, fetched_at=datetime(2021, 11, 1, tzinfo=UTC)
    )


# (pager, path of the page that is shown, path of the next page or None)
NEXT = [
    # Query parameters.
    ("<a href='?page=1'>1</a> <b>2</b> <a href='?page=3'>3</a>", "/muc.aspx?page=2", "/muc.aspx?page=3"),
    ("<b>1</b> <a href='/muc.aspx?p=2'>2</a>", "/muc.aspx", "/muc.aspx?p=2"),
    ("<b>1</b> <a href='?cat=5&amp;p=2'>2</a>", "/muc.aspx?cat=5", "/muc.aspx?cat=5&p=2"),
    ("1 <a href='?PageIndex=2'>2</a> <a href='?PageIndex=3'>3</a>", "/muc.aspx", "/muc.aspx?PageIndex=2"),
    # The same from zero, and counting articles.
    ("<a href='?page=0'>1</a> 2 <a href='?page=2'>3</a>", "/muc.aspx?page=1", "/muc.aspx?page=2"),
    ("<a href='?page=0'>1</a> <a href='?page=1'>2</a> <a href='?page=2'>3</a>", "/muc.aspx?page=1", "/muc.aspx?page=2"),
    ("<a href='?start=0'>1</a> 2 <a href='?start=20'>3</a>", "/muc.aspx?start=10", "/muc.aspx?start=20"),
    ("1-10 <a href='?start=10'>11-20</a> <a href='?start=20'>21-30</a>", "/muc.aspx", "/muc.aspx?start=10"),
    # In the path.
    ("<a href='/muc.aspx'>1</a> 2 <a href='/muc/trang-3'>3</a>", "/muc/trang-2", "/muc/trang-3"),
    ("1 <a href='/muc-trang-2.aspx'>2</a>", "/muc.aspx", "/muc-trang-2.aspx"),
    ("1 <a href='/muc/page/2/'>2</a> <a href='/muc/page/9/'>Cuối</a>", "/muc", "/muc/page/2/"),
    ("1 <a href='/muc/2'>2</a>", "/muc", "/muc/2"),
    # A section whose address looks like an article's.
    ("1 <a href='/muc-c11-p2.aspx'>2</a> <a href='/muc-c11-p3.aspx'>3</a>", "/muc-c11.aspx", "/muc-c11-p2.aspx"),
    ("<a href='/muc-c11.aspx'>1</a> 2 <a href='/muc-trang-3-c11.aspx'>3</a>", "/muc-trang-2-c11.aspx",
     "/muc-trang-3-c11.aspx"),
    ("<a href='/muc-c11.aspx'>1</a> 2 <a href='/muc-c11.aspx?page=3'>3</a>", "/muc-c11.aspx?page=2",
     "/muc-c11.aspx?page=3"),
    # Brackets, in the link and around it.
    ("[1] <a href='?page=2'>[2]</a> <a href='?page=3'>[3]</a>", "/muc.aspx", "/muc.aspx?page=2"),
    ("[<a href='?page=1'>1</a>] [2] [<a href='?page=3'>3</a>]", "/muc.aspx?page=2", "/muc.aspx?page=3"),
    ("Trang: <span>1</span> | <a href='?page=2'>2</a> |", "/muc.aspx", "/muc.aspx?page=2"),
    ("Trang&nbsp;1<a href='?page=2'>2</a><a href='?page=3'>3</a>...<a href='?page=9'>9</a>", "/muc.aspx",
     "/muc.aspx?page=2"),
    # Words.
    ("<a href='?page=2'>Trang sau</a>", "/muc.aspx", "/muc.aspx?page=2"),
    ("<a href='?page=1'>Trang trước</a> | <a href='?page=3'>Trang sau</a>", "/muc.aspx?page=2", "/muc.aspx?page=3"),
    ("<a href='?page=2'>Tiếp »</a>", "/muc.aspx", "/muc.aspx?page=2"),
    ("<a href='?page=2'>Tiếp theo &gt;&gt;</a>", "/muc.aspx", "/muc.aspx?page=2"),
    ("<a href='/muc/trang-2'>TRANG TIẾP</a>", "/muc", "/muc/trang-2"),
    ("<a href='?page=3'>← Bài cũ hơn</a> <a href='?page=1'>Bài mới hơn →</a>", "/muc.aspx?page=2", "/muc.aspx?page=3"),
    ("<a href='?page=2'>Xem thêm</a>", "/muc.aspx", "/muc.aspx?page=2"),
    ("<a href='?page=2'><img src=n.gif alt='Trang sau'></a>", "/muc.aspx", "/muc.aspx?page=2"),
    ("<a href='?page=2' title='Trang sau'><img src=n.gif></a>", "/muc.aspx", "/muc.aspx?page=2"),
    ("<b>1</b> <a class='next page-numbers' href='?page=2'><i class='fa fa-angle-right'></i></a>", "/muc.aspx",
     "/muc.aspx?page=2"),
    # Signs; a double one is the last page where a single one is the next.
    ("1 <a href='?page=2'>&gt;</a> <a href='?page=9'>&gt;&gt;</a>", "/muc.aspx", "/muc.aspx?page=2"),
    ("<a href='?page=1'>«</a> <a href='?page=1'>‹</a> 2 <a href='?page=3'>›</a> <a href='?page=9'>»</a>",
     "/muc.aspx?page=2", "/muc.aspx?page=3"),
    ("<a href='?page=1'>1</a> <b>2</b> <a href='?page=3'>»</a>", "/muc.aspx?page=2", "/muc.aspx?page=3"),
    ("<a href='?page=8'>8</a> <a href='?page=9'>9</a> 10 <a href='?page=11'>»</a>", "/muc.aspx?page=10",
     "/muc.aspx?page=11"),
    ("Trang 2/5 <a href='?page=1'>&lt;</a> <a href='?page=3'>&gt;</a>", "/muc.aspx?page=2", "/muc.aspx?page=3"),
    # The page that is shown: active, linked to itself, left out, or told by its address only.
    ("<a href='?page=1' class=active>1</a> <a href='?page=2'>2</a>", "/muc.aspx", "/muc.aspx?page=2"),
    ("<ul><li><a href='?page=1'>1</a><li class=active><a href='#'>2</a><li><a href='?page=3'>3</a></ul>",
     "/muc.aspx?page=2", "/muc.aspx?page=3"),
    ("<a href='?page=1'>1</a> <a href='?page=2'>2</a> <a href='?page=3'>3</a>", "/muc.aspx?page=2", "/muc.aspx?page=3"),
    ("<a href='?page=2'>2</a> <a href='?page=3'>3</a> <a href='?page=12'>Cuối</a>", "/muc.aspx", "/muc.aspx?page=2"),
    ("<a>1</a> <a href='?page=2'>2</a>", "/muc.aspx", "/muc.aspx?page=2"),
    # Windows of numbers.
    ("<a href='?page=1'>1</a> ... <a href='?page=4'>4</a> <b>5</b> <a href='?page=6'>6</a> ... <a href='?page=9'>9</a>",
     "/muc.aspx?page=5", "/muc.aspx?page=6"),
    # rel on every number says nothing.
    ("1 <a rel=next href='?page=2'>2</a> <a rel=next href='?page=3'>3</a>", "/muc.aspx", "/muc.aspx?page=2"),
    ("<a rel=next href='?page=1'>1</a> <a rel=next href='?page=2'>2</a> 3 <a rel=next href='?page=4'>4</a>",
     "/muc.aspx?page=3", "/muc.aspx?page=4"),
    # The list's pager, not another one.
    ("1 <a href='?page=2'>2</a><h3>Video</h3>1 <a href='/video.aspx?v=2'>2</a> <a href='/video.aspx?v=3'>3</a>",
     "/muc.aspx", "/muc.aspx?page=2"),
]  # fmt: skip

NO_NEXT = [
    # One page only, and last pages.
    ("", "/muc.aspx"),
    ("<b>1</b>", "/muc.aspx"),
    ("<a href='?page=1'>1</a> <b>2</b>", "/muc.aspx?page=2"),
    ("<a href='?page=1'>Trang trước</a>", "/muc.aspx?page=2"),
    ("<a href='?page=1'>«</a> <a href='?page=1'>1</a> 2 <span>»</span>", "/muc.aspx?page=2"),
    ("<a href='?page=1'>Đầu</a> <a href='?page=1'>1</a> <b>2</b> <a href='?page=2'>Cuối</a>", "/muc.aspx?page=2"),
    # The last page's `Trang sau` leads to itself, back, or to the first page.
    ("<a href='?page=1'>1</a> 2 <a href='?page=2'>Trang sau</a>", "/muc.aspx?page=2"),
    ("<a href='?page=1'>1</a> 2 <a href='?page=1'>Trang sau</a>", "/muc.aspx?page=2"),
    ("<a href='?page=2'>Trang sau</a>", "/muc.aspx?page=2"),
    ("<a href='/muc.aspx'>Trang sau</a>", "/muc.aspx?page=9"),
    ("Trang 5/5 <a href='?page=4'>&lt;</a> <a href='?page=5'>&gt;</a>", "/muc.aspx?page=5"),
    ("<a href='/muc/trang-1'>1</a> 2 <a href='/muc/trang-1'>»</a>", "/muc/trang-2"),
    # Only the last page is linked.
    ("1 <a href='?page=9'>Trang cuối</a>", "/muc.aspx"),
    ("1 <a href='?page=9'>&gt;|</a>", "/muc.aspx"),
    # Scripts have no address.
    ("1 <a href=\"javascript:__doPostBack('p','2')\">2</a> <a href='javascript:void(0)'>Trang sau</a>", "/muc.aspx"),
    ("1 <a onclick='go(2)'>2</a> <a href='#'>3</a>", "/muc.aspx"),
    ("<select><option>1<option>2</select>", "/muc.aspx"),
    # Another site, a file, another box.
    ("1 <a href='http://other.vn/muc.aspx?page=2'>2</a>", "/muc.aspx"),
    ("<h3>Video</h3><ul><li><a href='/mot-video-duk900.aspx'>Một video về công tác của Đảng bộ Khối</a></ul>"
     "1 <a href='/video.aspx?v=2'>2</a> <a href='/video.aspx?v=3'>3</a>", "/muc.aspx"),
    # A calendar, a list of years, a link in a text.
    ("".join(f"<a href='/lich.aspx?ngay={n}'>{n}</a> " for n in range(1, 32)), "/muc.aspx"),
    ("<a href='/muc.aspx?nam=2019'>2019</a> <a href='/muc.aspx?nam=2020'>2020</a>", "/muc.aspx"),
    ("<a href='/khac.aspx'>Xem thêm</a> <a href='/khac.aspx'>»</a>", "/muc.aspx"),
]  # fmt: skip


@pytest.mark.parametrize(("pager", "path", "following"), NEXT)
def test_next_page(pager: str, path: str, following: str) -> None:
    found = listing(f"<div>{pager}</div>", path)
    assert found.next_page is not None
    assert found.next_page.url == HOST + following
    assert found.next_page.url in {link.url for link in found.pages}
    assert len(found.articles) == 10


@pytest.mark.parametrize(("pager", "path"), NO_NEXT)
def test_no_next_page(pager: str, path: str) -> None:
    found = listing(f"<div>{pager}</div>", path)
    assert found.next_page is None
    assert len(found.articles) == 10


@pytest.mark.parametrize(
    ("head", "path", "following"),
    [
        ("<link rel=next href='/muc.aspx?page=2'>", "/muc.aspx", "/muc.aspx?page=2"),
        (
            "<link rel='prev' href='/muc.aspx'><link rel='next' href='?page=3'>",
            "/muc.aspx?page=2",
            "/muc.aspx?page=3",
        ),
        ("<link rel=next href='?page=2'>", "/muc.aspx?page=2", None),
        ("<link rel=next href='http://other.vn/muc.aspx?page=2'>", "/muc.aspx", None),
    ],
)
def test_link_in_the_head(head: str, path: str, following: str | None) -> None:
    found = listing("", path, head)
    assert (found.next_page and found.next_page.url) == (HOST + following if following else None)


def test_a_site_may_have_a_word_of_its_own() -> None:
    page = f"<h1>Mục tin</h1><ul>{ROWS}</ul><a href='?page=2'>Sang trang »</a>".encode()
    site = replace(SITE, labels=replace(SITE.labels, next_page=("Sang trang",)))
    call = {"url": f"{HOST}/muc.aspx", "fetched_at": datetime(2021, 11, 1, tzinfo=UTC)}
    assert extract_listing(page, site=SITE, **call).next_page is None
    found = extract_listing(page, site=site, **call).next_page
    assert found is not None
    assert found.url == f"{HOST}/muc.aspx?page=2"


def test_all_pages_in_page_order() -> None:
    found = listing(
        "<div><a href='?page=1'>1</a> 2 <a href='?page=3'>3</a> <a href='?page=3'>»</a></div>",
        "/muc.aspx?page=2",
    )
    assert [link.url for link in found.pages] == [f"{HOST}/muc.aspx?page=1", f"{HOST}/muc.aspx?page=3"]


@pytest.mark.parametrize("last", [1, 2, 7])
@pytest.mark.parametrize("form", ["?page={}", "/muc/trang-{}", "/muc-trang-{}.aspx", "?start={}0"])
def test_a_walk_ends_and_never_turns_back(form: str, last: int) -> None:
    """From the first page to the last over next pages only, with a window of numbers and `Trang sau`."""

    def address(number: int) -> str:
        return "/muc.aspx" if number == 1 else form.format(number - ("start" in form))

    seen, number, path = [], 1, "/muc.aspx"
    while True:
        numbers = range(max(1, number - 1), min(last, number + 1) + 1)
        row = " ".join(f"<b>{n}</b>" if n == number else f"<a href='{address(n)}'>{n}</a>" for n in numbers)
        row = f"<a href='{address(1)}'>Đầu</a> {row} <a href='{address(last)}'>Cuối</a>"
        found = listing(f"<div>{row}</div>", path)
        seen.append(number)
        if found.next_page is None:
            break
        number += 1
        path = found.next_page.url.removeprefix(HOST)
        assert path.endswith(address(number)), "the next page is the next one"
    assert seen == list(range(1, last + 1))
