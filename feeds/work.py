"""Decides what a build must make: everything, or what changes of the store since the last build can touch.

The store remembers every change, so an article's former places (sections, series, months) are known without a
memory that grows with the archive.
"""

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from crawler.items import ArticleState
from feeds.archives import archived_parts
from feeds.articles import counts_views
from feeds.context import Build
from feeds.kept import FILES
from feeds.made import Made, change_digest, is_as_left
from feeds.paths import PAGES, month_of, page_path
from feeds.publish import SiteFolder
from feeds.text import local, one_line

#: With more changes than this a build makes everything: looking each one up would take longer.
_MANY = 1000


@dataclass(slots=True)
class Work:
    """What must be made; months are `YYYY-MM` of publication, else of first sight."""

    #: Everything is made, and what lies there besides is taken away.
    whole: bool = False
    #: Feeds whose current files may differ.
    feeds: set[str] = field(default_factory=set)
    #: Month -> feeds whose archive documents of it may differ.
    archives: dict[str, set[str]] = field(default_factory=dict)
    #: Month -> articles whose pages may differ; None stands for all.
    pages: dict[str, set[str] | None] = field(default_factory=dict)
    #: Months whose plots of view counts may differ.
    plots: set[str] = field(default_factory=set)
    #: Article -> files where its page once was, its present one among them.
    places: dict[str, set[str]] = field(default_factory=dict)

    def months(self) -> set[str]:
        """All months that must be looked at."""
        return {*self.archives, *self.pages, *self.plots}


def owned_folders(build: Build) -> Iterator[str]:
    """The folders that a build fills."""
    yield from (plan.id for plan in build.plans)
    yield PAGES
    yield FILES


def decide_work(build: Build, folder: SiteFolder, made: Made | None, now: Made) -> Work:
    """What a build must make; `made` tells of the last one, `now` what this one is made of."""
    if made is None or not _trusted(build, folder, made, now):
        return _everything(build)
    states = []
    for state in build.reader.changed(build.site.id, since=made.seq):
        states.append(state)
        if len(states) > _MANY:
            return _everything(build)
    work = Work(feeds=set(now.plans) - set(made.plans))
    states += _newly_kept(build, made, {state.id for state in states})
    if len(states) > _MANY:
        return _everything(build)
    for state in states:
        _add_article(build, work, state)
    if now.views != made.views:
        work.feeds.add("most-read")
        _add_plots(build, work, made.views)
    _add_neighbours(build, folder, work)
    return work


def _trusted(build: Build, folder: SiteFolder, made: Made, now: Made) -> bool:
    """Whether the folder is as the last build left it, made by this program of this store at an earlier time."""
    renamed = any(now.plans.get(feed) != digest for feed, digest in made.plans.items())
    if made.by != now.by or made.seq > now.seq or made.views > now.views or renamed:
        return False
    if change_digest(build.reader, build.site, made.seq) != made.change:
        return False
    return is_as_left(folder, owned_folders(build), made)


def _everything(build: Build) -> Work:
    if build.files:
        build.files.distrust()
    months = build.reader.months(build.site.id)
    archived = {plan.id for plan in build.plans if plan.is_archived}
    places: dict[str, set[str]] = {}
    for record in build.reader.sketches(build.site.id):
        if "first_seen" in record:
            places.setdefault(record["id"], set()).add(_page(record))
    return Work(
        whole=True,
        feeds={plan.id for plan in build.plans},
        archives={month: set(archived) for month in months},
        pages=dict.fromkeys(months),
        plots=set(months) if counts_views(build.site) else set(),
        places={article: found for article, found in places.items() if len(found) > 1},
    )


def _newly_kept(build: Build, made: Made, known: Set[str]) -> list[ArticleState]:
    """Articles whose pictures or attachments came since; that alone is no change of theirs."""
    if build.files is None:
        return []
    build.files.unfit |= set(made.unfit)
    waiting = sorted(set(build.files.unpublished()) - known)[: _MANY + 1]
    states = (build.reader.article(build.site.id, article) for article in waiting)
    return [state for state in states if state]


def _add_article(build: Build, work: Work, state: ArticleState) -> None:
    """Everything that holds this article or once held it."""
    records = [r for r in build.reader.sketches(build.site.id, state.id) if "first_seen" in r]
    feeds = {"all", *(s.id for s in state.sections), *({state.series.id} if state.series else ())}
    for record in records:
        feeds |= {section["id"] for section in record["sections"]}
        feeds |= {record["series"]["id"]} if record["series"] else set()
    archived = feeds & {plan.id for plan in build.plans if plan.is_archived}
    for month in {month_of_state(state), *map(_month, records)}:
        work.archives.setdefault(month, set()).update(archived)
        if counts_views(build.site):
            work.plots.add(month)
    work.feeds |= feeds | {"most-read", "corrections"}
    pages = work.pages.setdefault(month_of_state(state), set())
    if pages is not None:
        pages.add(state.id)
    work.places[state.id] = set(map(_page, records))


def _add_plots(build: Build, work: Work, since: int) -> None:
    if not counts_views(build.site):
        return
    seen = set()
    for record in build.reader.view_records(build.site.id, since=since):
        seen.add(record["id"])
        if len(seen) > _MANY:
            work.plots |= set(build.reader.months(build.site.id))
            return
    states = (build.reader.article(build.site.id, article) for article in seen)
    work.plots |= {month_of_state(state) for state in states if state}


def _add_neighbours(build: Build, folder: SiteFolder, work: Work) -> None:
    """A month that begins or ends in a feed's archive changes the links of those on both sides of it."""
    for plan in build.plans:
        touched = {month for month, feeds in work.archives.items() if plan.id in feeds}
        if not touched:
            continue
        known = set(archived_parts(folder.files(f"{plan.id}/archive")))
        standing = set(build.months(plan))
        for month in touched & (known ^ standing):
            older, newer = beside(standing, month)
            for other in filter(None, (older, newer)):
                work.archives.setdefault(other, set()).add(plan.id)


def beside(months: Iterable[str], month: str) -> tuple[str | None, str | None]:
    """The nearest of the months before and after this one."""
    known = set(months)
    older = max((other for other in known if other < month), default=None)
    newer = min((other for other in known if other > month), default=None)
    return older, newer


def month_of_state(state: ArticleState) -> str:
    """The month by which the store sorts an article."""
    moment = state.published.date if state.published else state.first_seen
    return month_of(None if moment is None else local(moment))


def _month(record: Mapping[str, Any]) -> str:
    return month_of(_published(record) or local(datetime.fromisoformat(record["first_seen"])))


def _page(record: Mapping[str, Any]) -> str:
    return page_path(one_line(record["id"]), _published(record))


def _published(record: Mapping[str, Any]) -> datetime | None:
    if record["published"] is None:
        return None
    text = record["published"]["date"]
    return local(date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text))
