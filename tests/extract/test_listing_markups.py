"""One listing in many made markups: every article of it, in order, titled and dated, and nothing of the sidebars."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest

from crawler.extract.listing import extract_listing, looks_like_listing
from crawler.items import Listing
from crawler.sites import load_site

SITE = load_site("dukcqtw")
NOW = datetime(2021, 11, 1, tzinfo=UTC)
SITE_NAME = "Đảng ủy Khối các cơ quan Trung ương"
MENU = ("Tin tức - Sự kiện", "Công tác tổ chức", "Kiểm tra - Giám sát", "Thông báo")


@dataclass(frozen=True)
class Shown:
    """An article as a listing shows it."""

    number: int

    @property
    def id(self) -> str:
        return f"duk{self.number}"

    @property
    def path(self) -> str:
        return f"/hoi-nghi-so-{self.number}-cua-dang-bo-duk{self.number}.aspx"

    @property
    def title(self) -> str:
        return (
            f"Hội nghị số {self.number} của Đảng bộ Khối, sơ kết công tác tháng {self.number % 12 + 1}/2021"
        )

    @property
    def day(self) -> date:
        return date(2021, self.number % 12 + 1, self.number % 28 + 1)

    @property
    def d(self) -> str:
        return f"{self.day:%d/%m/%Y}"

    @property
    def lead(self) -> str:
        return (
            f"Ngày 15/{self.number % 12 + 1}/2020, tại Hà Nội, Đảng ủy Khối tổ chức hội nghị quán triệt, học tập "
            "và triển khai thực hiện nghị quyết của Trung ương cho cán bộ chủ chốt."
        )

    def a(self, text: str = "") -> str:
        return f'<a href="{self.path}">{text or self.title}</a>'

    def img(self, alt: str = "") -> str:
        return f'<a href="{self.path}"><img src="/upload/{self.number}.jpg" alt="{alt}"></a>'


def each(form: Callable[[Shown], str]) -> Callable[[list[Shown]], str]:
    return lambda shown: "".join(form(x) for x in shown)


def grid(shown: list[Shown]) -> str:
    rows = [shown[i : i + 3] for i in range(0, len(shown), 3)]
    cells = ["".join(f"<td>{x.img(x.title)}<br>{x.a()}<br>{x.d}</td>" for x in row) for row in rows]
    return "<table>" + "".join(f"<tr>{row}</tr>" for row in cells) + "</table>"


def first_is_big(shown: list[Shown]) -> str:
    big = "".join(
        f"<div class=top>{x.img()}<h2>{x.a()}</h2><p>{x.d}</p><p>{x.lead}</p></div>" for x in shown[:1]
    )
    return big + "<ul class=more>" + each(lambda x: f"<li>{x.a()} ({x.d})</li>")(shown[1:]) + "</ul>"


def then_others(shown: list[Shown]) -> str:
    top = each(lambda x: f"<div><div>{x.img()}</div><div>{x.a()}<div>{x.d}</div>{x.lead}</div></div>")(
        shown[:2]
    )
    rest = each(lambda x: f"<li>{x.a()} <em>({x.d})</em></li>")(shown[2:])
    return f"<div>{top}</div>" + (f"<div><b>Các tin khác</b><ul>{rest}</ul></div>" if rest else "")


def by_month(shown: list[Shown]) -> str:
    return each(lambda x: f"<h3>Tháng {x.day.month}/2021</h3><ul><li>{x.a()} <i>{x.d}</i></li></ul>")(shown)


MARKUPS: dict[str, Callable[[list[Shown]], str]] = {
    "table, three links per article": lambda s: "<table>" + each(
        lambda x: f"<tr><td>{x.img()}</td><td>{x.a()}<br>({x.d})<br>{x.lead} {x.a('Xem tiếp')}</td></tr>"
    )(s) + "</table>",
    "table, three rows per article": lambda s: "<table>" + each(
        lambda x: f"<tr><td>{x.a()}</td></tr><tr><td>{x.d}</td></tr><tr><td>{x.lead}</td></tr>"
    )(s) + "</table>",
    "WebForms spans": each(
        lambda x: f"<span id='ctl00_r_ctl{x.number:02}_t'>{x.a()}</span> <span id='ctl00_d'>({x.d})</span><br/>"
    ),
    "cards": lambda s: "<div class=cards>" + each(
        lambda x: f"<article>{x.img()}<div><h3>{x.a()}</h3><time>{x.d}</time><p>{x.lead}</p>{x.a('Chi tiết')}</div>"
        "</article>"
    )(s) + "</div>",
    "list": lambda s: "<ul>" + each(lambda x: f"<li>{x.a()} <i>{x.d}</i></li>")(s) + "</ul>",
    "div soup": lambda s: "<div>" + each(
        lambda x: f"<div><div>{x.img(x.title)}</div><div><div>{x.a()}</div><div>{x.d} | 433</div>{x.lead}</div></div>"
    )(s) + "</div>",
    "line breaks only": lambda s: "<div>" + each(lambda x: f"{x.a()}<br>{x.d}<br>{x.lead}<br><br>")(s) + "</div>",
    "date before the title": lambda s: "<div>" + each(lambda x: f"{x.d} {x.a()}<br>")(s) + "</div>",
    "whole card in the link": lambda s: "<div>" + each(
        lambda x: f"<div class=col><a href='{x.path}'><img src=p><h4>{x.title}</h4><span>{x.d}</span><p>{x.lead}</p>"
        "</a></div>"
    )(s) + "</div>",
    "SharePoint view": lambda s: "<table class=ms-listviewtable><tbody>" + each(
        lambda x: f"<tr class=ms-itmhover><td class=ms-vb2><div>{x.img()}</div><div>{x.a()}</div><div>{x.d}</div>"
        f"<div>{x.lead}</div></td></tr>"
    )(s) + "</tbody></table>",
    "grid": grid,
    "first is big": first_is_big,
    "then others": then_others,
    "by month": by_month,
    "definition list": lambda s: "<dl>" + each(lambda x: f"<dt>{x.a()}</dt><dd>{x.d} - {x.lead}</dd>")(s) + "</dl>",
    "index digits": lambda s: "<ol>" + "".join(
        f"<li><a href='{x.path}'><span>{n}</span>{x.title}</a> {x.d}</li>" for n, x in enumerate(s, 1)
    ) + "</ol>",
    "titles cut": lambda s: "<ul>" + each(
        lambda x: f"<li><a href='{x.path}' title='{x.title}'>{x.title[:25]}…</a> {x.d}</li>"
    )(s) + "</ul>",
    "section label on each card": lambda s: "<div>" + each(
        lambda x: f"<div><span><a href='/thong-bao.aspx'>Thông báo</a></span><h3>{x.a()}</h3>{x.d}<p>{x.lead}</p></div>"
    )(s) + "</div>",
    "title without link": lambda s: "<div>" + each(
        lambda x: f"<div><h3>{x.title}</h3><p>{x.lead}</p><p>Ngày đăng: {x.d}</p>{x.a('Xem chi tiết »')}</div>"
    )(s) + "</div>",
}  # fmt: skip


def menu() -> str:
    slugs = ("tin-tuc", "to-chuc", "kiem-tra", "thong-bao")
    return (
        "<ul class=menu><li><a href='/'>Trang chủ</a></li>"
        + "".join(
            f"<li><a href='/{slug}.aspx'>{title}</a></li>" for slug, title in zip(slugs, MENU, strict=True)
        )
        + "<li><a href='/lien-he.aspx'>Liên hệ</a></li><li><a href='javascript:void(0)'>Thư viện</a></li></ul>"
    )


def side() -> str:
    read = each(lambda x: f"<li>{x.a()}</li>")([Shown(n) for n in range(500, 512)])
    new = each(lambda x: f"<div>{x.img()}{x.a()}<br>{x.d} | 99</div>")([Shown(n) for n in range(600, 606)])
    return f"<div><div>Tin đọc nhiều</div><ul>{read}</ul></div><div><b>Tin mới nhất</b>{new}</div>"


def modern(rows: str, pager: str) -> str:
    return (
        f"<!doctype html><title>Công tác tổ chức - {SITE_NAME}</title><nav>{menu()}</nav><main><h1>Công tác tổ chức"
        f"</h1>{rows}{pager}</main><aside>{side()}</aside><footer>Lượt truy cập: 1234567</footer>"
    )


def old_table(rows: str, pager: str) -> str:
    return (
        f"<title>{SITE_NAME}</title><table><tr><td colspan=2>{menu()}</td></tr><tr><td><table><tr><td><b>Công tác tổ "
        f"chức</b></td></tr><tr><td>{rows}</td></tr><tr><td>{pager}</td></tr></table></td><td>{side()}</td></tr></table>"
    )


def side_first(rows: str, pager: str) -> str:
    return (
        f"<title>..:: Cổng thông tin ::..</title><div>{menu()}</div><div><div>{side()}</div><div><div><a href='/'>Trang"
        f" chủ</a> » Công tác tổ chức</div>{rows}<div>{pager}</div></div></div>"
    )


SKINS = {"modern": modern, "old table": old_table, "side first": side_first}


def listing(page: str, url: str = "http://dukcqtw.dcs.vn/to-chuc.aspx?page=2") -> Listing:
    return extract_listing(page.encode(), url=url, site=SITE, fetched_at=NOW)


@pytest.mark.parametrize("count", [9, 2, 1])
@pytest.mark.parametrize("skin", SKINS)
@pytest.mark.parametrize("markup", MARKUPS)
def test_own_list(markup: str, skin: str, count: int) -> None:
    """Also the last page, where sidebars hold many more links than the list."""
    shown = [Shown(100 + n) for n in range(count)]
    more = " <a href='?page=3'>[3]</a>" if count == 9 else ""
    found = listing(SKINS[skin](MARKUPS[markup](shown), f"<a href='?page=1'>[1]</a> [2]{more}"))
    assert [a.id for a in found.articles] == [x.id for x in shown]
    assert [a.title for a in found.articles] == [x.title for x in shown]
    assert [a.published and a.published.start for a in found.articles] == [x.day for x in shown]
    assert {a.id for a in found.elsewhere} == {f"duk{n}" for n in (*range(500, 512), *range(600, 606))}
    assert found.title == "Công tác tổ chức"
    assert [section.text for section in found.sections] == list(MENU)
    assert (found.next_page and found.next_page.url) == (
        "http://dukcqtw.dcs.vn/to-chuc.aspx?page=3" if count == 9 else None
    )
    assert looks_like_listing(found)


@pytest.mark.parametrize("skin", SKINS)
def test_boxes_keep_their_names_over_pages(skin: str) -> None:
    """The spider recognises a box that stands on every page by its name."""
    pages = [
        listing(
            SKINS[skin](MARKUPS["list"]([Shown(n) for n in numbers]), "[1] <a href='?page=2'>[2]</a>"), url
        )
        for numbers, url in (
            (range(100, 110), "http://dukcqtw.dcs.vn/to-chuc.aspx"),
            (range(110, 113), "http://dukcqtw.dcs.vn/to-chuc.aspx?page=2"),
        )
    ]
    first, second = ({a.block for a in page.articles} for page in pages)
    assert first == second
    assert len(first) == 1
    side_blocks = [{(a.block, a.id) for a in page.elsewhere} for page in pages]
    assert side_blocks[0] == side_blocks[1]
    assert not first & {block for block, _ in side_blocks[0]}
