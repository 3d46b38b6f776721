"""Which feeds a site has, and which articles each of them holds. Reads the store; no clock.

A feed's window of 30 days (CONTRACT, "Output folder") ends at the newest change of its own articles, not now: the
same store gives the same bytes on every day; a view count, which is no change, moves none of them, nor does a
change in another section. It holds at least what a window that ends now would hold.
"""

import logging
import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from crawler.items import ArticleState
from crawler.sites.model import Site
from crawler.store.api import Reader
from crawler.store.section_ids import RESERVED
from feeds.entry import make_removal
from feeds.text import local, one_line, web_address
from feeds.values import FeedPlan, Removal

WINDOW = timedelta(days=30)
#: How long a meeting stays in the calendar that a notice announced; sessions of series stay for good.
ANNOUNCED_FOR = timedelta(days=400)
DEFAULT_SIZE = 50
ALL = FeedPlan("all", "Tất cả bài viết", "all")
MOST_READ = FeedPlan("most-read", "Đọc nhiều", "most-read")
CORRECTIONS = FeedPlan("corrections", "Bài đã sửa", "corrections")

_FEED_ID = re.compile(r"[a-z0-9-]{1,80}")
_log = logging.getLogger(__name__)


def site_prefix(site: Site, *, root: bool) -> str:
    """The site's folder below the output folder: empty for the first site, else its path with a slash."""
    return "" if root else f"{site.path or site.id}/"


def site_url(public: str, prefix: str) -> str:
    """The address of the site's folder, ending in a slash; `public` is where the output folder is served."""
    return f"{public.rstrip('/')}/{prefix}"


def plan_feeds(reader: Reader, site: Site) -> tuple[FeedPlan, ...]:
    """`all`, every section in order of first sight, every series of the site file, even empty, and two more.

    A section whose id is no safe folder name, or is taken, was not written by our store: it gets no feed.
    """
    series = tuple(FeedPlan(s.id, s.title, "series") for s in site.series)
    taken = RESERVED | {plan.id for plan in series}
    sections = []
    for row in reader.sections(site.id):
        section = row.section
        if _FEED_ID.fullmatch(section.id) and section.id not in taken:
            taken |= {section.id}
            title = one_line(section.title) or section.id
            sections.append(FeedPlan(section.id, title, "section", web_address(section.url)))
        else:
            _log.warning("section %r of site %s gets no feed: its id cannot be a folder", section.id, site.id)
    return (ALL, *sections, *series, MOST_READ, CORRECTIONS)


def newest_change(reader: Reader, site: Site, plan: FeedPlan) -> datetime | None:
    """When one of the feed's articles last changed, removed ones too; None while it has none."""
    return reader.newest_change(site.id, section=section_of(plan), series=series_of(plan))


def newest_update(reader: Reader, site: Site, plan: FeedPlan) -> datetime | None:
    """When a reader could last see a change in the feed's articles; None while it has none."""
    return reader.newest_update(site.id, section=section_of(plan), series=series_of(plan))


def section_of(plan: FeedPlan) -> str | None:
    """The section that a feed is of."""
    return plan.id if plan.kind == "section" else None


def series_of(plan: FeedPlan) -> str | None:
    """The series that a feed is of."""
    return plan.id if plan.kind == "series" else None


def select(
    reader: Reader, site: Site, plan: FeedPlan, newest: datetime | None, *, feed_size: int = DEFAULT_SIZE
) -> Iterator[ArticleState]:
    """The articles of a feed's current file, newest first: a series' own all, else size and window.

    `newest` is the feed's `newest_change`.
    """
    if plan.kind == "series":
        return reader.articles(site.id, series=plan.id)
    since = newest - WINDOW if newest else None
    return reader.articles(
        site.id,
        section=section_of(plan),
        newest=feed_size,
        published_since=local(since).date() if since else None,
        changed_since=since,
    )


def removals(reader: Reader, site: Site, plan: FeedPlan) -> tuple[Removal, ...]:
    """What the portal took away in the feed's window, newest first."""
    newest = newest_change(reader, site, plan)
    if newest is None:
        return ()
    since = newest - WINDOW
    states = reader.articles(
        site.id,
        section=section_of(plan),
        series=series_of(plan),
        newest=0,
        changed_since=since,
        with_deleted=True,
    )
    found = [make_removal(state, site) for state in states if state.deleted_at and state.deleted_at >= since]
    return tuple(sorted(filter(None, found), key=lambda removal: (removal.when, removal.id), reverse=True))


def calendar_articles(reader: Reader, site: Site) -> Iterator[ArticleState]:
    """The articles whose events may stand in the calendar: all of the series, and the newest others; some twice."""
    for series in site.series:
        yield from reader.articles(site.id, series=series.id)
    newest = reader.newest_change(site.id)
    if newest:
        yield from reader.articles(site.id, newest=0, published_since=local(newest - ANNOUNCED_FOR).date())
