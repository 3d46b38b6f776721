"""How the tables of this folder write a date: short where it is exact, whole where it is an interval."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from crawler.normalize import DateSpan


def _show(value: date | datetime) -> str:
    if isinstance(value, datetime):
        assert value.utcoffset() == timedelta(hours=7)
        return value.strftime("%Y-%m-%d %H:%M" + (":%S" if value.second else ""))
    return value.isoformat()


def _shown(span: DateSpan | None) -> str | None:
    """`2016-12-22`, `2016-12-22 14:30`, `2016-12-21..2016-12-22`, `month 2020-02-10 in 2020-01-11..2020-02-10`."""
    if span is None:
        return None
    start, earliest, latest = _show(span.start), _show(span.earliest), _show(span.latest)
    if span.precision in {"day", "minute"} and start == earliest:
        return start if start == latest else f"{start}..{latest}"
    if span.precision == "hour" and start == earliest:
        return f"{start[:-3]}h" if latest == f"{start[:-3]}:59:59" else f"hour {earliest}..{latest}"
    if start == earliest:
        return f"{span.precision} {earliest}..{latest}"
    return f"{span.precision} {start} in {earliest}..{latest}"


@pytest.fixture(scope="session")
def shown() -> Callable[[DateSpan | None], str | None]:
    return _shown
