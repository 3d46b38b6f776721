"""When an article is to be read again: often while it is new, then ever more seldom. Pure."""

import hashlib
from bisect import bisect_right
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final

from crawler.items import Published

#: Days after publication.
YOUNG: Final = (1, 3, 7, 30, 90)
#: The same, but only in the mean: from here on every article has days of its own.
OLD: Final = (180, 365)
YEAR: Final = 365
#: An old article that was read so many days before one of its days is not read again on it.
REST: Final = timedelta(days=30)
#: Steps of the plan, for a fair share of a budget; the last one is every year.
STEPS: Final = len(YOUNG) + len(OLD)

_VIETNAM: Final = timezone(timedelta(hours=7))


def next_reading(
    published: Published | None, first_seen: datetime, last_read: datetime, *, article_id: str
) -> datetime:
    """The first day of the plan after `last_read`, UTC: 1, 3, 7, 30, 90 days after publication, 180 and 365, then
    every 365.

    Without a date, or with one in the future of its first sight, an article counts from there. Beyond 90 days
    each article's days lie somewhere in the time up to the next step, by its id: a backfill of old articles
    falls due evenly over a year, and none of them within a month of being read.
    """
    anchor = _anchor(published, first_seen)
    for days in YOUNG:
        if (due := anchor + timedelta(days=days)) > last_read:
            return due
    own, year, rested = _share(article_id), timedelta(days=YEAR), last_read + REST
    half_year = anchor + timedelta(days=OLD[0] + own * (OLD[1] - OLD[0]))
    if half_year > rested:
        return half_year
    yearly = anchor + (1 + own) * year
    return yearly + max((rested - yearly) // year + 1, 0) * year


def step_of(published: Published | None, first_seen: datetime, due: datetime) -> int:
    """The step of the plan, 0 to `STEPS` - 1, that a time of `next_reading` belongs to."""
    days = (due - _anchor(published, first_seen)) / timedelta(days=1)
    return max(bisect_right((*YOUNG, *OLD), days) - 1, 0)


def next_day(moment: datetime) -> datetime:
    """The first moment of the day after, in Vietnam."""
    return _midnight(day_of(moment) + timedelta(days=1))


def day_of(moment: datetime) -> date:
    """The day in Vietnam."""
    return moment.astimezone(_VIETNAM).date()


def _anchor(published: Published | None, first_seen: datetime) -> datetime:
    """Where the plan counts from: publication (midnight +07:00 of a day), but never after the first sight."""
    if published is None:
        return first_seen
    moment = published.date if isinstance(published.date, datetime) else _midnight(published.date)
    return min(moment, first_seen)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=_VIETNAM).astimezone(UTC)


def _share(article_id: str) -> float:
    """A steady fraction, 0 to 1, that is the article's own."""
    return int.from_bytes(hashlib.sha256(article_id.encode(errors="replace")).digest()[:4]) / 2**32
