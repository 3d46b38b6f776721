"""Files that articles offer or show, out of the Wayback Machine: the capture of each that is nearest to now."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from itertools import islice

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.sources.answers import Absent, Elsewhere, Trouble
from crawler.sources.errand import RESULT, Errand
from crawler.sources.handler import REPLAY
from crawler.sources.memento import memento_url, read_memento
from crawler.spiders.answers import request_of
from crawler.spiders.assets import CHUNK, AssetPages
from crawler.spiders.holdings import HOPS
from crawler.spiders.indexes import archive_request
from crawler.store import AssetRow

#: An archive that does not have a file today is asked again after so many days.
ABSENT_DAYS = 90


class HeldFiles(AssetPages):
    """The files of one crawl of the Wayback Machine; no index is asked for them."""

    def requests(self) -> Iterator[list[Request]]:
        """Requests for wanted files, a few at a time, until a budget is used up or nothing is left."""
        self.enter_all()
        limit = self.session.config.assets_per_run
        rows = self.writer.wanted_assets(self.session.now(), limit)
        ours = filter(self._is_ours, rows)
        while self._has_room() and (batch := list(islice(ours, CHUNK))):
            yield [self._ask(row, row.url, self.session.now(), 0) for row in batch]
        self.progress.complete = len(rows) < limit and self._has_room()

    def _ask(self, row: AssetRow, url: str, at: datetime, hops: int) -> Request:
        most = self.session.config.max_asset
        asked = memento_url(self.session.config.wayback_url, url, at)
        errand = Errand("wayback", "pages", partial(read_memento, asked=asked, url=url, limit=most))
        meta = {"download_maxsize": most}
        return archive_request(asked, errand, self.read_held, self.failed, meta=meta, row=row, hops=hops)

    def read_held(self, response: Response, row: AssetRow, hops: int) -> Iterator[Request]:
        """Takes the file, or follows the archive to where it has one."""
        meta = request_of(response).meta
        result = meta[RESULT]
        if isinstance(result, Elsewhere) and hops < HOPS and self._on_portal(result.url):
            yield self._ask(row, result.url, result.at, hops + 1)
        elif REPLAY in meta:
            refusal = "truncated" if meta[REPLAY].truncated else self._take(response, row.url)
            if refusal:
                self._settle(row, "refused", refusal, ABSENT_DAYS)
        elif isinstance(result, Trouble):
            self._settle(row, "failed", result.reason, 0)
        else:
            reason = result.reason if isinstance(result, Absent) else "archive-redirect"
            self._settle(row, "refused", reason, ABSENT_DAYS)

    def failed(self, failure: Failure) -> None:
        """The crawl is ending, or the archive was given up: the file stays wanted."""
