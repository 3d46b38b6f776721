"""How far a listing is walked: decides after each page whether to go on, jump or stop. Pure: no network, no store.

A listing is newest first, so an incremental crawl may stop at the first page that ends in an article known before;
but only when the listing was once walked to its end, and everything below that article is known too. While a walk is
unfinished its section therefore carries the run in which it began (`open_since`): an article first listed in or after
that run proves nothing about what lies below it. `resume_url` is the last page read; it may be jumped to only while
the pages above it are known without a gap, which is so when the first page already ends in a known article.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from crawler.items import ListedArticle
from crawler.store.api import SectionRow, Sighting

#: A listing that shows nothing new for so many pages on end has begun to repeat itself.
REPEATED_PAGES = 3
#: No listing of a portal of this kind is longer; beyond it a trap is assumed.
MAX_PAGES = 5000


@dataclass(frozen=True, slots=True)
class Step:
    """What to do after a page: the page to read next (None: the walk ends) and what the store is to remember."""

    next_url: str | None
    open_since: int | None
    resume_url: str | None
    backfilled: bool

    @property
    def complete(self) -> bool:
        """Whether the tail below the newest article is known to be complete now."""
        return self.open_since is None


@dataclass(slots=True)
class Walk:
    """One walk through one listing in one run."""

    row: SectionRow
    run: int
    full: bool = False
    #: Articles before this day are not asked for; a listing is left where it has become older.
    since: date | None = None
    pages: int = 0
    _visited: set[str] = field(default_factory=set)
    _seen: set[str] = field(default_factory=set)
    _barren: int = 0

    def after_page(
        self, url: str, listed: Sequence[ListedArticle], sightings: Sequence[Sighting], next_url: str | None
    ) -> Step:
        """Judges a page just read; `sightings` tell what the store knew of its articles before."""
        first = not self.pages
        self.pages += 1
        self._visited.add(url)
        began = self.row.open_since if self.row.open_since is not None else self.run
        last = sightings[-1].first_run if sightings else None
        if self.row.backfilled and not self.full and last is not None and last < began:
            return self._end(backfilled=True)
        if next_url is None or self._repeats(listed):
            return self._end(backfilled=True)
        if self._too_old(listed) or self.pages >= MAX_PAGES:
            return Step(None, began, url, self.row.backfilled)
        if first and last is not None and self._can_resume():
            return Step(self.row.resume_url, began, self.row.resume_url, self.row.backfilled)
        if next_url in self._visited:
            return self._end(backfilled=True)
        return Step(next_url, began, url, self.row.backfilled)

    def _end(self, *, backfilled: bool) -> Step:
        return Step(None, None, None, backfilled)

    def _can_resume(self) -> bool:
        return not self.full and self.row.resume_url is not None and self.row.resume_url not in self._visited

    def _repeats(self, listed: Sequence[ListedArticle]) -> bool:
        """Whether the listing has ended by repeating itself (or by an empty page)."""
        fresh = {article.id for article in listed} - self._seen
        self._seen |= fresh
        self._barren = 0 if fresh else self._barren + 1
        return not listed or self._barren >= REPEATED_PAGES

    def _too_old(self, listed: Sequence[ListedArticle]) -> bool:
        if self.since is None or not listed:
            return False
        return all(is_older(article, self.since) for article in listed)


def is_older(article: ListedArticle, since: date) -> bool:
    """Whether an article is listed with a date before that day."""
    if article.published is None:
        return False
    latest = article.published.latest
    return (latest.date() if isinstance(latest, datetime) else latest) < since
