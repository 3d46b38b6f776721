"""Reads captures again and keeps what differs: the work of one process. No store, no network."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from html import unescape
from itertools import islice
from pathlib import Path
from typing import Final, Literal
from urllib.parse import urljoin

from crawler.captures import CapturedResponse, CaptureError, CodingError, decoded_body
from crawler.captures.shelf import MissingCaptureError, Shelf
from crawler.changes import content_shape, fragments, page_digest
from crawler.crawling.reading import charset_of
from crawler.extract import read_page
from crawler.items import Article, Page
from crawler.reextract.compare import beside_changes
from crawler.sites import Site
from crawler.store import CaptureRow
from crawler.store.clean import cleaned

#: What became of a capture: it says something else (`changed`); it was no article and is one now (`readable`); it was
#: one and is refused now (`unreadable`); its address has another identity now (`renamed`); its bytes are gone.
Kind = Literal["changed", "readable", "unreadable", "renamed", "missing", "damaged"]

#: Where a page names its own address (`rel=canonical`, `og:url`), and an address in the same tag.
_OWN_ADDRESS: Final = re.compile(rb"canonical|og:url", re.IGNORECASE)
_ADDRESS: Final = re.compile(rb"(?:href|content)\s*=\s*[\"']?([^\"'\s>]+)", re.IGNORECASE)
_NEAR: Final = 300
_MOST_NAMED: Final = 50
_PAGES: Final = ("text/", "application/xhtml", "application/xml")


@dataclass(frozen=True, slots=True)
class Finding:
    """A capture that is not as it was."""

    row: CaptureRow
    kind: Kind
    #: What it says now.
    article: Article | None = None
    reason: str | None = None


@dataclass(slots=True)
class Examined:
    """What a batch of captures gave."""

    #: By what became of them: the kinds above, `same` articles, and `other` pages that were and are none.
    counts: Counter[str] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)

    def add(self, finding: Finding | Literal["same", "other"]) -> None:
        """Counts one capture, and keeps it when something is to be told."""
        if isinstance(finding, Finding):
            self.findings.append(finding)
        self.counts[finding.kind if isinstance(finding, Finding) else finding] += 1


def examiner(site: Site, folder: Path, latest: datetime) -> Callable[[Sequence[CaptureRow]], Examined]:
    """What a worker does with a batch of captures of one site, best in the order they lie in the files of `folder`.

    A capture of a time after `latest` is believed by no crawl, and so not here.
    """
    shelf = Shelf(folder)

    def examine(rows: Sequence[CaptureRow]) -> Examined:
        found = Examined()
        for row in rows:
            found.add(_examined(row, site, shelf, latest))
        return found

    return examine


def _examined(
    row: CaptureRow, site: Site, shelf: Shelf, latest: datetime
) -> Finding | Literal["same", "other"]:
    try:
        response = shelf.read(row.capture)
    except MissingCaptureError as error:
        return Finding(row, "missing", reason=str(error))
    except CaptureError as error:
        return Finding(row, "damaged", reason=str(error))
    if row.page is None:
        return _read_first(row, site, response, latest)
    return _read_again(row, site, response)


def _read_first(
    row: CaptureRow, site: Site, response: CapturedResponse, latest: datetime
) -> Finding | Literal["other"]:
    """A page of which nothing is stored: refused then, or no article."""
    if response.truncated or row.capture.fetched_at > latest or not _may_be_page(response):
        return "other"
    if site.article_id(row.capture.url) is None and not _names_article(response, site):
        return "other"
    page = _page(row, site, response)
    if isinstance(page, str) or page.kind != "article" or page.article is None or page.article.id is None:
        return "other"
    return Finding(row, "readable", page.article)


def _read_again(row: CaptureRow, site: Site, response: CapturedResponse) -> Finding | Literal["same"]:
    """A page that an article was read from."""
    page = _page(row, site, response)
    if isinstance(page, str):
        return Finding(row, "unreadable", reason=page)
    article = page.article
    if article is None or page.kind != "article":
        return Finding(row, "unreadable", reason=page.refusal or page.kind)
    if article.id != row.article:
        return Finding(row, "renamed", article, reason=f"its address now means {article.id or 'no article'}")
    if _says_the_same(row, article):
        return "same"
    article, _ = cleaned(article)  # few pages hold a character that the store drops: looked for only now
    return "same" if _says_the_same(row, article) else Finding(row, "changed", article)


def _page(row: CaptureRow, site: Site, response: CapturedResponse) -> Page | str:
    """The page as a crawl reads it, or why it cannot be unpacked."""
    try:
        body = decoded_body(response)
    except CodingError as error:
        return f"coding-{error.reason}"
    capture = row.capture
    return read_page(
        body,
        url=capture.url,
        site=site,
        fetched_at=capture.fetched_at,
        encoding=charset_of(_content_type(response)),
        status=capture.status,
    )


def _says_the_same(row: CaptureRow, article: Article) -> bool:
    views = article.views.views if article.views else None
    return (
        views == row.views
        and page_digest(article.url, fragments(content_shape(article))) == row.page
        and not beside_changes(row.state, row.capture, article)
    )


def _content_type(response: CapturedResponse) -> str:
    """Of several the last counts, as in a crawl."""
    return next((value for name, value in reversed(response.headers) if name.lower() == "content-type"), "")


def _names_article(response: CapturedResponse, site: Site) -> bool:
    """Whether a page may say that its own address is an article's, which is all that would make it one.

    Listings are most of what a crawl keeps, and reading one costs as much as reading several articles.
    """
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


def _may_be_page(response: CapturedResponse) -> bool:
    return (_content_type(response).strip().lower() or "text/html").startswith(_PAGES)
