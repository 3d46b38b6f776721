"""Makes the page of an article out of its state. Pure.

Only what makes a change (a new `seq`) stands on a page: view counts, last sights and related lists, which move
without one, would leave pages that a build from scratch makes differently.
"""

from collections.abc import Iterable, Mapping

from crawler.items import ArticleState
from crawler.sites.model import Site
from crawler.store.api import RevisionRow
from feeds.body import fitted, relocated
from feeds.corrections import corrections
from feeds.entry import body_of, files_of
from feeds.paths import file_stem, month_of, plot_path
from feeds.text import local, one_line
from feeds.values import ArticlePage, Entry, Happening


def make_page(
    state: ArticleState,
    entry: Entry,
    site: Site,
    revisions: Iterable[RevisionRow],
    kept: Mapping[str, str],
) -> ArticlePage:
    """The page of an article; `kept` are addresses, seen from the page, of files that we keep ourselves."""
    return ArticlePage(
        entry=entry,
        lead=one_line(state.lead or "") or None,
        body=fitted(relocated(body_of(state, entry.source), kept)),
        signatures=tuple(filter(None, (one_line(name or "") for name in (state.author, state.organization)))),
        files=files_of(state, kept),
        happening=_happening(state),
        first_seen=local(state.first_seen) if state.first_seen else None,
        removed=local(state.deleted_at) if state.deleted_at else None,
        corrections=corrections(revisions),
        plot=_plot(state, entry) if counts_views(site) else None,
    )


def counts_views(site: Site) -> bool:
    """Whether the portal shows view counts: the line below its titles has a place for them."""
    return any("views" in form.split() for form in site.header)


def _plot(state: ArticleState, entry: Entry) -> str:
    month = month_of(entry.published or (local(state.first_seen) if state.first_seen else None))
    return f"{plot_path(month)}#{file_stem(entry.article)}"


def _happening(state: ArticleState) -> Happening | None:
    if state.event is None:
        return None
    event = state.event
    return Happening(event.start, event.end, one_line(event.place or "") or None)
