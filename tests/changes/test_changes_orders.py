"""Whatever order captures, removals and re-extractions come in: one outcome, and no published time goes back."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.changes import Memory, decide
from crawler.items import Article, ViewCount
from crawler.store import open_store
from crawler.store.write import SiteWriter
from tests.store.samples import NEWS, SITE, T0, article, at, capture, read, renamed

LATER = at(1000)


def pages(**changes: Any) -> st.SearchStrategy[list[Article]]:
    """Captures of one article at different times; texts, slugs, dates and counts come and go."""
    one = st.builds(
        lambda day, text, slug, dated, views: renamed(
            article(
                day=day,
                text=text,
                published=article().published if dated else None,
                views=None if views is None else ViewCount(views, exact=True),
                **changes,
            ),
            slug,
        ),
        st.integers(0, 12),
        st.sampled_from(["Một.", "Hai."]),
        st.sampled_from(["hop", "hop-to"]),
        st.booleans(),
        st.none() | st.integers(0, 9),
    )
    return st.lists(one, min_size=2, max_size=6, unique_by=lambda page: page.fetched_at)


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[SiteWriter]:
    """A writer whose work is rolled back between two histories: nothing is written to the disk."""
    with open_store(f"sqlite:///{tmp_path}/store.sqlite") as store, store.writer(SITE, "test", T0) as opened:
        assert isinstance(opened, SiteWriter)
        yield opened


Event = Callable[[SiteWriter], object]


@dataclass(frozen=True, slots=True)
class Left:
    """What a store is judged by, without numbers that count its own steps."""

    state: Any
    revisions: Any
    views: Any


def left_by(writer: SiteWriter, events: Sequence[Event]) -> Left:
    writer.rollback()
    writer.begin_run("live", T0, full=False)
    for event in events:
        event(writer)
        assert _newest_records(writer) == {"pm1": _consumed(writer)}
    assert list(writer.problems()) == []
    state = writer.article(SITE, "pm1")
    assert state is not None
    views = writer.views(SITE, ["pm1"])
    return Left(replace(state, seq=0, changed_at=None), writer.revisions(SITE, "pm1"), views)


def _newest_records(writer: SiteWriter) -> dict[str, Any]:
    """What a consumer has that keeps the last record of each id: gone, or what it shows."""
    kept: dict[str, Any] = {}
    for record in writer.records(SITE):
        kept[record["id"]] = None if record["op"] == "deleted" else _shown(record)
    return kept


def _shown(record: Any) -> Any:
    return {
        name: record[name] for name in ("url", "aliases", "title", "text", "published", "digest", "revision")
    }


def _consumed(writer: SiteWriter) -> Any:
    """The same by the newest state."""
    from crawler.export import state_record

    state = writer.article(SITE, "pm1")
    assert state is not None
    return None if state.deleted_at else _shown(state_record(state, "updated", T0))


def reads(page: Article) -> Event:
    return lambda writer: read(writer, page, source="wayback")


def removed(day: float) -> Event:
    return lambda writer: writer.settle("pm1", "gone", at(day), reason="http-410")


def rereads(page: Article, text: str) -> Event:
    """Newer rules read the capture of this page as something else; as often as they run."""
    better = replace(page, text=text)
    return lambda writer: writer.reextracted(better, capture(page, "wayback"), at=LATER)


FAST = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@FAST
@given(pages(), st.randoms())
def test_captures_in_any_order(writer: SiteWriter, found: list[Article], random: Any) -> None:
    events = [reads(page) for page in found]
    assert left_by(writer, events) == left_by(writer, random.sample(events, len(events)))


@FAST
@given(pages(), st.lists(st.integers(0, 14), min_size=1, max_size=2, unique=True), st.randoms())
def test_captures_in_any_order_around_removals(
    writer: SiteWriter, found: list[Article], days: list[int], random: Any
) -> None:
    """The portal is asked live, so removals are noted in the order of time; captures come when they like."""
    first, rest = found[0], found[1:]
    first = replace(first, fetched_at=at(-1))
    gone = [(day + 0.5, removed(day + 0.5)) for day in sorted(days)]
    shown = [((page.fetched_at - T0).days, reads(page)) for page in rest]
    in_time = [event for _, event in sorted([*gone, *shown], key=lambda pair: pair[0])]
    shuffled = random.sample([event for _, event in shown], len(shown))
    for place, (_, event) in enumerate(gone):
        shuffled.insert(random.randint(place, len(shuffled)) if place == 0 else len(shuffled), event)
    assert left_by(writer, [reads(first), *in_time]) == left_by(writer, [reads(first), *shuffled])


@FAST
@given(pages(), st.lists(st.sampled_from(["Một.", "Hai.", "Ba."]), min_size=6, max_size=6), st.randoms())
def test_captures_read_anew_in_any_order(
    writer: SiteWriter, found: list[Article], texts: list[str], random: Any
) -> None:
    before = [reads(page) for page in sorted(found, key=lambda page: page.fetched_at)]
    anew = [rereads(page, text) for page, text in zip(found, texts, strict=False)]
    once = left_by(writer, [*before, *anew])
    assert once == left_by(writer, [*before, *random.sample(anew, len(anew))])
    assert once == left_by(writer, [*before, *anew, *anew])


def shown_updated(states: Sequence[Any]) -> list[datetime]:
    """What a feed shows as an entry's `updated`, one after the other."""
    return [state.updated or T0 for state in states]


