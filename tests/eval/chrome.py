"""What surrounds a page's content: head, banner, clock, menu, search, side boxes, counters, foot."""

import re
from collections.abc import Sequence
from datetime import datetime

from fixtures.portal import PortalArticle
from tests.eval.dice import Dice
from tests.eval.harder import habits, ticker
from tests.eval.header import WEEKDAYS
from tests.eval.markup import box, columns, esc, heading, layout, noise

SITE = "Đảng ủy Khối các cơ quan Trung ương"
_TAG = re.compile(r"</?[a-z][a-z0-9]*\b")
NOW = datetime.fromisoformat("2020-03-25T10:00:00+07:00")

#: Pages of the menu that list nothing.
PLAIN_PAGES = (
    ("/gioi-thieu.aspx", "Giới thiệu"),
    ("/lien-he.aspx", "Liên hệ"),
    ("/so-do-cong.aspx", "Sơ đồ cổng"),
)

#: Title and address of each section, in the order of the menu.
Sections = Sequence[tuple[str, str]]


def clock(skin: Dice) -> str:
    """The date and time at which the page was made, as portals print it."""
    day = f"{NOW:%d/%m/%Y}"
    return skin.pick(
        "clock",
        "",
        f"{WEEKDAYS[NOW.weekday()]}, {day} | 10:00",
        f"{WEEKDAYS[NOW.weekday()]}, ngày 25 tháng 3 năm 2020",
        f"Hôm nay: {day} 10:00:02 SA",
        "Wednesday, March 25, 2020",
        f"{day} | 10:00",
        f"{WEEKDAYS[NOW.weekday()]}, {day}, 10:00 (GMT+7)",
        f"Hà Nội, ngày {day}",
    )


def counter(skin: Dice) -> str:
    """A visitor counter; never an article's view count."""
    digits = "".join(f"<span class=d>{digit}</span>" for digit in "0012873")
    return skin.pick(
        "counter",
        "",
        "<p>Lượt truy cập: 1.287.345</p><p>Đang online: 27</p>",
        f"<div>Số người truy cập {digits}</div>",
        "<table><tr><td>Hôm nay</td><td>1204</td></tr><tr><td>Tổng lượt truy cập</td><td>12873455</td></tr></table>",
        "<div>Thống kê truy cập<br>Đang trực tuyến: 12<br>Tổng số: 3,456,789</div>",
    )


def menu(skin: Dice, sections: Sections) -> str:
    """The navigation that stands on every page."""
    links = [("/", "Trang chủ"), PLAIN_PAGES[0], *((url, title) for title, url in sections), *PLAIN_PAGES[1:]]
    if skin.chance("menu/upper", 0.2):
        links = [(url, text.upper()) for url, text in links]
    anchors = [f'<a href="{url}">{esc(text)}</a>' for url, text in links]
    kind = skin.pick("menu", "list", "list", "table", "bars", "nested", "divs")
    if kind == "table":
        return box(skin, "menu", "<table><tr>" + "".join(f"<td>{a}</td>" for a in anchors) + "</tr></table>")
    if kind == "bars":
        return box(skin, "menu", " | ".join(anchors))
    if kind == "nested":
        inner = "".join(f"<li>{a}</li>" for a in anchors[2:-2])
        outer = (
            f'<li>{anchors[0]}</li><li>{anchors[1]}</li><li><a href="#">Chuyên mục</a><ul>{inner}</ul></li>'
        )
        return box(skin, "menu", f"<ul>{outer}{''.join(f'<li>{a}</li>' for a in anchors[-2:])}</ul>")
    if kind == "divs":
        return box(skin, "menu", "".join(f"<div>{a}</div>" for a in anchors))
    return box(skin, "menu", "<ul>" + "".join(f"<li>{a}</li>" for a in anchors) + "</ul>")


def _entry(skin: Dice, name: str, article: PortalArticle) -> str:
    link = f'<a href="{article.path}">{esc(article.title)}</a>'
    day = f"{article.published:%d/%m/%Y}"
    thumb = f'<img src="{article.picture(0)}" alt="" width="60">'
    return skin.pick(
        f"entry/{name}",
        link,
        f"{link} <span>{day} | {article.views}</span>",
        f"{link}<br>{day} | {article.views}",
        f"{thumb}{link}",
        f"{link} ({article.views} lượt xem)",
        f"<span>{day}</span> {link}",
    )


def side_list(skin: Dice, name: str, title: str, articles: Sequence[PortalArticle]) -> str:
    """A box of articles that stands on every page: newest, most read."""
    entries = [_entry(skin, name, article) for article in articles]
    tag = skin.pick(f"side/{name}", "li", "li", "div", "tr")
    inner = {
        "li": "<ul>" + "".join(f"<li>{e}</li>" for e in entries) + "</ul>",
        "div": "".join(f"<div>{e}</div>" for e in entries),
        "tr": "<table>" + "".join(f"<tr><td>{e}</td></tr>" for e in entries) + "</table>",
    }[tag]
    return box(skin, "side", heading(skin, f"side/{name}", title, "h3", "div", "b", "td", "span") + inner)


