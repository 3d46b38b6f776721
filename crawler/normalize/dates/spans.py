"""Calendar arithmetic and the intervals that dates, periods and clock times stand for.

Whatever leaves the years 1-9999 raises OverflowError.
"""

from calendar import monthrange
from datetime import MAXYEAR, MINYEAR, date, datetime, timedelta, timezone

from crawler.items import DateSpan, Precision

HANOI = timezone(timedelta(hours=7))


def valid_date(year: int, month: int, day: int) -> date | None:
    """The day if the calendar has it."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def add_months(day: date, months: int) -> date:
    """The same day so many months later, clamped to the month's end (31 March - 1 month = 28 or 29 February)."""
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not MINYEAR <= years <= MAXYEAR:
        raise OverflowError(f"year {years} is out of range")
    return date(years, month + 1, min(day.day, monthrange(years, month + 1)[1]))


def one_day(day: date) -> DateSpan:
    """Exactly that day."""
    return DateSpan(day, "day", day, day)


def days(first: date, last: date, precision: Precision = "day") -> DateSpan:
    """All of [first, last]."""
    return DateSpan(first, precision, first, last)


def months(year: int, first: int, count: int, precision: Precision) -> DateSpan:
    """So many whole months from the first one on."""
    if not MINYEAR <= year <= MAXYEAR:
        raise OverflowError(f"year {year} is out of range")
    start = date(year, first, 1)
    last_month = first + count - 1
    return days(start, date(year, last_month, monthrange(year, last_month)[1]), precision)


def whole_month(year: int, month: int) -> DateSpan:
    return months(year, month, 1, "month")


def whole_year(year: int) -> DateSpan:
    return months(year, 1, 12, "year")


def whole_week(day: date) -> DateSpan:
    """Monday to Sunday around a day."""
    monday = day - timedelta(days=day.weekday())
    return days(monday, monday + timedelta(days=6), "week")


def moment(at: datetime) -> DateSpan:
    """A clock time as printed."""
    return DateSpan(at, "minute", at, at)


def whole_hour(at: datetime) -> DateSpan:
    """An hour without minutes: it lasts 59 minutes and 59 seconds."""
    return DateSpan(at, "hour", at, at + timedelta(minutes=59, seconds=59))
