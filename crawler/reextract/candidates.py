"""Which of the pages that gave no article could be one after all, told without reading them whole. Pure."""

import re
from html import unescape
from itertools import islice
from typing import Final
from urllib.parse import urljoin

from crawler.captures import CapturedResponse, CodingError, decoded_body
from crawler.sites import Site

#: Where a page names its own address (`rel=canonical`, `og:url`), and an address in the same tag.
_OWN_ADDRESS: Final = re.compile(rb"canonical|og:url", re.IGNORECASE)
_ADDRESS: Final = re.compile(rb"(?:href|content)\s*=\s*[\"']?([^\"'\s>]+)", re.IGNORECASE)
_NEAR: Final = 300
_MOST_NAMED: Final = 50
_PAGES: Final = ("text/", "application/xhtml", "application/xml")


def may_be_article(response: CapturedResponse, site: Site) -> bool:
    """Whether a response can be an article's page: mark-up under an article's address, or that names one as its own.

    Listings are most of what a crawl keeps, and reading one costs as much as reading several articles.
    """
    if not (content_type(response).strip().lower() or "text/html").startswith(_PAGES):
        return False
    return site.article_id(response.url) is not None or _names_article(response, site)


def content_type(response: CapturedResponse) -> str:
    """Of several the last counts, as in a crawl."""
    return next((value for name, value in reversed(response.headers) if name.lower() == "content-type"), "")


def _names_article(response: CapturedResponse, site: Site) -> bool:
    """Whether a page may say that its own address is an article's, which makes it one wherever it was found."""
    try:
        body = decoded_body(response)
    except CodingError:
        return False
    named = islice(_OWN_ADDRESS.finditer(body), _MOST_NAMED)
    around = (body[max(match.start() - _NEAR, 0) : match.end() + _NEAR] for match in named)
    found = (unescape(raw.decode("utf-8", "replace")) for tag in around for raw in _ADDRESS.findall(tag))
    return any(site.article_id(_joined(response.url, address)) is not None for address in found)


def _joined(url: str, address: str) -> str:
    try:
        return urljoin(url, address)
    except ValueError:  # a bracket that is no IPv6 address
        return address
