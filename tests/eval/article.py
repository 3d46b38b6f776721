"""Whole article pages of a skin, and what a reader of such a page must find."""

from collections.abc import Sequence
from typing import Any

from fixtures.portal import PortalArticle
from fixtures.portal.model import CAPTION, file_path
from tests.eval.after import others, related_html, tools_html
from tests.eval.body import body_html
from tests.eval.chrome import Sections, page
from tests.eval.dice import Dice
from tests.eval.harder import above_title, comments, inside_box, neighbours
from tests.eval.header import header_line
from tests.eval.markup import esc, noise
from tests.eval.texts import EVENTS, OWN

HOST = "http://dukcqtw.dcs.vn"
#: Events that the texts tell of in a way that may be read either way: not judged.
UNJUDGED = frozenset(("duk801011",))
#: What some skins print between header and lead.
TOOLS = (
    '<div class="tools"><a href="#">In trang</a> <a href="#">Gửi email</a></div>\n',
    '<div><a href="#">A-</a> <a href="#">A</a> <a href="#">A+</a></div>\n',
    '<div class="fb-like" data-href="#"></div><hr>\n',
    '<div><audio controls src="/media/a.mp3"></audio> Nghe đọc bài</div>\n',
)
_OURS = frozenset(article.id for article in OWN)


def _title_html(skin: Dice, title: str, url: str) -> str:
    text = esc(title)
    return skin.pick(
        "title",
        f"<h1{noise(skin, 'title')}>{text}</h1>",
        f"<h1{noise(skin, 'title')}>{text}</h1>",
        f"<h2>{text}</h2>",
        f'<h1><a href="{url}">{text}</a></h1>',
        f'<h3 class="tit">{text}</h3>',
        f"<div{noise(skin, 'title')}>{text}</div>",
        f'<div class="title">{text}</div>',
        f"<span{noise(skin, 'title')}>{text}</span>",
        f'<table><tr><td class="Title">{text}</td></tr></table>',
        f"<b>{text}</b>",
        f'<p><font size="4" color="#900"><b>{text}</b></font></p>',
    )


def _titled(skin: Dice, title: str, line: str, url: str) -> str:
    """Title and header line: one after the other, or glued into one element."""
    if not line:
        return _title_html(skin, title, url) + "\n"
    wrapped = skin.pick(
        "header/wrap",
        f"<div{noise(skin, 'meta')}>{line}</div>",
        f"<p>{line}</p>" if "<table" not in line and "<div" not in line else f"<div>{line}</div>",
        f"<span{noise(skin, 'meta')}>{line}</span><br>",
        f'<table><tr><td align="right">{line}</td></tr></table>',
    )
    order = skin.pick("header/order", *["after"] * 7, "before", "before", "glued")
    if order == "before":
        return f"{wrapped}\n{_title_html(skin, title, url)}\n"
    if order == "glued" and "<table" not in line and "<div" not in line:
        return f"<div{noise(skin, 'title')}><b>{esc(title)}</b> <span>{line}</span></div>\n"
    return f"{_title_html(skin, title, url)}\n{wrapped}\n"


def _has_crumbs(skin: Dice) -> bool:
    return skin.chance("crumbs", 0.55)


def _crumbs(skin: Dice, title: str, section: tuple[str, str]) -> str:
    name, url = section
    if not _has_crumbs(skin):
        return skin.pick(
            "section-heading",
            "",
            "",
            f'<div{noise(skin, "category")}><a href="{url}">{esc(name)}</a></div>\n',
            f"<h2>{esc(name)}</h2>\n",
            f"<table width=100%><tr><td class=cat>{esc(name.upper())}</td></tr></table>\n",
        )
    mark = skin.pick("crumbs/mark", " » ", " > ".replace(">", "&gt;"), " / ", " › ", " | ")
    steps = ['<a href="/">Trang chủ</a>', f'<a href="{url}">{esc(name)}</a>']
    if skin.chance("crumbs/self", 0.3):
        steps.append(f"<span>{esc(title)}</span>")
    if skin.chance("crumbs/list", 0.4):
        return "<ul class=bc>" + "".join(f"<li>{step}</li>" for step in steps) + "</ul>\n"
    return f"<div{noise(skin, 'crumbs')}>{mark.join(steps)}</div>\n"


def _meta(skin: Dice, article: PortalArticle) -> str:
    """og tags and a description, in some skins."""
    found = ""
    if skin.chance("meta/og", 0.35):
        found += f'<meta property="og:title" content="{esc(article.title).replace(chr(34), "&quot;")}">'
        found += '<meta property="og:type" content="article">'
    if skin.chance("meta/description", 0.3):
        found += f'<meta name="description" content="{esc((article.lead or article.title)[:120])}">'
    return found


def article_html(skin: Dice, article: PortalArticle, articles: Sequence[PortalArticle], sections: Sections,
                 section: tuple[str, str], charset: str | None = "utf-8") -> str:  # fmt: skip
    """The page of an article; `section` is (title, address) of its first section."""
    line = header_line(skin, article)
    related = others(skin, article, articles)
    rest = [tools_html(skin), related_html(skin, related)]
    if skin.chance("after/order", 0.25):
        rest.reverse()
    main = _crumbs(skin, article.title, section) + above_title(skin, article)
    main += _titled(skin, article.title, line.html, article.path)
    main += skin.pick("between", *[""] * 4, *TOOLS) + body_html(skin, article, inside_box(skin, related))
    main += neighbours(skin, related) + comments(skin) + "".join(rest)
    return page(skin, article.title, _meta(skin, article), main, sections, articles, charset)


def _event(article: PortalArticle) -> dict[str, Any] | None:
    """The event as the record has it; members that the truth does not tell are left out."""
    if article.id in EVENTS:
        known = EVENTS[article.id]
        return {"start": known.start, "end": known.end, "place": known.place}
    return None if article.event is None else {"day": article.event.isoformat()}


def expected(skin: Dice, article: PortalArticle, articles: Sequence[PortalArticle], section: tuple[str, str],
             ) -> dict[str, Any]:  # fmt: skip
    """The truth of each field as this skin prints it; a field that cannot be judged is absent."""
    line = header_line(skin, article)
    truth: dict[str, Any] = {
        "title": article.title,
        "published": line.published,
        "views": line.views,
        "lead": article.lead,
        "text": [" ".join(p.split()) for p in article.body if not p.startswith(CAPTION)],
        "author": article.author,
        "organization": article.organization,
        "captions": list(article.captions),
        "images": []
        if article.pictureless
        else [f"{HOST}{article.picture(k)}" for k in range(len(article.captions))],
        "attachments": [(f"{HOST}{file_path(file)}", file.title) for file in article.attachments],
        "related": [other.id for other in others(skin, article, articles)],
        "series": None if article.series is None else list(article.series),
    }
    if line.published is None:
        del truth["series"]  # the year of a session may follow from the date alone, that of an event too
    if line.published and article.id not in UNJUDGED and (article.event is not None or article.id in _OURS):
        truth["event"] = _event(article)
    if _has_crumbs(skin):
        truth["sections"] = [section[0]]
    return truth
