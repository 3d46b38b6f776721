"""Listing pages of a skin: cards of every kind, and pagers of every kind."""

from collections.abc import Sequence
from dataclasses import dataclass

from fixtures.portal import PortalArticle
from tests.eval.after import age
from tests.eval.chrome import Sections, page
from tests.eval.dice import Dice
from tests.eval.markup import esc, heading, layout, noise

#: How the address of a later page is made from the section's.
PAGINGS = ("query", "query", "query-name", "amp", "path", "path-p", "zero", "suffix")


@dataclass(frozen=True, slots=True)
class ListingPage:
    """One page of a section: its items and where it stands among the others (from 1)."""

    section: tuple[str, str]
    items: Sequence[PortalArticle]
    number: int
    count: int


def address(skin: Dice, url: str, number: int) -> str:
    """The address of a section's n-th page."""
    if number == 1:
        return url
    form = skin.pick("paging", *PAGINGS)
    join = "&" if "?" in url else "?"
    if form == "zero":
        return f"{url}{join}page={number - 1}"
    if form == "query-name":
        return f"{url}{join}{skin.pick('paging/name', 'p', 'trang', 'PageIndex', 'pg', 'PageNo')}={number}"
    if form == "amp":
        return f"{url}{join}cn=0&p={number}" if join == "?" else f"{url}&p={number}"
    if form in {"path", "path-p"} and "?" not in url:
        return f"{url.rstrip('/')}/{'trang-' if form == 'path' else 'page/'}{number}"
    if form == "suffix" and url.endswith(".aspx"):
        return f"{url.removesuffix('.aspx')}/trang-{number}.aspx"
    return f"{url}{join}page={number}"


def _cut(title: str) -> str:
    return title if len(title) < 60 else title[:55].rsplit(" ", 1)[0] + "…"


def _card(skin: Dice, article: PortalArticle, index: int) -> str:
    """One item: thumbnail, title, date, teaser, each in some skins."""
    url, title = article.path, esc(article.title)
    thumb = skin.pick(
        "card/thumb",
        "",
        f'<a href="{url}"><img src="{article.picture(0)}"></a>',
        f'<a href="{url}"><img src="{article.picture(0)}" alt="{title}"></a>',
    )
    if skin.chance("card/cut", 0.25):
        link = f'<a href="{url}" title="{title}">{esc(_cut(article.title))}</a>'
    else:
        link = f'<a href="{url}">{title}</a>'
    link = skin.pick(
        "card/heading", f"<h3>{link}</h3>", link, f"<b>{link}</b>", f"<div>{link}</div>", f"<h4>{link}</h4>"
    )
    if skin.chance("card/index", 0.12):
        link = f"{index}{skin.pick('card/index-mark', '.', '. ', ' - ')}{link}"
    day = f"{article.published:%d/%m/%Y}"
    stamp = skin.pick("card/date", "", "", f"<span>{day}</span>", f"<div>{day} | {article.views}</div>", f"({day})",
                      f"<em>{age(article.published)}</em>", f"<i class='fa'></i> {day} 08:15")  # fmt: skip
    teaser = esc((article.lead or article.body[0])[:160]) + "..."
    summary = skin.pick("card/teaser", "", f"<p>{teaser}</p>", f"<div>{teaser}</div>", teaser)
    more = skin.pick(
        "card/more", "", "", f'<a href="{url}">Xem tiếp</a>', f'<a href="{url}">Chi tiết &raquo;</a>'
    )
    parts = [thumb, link, stamp, summary, more]
    if skin.chance("card/date-first", 0.2):
        parts = [stamp, thumb, link, summary, more]
    return "\n".join(part for part in parts if part)


