"""Whether the portal is well: failures that may be the whole portal's are an article's own only once it is.

Speaks to the store's ledger; knows nothing of requests and responses.
"""

from collections.abc import Callable
from datetime import timedelta

from crawler.crawling.session import CrawlSession
from crawler.store import LinkRow, LinkState

#: So many pages on end by which the portal as a whole refuses us mean that it blocks us or is down.
BLOCKED_AFTER = 5
#: After a refused try an article is tried again after so many days, by number of tries.
RETRY_DAYS = (1, 3, 7, 30)
#: Refusals by the portal as a whole rather than of one page.
PORTAL_REFUSALS = frozenset({"blocked", "captcha", "maintenance", "login", "runtime-error", "parked"})


class PortalHealth:
    """Notes what went well and what went wrong in one crawl."""

    def __init__(self, session: CrawlSession, stop: Callable[[str], None]) -> None:
        """`stop` ends the crawl for the reason it is given."""
        self.session = session
        self._stop = stop
        #: Failures on end, and the articles they happened to: settled once it is known that the portal is well.
        self._trouble = 0
        self._doubts: list[tuple[LinkRow, str, LinkState]] = []

    def went_well(self) -> None:
        """A page as expected: whatever failed before it was no block."""
        self._trouble = 0
        self.settle_doubts()

    def went_wrong(self, reason: str) -> None:
        """One more page on end by which the portal as a whole refuses; after several it is left alone."""
        self._trouble += 1
        if self._trouble >= BLOCKED_AFTER and self.session.live and not self.session.report.blocked:
            self.session.report.blocked = f"several pages on end failed: {reason}"
            self._stop("blocked")

    def doubt(self, row: LinkRow, reason: str, state: LinkState) -> None:
        """An article that could not be read, for a reason that may be the whole portal's."""
        self.session.report.refuse(reason)
        self._doubts.append((row, reason, state))

    def settle_doubts(self) -> None:
        """Failures that were no block after all are the articles' own."""
        doubts, self._doubts = self._doubts, []
        for row, reason, state in doubts:
            self.settle(row, state, reason)

    def refuse(self, row: LinkRow, reason: str, state: LinkState = "refused") -> None:
        """An article that could not be read, for a reason of its own."""
        self.session.report.refuse(reason)
        self.settle(row, state, reason)

    def settle(self, row: LinkRow, state: LinkState, reason: str) -> None:
        """Notes a try without an article: one that failed is made again in the next crawl, one that was refused
        later and later, one of an article that is gone never.
        """
        now = self.session.now()
        days = 0 if state == "failed" else RETRY_DAYS[min(row.tries, len(RETRY_DAYS) - 1)]
        retry = None if state == "gone" else now + timedelta(days=days)
        self.session.writer.settle(row.id, state, now, reason=reason, retry=retry)
