"""A crawl that reads what web archives hold of a site: index, listings, articles. The portal itself is never asked."""

from collections.abc import Iterator

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.captures import CaptureError, read_at
from crawler.crawling.session import OptionError
from crawler.middlewares.capture import KEPT
from crawler.sources.answers import Trouble
from crawler.sources.commoncrawl import Crawl, UnknownCrawlError, chosen_crawls, read_crawls, wanted_ids
from crawler.sources.crawls import remember_crawls, remembered_crawls
from crawler.sources.errand import RESULT, Errand
from crawler.spiders.answers import batches, request_of
from crawler.spiders.heldfiles import HeldFiles
from crawler.spiders.holdings import HeldPages
from crawler.spiders.indexes import CommonCrawlIndex, Index, IndexPages, WaybackIndex, archive_request
from crawler.spiders.parts import Parts
from crawler.spiders.replay import ReplayedPages, replay_meta

#: Query name under which the ledger remembers whether an archive's listings were entered.
LISTINGS = "(listings)"

#: A phase's name, and requests.
Phase = tuple[str, list[Request]]


class Harvest:
    """One crawl of one archive; what it has read, a later one does not ask for again."""

    def __init__(self, parts: Parts, replayed: ReplayedPages) -> None:
        self.parts = parts
        self.session = parts.session
        self.writer = parts.session.writer
        self.replayed = replayed
        self._crawls: tuple[Crawl, ...] = ()

    def phases(self) -> Iterator[Phase]:
        """Batches of requests; each is made when the one before is done."""
        if self.session.options.kind == "wayback":
            yield "index", self._index(WaybackIndex(IndexPages(self.session)))
            archives = ["wayback"]
        else:
            yield "index", self._list_of_crawls()
            if not self._crawls:
                return
            ids = tuple(crawl.id for crawl in self._crawls)
            yield "index", self._index(CommonCrawlIndex(IndexPages(self.session), ids))
            archives = [f"commoncrawl:{name}" for name in ids]
        self._tell_if_empty(archives)
        held = [HeldPages(self.parts, self.replayed, archive) for archive in archives]
        for pages in held:
            yield from (("listings", requests) for requests in self._listings(pages))
        for pages in held:
            yield from (("articles", requests) for requests in pages.requests(articles=True))
        self.parts.desk.settle_replayed()
        if self.session.options.kind == "wayback" and self.session.assets != "none":
            yield from (("files", requests) for requests in HeldFiles(self.parts).requests())

    def _index(self, index: Index) -> list[Request]:
        return IndexPages(self.session).requests(index)

    def _tell_if_empty(self, archives: list[str]) -> None:
        """No captures at all is no error, but hardly what was hoped for."""
        site, since = self.session.site, self.session.options.since
        if any(sum(self.writer.holding_counts(site.id, archive).values()) for archive in archives):
            return
        hold = f"{', '.join(archives)} {'hold' if len(archives) > 1 else 'holds'}"
        when = f" since {since}" if since else ""
        self.session.report.note = f"{hold} no captures of {site.hosts[0]}{when}"

    # -- the crawls of Common Crawl -------------------------------------------------------------------------

    def _list_of_crawls(self) -> list[Request]:
        """A request for the list, unless it was read today."""
        config = self.session.config
        self._choose(remembered_crawls(config.captures, config.commoncrawl_index_url, self.session.now()))
        if self._crawls:
            return []
        errand = Errand("commoncrawl", "index", read_crawls)
        url = f"{config.commoncrawl_index_url}collinfo.json"
        return [archive_request(url, errand, self.read_crawls, self.failed)]

    def read_crawls(self, response: Response) -> None:
        """Takes the crawls that the option names out of the list."""
        result = request_of(response).meta[RESULT]
        if isinstance(result, Trouble):
            self.session.report.blocked = f"{self.session.options.source}: list of crawls: {result.cause}"
            return
        config = self.session.config
        remember_crawls(config.captures, config.commoncrawl_index_url, self.session.now(), result)
        self._choose(result, final=True)

    def _choose(self, crawls: tuple[Crawl, ...], *, final: bool = False) -> None:
        """A crawl that a remembered list does not have may be a new one."""
        if not crawls:
            return
        try:
            self._crawls = chosen_crawls(crawls, wanted_ids(self.session.options.source))
        except ValueError as error:
            self.session.fail(OptionError(f"--from {self.session.options.source}: {error}"))
        except UnknownCrawlError as error:
            if final:
                self.session.fail(OptionError(f"--from {self.session.options.source}: {error}"))

    def failed(self, failure: Failure) -> None:
        """The archive was given up, or the crawl is ending."""

    # -- listings -------------------------------------------------------------------------------------------

    def _listings(self, pages: HeldPages) -> Iterator[list[Request]]:
        """All pages that are no articles, judged side by side when the last is read.

        What was fetched and not yet judged when a crawl was killed is read again from our own captures.
        """
        known = self.writer.harvest(pages.archive, LISTINGS)
        if known is not None and known.done_at is None:
            yield from batches(self._kept_listings())
        begun = False
        for requests in pages.requests(articles=False):
            if not begun:
                self.writer.note_harvest(pages.archive, LISTINGS, cursor=None, done_at=None)
                begun = True
            yield requests
        self.parts.desk.settle_replayed()
        if begun or known is not None:
            self.writer.note_harvest(pages.archive, LISTINGS, cursor=None, done_at=self.session.now())

    def _kept_listings(self) -> Iterator[Request]:
        """Requests that bring the captures of such pages that this archive has given before."""
        site, folder = self.session.site, self.session.config.captures
        for row in self.writer.captures(site.id, pages_only=True):
            capture = row.capture
            if capture.source != self.session.options.kind or site.article_id(capture.url):
                continue
            try:
                captured = read_at(folder, capture)
            except CaptureError:
                continue
            yield Request(
                capture.url,
                self.replayed.read,
                errback=self.replayed.failed,
                meta=replay_meta(captured) | {KEPT: capture},
                dont_filter=True,
            )
