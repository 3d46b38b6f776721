"""The re-reading plan: which day is next, and how a backfill spreads."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.changes.plan import REST, STEPS, day_of, next_day, next_reading, step_of
from crawler.items import Published

VIETNAM = timezone(timedelta(hours=7))


def local(year: int, month: int, day: int, hour: int = 0) -> datetime:
    return datetime(year, month, day, hour, tzinfo=VIETNAM)


def on(day: date | datetime) -> Published:
    return Published(day, "day", "…")


PUBLISHED = on(date(2020, 3, 25))


@pytest.mark.parametrize(
    ("read", "due"),
    [
        (local(2020, 3, 25, 10), local(2020, 3, 26)),
        (local(2020, 3, 26), local(2020, 3, 28)),
        (local(2020, 3, 27, 23), local(2020, 3, 28)),
        (local(2020, 3, 28, 1), local(2020, 4, 1)),
        (local(2020, 4, 1), local(2020, 4, 24)),
        (local(2020, 4, 30), local(2020, 6, 23)),
    ],
)
def test_the_first_days_are_exact(read: datetime, due: datetime) -> None:
    seen = local(2020, 3, 25, 9)
    assert next_reading(PUBLISHED, seen, read, article_id="pm1") == due


@pytest.mark.parametrize(
    "published", [None, on(date(2031, 1, 1)), on(local(2020, 3, 25, 9))], ids=["undated", "future", "hour"]
)
def test_what_has_no_day_counts_from_its_first_sight(published: Published | None) -> None:
    seen = local(2020, 3, 25, 9)
    assert next_reading(published, seen, seen, article_id="pm1") == local(2020, 3, 26, 9)


def test_read_whenever_it_is_due_an_article_goes_through_every_step() -> None:
    seen = local(2020, 3, 25, 9)
    steps, read = [], seen
    for _ in range(10):
        due = next_reading(PUBLISHED, seen, read, article_id="pm7")
        steps.append(step_of(PUBLISHED, seen, due))
        read = due + timedelta(hours=3)
    assert steps == [0, 1, 2, 3, 4, 5, 6, 6, 6, 6]
    assert max(steps) == STEPS - 1
    assert timedelta(days=360) < due - read + timedelta(days=365) < timedelta(days=370)


def test_a_backfill_of_old_articles_falls_due_evenly_over_a_year() -> None:
    now = datetime(2022, 1, 1, tzinfo=UTC)
    same_day = on(date(2016, 5, 4))
    days = Counter(
        (next_reading(same_day, now, now, article_id=f"pm{number}") - now).days for number in range(5000)
    )
    assert min(days) >= REST.days
    assert max(days) <= 365 + REST.days
    assert max(days.values()) < 5 * 5000 / 365


@given(
    st.dates(date(2000, 1, 1), date(2040, 1, 1)) | st.none(),
    st.dates(date(2005, 1, 1), date(2030, 1, 1)).map(lambda day: local(day.year, day.month, day.day, 9)),
    st.timedeltas(timedelta(0), timedelta(days=9000)),
    st.text(max_size=9),
)
def test_the_next_reading_is_ahead_and_steady(
    day: date | None, first_seen: datetime, later: timedelta, article_id: str
) -> None:
    published = None if day is None else on(day)
    read = first_seen + later
    due = next_reading(published, first_seen, read, article_id=article_id)
    assert read < due <= read + timedelta(days=2 * 365 + 1)
    assert due == next_reading(published, first_seen, read, article_id=article_id)
    assert due.tzinfo is not None
    assert 0 <= step_of(published, first_seen, due) < STEPS
    between = read + (due - read) / 2
    assert next_reading(published, first_seen, between, article_id=article_id) >= due


def test_days_are_those_of_vietnam() -> None:
    late = datetime(2021, 3, 1, 21, 30, tzinfo=UTC)
    assert day_of(late) == date(2021, 3, 2)
    assert next_day(late) == local(2021, 3, 3)
