"""Makes a feed entry of an article's state. Pure: no network, no clock, no store."""

import re
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from html import escape
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from crawler.items import ArticleState
from crawler.normalize import slug
from crawler.sanitize import legal, sanitize
from crawler.sites.model import Site
from feeds.body import relocated
from feeds.filetypes import MEDIA_TYPES as SERVED
from feeds.paths import page_path
from feeds.text import local, one_line, web_address
from feeds.values import Category, Entry, File, Picture, Removal

UNTITLED = "(không có tiêu đề)"
# RFC 6838, section 4.2, without parameters.
_MEDIA_TYPE = re.compile(r"[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}")
#: Ending -> media type. A table of our own: the machine's mime.types must not decide over a feed's bytes.
MEDIA_TYPES = {
    **SERVED,
    ".jpeg": "image/jpeg",
    ".mp3": "audio/mpeg",
    ".mp4": "video/mp4",
    ".rar": "application/vnd.rar",
    ".zip": "application/zip",
}


def tag_uri(site: Site, name: str) -> str:
    """A tag URI (RFC 4151) under the site's fixed authority and date."""
    return f"tag:{site.tag_authority},{site.tag_date}:{name}"


def make_entry(
    state: ArticleState, site: Site, base_url: str = "", kept: Mapping[str, str] | None = None
) -> Entry:
    """The entry that stands for an article in every feed and on every page.

    `base_url` is the address of the site's folder, `kept` maps addresses of the portal to those of files that we
    keep ourselves. ValueError when the state has neither a date nor a time of first sight, or a time without zone.
    """
    published = local(state.published.date) if state.published else None
    updated = _updated(state, published)
    kept = kept or {}
    files = files_of(state, kept)
    source = web_address(state.url) or site.home
    page = page_of(state)
    return Entry(
        id=tag_uri(site, one_line(state.id)),
        article=one_line(state.id),
        link=base_url + page if site.link == "archive" else source,
        source=source,
        page=page,
        title=title_of(state),
        summary=one_line(state.lead or "") or None,
        content=_content(state, site, source, files, kept),
        published=published,
        updated=updated,
        author=one_line(state.author or state.organization or "") or None,
        categories=_categories(state),
        series=_series(state),
        files=files,
        pictures=_pictures(state, kept),
    )


def title_of(state: ArticleState) -> str:
    """The title as readers see it, never empty."""
    return one_line(state.title) or UNTITLED


def page_of(state: ArticleState) -> str:
    """Where the article's page lies below the site's folder."""
    return page_path(one_line(state.id), local(state.published.date) if state.published else None)


def make_removal(state: ArticleState, site: Site) -> Removal | None:
    """The note that an article is gone; None while it is there."""
    if state.deleted_at is None:
        return None
    return Removal(tag_uri(site, one_line(state.id)), local(state.deleted_at))


def _updated(state: ArticleState, published: datetime | None) -> datetime:
    """CONTRACT: the last change a reader saw, else the publication, else the first sight.

    THREATS 14: never in the future, so a date after the article's last change, which only an article dated ahead
    has, gives way to that change. It moves on with every later change, and never back.
    """
    if state.updated:
        return local(state.updated)
    if published:
        return min(published, local(state.changed_at)) if state.changed_at else published
    if state.first_seen is None:
        raise ValueError(f"article {state.id} has neither a date nor a time of first sight")
    return local(state.first_seen)


def _categories(state: ArticleState) -> tuple[Category, ...]:
    found = ((one_line(section.id), one_line(section.title)) for section in state.sections)
    return tuple(Category(section_id, title or section_id) for section_id, title in found if section_id)


def _series(state: ArticleState) -> tuple[str, str | None] | None:
    if state.series is None:
        return None
    return one_line(state.series.id), one_line(state.series.period or "") or None


def files_of(state: ArticleState, kept: Mapping[str, str]) -> tuple[File, ...]:
    """The attachments that have a web address; those in `kept` with the address, type and name of our copy."""
    found = []
    for attachment in state.attachments:
        url = web_address(attachment.url)
        if url:
            title = one_line(attachment.title) or url
            copy = kept.get(url)
            told = _media_type(None if copy else attachment.media_type, copy or url)
            found.append(File(copy or url, title, told, attachment.bytes, copy and _copy_name(url, copy)))
    return tuple(found)


def _copy_name(url: str, copy: str) -> str:
    """The portal's file name in plain letters with the ending that the bytes call for."""
    stem = slug(unquote(PurePosixPath(urlsplit(url).path).stem))[:80].strip("-")
    return (stem or "tep") + PurePosixPath(copy).suffix


def _media_type(told: str | None, url: str) -> str:
    if told and _MEDIA_TYPE.fullmatch(told):
        return told
    return MEDIA_TYPES.get(PurePosixPath(urlsplit(url).path).suffix.lower(), "application/octet-stream")


def _pictures(state: ArticleState, kept: Mapping[str, str]) -> tuple[Picture, ...]:
    found: dict[str, Picture] = {}
    for image in state.images:
        url = web_address(image.url)
        if url and url not in found:
            found[url] = Picture(kept.get(url, url), one_line(image.caption or "") or None)
    return tuple(found.values())


def _content(
    state: ArticleState, site: Site, base: str, files: tuple[File, ...], kept: Mapping[str, str]
) -> str:
    """Lead, body with its pictures in place, signature, attachments, source line: safe parts, each whole by itself."""
    parts = [
        f"<p><strong>{_text(state.lead)}</strong></p>" if state.lead else "",
        relocated(body_of(state, base), kept),
        *(f"<p><em>{_text(name)}</em></p>" for name in (state.author, state.organization) if name),
        _file_list(files),
        f"<p>Nguồn: {_link(base, site.title)}</p>",
    ]
    return "\n".join(part for part in parts if part)


def body_of(state: ArticleState, base: str) -> str:
    """The body as safe HTML; its plain text where its markup holds nothing."""
    return _sanitized(state.html, base) or _paragraphs(state.text)


@lru_cache(maxsize=256)  # an article's page is made soon after its entry
def _sanitized(html: str, base: str) -> str:
    return sanitize(html, base)


def _text(text: str) -> str:
    return escape(legal(text))


def _link(url: str, text: str) -> str:
    return f'<a href="{escape(url)}" rel="noopener nofollow">{_text(text)}</a>'


def _paragraphs(text: str) -> str:
    paragraphs = (_text(part.strip()) for part in text.split("\n\n"))
    return "\n".join(f"<p>{part}</p>" for part in paragraphs if part)


def _file_list(files: tuple[File, ...]) -> str:
    if not files:
        return ""
    items = "".join(f"<li>{_link(file.url, file.title)}</li>" for file in files)
    return f"<p>Tệp đính kèm:</p>\n<ul>{items}</ul>"