def _list(skin: Dice, items: Sequence[PortalArticle], first: int) -> str:
    """All items of a page: cards alike, a large first one, or a few cards and a plain list of the rest."""
    form = skin.pick("list/parts", "alike", "alike", "alike", "featured", "cards-and-links")
    if form == "featured" and len(items) > 2:
        top = items[0]
        lead = esc((top.lead or top.body[0])[:220])
        image = f'<a href="{top.path}"><img src="{top.picture(0)}" width="400" alt=""></a>'
        name = f'<h2><a href="{top.path}">{esc(top.title)}</a></h2>'
        return f"<div{noise(skin, 'featured')}>{image}{name}<p>{lead}</p></div>{_alike(skin, items[1:], first + 1)}"
    if form == "cards-and-links" and len(items) > 5:
        links = "".join(
            f'<li><a href="{a.path}">{esc(a.title)}</a> ({a.published:%d/%m/%Y})</li>' for a in items[4:]
        )
        name = skin.pick("list/rest", "", "<div><b>Các tin khác</b></div>", "<h4>Tin đã đưa</h4>")
        return f"{_alike(skin, items[:4], first)}{name}<ul>{links}</ul>"
    return _alike(skin, items, first)


def _alike(skin: Dice, items: Sequence[PortalArticle], first: int) -> str:
    cards = [_card(skin, article, first + k) for k, article in enumerate(items)]
    form = skin.pick("list", "ul", "div", "div", "table", "cells", "dl", "article", "hr", "ol", "days")
    attributes = noise(skin, "item")
    if skin.chance("list/absolute", 0.15):
        host = skin.pick("list/host", "http://dukcqtw.dcs.vn", "http://www.dukcqtw.dcs.vn")
        cards = [card.replace('href="/', f'href="{host}/') for card in cards]
    if form == "ol":
        return "<ol>" + "".join(f"<li>{c}</li>" for c in cards) + "</ol>"
    if form == "days":
        days = [f"<h4>{a.published:%d/%m/%Y}</h4>" for a in items]
        return "".join(
            f"{day if k == 0 or days[k - 1] != day else ''}<div>{card}</div>"
            for k, (day, card) in enumerate(zip(days, cards, strict=True))
        )
    if form == "ul":
        return "<ul>" + "".join(f"<li{attributes}>{c}</li>" for c in cards) + "</ul>"
    if form == "table":
        return "<table>" + "".join(f"<tr><td>{c}</td></tr>" for c in cards) + "</table>"
    if form == "cells":
        pairs = [cards[k : k + 2] for k in range(0, len(cards), 2)]
        return (
            "<table>"
            + "".join("<tr>" + "".join(f"<td>{c}</td>" for c in p) + "</tr>" for p in pairs)
            + "</table>"
        )
    if form == "dl":
        return "<dl>" + "".join(f"<dd>{c}</dd>" for c in cards) + "</dl>"
    if form == "article":
        return "".join(f"<article{attributes}>{c}</article>" for c in cards)
    if form == "hr":
        return "<hr>".join(f"<div>{c}</div>" for c in cards)
    return "".join(f"<div{attributes}>{c}</div>\n" for c in cards)


def _window(skin: Dice, number: int, count: int) -> list[int]:
    if count > 5 and skin.chance("pager/window", 0.5):
        return sorted({1, count, *range(max(1, number - 1), min(count, number + 1) + 1)})
    return list(range(1, count + 1))


def _current(skin: Dice, number: int) -> str:
    return skin.pick(
        "pager/current",
        f"<b>{number}</b>",
        f"<span class=current>{number}</span>",
        str(number),
        f"<strong>{number}</strong>",
        f'<a class="active">{number}</a>',
        f'<a href="#">{number}</a>',
    )