@settings(max_examples=100, deadline=None)
@given(pages(), st.lists(st.sampled_from(["live", "wayback"]), min_size=6, max_size=6))
def test_what_a_live_crawl_has_put_out_never_goes_back(found: list[Article], sources: list[str]) -> None:
    """Not by a clock that jumps back, nor by captures of archives that show the present text earlier."""
    state, readings, memory, floor = None, (), Memory(), T0
    for page, source in zip(found, sources, strict=False):
        kept = capture(page, source)
        decision = decide(state, page, kept, (NEWS,), readings, memory=memory)
        state, readings, memory = decision.state, decision.readings, decision.memory
        (shown,) = shown_updated([state])
        assert shown >= floor
        if source == "live":
            floor = max(floor, shown)


@settings(max_examples=60, deadline=None)
@given(pages(), st.sampled_from(["Một.", "Hai.", "Ba."]), st.randoms())
def test_reading_captures_anew_never_moves_updated_back(found: list[Article], text: str, random: Any) -> None:
    state, readings, memory = None, (), Memory()
    for page in found:
        decision = decide(state, page, capture(page, "wayback"), (NEWS,), readings, memory=memory)
        state, readings, memory = decision.state, decision.readings, decision.memory
    shown = [state]
    for page in random.sample(found, len(found)):
        kept = capture(page, "wayback")
        better = replace(page, text=text)
        decision = decide(shown[-1], better, kept, (NEWS,), readings, memory=memory, reextracted_at=LATER)
        readings, memory = decision.readings, decision.memory
        shown.append(decision.state)
    assert shown_updated(shown) == sorted(shown_updated(shown))


@pytest.mark.parametrize("order", [(0, 1, 2), (0, 2, 1), (2, 0, 1)])
def test_a_text_that_an_archive_saw_earlier_dates_the_change(order: tuple[int, ...]) -> None:
    """Nothing was published in between: equal feeds in every order."""
    found = [article(day=0, text="Bản đầu."), article(day=5), article(day=9)]
    state, readings = None, ()
    for number in order:
        kept = capture(found[number], "warc")
        decision = decide(state, found[number], kept, (NEWS,), readings)
        state, readings = decision.state, decision.readings
    assert state is not None
    assert (state.updated, state.revision) == (at(5), at(5))


def test_what_was_published_stays_when_an_archive_saw_it_earlier() -> None:
    first, changed, earlier = article(day=0, text="Bản đầu."), article(day=9), article(day=5)
    state, readings, memory = None, (), Memory()
    for page, source in ((first, "live"), (changed, "live"), (earlier, "wayback")):
        decision = decide(state, page, capture(page, source), (NEWS,), readings, memory=memory)
        state, readings, memory = decision.state, decision.readings, decision.memory
    assert state is not None
    assert (state.updated, state.revision) == (at(9), at(5))
