"""Traps seen on neighbouring portals that a skin may add to its article pages, and habits of writing mark-up."""

import re
from collections.abc import Sequence

from fixtures.portal import PortalArticle
from tests.eval.dice import Dice
from tests.eval.markup import esc, layout, noise

_CLOSED = re.compile(r"</(?:p|li|td|tr|dd|option)>", re.IGNORECASE)
_QUOTED = re.compile(r'(\s(?:class|id|align|width|border|href))="([A-Za-z0-9_/.#-]+)"')
_LINES = re.compile(r">\s+<(?=/?(?:div|table|tr|td|ul|li|p|h[1-6]|section|form)\b)", re.IGNORECASE)


def _link(article: PortalArticle) -> str:
    return f'<a href="{article.path}">{esc(article.title)}</a>'


def ticker(skin: Dice, articles: Sequence[PortalArticle]) -> str:
    """Hot news in a row above the columns."""
    items = [f"{_link(a)} <i>({a.published:%d/%m/%Y})</i>" for a in articles[:5]]
    return skin.pick(
        "ticker",
        *[""] * 6,
        f"<marquee>{' | '.join(items)}</marquee>",
        f"<div{noise(skin, 'ticker')}><b>Tin nổi bật:</b> {items[0]}</div>",
    )


def above_title(skin: Dice, article: PortalArticle) -> str:
    """What stands in the article's own box above its title: a clock, tools, a hidden copy for printing."""
    return skin.pick(
        "above-title",
        *[""] * 6,
        "<div>Thứ Tư, 25/03/2020 | 10:00</div>\n",
        "<p>Thứ Tư, ngày 25/03/2020, 10:00:15</p>\n",
        f'<div style="display:none">{esc(article.title)}</div>\n',
        '<div><a href="#">Cỡ chữ nhỏ</a> <a href="#">Cỡ chữ to</a></div>\n',
    )


def inside_box(skin: Dice, items: Sequence[PortalArticle]) -> str:
    """A small list of related articles before the body or inside it."""
    kind = skin.pick("inside", *["none"] * 8, "box", "see-also")
    if kind == "none" or len(items) < 3:
        return ""
    if kind == "see-also":
        return f"<div><strong>&gt;&gt; Xem thêm:</strong> {_link(items[-1])}</div>\n"
    links = "".join(f"<li>{_link(a)}</li>" for a in items[:3])
    return f"<div{noise(skin, 'inside')}><b>Tin liên quan</b><ul>{links}</ul></div>\n"


def neighbours(skin: Dice, items: Sequence[PortalArticle]) -> str:
    """The article before and the article after."""
    if len(items) < 2:
        return ""
    return skin.pick(
        "neighbours",
        *[""] * 7,
        f"<div>« Bài trước: {_link(items[0])}</div><div>Bài sau: {_link(items[1])} »</div>\n",
        f"<table><tr><td>&lt; {_link(items[0])}</td><td>{_link(items[1])} &gt;</td></tr></table>\n",
    )


def comments(skin: Dice) -> str:
    """Readers' comments with names and dates of their own."""
    said = (
        ("Nguyễn Văn Hùng", "12/03/2020 10:20", "Bài viết rất bổ ích, cảm ơn tác giả."),
        ("Lan Anh", "13/03/2020 | 08:05", "Tôi đồng tình với những giải pháp mà Hội nghị đã nêu ra./."),
    )
    items = "".join(f"<div><b>{who}</b> <span>{when}</span><p>{what}</p></div>" for who, when, what in said)
    return skin.pick(
        "comments", *[""] * 6, f"<div{noise(skin, 'comments')}><h4>Bình luận (2)</h4>{items}</div>\n"
    )


def habits(skin: Dice, page: str) -> str:
    """The page as a careless or a thrifty hand writes it: tags left open, no quotes, one line."""
    if layout(skin) in {"table", "font", "soup"} and skin.chance("habit/open", 0.2):
        page = _CLOSED.sub("", page)
    if skin.chance("habit/unquoted", 0.12):
        page = _QUOTED.sub(r"\1=\2 ", page)
    elif skin.chance("habit/single", 0.12):
        page = _QUOTED.sub(r"\1='\2'", page)
    return _LINES.sub("><", page) if skin.chance("habit/minified", 0.15) else page
