"""What stands in the current file of each feed, as entries in order."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from html import escape

from crawler.sites.model import Site
from crawler.store.api import Reader
from feeds.archives import archive_url
from feeds.context import Build
from feeds.corrections import corrections
from feeds.popular import Popular, most_read, told
from feeds.select import DEFAULT_SIZE, WINDOW, newest_change, newest_update, plan_feeds, removals, select
from feeds.spool import Spool
from feeds.text import local
from feeds.values import Correction, Entry, Feed, FeedInfo, FeedPlan


def current_feed(build: Build, plan: FeedPlan) -> Feed:
    """A feed with everything of its current file."""
    entries = Spool()
    changed, published = newest_update(build.reader, build.site, plan), None
    for entry in current_entries(build, plan):
        entries.add(entry)
        changed, published = _later(changed, entry.updated), _later(published, entry.published)
    if plan.kind == "most-read" and (seen := build.reader.last_view(build.site.id)):
        changed = _later(changed, seen[1])
    feed = archived(build, build.empty_feed(plan))
    return replace(
        feed,
        updated=local(changed) if changed else feed.updated,
        newest=published,
        removals=removals(build.reader, build.site, plan),
        count=len(entries),
        entries=entries,
    )


def archived(build: Build, feed: Feed) -> Feed:
    """A current feed with the way into its archive."""
    newest = max(build.months(feed.plan), default=None) if feed.plan.is_archived else None
    if newest is None:
        return feed
    links = (("prev-archive", archive_url(feed, newest)),)
    return replace(feed, links=links, next_url=archive_url(feed, newest, "json"))


def current_entries(build: Build, plan: FeedPlan) -> Iterator[Entry]:
    """The entries of a feed's current file in order, without articles that cannot be shown."""
    match plan.kind:
        case "most-read":
            yield from filter(None, (build.entry(one.state) for one in _popular(build)))
        case "corrections":
            yield from (_with_correction(*found) for found in _corrected(build))
        case _:
            newest = newest_change(build.reader, build.site, plan)
            states = select(build.reader, build.site, plan, newest, feed_size=build.feed_size)
            yield from filter(None, map(build.entry, states))


def notes(build: Build, plan: FeedPlan) -> dict[str, str]:
    """Article -> what its entry says on a feed's page beside what it says everywhere."""
    if plan.kind == "most-read":
        return {one.state.id: told(one) for one in _popular(build)}
    if plan.kind == "corrections":
        return {entry.article: _changed(found) for entry, found in _corrected(build) if found}
    return {}


def _popular(build: Build) -> tuple[Popular, ...]:
    if build.popular is None:
        seen = build.reader.last_view(build.site.id)
        build.popular = tuple(most_read(build.reader, build.site.id, seen and seen[1], build.feed_size))
    return build.popular


def _corrected(build: Build) -> Iterator[tuple[Entry, Correction | None]]:
    """Corrected articles with their newest correction, newest first."""
    reader, site = build.reader, build.site.id
    newest = next(iter(reader.corrected(site, newest=1, since=None)), None)
    since = newest.updated - WINDOW if newest and newest.updated else None
    for state in reader.corrected(site, newest=build.feed_size, since=since):
        entry = build.entry(state)
        if entry:
            told = corrections(reader.revisions(site, state.id))
            yield entry, told[-1] if told else None


def _with_correction(entry: Entry, found: Correction | None) -> Entry:
    """The entry with what was changed before its text."""
    if found is None:
        return entry
    head = f"<p><strong>{escape(_changed(found).capitalize())}</strong></p>"
    return replace(entry, content=f"{head}\n{found.html}\n<hr>\n{entry.content}")


def _changed(found: Correction) -> str:
    return f"đã sửa, nhận thấy lúc {found.when:%d/%m/%Y %H:%M}: {', '.join(found.changed)}"


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max(one, other) if one and other else one or other


def list_feeds(reader: Reader, site: Site, *, feed_size: int = DEFAULT_SIZE) -> tuple[FeedInfo, ...]:
    """Every feed of the site with the number of its entries."""
    build = Build(reader, site, "", plan_feeds(reader, site), feed_size, demo=False)
    return tuple(
        FeedInfo(plan.id, plan.title, plan.kind, sum(1 for _ in current_entries(build, plan)))
        for plan in build.plans
    )
