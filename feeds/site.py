"""Builds everything that is published of one site: reads the store, writes the output folder."""

import json
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from crawler.items import ArticleState
from crawler.sites.model import Site
from crawler.store.api import Reader
from feeds.build import atom, rss
from feeds.entry import make_entry, tag_uri
from feeds.jsonfeed import json_feed
from feeds.opml import opml
from feeds.pages import feed_page, front_page, static_files, status_page
from feeds.publish import OutputFolder
from feeds.select import DEFAULT_SIZE, newest_change, plan_feeds, removals, select, site_prefix, site_url
from feeds.spool import Spool
from feeds.status import site_status
from feeds.text import local
from feeds.values import Entry, Feed, FeedInfo, FeedPlan

#: Entries kept for the next feed that holds them; the newest stand in `all` and in their section.
_REMEMBERED = 1000
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class BuildResult:
    """What a build did; paths are relative to the output folder."""

    written: tuple[str, ...]
    unchanged: tuple[str, ...]
    feeds: tuple[FeedInfo, ...]
    #: Articles that stand in no feed, with the reason.
    refused: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Build:
    """What every step of one build needs."""

    reader: Reader
    site: Site
    #: Address of the site's folder, ending in a slash.
    base_url: str
    demo: bool

    refused: dict[str, str] = field(default_factory=dict)
    _entries: dict[tuple[str, int], Entry] = field(default_factory=dict)

    def entry(self, state: ArticleState) -> Entry | None:
        """The article's entry, made once however many feeds hold it; None for one that cannot be shown.

        One bad article must never cost a feed; it is counted and told instead.
        """
        key = (state.id, state.seq)
        if key not in self._entries:
            if len(self._entries) >= _REMEMBERED:
                self._entries.clear()
            try:
                self._entries[key] = make_entry(state, self.site)
            except ValueError as error:
                self.refused[state.id] = str(error)
                return None
        return self._entries[key]

    @property
    def title(self) -> str:
        return f"{self.site.title} (bản trình diễn)" if self.demo else self.site.title


def build_site(
    reader: Reader,
    site: Site,
    *,
    out: Path,
    public: str,
    feed_size: int = DEFAULT_SIZE,
    root: bool = True,
    now: datetime,
    demo: bool = False,
) -> BuildResult:
    """Writes all files of one site below `out`; only those whose bytes differ are touched.

    `public` is the address at which `out` is served. The first site stands at the root, another one under its
    `path` (`root=False`). `now` goes into `status.*` alone. PublishError when a file cannot be written.
    """
    prefix = site_prefix(site, root=root)
    build = _Build(reader, site, site_url(public, prefix), demo)
    with OutputFolder(out) as folder:
        feeds = []
        for plan in plan_feeds(reader, site):
            feed = _feed(build, plan, feed_size)
            for name, content in _feed_files(build, feed):
                folder.write(f"{prefix}{plan.id}/{name}", content)
            newest = feed.entries if plan.kind == "all" else ()
            feeds.append(replace(feed, entries=newest))
        for name, whole in _site_files(build, feeds, now):
            folder.write(prefix + name, whole)
    infos = tuple(FeedInfo(feed.plan.id, feed.plan.title, feed.plan.kind, feed.count) for feed in feeds)
    for article, reason in build.refused.items():
        _log.warning("article %s of site %s is in no feed: %s", article, site.id, reason)
    return BuildResult(tuple(folder.written), tuple(folder.unchanged), infos, build.refused)


def _feed(build: _Build, plan: FeedPlan, feed_size: int) -> Feed:
    site = build.site
    entries = Spool()
    newest = newest_change(build.reader, site, plan)
    changed, published = newest, None
    for state in select(build.reader, site, plan, newest, feed_size=feed_size):
        entry = build.entry(state)
        if entry:
            entries.add(entry)
            changed, published = _later(changed, entry.updated), _later(published, entry.published)
    removed = removals(build.reader, site, plan, newest)
    return Feed(
        plan=plan,
        id=tag_uri(site, f"feed/{plan.id}"),
        title=build.title if plan.kind == "all" else f"{plan.title} – {build.title}",
        subtitle=_subtitle(plan, site),
        base_url=f"{build.base_url}{plan.id}/",
        author=site.title,
        author_url=site.home,
        icon_url=build.base_url + "icon.png",
        updated=local(changed or _beginning(site)),
        newest=published,
        removals=removed,
        count=len(entries),
        entries=entries,
    )


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max(one, other) if one and other else one or other


def _beginning(site: Site) -> datetime:
    """The `updated` of a feed that holds nothing yet: the date of the site's tag URIs, which never moves."""
    year, month, day = (int(part) for part in (*site.tag_date.split("-"), "1", "1")[:3])
    return datetime(year, month, day, tzinfo=UTC)


def _subtitle(plan: FeedPlan, site: Site) -> str:
    if plan.kind == "all":
        return f"Bài viết mới trên cổng thông tin {site.title}"
    if plan.kind == "section":
        return f"Bài viết trong chuyên mục “{plan.title}” của cổng thông tin {site.title}"
    return f"Loạt bài định kỳ “{plan.title}” trên cổng thông tin {site.title}"


def _feed_files(build: _Build, feed: Feed) -> Iterator[tuple[str, Iterator[bytes]]]:
    yield "rss.xml", rss(feed)
    yield "atom.xml", atom(feed)
    yield "feed.json", json_feed(feed)
    yield "index.html", feed_page(feed, site_title=build.site.title, home=build.site.home, demo=build.demo)


def _site_files(
    build: _Build, feeds: list[Feed], now: datetime
) -> Iterator[tuple[str, bytes | Iterator[bytes]]]:
    about = {"site_title": build.site.title, "home": build.site.home}
    changed = max(feed.updated for feed in feeds)
    status = site_status(build.reader, build.site, feeds, now=now)
    yield from static_files()
    yield "feeds.opml", opml(feeds, title=build.title, home=build.site.home, changed=changed)
    yield "index.html", front_page(feeds, **about, demo=build.demo)
    yield "status.json", json.dumps(status, ensure_ascii=False, indent=1).encode() + b"\n"
    yield "status.html", status_page(status, **about, demo=build.demo)