def side(skin: Dice, articles: Sequence[PortalArticle]) -> tuple[str, str]:
    """Left and right column; each may be empty."""
    newest = side_list(skin, "newest", skin.pick("newest/title", "Tin mới nhất", "TIN MỚI", "Tin mới cập nhật"),
                       articles[: skin.number("newest/size", 4, 15)])  # fmt: skip
    ranked = sorted(articles, key=lambda a: a.views, reverse=True)[: skin.number("read/size", 4, 10)]
    read = side_list(
        skin, "read", skin.pick("read/title", "Xem nhiều nhất", "ĐỌC NHIỀU", "Tin đọc nhiều"), ranked
    )
    notices = [a for a in articles if "van-ban-thong-bao" in a.sections][:5]
    notice = side_list(skin, "notice", skin.pick("notice/title", "Thông báo", "Văn bản mới"), notices)
    links = box(skin, "links", "<b>Liên kết website</b><select><option>-- Chọn --</option>"
                '<option value="http://dangcongsan.vn">Báo điện tử</option></select>')  # fmt: skip
    poll = box(skin, "poll", "<b>Thăm dò ý kiến</b><form><input type=radio> Tốt <input type=radio> Khá"
               "<input type=submit value='Biểu quyết'></form>")  # fmt: skip
    boxes = {"newest": newest, "read": read, "notice": notice, "links": links, "poll": poll}
    left = [boxes[n] for n in boxes if skin.chance(f"left/{n}", 0.25)]
    right = [boxes[n] for n in boxes if not skin.chance(f"left/{n}", 0.25) and skin.chance(f"right/{n}", 0.5)]
    return "".join(left), "".join(right) + box(skin, "counter", counter(skin))


def foot(skin: Dice) -> str:
    """Address, licence with its own date, telephone numbers."""
    return box(
        skin,
        "foot",
        skin.pick(
            "foot",
            f"<p>{SITE}</p><p>Địa chỉ: 105A Quán Thánh, Ba Đình, Hà Nội. Điện thoại: 080.43161 - Fax: 080.44214</p>",
            f"© 2016 {SITE}. Giấy phép số 123/GP-TTĐT ngày 15/05/2012. ĐT: 024 3823 1234",
            "<center>Bản quyền thuộc Đảng ủy Khối<br>Chịu trách nhiệm: Ban Biên tập<br>Email: bbt@example.org</center>",
            "<div>Cập nhật lần cuối: 25/03/2020</div><div>Phiên bản 2.0 | Thiết kế: Trung tâm Tin học</div>",
        )
        + skin.pick(
            "foot/menu",
            "",
            '<a href="/">Trang chủ</a> | <a href="/lien-he.aspx">Liên hệ</a> | <a href="#top">Về đầu trang</a>',
        ),
    )


def document_title(skin: Dice, title: str) -> str:
    """The `<title>` of a page with that heading."""
    cut = title if len(title) < 60 else title[:57].rsplit(" ", 1)[0] + " ..."
    forms = (SITE, cut, f"{title} - {SITE}", f"{SITE} | {title}", title, f"{title} | dukcqtw.dcs.vn")
    return skin.pick("document-title", *forms)


def head(skin: Dice, title: str, meta: str, charset: str | None) -> str:
    """The head element; `charset` None leaves it undeclared."""
    school = layout(skin)
    declared = ""
    if charset:
        declared = (
            f'<meta charset="{charset}">'
            if school in {"html5", "bootstrap"}
            else f'<meta http-equiv="Content-Type" content="text/html; charset={charset}">'
        )
    style = (
        "<style>.a{color:red} .b:before{content:'22/12/2016 | 1'}</style>"
        if skin.chance("style", 0.5)
        else ""
    )
    script = (
        "<script>var d = '01/01/2020 | 99'; document.write('');</script>"
        if skin.chance("script", 0.5)
        else ""
    )
    return f"<head>{declared}<title>{esc(document_title(skin, title))}</title>{meta}{style}{script}</head>"


def page(skin: Dice, title: str, meta: str, main: str, sections: Sections, articles: Sequence[PortalArticle],
         charset: str | None) -> str:  # fmt: skip
    """A whole page around its main part."""
    doctype = "<!DOCTYPE html>" if layout(skin) in {"html5", "bootstrap"} else skin.pick(
        "doctype", "", '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN">'
    )  # fmt: skip
    name = skin.pick("banner", "", "", f"<h1>{SITE.upper()}</h1>", f'<div class="site-name">{SITE}</div>')
    banner = box(skin, "top", f'<a href="/"><img src="/images/banner.jpg" alt="{SITE}"></a>{name}')
    search = (
        '<form action="/tim-kiem.aspx"><input name="q" value="Từ khóa"><input type=submit value="Tìm"></form>'
    )
    login = "<form method=post>Tên đăng nhập <input> Mật khẩu <input type=password></form>"
    tops = [banner, box(skin, "clock", clock(skin)), menu(skin, sections), box(skin, "search", search)]
    if skin.chance("login", 0.2):
        tops.append(box(skin, "login", login))
    top = "".join(tops[:1] + skin.shuffled("tops", tops[1:]))
    left, right = side(skin, articles)
    inner = (
        top
        + ticker(skin, articles)
        + columns(skin, left, f"<div{noise(skin, 'main')}>{main}</div>", right)
        + foot(skin)
    )
    if layout(skin) == "webforms":
        state = '<input type="hidden" name="__VIEWSTATE" value="/wEPDwUKLTY0MjY2' + "A" * 400 + '">'
        inner = f'<form name="Form" method="post" action="./" id="Form">{state}{inner}</form>'
    if layout(skin) in {"table", "font"} and skin.chance("capitals", 0.4):
        inner = _TAG.sub(lambda tag: tag.group().upper(), inner)
    inner = habits(skin, inner)
    return f'{doctype}\n<html lang="vi">{head(skin, title, meta, charset)}<body>{inner}</body></html>\n'
