"""Builds everything that is published of one site: reads the store, writes the output folder."""

import json
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from crawler.sites.model import Site
from crawler.store.api import Reader
from feeds.build import atom, rss
from feeds.calendar import calendar, meetings
from feeds.context import Build
from feeds.current import archived, current_entries, current_feed, notes
from feeds.jsonfeed import json_feed
from feeds.kept import KeptFiles
from feeds.made import Made, census, change_digest, fingerprint, plan_digests
from feeds.months import make_months
from feeds.opml import opml
from feeds.pages import FRONT_ENTRIES, feed_page, front_page, static_files, status_page
from feeds.periods import period_rows
from feeds.publish import OutputFolder, SiteFolder, is_published_name
from feeds.select import ALL, DEFAULT_SIZE, calendar_articles, plan_feeds, site_prefix, site_url
from feeds.status import recalled, site_status
from feeds.values import Feed, FeedInfo
from feeds.work import Work, decide_work, owned_folders


@dataclass(frozen=True, slots=True)
class BuildResult:
    """What a build did; paths are relative to the output folder."""

    #: Files with other bytes than before.
    written: tuple[str, ...]
    #: Files that were made again and are the same; what no change could touch was not even made.
    unchanged: tuple[str, ...]
    removed: tuple[str, ...]
    feeds: tuple[FeedInfo, ...]
    #: Articles that stand nowhere, with the reason.
    refused: Mapping[str, str]


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
    whole: bool = False,
    captures: Path | None = None,
    hub: str | None = None,
) -> BuildResult:
    """Writes all files of one site below `out`; only those whose bytes differ are touched.

    `public` is the address at which `out` is served. The first site stands at the root, another one under its
    `path` (`root=False`). `now` goes into `status.*` alone. With `whole`, everything is made again, not only what
    changes since the last build can touch. `captures` is the folder of the WARC files, from which a site with
    `link = "archive"` gets its pictures and attachments; `hub` is the WebSub hub that feeds name. PublishError when
    a file cannot be written.
    """
    prefix = site_prefix(site, root=root)
    plans = plan_feeds(reader, site)
    with OutputFolder(out) as output:
        folder = SiteFolder(output, prefix)
        files = None
        if site.link == "archive" and captures is not None:
            files = KeptFiles(reader, site.id, captures, folder)
        build = Build(reader, site, site_url(public, prefix), plans, feed_size, demo, files, hub)
        status = folder.read("status.json")
        made = _made_of(build)
        work = decide_work(build, folder, None if whole else Made.read(status), made)
        feeds = _make_feeds(build, folder, work, status)
        make_months(build, folder, {feed.plan.id: feed for feed in feeds}, work)
        for name, content in _site_files(build, feeds, work):
            folder.write(name, content)
        if work.whole:
            kept = {prefix + path for path in files.used} if files else set()
            _clear(build, folder, {*output.written, *output.unchanged, *kept})
        told = site_status(reader, site, feeds, now=now)
        # Last: until then the folder counts as made of what the old one says.
        for name, content in _status_files(build, folder, told, made):
            folder.write(name, content)
    infos = tuple(FeedInfo(feed.plan.id, feed.plan.title, feed.plan.kind, feed.count) for feed in feeds)
    return BuildResult(
        tuple(output.written), tuple(output.unchanged), tuple(output.removed), infos, build.refused
    )


def _clear(build: Build, folder: SiteFolder, made: Set[str]) -> None:
    """Takes away what lies in the folders of months and was not made: of another store, or of a longer archive."""
    for owned in owned_folders(build):
        for inner in folder.folders(owned) if owned in folder.folders() else ():
            for name in folder.names(f"{owned}/{inner}"):
                path = f"{owned}/{inner}/{name}"
                if is_published_name(name) and folder.prefix + path not in made:
                    folder.remove(path)


def _made_of(build: Build) -> Made:
    reader, site = build.reader, build.site
    seq, seen = reader.last_seq(site.id), reader.last_view(site.id)
    return Made(
        by=fingerprint(site, build.base_url, build.feed_size, build.hub, demo=build.demo),
        seq=seq,
        change=change_digest(reader, site, seq),
        views=seen[0] if seen else 0,
        plans=plan_digests(build.plans),
        files={},
    )


def _make_feeds(build: Build, folder: SiteFolder, work: Work, status: bytes | None) -> list[Feed]:
    """Makes the current files of the feeds that can differ; all feeds, without their entries."""
    known = recalled(status)
    feeds = []
    for plan in build.plans:
        if plan.id in work.feeds or plan.id not in known:
            feed = current_feed(build, plan)
            for name, content in _feed_files(build, feed):
                folder.write(f"{plan.id}/{name}", content)
            feeds.append(replace(feed, entries=(), removals=()))
        else:
            feeds.append(replace(archived(build, build.empty_feed(plan)), **known[plan.id]))
    return feeds


def _feed_files(build: Build, feed: Feed) -> Iterator[tuple[str, Iterator[bytes]]]:
    yield "rss.xml", rss(feed)
    yield "atom.xml", atom(feed)
    yield "feed.json", json_feed(feed)
    series = next((one for one in build.site.series if one.id == feed.plan.id), None)
    periods = period_rows(feed.entries, series.granularity) if series else ()
    yield "index.html", feed_page(feed, periods, notes(build, feed.plan), **build.about)


def _site_files(build: Build, feeds: list[Feed], work: Work) -> Iterator[tuple[str, bytes | Iterator[bytes]]]:
    # What a view count moves stays inside its own folder.
    changed = max(feed.updated for feed in feeds if feed.plan.kind != "most-read")
    newest = list(islice(current_entries(build, ALL), FRONT_ENTRIES))
    yield from static_files()
    if work.whole or work.pages:  # only an article's change can move an event, or the window
        events = meetings(calendar_articles(build.reader, build.site), build.site)
        yield "calendar.ics", calendar(events, title=f"Lịch – {build.title}")
    yield "feeds.opml", opml(feeds, title=build.title, home=build.site.home, changed=changed)
    yield "index.html", front_page(feeds, newest, **build.about)


def _status_files(
    build: Build, folder: SiteFolder, told: dict[str, Any], made: Made
) -> Iterator[tuple[str, bytes | Iterator[bytes]]]:
    yield "status.html", status_page(told, **build.about)
    files, _ = census(folder, owned_folders(build))
    unfit = tuple(sorted(build.files.unfit)) if build.files else ()
    whole = {**told, "made": replace(made, files=files, unfit=unfit).shape()}
    yield "status.json", json.dumps(whole, ensure_ascii=False, indent=1).encode() + b"\n"
