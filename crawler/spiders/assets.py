"""Files that articles offer or show: fetched after the articles, or found among the captures that are replayed."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import islice
from typing import Literal, NamedTuple

from scrapy import Request
from scrapy.exceptions import DownloadCancelledError, IgnoreRequest
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.crawling.assets import asset_of, file_key, media_type_of, refusal_of, wanted_files
from crawler.middlewares.breaker import TRIED, is_trouble
from crawler.middlewares.resolver import policy_for
from crawler.middlewares.robots import RobotsError
from crawler.netguard import Refused
from crawler.report import AssetProgress
from crawler.sources.handler import REPLAY
from crawler.spiders.answers import batches, capture_of, header_of, request_of
from crawler.spiders.parts import Parts
from crawler.spiders.replay import replay_requests
from crawler.store import AssetRow

#: Files asked for between two looks at the budget of bytes.
CHUNK = 8
#: So many files on end that the server fails to give, and the rest is left for another run.
GIVE_UP = 10
#: A file that was refused is tried again after so many days, by number of tries; one that failed sooner, but it
#: must not stand for ever before others, where the server cannot give it.
RETRY_DAYS = (1, 7, 30, 90)
FAILED_DAYS = (0, 1, 7, 30)
#: Files on other hosts are looked at again after so long: a site file may list the host by then.
OFFSITE_DAYS = 90
#: Most files looked for among captures in one run: nobody is asked for them, only memory bounds them.
MOST_REPLAYED = 100_000
#: A file may take so many times as long as a page.
PATIENCE = 5


class Named(NamedTuple):
    """A file as one article names it."""

    article_id: str
    url: str


class AssetPages:
    """The files of one crawl. What goes wrong with one is counted, and is no fault of the crawl."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.session = parts.session
        self.writer = parts.session.writer
        self.policy = policy_for(self.session.config, parts.site.hosts)
        self._failed_on_end = 0

    @property
    def progress(self) -> AssetProgress:
        """What the report says of files."""
        return self.session.report.assets

    # -- which ----------------------------------------------------------------------------------------------

    def enter_all(self) -> None:
        """Enters the files of every stored article, unless the run before has done so already."""
        if not self._entered_before():
            now, site = self.session.now(), self.parts.site
            for article in self.writer.articles(site.id):
                self.writer.want_assets(article.id, wanted_files(article, self.session.assets), now)
                self.session.commit_if_due()
        self.progress.entered = True

    def _entered_before(self) -> bool:
        """Every run enters what it reads: one run without that, or with fewer kinds, and all is looked at again."""
        before = self.writer.runs(self.parts.site.id, limit=2)[1:]
        told = ((before[0].report or {}).get("assets") or {}) if before else {}
        return bool(told.get("entered")) and told.get("policy") in (self.session.assets, "all")

    # -- live -----------------------------------------------------------------------------------------------

    def live(self) -> Iterator[list[Request]]:
        """Requests for wanted files, a few at a time, until a budget is used up or nothing is left."""
        self.enter_all()
        limit = self.session.config.assets_per_run
        rows = self.writer.wanted_assets(self.session.now(), limit)
        ours = filter(self._is_ours, rows)
        while self._has_room():
            batch = list(islice(ours, CHUNK))
            if not batch:
                self.progress.complete = len(rows) < limit
                return
            yield [self._request(row) for row in batch]

    def _has_room(self) -> bool:
        within = self.progress.bytes < self.session.config.asset_bytes_per_run
        return within and self._failed_on_end < GIVE_UP

    def _is_ours(self, row: AssetRow) -> bool:
        """Whether a file lies on the portal; another host's is counted and left alone."""
        ours = self._on_portal(row.url)
        if not ours:
            self._settle(row, "refused", "offsite", OFFSITE_DAYS)
        return ours

    def _on_portal(self, url: str) -> bool:
        try:
            self.policy.check_url(url)
        except Refused:
            return False
        return True

    def _request(self, row: AssetRow) -> Request:
        config = self.session.config
        # A failing file says nothing of the portal (TRIED), and a large one may take its time.
        meta = {
            TRIED: True,
            "download_maxsize": config.max_asset,
            "download_timeout": PATIENCE * config.timeout,
        }
        headers = {"Accept": "*/*"}
        return Request(
            row.url,
            self.read,
            errback=self.failed,
            headers=headers,
            cb_kwargs={"row": row},
            meta=meta,
            dont_filter=True,
        )

    async def read(self, response: Response, row: AssetRow) -> None:
        """Takes what the server gave."""
        if is_trouble(response.status):
            self._fail(row, f"http-{response.status}")
            return
        self._failed_on_end = 0
        refusal = self._take(response, row.url)
        if refusal:
            self._settle(row, "refused", refusal, RETRY_DAYS[min(row.tries, len(RETRY_DAYS) - 1)])

    def failed(self, failure: Failure) -> None:
        """Notes the failed try."""
        row: AssetRow = failure.request.cb_kwargs["row"]  # type: ignore[attr-defined]
        if self.parts.is_ending(failure):
            return
        if isinstance(failure.value, RobotsError):
            self._settle(row, "refused", "robots", RETRY_DAYS[-1])
        elif isinstance(failure.value, DownloadCancelledError):
            self._settle(row, "refused", "too-large", RETRY_DAYS[-1])
        elif isinstance(failure.value, IgnoreRequest):  # it leads to another host, or round in circles
            self._settle(row, "refused", "redirect", RETRY_DAYS[-1])
        else:
            self._fail(row, "unreachable")

    def _fail(self, row: AssetRow, reason: str) -> None:
        self._failed_on_end += 1
        self._settle(row, "failed", reason, FAILED_DAYS[min(row.tries, len(FAILED_DAYS) - 1)])

    # -- replay ---------------------------------------------------------------------------------------------

    def replayed(self) -> Iterator[list[Request]]:
        """Requests for the files among the captures that articles name, whatever the policy: they cost no request.

        What else the policy wants is entered, and stays wanted.
        """
        policy = self.session.assets
        if policy != "none":
            self.enter_all()
        self.session.commit()  # articles are read as they are committed
        named = self._named()
        if named:
            yield from batches(self._replay(named))
        rows = self.writer.wanted_assets(self.session.now(), MOST_REPLAYED) if policy != "none" else ()
        self.progress.complete = not list(filter(self._is_ours, rows))

    def _named(self) -> dict[str, list[Named]]:
        """The files on the portal that stored articles name."""
        named: dict[str, list[Named]] = {}
        for article in self.writer.articles(self.parts.site.id):
            for url in wanted_files(article, "all"):
                if len(named) < MOST_REPLAYED and self._on_portal(url):
                    named.setdefault(file_key(url), []).append(Named(article.id, url))
        return named

    def _replay(self, named: dict[str, list[Named]]) -> Iterator[Request]:
        """Each file's first usable capture: what was taken is named no more when the next batch is made."""
        captured = self.session.captured_files(lambda url: file_key(url) in named and self._on_portal(url))
        longest = {"download_maxsize": self.session.config.max_asset}
        for request in replay_requests(captured, self.read_captured, self.capture_failed):
            yield request.replace(cb_kwargs={"named": named}, meta=request.meta | longest)

    async def read_captured(self, response: Response, named: dict[str, list[Named]]) -> None:
        """Takes a file that was captured before; a capture that is none says nothing."""
        key = file_key(response.url)
        truncated = request_of(response).meta[REPLAY].truncated
        if key not in named or truncated or _refusal(response):
            return
        for url in self._offered(named.pop(key)):
            self._take(response, url)
            if self.progress.policy == "none":
                self.progress.policy = "all"

    def _offered(self, named: Sequence[Named]) -> list[str]:
        """Enters the file with the articles that name it; returns those of its addresses that are not kept yet."""
        site, left = self.parts.site.id, dict[str, None]()
        for article_id, url in named:
            self.writer.want_assets(article_id, [url], self.session.now())
            if url not in self.writer.assets(site, article_id):
                left[url] = None
        return list(left)

    def capture_failed(self, failure: Failure) -> None:
        """A captured file that cannot be decoded is none."""

    # -- the ledger -----------------------------------------------------------------------------------------

    def _take(self, response: Response, url: str) -> str | None:
        """Enters a good answer into the store; else says why it is none."""
        refusal = _refusal(response)
        if refusal is None:
            asset = asset_of(url, response.body, _media_type(response), capture_of(response))
            self.writer.settle_asset(url, "kept", self.session.now(), asset=asset)
            self.progress.kept += 1
            self.progress.bytes += asset.bytes
        return refusal

    def _settle(self, row: AssetRow, state: Literal["failed", "refused"], reason: str, days: int) -> None:
        self.progress.missing[reason] += 1
        now = self.session.now()
        self.writer.settle_asset(row.url, state, now, reason=reason, retry=now + timedelta(days=days))


def _media_type(response: Response) -> str | None:
    return media_type_of(header_of(response, "Content-Type"))


def _refusal(response: Response) -> str | None:
    """Why an answer is no file; None when it is one."""
    return refusal_of(response.status, _media_type(response), response.body)
