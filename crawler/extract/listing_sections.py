"""Links that may lead to listings: menus, breadcrumbs, headings of boxes. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from crawler.extract.known import folded
from crawler.extract.listing_boxes import Box
from crawler.extract.listing_runs import PageText, ShownLink
from crawler.extract.listing_words import GENERIC
from crawler.items import Link

_FILES = re.compile(
    r"\.(?:pdf|docx?|xlsx?|pptx?|zip|rar|7z|jpe?g|png|gif|webp|svg|mp[34]|avi|flv|wmv|xml|rss|ics|css|js|txt"
    r"|json|exe|apk)$",
    re.IGNORECASE,
)
_NO_LISTING_ADDRESS = re.compile(
    r"(?:^|[/_.-])(?:login|logout|signin|sign-in|dang-?nhap|dang-?xuat|dang-?ky|register|quen-mat-khau|search|tim-?kiem|rss"
    r"|feeds?|print|in-trang|ban-in|lien-?he|contact|gop-?y|feedback|sitemap|so-?do(?:-trang|-site|-cong)?|_layouts"
    r"|tags?|tu-khoa|author|tac-gia|share|captcha|admin|user|account|tai-khoan|download|binh-chon|poll)(?:[/_.-]|$)",
    re.IGNORECASE,
)
_NO_LISTING_TEXT = re.compile(
    r"trang chu|home|trang nhat|lien he.*|dang nhap.*|dang ky.*|dang xuat|so do.*|site ?map|rss.*|tim kiem.*|gop y.*"
    r"|in trang.*|ban in|len dau trang|ve dau trang|dau trang|quay lai|english|tieng viet|tieng anh|facebook|zalo"
    r"|youtube|twitter|email|gui email.*|chia se.*|login|search|contact.*|print|dat lam trang chu|quen mat khau.*"
    r"|phien ban.*|vietnamese|vn|en|vi|webmail|thu dien tu|skip to .*|menu|xem danh sach|[0-9\W]+"
)
_NAV_HINT = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|navigation|menu|mainmenu|topmenu|submenu|menubar)(?:$|[\s_-])|menu"
)
_STRIP = " \t|/\\·•-–—:>»›→▸►<«‹,;.+*[]"
#: Average lengths of links in menus: in what is marked as a menu, and in anything else.
_SHORT, _SHORTER = 60, 40


def find_sections(page: PageText, paging: frozenset[ShownLink], menus: list[Box]) -> tuple[Link, ...]:
    """Links on the site that may lead to listings, each address once, in page order."""
    in_menus = {link.url for box in menus for item in box.items for link in item.links}
    home = page.site.canonical(page.site.home)
    found: dict[str, str] = {}
    for link in page.links:
        url = link.url
        if not url or link in paging or url == home or (link.ident and url not in in_menus):
            continue
        if link.ident is None and page.site.article_id(url) and url != page.url:
            continue
        title = _title(link)
        if title and url not in found and _may_list(page, link, url, title):
            found[url] = title
    return tuple(Link(url, title) for url, title in found.items())


def _title(link: ShownLink) -> str:
    text = link.label.strip(_STRIP)
    name = folded(text)
    if not 2 <= len(text) <= 120 or _NO_LISTING_TEXT.fullmatch(name) or GENERIC.fullmatch(name):
        return ""
    return text


def _may_list(page: PageText, link: ShownLink, url: str, title: str) -> bool:
    parts = urlsplit(url)
    if _FILES.search(parts.path) or link.anchor.download:
        return False
    if _NO_LISTING_ADDRESS.search(parts.path):
        return False
    return parts.path.rstrip("/").lower() not in (
        "",
        "/default.aspx",
        "/index.html",
        "/index.php",
        "/home.aspx",
    ) or bool(parts.query)


def is_menu(page: PageText, box: Box) -> bool:
    """Whether a box of article-like links is navigation: short names in a menu, or beside the home page."""
    length = _length(box)
    if length > _SHORT:
        return False
    if box.place.noise == "nav" or any(_NAV_HINT.search(f.hint) for f in box.container.lineage()[:3]):
        return True
    return length <= _SHORTER and _beside_home(page, box)


def may_be_menus(page: PageText, boxes: Sequence[Box]) -> list[Box]:
    """Boxes of bare short links whose codes no article on the page has: sections, or else short notices."""
    codes = {_code(item.ident) for box in boxes if _length(box) > _SHORT for item in box.items}
    return [
        box
        for box in boxes
        if len(box.items) > 1
        and codes
        and _length(box) <= _SHORTER
        and codes.isdisjoint(_code(item.ident) for item in box.items)
        and all(run.link for item in box.items for run in page.runs[item.first : item.end])
    ]


def _length(box: Box) -> float:
    """Average length of the longest texts of a box's items."""
    return sum(max(len(link.label) for link in item.links) for item in box.items) / len(box.items)


def _code(ident: str) -> str:
    return ident.rstrip("0123456789")


def _way_below(box: Box, link: ShownLink) -> str | None:
    """Tag of the part of the box's container that holds a link; None when it stands there directly."""
    tag, frame = None, link.frame
    while frame is not box.container and frame.parent is not None:
        tag, frame = frame.tag, frame.parent
    return tag


def _beside_home(page: PageText, box: Box) -> bool:
    """Whether a link to the home page stands beside the items in the same way, as in menus."""
    home = page.site.canonical(page.site.home)
    beside = [link for link in page.links if link.url == home and page.encloses(box.container, link.frame)]
    ways = {item.frame.tag if item.frame else None for item in box.items}
    alike = any(_way_below(box, link) in ways for link in beside)
    return alike and (len(box.items) > 1 or ways == {"li"})
