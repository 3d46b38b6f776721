"""What is read most, and plots of view counts. Counts stay as observed; nothing is estimated."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from crawler.items import ArticleState, ViewObservation
from crawler.store.api import Reader
from feeds.entry import page_of, title_of
from feeds.paths import file_stem
from feeds.text import grouped, local, one_line
from feeds.values import Plot

WINDOW = timedelta(days=30)
#: The box of a plot, in units of its own.
WIDTH, HEIGHT = 600, 120


@dataclass(frozen=True, slots=True)
class Popular:
    """An article among the most read."""

    state: ArticleState
    #: Views gained in the window; None where fewer than two observations in it (or a fall) tell nothing.
    gained: int | None


def most_read(reader: Reader, site: str, newest: datetime | None, size: int) -> Iterator[Popular]:
    """The articles that gained most in the 30 days to the newest observation, then those with the highest totals."""
    if newest is None:
        return
    gains = sorted(_gains(reader.views_since(site, newest - WINDOW)), reverse=True)[:size]
    named = {article for _, article in gains}
    gained = {article: gain for gain, article in gains}
    # As many more as could be named already: what is left of them is enough.
    rest = [article for article in reader.most_viewed(site, size + len(named)) if article not in named]
    states = (reader.article(site, article) for article in (*gained, *rest))
    shown = (Popular(state, gained.get(state.id)) for state in states if state and state.deleted_at is None)
    yield from _first(shown, size)


def told(one: Popular) -> str:
    """`12.345 lượt xem, thêm 120 trong 30 ngày`, for readers."""
    total = f"{grouped(one.state.views.count)} lượt xem" if one.state.views else ""
    return f"{total}, thêm {grouped(one.gained)} trong 30 ngày" if one.gained is not None else total


def _gains(seen: Iterable[tuple[str, ViewObservation]]) -> Iterator[tuple[int, str]]:
    for article, group in groupby(seen, key=lambda pair: pair[0]):
        counts = [observation.count for _, observation in group]
        # A fall says that the portal counts anew: how much was gained before it, nobody knows.
        if len(counts) > 1 and counts == sorted(counts):
            yield counts[-1] - counts[0], article


def _first(found: Iterable[Popular], size: int) -> Iterator[Popular]:
    for number, one in enumerate(found):
        if number == size:
            return
        yield one


def plot(state: ArticleState, seen: Sequence[ViewObservation]) -> Plot:
    """The view counts of an article, as a line where there are two or more."""
    points = tuple((local(one.observed_at), one.count) for one in seen)
    article = one_line(state.id)
    return Plot(title_of(state), page_of(state), file_stem(article), points, _line(points))


def _line(points: Sequence[tuple[datetime, int]]) -> str | None:
    """Time from left to right over the whole width; counts from zero at the bottom."""
    if len(points) < 2:
        return None
    start, span = points[0][0], (points[-1][0] - points[0][0]).total_seconds() or 1.0
    highest = max(count for _, count in points) or 1
    places = (
        (WIDTH * (moment - start).total_seconds() / span, HEIGHT - HEIGHT * count / highest)
        for moment, count in points
    )
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
