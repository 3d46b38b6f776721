"""Asks the indexes of web archives what they have of the site, and enters it into the ledger. Fetches no page."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.crawling.scrapy_settings import ARCHIVE_SLOT
from crawler.crawling.session import CrawlSession
from crawler.sources.answers import Trouble
from crawler.sources.choose import chosen, prefixes
from crawler.sources.commoncrawl import index_url, read_page, read_page_count
from crawler.sources.entries import IndexPage, digits, timestamp
from crawler.sources.errand import ERRAND, RESULT, Errand
from crawler.sources.wayback import EXCLUDED, MAX_INDEX, cdx_url, index_page
from crawler.spiders.answers import request_of
from crawler.store import HarvestRow

#: An archive enters captures late: a later harvest asks so many days back.
OVERLAP = timedelta(days=60)
#: An index that was read to its end within so long is not asked again while captures that it named are not fetched.
FRESH = timedelta(days=1)
#: So many answers on end without a row, and an index is taken for a trap.
BARREN = 200
#: Most answers to one query in one run; the next run goes on.
MOST_ANSWERS = 10_000


def archive_request(url: str, errand: Errand, callback: Any, errback: Any, **kwargs: Any) -> Request:
    """A request to an archive, which nothing but `crawler.middlewares.archive` interprets."""
    meta = {ERRAND: errand, "download_slot": ARCHIVE_SLOT, "autothrottle_dont_adjust_delay": True}
    meta |= {"dont_redirect": True, "dont_retry": True}
    if errand.kind == "index":
        meta["download_maxsize"] = MAX_INDEX
    headers = {"Accept": "*/*", "Accept-Encoding": "gzip" if errand.kind == "index" else "identity"}
    return Request(
        url,
        callback,
        errback=errback,
        meta=meta | kwargs.pop("meta", {}),
        headers=headers | kwargs.pop("headers", {}),
        dont_filter=True,
        cb_kwargs=kwargs,
    )


@dataclass(slots=True)
class Walk:
    """One walk through the answers to one query; its place is what the store remembers."""

    archive: str
    query: str
    prefix: str
    since: date | None
    place: dict[str, Any] = field(default_factory=dict)
    newest: str | None = None
    barren: int = 0
    answers: int = 0
    seen: set[str] = field(default_factory=set)


class Index(Protocol):
    """The index of one archive."""

    def walks(self) -> list[Walk]:
        """The queries that are to be made or gone on with."""

    def request(self, walk: Walk) -> tuple[str, Any]:
        """The address to ask next, and what reads the answer."""

    def advance(self, walk: Walk, result: Any) -> bool:
        """Notes in the walk's place what to ask after this answer; False at the end."""


