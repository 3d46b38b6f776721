"""Which feeds a site has and what each of them holds."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from crawler.items import ArticleState, Section, SeriesPeriod
from feeds.current import list_feeds
from feeds.select import newest_change, plan_feeds, removals, select
from feeds.values import FeedPlan
from tests.feeds.memory import NEWS, NOTICES, SITE, Memory, article, months_of_articles

ALL, NEWS_FEED, NOTICES_FEED, MONTHLY, YEARLY, MOST_READ, CORRECTIONS = plan_feeds(Memory([]), SITE)


def chosen(reader: Memory, plan: FeedPlan, **options: int) -> Iterator[ArticleState]:
    return select(reader, SITE, plan, newest_change(reader, SITE, plan), **options)


def numbers(states: object) -> list[int]:
    return [int(state.id.removeprefix("abc")) for state in states]  # type: ignore[attr-defined]


def test_a_site_has_all_then_sections_then_series() -> None:
    ids = [plan.id for plan in plan_feeds(Memory([]), SITE)]
    assert ids == ["all", "tin-tuc", "thong-bao", "phien-thang", "tong-ket", "most-read", "corrections"]


@pytest.mark.parametrize(
    "section_id",
    ["..", "../x", "", "all", "most-read", "corrections", "phien-thang", "a/b", "TIN", "x" * 81, "tin-tuc"],
)
def test_a_section_that_cannot_be_a_folder_has_no_feed(section_id: str) -> None:
    plans = plan_feeds(Memory([], listings=(NEWS, Section(section_id, "X"))), SITE)
    ids = [plan.id for plan in plans]
    assert ids == ["all", "tin-tuc", "phien-thang", "tong-ket", "most-read", "corrections"]


def test_the_newest_fifty_newest_first() -> None:
    found = numbers(chosen(Memory(months_of_articles(120)), ALL))
    assert found == list(range(120, 70, -1))


def test_feed_size() -> None:
    found = numbers(chosen(Memory(months_of_articles(120)), ALL, feed_size=40))
    assert found == list(range(120, 80, -1))


def test_all_of_the_last_thirty_days_before_the_newest_change() -> None:
    # Change on the 26th at 10:00 +07:00, so the window opens on 26 September.
    found = numbers(chosen(Memory(months_of_articles(120)), ALL, feed_size=3))
    assert found == list(range(120, 90, -1))


def test_the_window_does_not_move_with_view_counts_or_readings() -> None:
    states = months_of_articles(120)
    later = [replace(state, last_seen=datetime(2029, 1, 1, tzinfo=UTC)) for state in states]
    assert numbers(chosen(Memory(states), ALL)) == numbers(chosen(Memory(later), ALL))


def changed(state: ArticleState, days: int) -> ArticleState:
    moment = datetime(2021, 10, 26, 3, tzinfo=UTC) - timedelta(days=days)
    return replace(state, updated=moment)


def test_the_window_of_a_section_does_not_move_with_other_sections() -> None:
    late = datetime(2022, 6, 1, tzinfo=UTC)
    states = [*months_of_articles(120), article(999, sections=(NOTICES,), changed_at=late)]
    assert numbers(chosen(Memory(states), NEWS_FEED, feed_size=3)) == list(range(120, 90, -1))
    assert numbers(chosen(Memory(states), ALL, feed_size=3)) == [999, 120, 119]


def test_an_old_entry_changed_in_the_window_stands_in_its_place() -> None:
    states = months_of_articles(120)
    states[100] = changed(states[100], 29)
    states[110] = changed(states[110], 31)
    assert numbers(chosen(Memory(states), ALL))[-2:] == [71, 20]


def test_an_article_removed_in_the_window_is_a_removal_not_an_entry() -> None:
    states = months_of_articles(120)
    gone = datetime(2021, 10, 20, tzinfo=UTC)
    states[100] = replace(states[100], deleted_at=gone)
    states[101] = replace(states[101], deleted_at=gone - timedelta(days=60))
    reader = Memory(states)
    assert 20 not in numbers(chosen(reader, ALL))
    found = removals(reader, SITE, ALL)
    assert [(removal.id, removal.when) for removal in found] == [("tag:cong.example.vn,2016:abc20", gone)]
    assert removals(reader, SITE, NOTICES_FEED) == ()


def test_a_series_holds_all_of_its_own_and_nothing_else() -> None:
    states = [
        replace(state, series=SeriesPeriod("tong-ket", None)) if state.seq % 2 else state
        for state in months_of_articles(400)
    ]
    assert numbers(chosen(Memory(states), YEARLY)) == list(range(399, 0, -2))
    assert numbers(chosen(Memory(states), MONTHLY)) == []


def test_a_section_holds_its_own() -> None:
    states = [article(1), article(2, sections=(NOTICES, NEWS)), article(3, sections=())]
    assert numbers(chosen(Memory(states), NEWS_FEED)) == [2, 1]
    assert numbers(chosen(Memory(states), NOTICES_FEED)) == [2]


def test_undated_articles_stand_by_their_first_sight_and_same_days_by_number() -> None:
    day = date(2021, 10, 25)
    states = [
        article(9, day),
        article(10, day),
        article(1, None),
        article(2, None, first_seen=datetime(2021, 10, 24, 20, tzinfo=UTC)),
        article(11, date(2021, 10, 24)),
    ]
    assert numbers(chosen(Memory(states), ALL)) == [1, 2, 10, 9, 11]


def test_list_feeds() -> None:
    infos = list_feeds(Memory(months_of_articles(120)), SITE)
    assert [(info.id, info.kind, info.entries) for info in infos] == [
        ("all", "all", 50),
        ("tin-tuc", "section", 50),
        ("thong-bao", "section", 0),
        ("phien-thang", "series", 0),
        ("tong-ket", "series", 0),
        ("most-read", "most-read", 0),
        ("corrections", "corrections", 0),
    ]
