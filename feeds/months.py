"""Makes what lies by months: pages of articles, archive documents, plots of view counts; little in memory."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import islice

from crawler.items import ArticleState
from feeds.archives import MonthArchive, Neighbours, Rendered, archived_parts
from feeds.articles import make_page
from feeds.build import atom_entries
from feeds.context import Build
from feeds.entry import make_removal
from feeds.jsonfeed import json_item
from feeds.pages import article_page, moved_page, plots_page
from feeds.paths import archive_stem, plot_path
from feeds.popular import plot
from feeds.publish import SiteFolder
from feeds.select import ALL
from feeds.values import Entry, Feed, Plot
from feeds.work import Work, beside

_BATCH = 100


def make_months(build: Build, folder: SiteFolder, heads: Mapping[str, Feed], work: Work) -> None:
    """Makes all months of a piece of work, newest first; `heads` are the feeds without entries."""
    waiting = work.months()
    parts = {
        feed: archived_parts(folder.names(f"{feed}/archive"))
        for feed in heads
        if heads[feed].plan.is_archived
    }
    while waiting:
        month = max(waiting)
        waiting.remove(month)
        for feed in _Month(build, folder, heads, work, parts, month).make():
            older, _ = beside(build.months(heads[feed].plan), month)
            if older:  # its link forward leads to the last part of this month
                work.archives.setdefault(older, set()).add(feed)
                waiting.add(older)


@dataclass(slots=True)
class _Month:
    """One month while it is made."""

    build: Build
    folder: SiteFolder
    heads: Mapping[str, Feed]
    work: Work
    #: Feed -> month -> number of the parts of its archive document.
    parts: dict[str, dict[str, int]]
    month: str
    plots: list[Plot] = field(default_factory=list)

    def make(self) -> list[str]:
        """Makes it; the feeds whose archive of this month has another number of parts now."""
        feeds = sorted(self.work.archives.get(self.month, ()))
        archives = {feed: archive for feed in feeds if (archive := self._archive_of(feed))}
        wanted = self.work.pages.get(self.month, set())
        states = _of_month(self.build, self.month)
        while batch := list(islice(states, _BATCH)):
            if archives or wanted is None or wanted:
                entries = [(state, entry) for state in batch if (entry := self.build.entry(state))]
                self._archive(entries, archives)
                for state, entry in entries:
                    if wanted is None or state.id in wanted:
                        self._page(state, entry)
            if self.month in self.work.plots:
                self._plot(batch)
        for archive in archives.values():
            archive.close()
        self._write_plots()
        return [feed for feed in feeds if self._settle(feed, archives.get(feed))]

    def _archive_of(self, feed: str) -> MonthArchive | None:
        months = self.build.months(self.heads[feed].plan)
        if self.month not in months:
            return None
        older, newer = beside(months, self.month)
        last = newer and archive_stem(newer, self.parts[feed].get(newer, 1))
        return MonthArchive(self.folder, self.heads[feed], self.month, Neighbours(older, last))

    def _archive(
        self, entries: list[tuple[ArticleState, Entry]], archives: Mapping[str, MonthArchive]
    ) -> None:
        if not archives:
            return
        standing = [entry for state, entry in entries if state.deleted_at is None]
        atoms = iter(atom_entries(self.heads["all"], standing))
        for state, entry in entries:
            feeds = {"all", *(s.id for s in state.sections), *({state.series.id} if state.series else ())}
            mine = [archives[feed] for feed in feeds if feed in archives]
            removal = make_removal(state, self.build.site)
            if removal:
                for archive in mine:
                    archive.bury(removal)
                continue
            rendered = Rendered(next(atoms), json_item(entry), entry.updated)
            for archive in mine:
                archive.add(rendered)

    def _page(self, state: ArticleState, entry: Entry) -> None:
        build = self.build
        revisions = build.reader.revisions(build.site.id, state.id) if state.updated else ()
        page = make_page(state, entry, build.site, revisions, build.kept(state, "../../"))
        self.folder.write(entry.page, article_page(page, self.heads["all"], build.linked, **build.about))
        for path in sorted(self.work.places.get(state.id, set()) - {entry.page}):
            self.folder.write(path, moved_page(path, entry, **build.about))

    def _plot(self, states: Iterable[ArticleState]) -> None:
        """Without entries: new view counts alone touch many months, and texts have no part in them."""
        known = {state.id: state for state in states}
        views = self.build.reader.views(self.build.site.id, known)
        self.plots += (plot(state, views[article]) for article, state in known.items() if article in views)

    def _write_plots(self) -> None:
        path = plot_path(self.month)
        if self.month not in self.work.plots:
            return
        if self.month not in self.build.months(ALL):
            self.folder.remove(path)
        else:
            content = plots_page(path, self.month, self.plots, self.heads["all"], **self.build.about)
            self.folder.write(path, content)

    def _settle(self, feed: str, archive: MonthArchive | None) -> bool:
        """Takes away documents beyond those just written; whether there are more or fewer now."""
        before, now = self.parts[feed].get(self.month, 0), archive.parts if archive else 0
        for part in range(now + 1, before + 1):
            for ending in ("xml", "json"):
                self.folder.remove(f"{feed}/archive/{archive_stem(self.month, part)}.{ending}")
        self.parts[feed][self.month] = now
        return now != before


def _of_month(build: Build, month: str) -> Iterator[ArticleState]:
    """The articles of a month, newest first, removed ones too."""
    year, number = map(int, month.split("-"))
    return build.reader.articles(
        build.site.id,
        newest=0,
        published_since=date(year, number, 1),
        published_before=date(year + number // 12, number % 12 + 1, 1),
        with_deleted=True,
    )
