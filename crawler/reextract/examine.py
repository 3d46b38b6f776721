"""Reads captures again and keeps what differs: the work of one process. No store, no network."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal

from crawler.captures import CapturedResponse, CaptureError, CodingError, decoded_body
from crawler.captures.shelf import MissingCaptureError, Shelf
from crawler.changes import content_shape, fragments, page_digest, reader_digest
from crawler.crawling.reading import charset_of
from crawler.extract import read_page
from crawler.items import Article, Page
from crawler.reextract.candidates import content_type, may_be_article
from crawler.reextract.compare import FieldChange, beside_changes
from crawler.sites import Site
from crawler.store import CaptureRow
from crawler.store.clean import cleaned

#: What became of a capture: it says something else (`changed`); it was no article and is one now (`readable`); it was
#: one and is refused now (`unreadable`); its address has another identity now (`renamed`); its file is gone
#: (`missing`) or its record broken (`damaged`); an error of ours kept it from being read (`failed`).
Kind = Literal["changed", "readable", "unreadable", "renamed", "missing", "damaged", "failed"]


@dataclass(frozen=True, slots=True)
class Finding:
    """A capture that is not as it was."""

    row: CaptureRow
    kind: Kind
    #: What it says now.
    article: Article | None = None
    reason: str | None = None
    #: What differs of the fields that no revision holds, and whether all others are the same.
    beside: tuple[FieldChange, ...] = ()
    same_page: bool = False
    #: What readers see of it is different: title, lead, text, captions or attachments.
    visible: bool = False


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
    try:
        if row.page is None:
            return _read_first(row, site, response, latest)
        return _read_again(row, site, response)
    except Exception as error:  # noqa: BLE001 (an error of ours costs one page; counted, and told by the exit code)
        return Finding(row, "failed", reason=f"{type(error).__name__}: {error}")


def _read_first(
    row: CaptureRow, site: Site, response: CapturedResponse, latest: datetime
) -> Finding | Literal["other"]:
    """A page of which nothing is stored: refused then, or no article."""
    if response.truncated or row.capture.fetched_at > latest or not may_be_article(response, site):
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
    found = _compared(row, article)
    # Few pages hold a character that the store drops: looked for only where something differs.
    return found if found == "same" else _compared(row, cleaned(article)[0])


def _compared(row: CaptureRow, article: Article) -> Finding | Literal["same"]:
    beside = beside_changes(row, article)
    same_page = page_digest(article.url, fragments(content_shape(article))) == row.page
    if same_page and not beside:
        return "same"
    visible = not same_page and reader_digest(article) != row.reader
    return Finding(row, "changed", article, beside=beside, same_page=same_page, visible=visible)


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
        encoding=charset_of(content_type(response)),
        status=capture.status,
    )