class IndexPages:
    """The index walks of one crawl."""

    def __init__(self, session: CrawlSession) -> None:
        self.session = session
        self.writer = session.writer

    def requests(self, index: Index) -> list[Request]:
        """The first request of every walk."""
        return [self._ask(index, walk) for walk in index.walks()]

    def _ask(self, index: Index, walk: Walk) -> Request:
        url, read = index.request(walk)
        kind = self.session.options.kind
        errand = Errand("wayback" if kind == "wayback" else "commoncrawl", "index", read)
        return archive_request(url, errand, self.read, self.failed, index=index, walk=walk)

    def read(self, response: Response, index: Index, walk: Walk) -> Iterator[Request]:
        """Enters what one answer names; asks for the next."""
        result = request_of(response).meta[RESULT]
        if isinstance(result, Trouble):
            self._refused(result, walk)
            return
        if isinstance(result, IndexPage):
            self._enter(result, walk)
        more = index.advance(walk, result) and walk.barren < BARREN
        self._note(walk, done=not more)
        self.session.commit()
        walk.answers += 1
        if more and walk.answers < MOST_ANSWERS:
            yield self._ask(index, walk)
        elif more:
            self.session.report.refused["archive-index-endless"] += 1

    def _enter(self, page: IndexPage, walk: Walk) -> None:
        now = self.session.now()
        self.writer.add_holdings(walk.archive, chosen(page.entries, self.session.site, now))
        times = [digits(entry.at) for entry in page.entries if entry.at <= now]
        walk.newest = max((*times, walk.newest or ""), default="") or None
        walk.barren = 0 if page.entries else walk.barren + 1

    def _note(self, walk: Walk, *, done: bool) -> None:
        self.writer.note_harvest(
            walk.archive,
            walk.query,
            cursor=None if done else json.dumps(walk.place),
            done_at=self.session.now() if done else None,
            newest=walk.newest,
        )

    def _refused(self, trouble: Trouble, walk: Walk) -> None:
        """An index that will not answer this query: without it there is nothing to read.

        It may be the place that it does not take: the next crawl begins anew.
        """
        if walk.place:
            walk.place = {}
            self._note(walk, done=False)
        if not self.session.report.blocked:
            self.session.report.blocked = self._cause(trouble)
            self.session.report.blocked_for_good = trouble.cause == EXCLUDED

    def _cause(self, trouble: Trouble) -> str:
        source = self.session.options.source
        if trouble.cause != EXCLUDED:
            return f"{source}: index: {trouble.cause}"
        host = self.session.site.hosts[0]
        return f"{source} has excluded {host}; read another archive or captured files with --from"

    def failed(self, failure: Failure) -> None:
        """The crawl is ending, or the archive was given up; the walk goes on in the next crawl."""

    def _has_work(self, known: HarvestRow) -> bool:
        """Whether what a fresh index has named is still to be fetched: a crawl that was cut short goes on with that."""
        fresh = known.done_at is not None and abs(self.session.now() - known.done_at) < FRESH
        return fresh and bool(self.writer.holding_counts(self.session.site.id, known.archive).get("new"))

    # -- where a walk begins --------------------------------------------------------------------------------

    def begin(self, archive: str, prefix: str, *, once: bool) -> Walk | None:
        """A walk over everything, from where the last one stopped, or over what is new since; None: nothing to ask.

        With `once` an index never changes once it is there.
        """
        options = self.session.options
        query = f"{prefix} since {options.since}" if options.since else prefix
        known = self.writer.harvest(archive, query)
        walk = Walk(archive, query, prefix, options.since)
        if known is None or options.full:
            self._note(walk, done=False)
        elif known.done_at is None:
            walk.place = json.loads(known.cursor or "{}")
            walk.newest = known.newest
        elif once or self._has_work(known):
            return None
        else:
            walk.newest = known.newest
            walk.place = {"from": _back(known.done_at, known.newest).isoformat()}
        return walk


def _back(done_at: datetime, newest: str | None) -> date:
    """The day from which a later harvest asks."""
    seen = timestamp(newest or "") or done_at
    return min(seen, done_at).date() - OVERLAP


class WaybackIndex:
    """The Wayback Machine's index: one query a host, walked by resume keys."""

    def __init__(self, pages: IndexPages) -> None:
        self.pages = pages
        self.session = pages.session

    def walks(self) -> list[Walk]:
        walks = (self.pages.begin("wayback", prefix, once=False) for prefix in prefixes(self.session.site))
        return [walk for walk in walks if walk]

    def request(self, walk: Walk) -> tuple[str, Any]:
        begin = walk.place.get("from")
        since = max(filter(None, (date.fromisoformat(begin) if begin else None, walk.since)), default=None)
        base = self.session.config.wayback_url
        return cdx_url(base, walk.prefix, since=since, resume=walk.place.get("resume")), index_page

    def advance(self, walk: Walk, result: Any) -> bool:
        """A key that was given before would lead in a circle: there is no more."""
        resume = result.resume
        if resume is None or resume == walk.place.get("resume") or resume in walk.seen:
            return False
        walk.seen.add(resume)
        walk.place["resume"] = resume
        return True


class CommonCrawlIndex:
    """The index of one of Common Crawl's crawls: a number of pages, then each of them. It never changes."""

    def __init__(self, pages: IndexPages, crawls: tuple[str, ...]) -> None:
        self.pages = pages
        self.session = pages.session
        self.crawls = crawls

    def walks(self) -> list[Walk]:
        walks = (
            self.pages.begin(f"commoncrawl:{crawl}", prefix, once=True)
            for crawl in self.crawls
            for prefix in prefixes(self.session.site)
        )
        return [walk for walk in walks if walk]

    def request(self, walk: Walk) -> tuple[str, Any]:
        crawl = walk.archive.partition(":")[2]
        page = walk.place.get("page")
        base = self.session.config.commoncrawl_index_url
        url = index_url(base, crawl, walk.prefix, page=page, since=walk.since)
        return url, read_page_count if page is None else read_page

    def advance(self, walk: Walk, result: Any) -> bool:
        if not isinstance(result, IndexPage):
            walk.place = {"page": 0, "pages": result}
            return bool(result)
        walk.place["page"] += 1
        return bool(walk.place["page"] < walk.place["pages"])
