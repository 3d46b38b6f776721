"""What follows an article on its page: tools, tags, comments, and the list of other articles."""

from collections.abc import Sequence
from datetime import date

from fixtures.portal import PortalArticle
from tests.eval.chrome import NOW
from tests.eval.dice import Dice
from tests.eval.markup import esc, heading, layout, noise

HEADINGS = (
    "Các bài viết khác", "Các bài viết khác", "Các tin khác", "Tin liên quan", "TIN ĐÃ ĐƯA", "Bài viết liên quan",
    "Các tin đã đăng", "Tin cùng chuyên mục", "Các tin khác:", "CÁC BÀI VIẾT KHÁC", "Bài tin liên quan",
)  # fmt: skip


def age(published: date) -> str:
    """The relative age that a portal prints at `NOW`."""
    days = (NOW.date() - published).days
    for length, unit in ((365, "năm"), (30, "tháng"), (7, "tuần")):
        if days >= length:
            return f"{days // length} {unit} trước"
    return f"{days} ngày trước" if days else "3 giờ trước"


def others(skin: Dice, article: PortalArticle, articles: Sequence[PortalArticle]) -> list[PortalArticle]:
    """The newest articles of its section, without itself; in some skins there is no such list."""
    if skin.chance("related/none", 0.06):
        return []
    own = [a for a in articles if article.sections[0] in a.sections and a.id != article.id]
    return own[: skin.pick("related/size", 14, 14, 10, 5, 3)]


def _portal_form(skin: Dice, items: Sequence[PortalArticle]) -> str:
    """Four with thumbnails and the title twice, the rest as bullets with ages."""
    cards = "".join(
        f'<div{noise(skin, "card")}><a href="{a.path}"><img src="{a.picture(0)}" alt="{esc(a.title)}"></a>'
        f'<a href="{a.path}">{esc(a.title)}</a><div>{age(a.published)}</div></div>\n'
        for a in items[:4]
    )
    bullet = skin.pick("related/bullet", "•", "&bull;", "-", "»")
    rest = "".join(
        f'<div>{bullet} <a href="{a.path}">{esc(a.title)}</a> ({age(a.published)})</div>\n' for a in items[4:]
    )
    return cards + rest


def _rows(skin: Dice, items: Sequence[PortalArticle]) -> str:
    tag = skin.pick("related/row", "li", "li", "div", "tr", "dd", "br", "p")
    stamp = skin.pick("related/stamp", "({})", "({})", "", " - {}", "<em>{}</em>", "[{}]", "age")
    lines = []
    for a in items:
        shown = f"({age(a.published)})" if stamp == "age" else stamp.format(f"{a.published:%d/%m/%Y}")
        link = f'<a href="{a.path}" title="{esc(a.title)}">{esc(a.title)}</a>'
        lines.append(f"{shown} {link}" if skin.chance("related/date-first", 0.15) else f"{link} {shown}")
    wrap = {
        "li": ("<ul>", "<li>{}</li>", "</ul>"),
        "div": ("", "<div>{}</div>", ""),
        "tr": ("<table>", "<tr><td>{}</td></tr>", "</table>"),
        "dd": ("<dl>", "<dd>{}</dd>", "</dl>"),
        "br": ("<div>", "&bull; {}<br>", "</div>"),
        "p": ("", "<p>{}</p>", ""),
    }[tag]
    return wrap[0] + "\n".join(wrap[1].format(line) for line in lines) + wrap[2]


def related_html(skin: Dice, items: Sequence[PortalArticle]) -> str:
    """The list of other articles with its heading; empty without items."""
    if not items:
        return ""
    tags = ("h3", "div", "b", "td", "span", "h4", "legend")
    kind = skin.pick("related", "portal", "portal", "portal", "rows", "rows", "rows", "two-lists")
    if kind == "two-lists" and len(items) > 3:
        half = len(items) // 2
        newer = heading(skin, "related", skin.pick("related/newer", "TIN MỚI HƠN", "Các tin mới hơn"), *tags)
        older = heading(skin, "related", skin.pick("related/older", "TIN CŨ HƠN", "Các tin cũ hơn"), *tags)
        return newer + _rows(skin, items[:half]) + older + _rows(skin, items[half:])
    title = heading(skin, "related", skin.pick("related/title", *HEADINGS), *tags)
    inner = _portal_form(skin, items) if kind == "portal" else _rows(skin, items)
    return f"<div{noise(skin, 'related')}>{title}{inner}</div>\n"


def tools_html(skin: Dice) -> str:
    """Print, share, comment, tags: each in some skins."""
    tools = {
        "print": '<div><a href="javascript:window.print()">In trang</a> | <a href="#">Gửi email</a></div>',
        "share": '<div class="share">Chia sẻ: <a href="https://facebook.com/x">Facebook</a> <a href="#">Zalo</a></div>',
        "tags": '<div>Từ khóa: <a href="/tag/dang-uy">đảng ủy</a>, <a href="/tag/hoi-nghi">hội nghị</a></div>',
        "rate": "<div>Đánh giá: 15 trong 3 đánh giá</div>",
        "comment": "<div><b>Ý kiến bạn đọc</b><form>Họ tên <input> Nội dung <textarea></textarea>"
        '<input type="button" value="Gửi bình luận"></form></div>',
        "back": '<p><a href="javascript:history.back()">Quay lại</a></p>',
    }
    if layout(skin) == "font":
        tools.pop("share")
    return "".join(
        tools[name] for name in skin.shuffled("tools", list(tools)) if skin.chance(f"tool/{name}", 0.25)
    )