def pager(skin: Dice, shown: ListingPage) -> str:
    """The links to the other pages; empty for a section of one page."""
    number, count = shown.number, shown.count
    if count == 1:
        return ""

    def link(n: int, text: str, attributes: str = "") -> str:
        return f'<a href="{esc(address(skin, shown.section[1], n))}"{attributes}>{text}</a>'

    kind = skin.pick(
        "pager", "numbers", "numbers", "brackets", "next", "marks", "marks", "rel", "select", "words"
    )
    rel = ' rel="next"' if kind == "rel" else ""
    if kind == "select":
        options = "".join(
            f'<option value="{esc(address(skin, shown.section[1], n))}"{" selected" * (n == number)}>Trang {n}</option>'
            for n in range(1, count + 1)
        )
        after = link(number + 1, "Tiếp") if number < count else ""
        return f'<div>Chọn trang <select onchange="location=this.value">{options}</select> {after}</div>'
    numbers = [
        (_current(skin, n) if n == number else link(n, str(n), rel)) for n in _window(skin, number, count)
    ]
    if kind == "brackets":
        numbers = [f"[{n}]" for n in numbers]
    back = skin.pick("pager/back", "«", "Trang trước", "‹", "&lt;", "Trước")
    forth = {"«": "»", "Trang trước": "Trang sau", "‹": "›", "&lt;": "&gt;", "Trước": "Tiếp"}[back]
    if kind == "next":
        back, forth = skin.pick(
            "pager/next", ("Trang trước", "Trang sau"), ("Quay lại", "Xem tiếp"), ("«", "Tiếp »")
        )
        numbers = []
    parts = numbers
    if kind in {"marks", "next", "words"}:
        parts = (
            [link(number - 1, back)] * (number > 1) + numbers + [link(number + 1, forth)] * (number < count)
        )
    if kind == "words":
        parts = [link(1, "Đầu"), *parts, link(count, "Cuối")]
    label = skin.pick("pager/label", "", "Trang: ", f"Trang {number}/{count} ", "")
    glue = skin.pick("pager/glue", " ", "&nbsp;", " | ", "")
    if skin.chance("pager/list", 0.3):
        return '<ul class="pg">' + "".join(f"<li>{part}</li>" for part in parts) + "</ul>"
    return f"<div{noise(skin, 'pager')}>{label}{glue.join(parts)}</div>"


def listing_html(skin: Dice, shown: ListingPage, articles: Sequence[PortalArticle], sections: Sections,
                 charset: str | None = "utf-8", size: int = 10) -> str:  # fmt: skip
    """One page of a section."""
    title = esc(shown.section[0])
    top = heading(skin, "listing", title, "h1", "h1", "h2", "div", "span", "td", "b")
    if skin.chance("listing/crumbs", 0.3):
        top = f'<div><a href="/">Trang chủ</a> » <a href="{shown.section[1]}">{title}</a></div>\n{top}'
    first = (shown.number - 1) * size + 1
    pages = pager(skin, shown)
    twice = pages if skin.chance("pager/twice", 0.15) else ""
    main = f"{top}{twice}<div{noise(skin, 'list')}>{_list(skin, shown.items, first)}</div>{pages}"
    return page(skin, shown.section[0], "", main, sections, articles, charset)


def home_html(skin: Dice, articles: Sequence[PortalArticle], sections: dict[str, tuple[str, str]],
              charset: str | None = "utf-8") -> str:  # fmt: skip
    """The front page: newest articles, and a box for each section."""
    main = _alike(skin, articles[:5], 1) if skin.chance("home/newest", 0.7) else ""
    for key, (title, url) in sections.items():
        own = [a for a in articles if key in a.sections][: skin.number("home/size", 3, 6)]
        name = heading(skin, "home", f'<a href="{url}">{esc(title)}</a>', "h2", "div", "b", "td", "h3")
        links = "".join(f'<li><a href="{a.path}">{esc(a.title)}</a></li>' for a in own)
        main += f"<div{noise(skin, 'block')}>{name}<ul>{links}</ul></div>\n"
    if layout(skin) == "soup" and skin.chance("home/marquee", 0.3):
        main = "<marquee>Chào mừng Đại hội đảng bộ các cấp!</marquee>" + main
    return page(skin, "Trang chủ", "", main, list(sections.values()), articles, charset)
