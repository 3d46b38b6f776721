"""The calendar: which events stand in it, what they are made of, and that independent software reads it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import icalendar
import pytest

from crawler.items import ArticleState, Event, Published, SeriesPeriod
from crawler.sites import load_site
from feeds.calendar import calendar, meetings

SITE = load_site("dukcqtw")
HANOI = timezone(timedelta(hours=7))
SEEN = datetime(2021, 10, 26, 3, tzinfo=UTC)
OCTOBER = SeriesPeriod("ctv-du-luan-xa-hoi", "2021-10")
EIGHT = datetime(2021, 10, 25, 8, 0, tzinfo=HANOI)
DAY = date(2021, 10, 25)


def _state(number: int, event: Event | None, published: date | None, **more: Any) -> ArticleState:
    told = None if published is None else Published(published, "day", published.isoformat())
    identity = f"duk{number}"
    return ArticleState(
        "dukcqtw", identity, f"http://dukcqtw.dcs.vn/bai-{identity}.aspx", more.pop("title", f"Bài {number}"),
        event=event, published=told, first_seen=SEEN, changed_at=SEEN, **more,
    )  # fmt: skip


NOTICE = _state(1, Event(EIGHT, EIGHT, "Hội trường; 105B, Quán Thánh"), date(2021, 10, 20),
                series=OCTOBER, title="Thông báo hội nghị CTV dư luận xã hội tháng 10/2021")  # fmt: skip
SESSION = _state(2, Event(DAY, DAY, None), DAY, series=OCTOBER, lead="Ngày 25/10, tại Hà Nội…",
                 title="Hội nghị cộng tác viên dư luận xã hội tháng 10/2021")  # fmt: skip
REPORT = _state(3, Event(date(2021, 10, 1), date(2021, 10, 2), "Hà Nội"), date(2021, 10, 3))
ANNOUNCED = _state(4, Event(date(2021, 11, 1), date(2021, 11, 2), "Hà Nội"), date(2021, 10, 3))


def _events(*states: ArticleState) -> list[icalendar.Event]:
    made = calendar(meetings(states, SITE), title="Lịch")
    return list(icalendar.Calendar.from_ical(made).walk("VEVENT"))


def test_notice_and_session_are_one_event_that_takes_the_hour_from_one_and_the_rest_from_the_other() -> None:
    (event,) = _events(NOTICE, SESSION)
    assert event.decoded("dtstart") == EIGHT
    assert "dtend" not in event
    assert event["location"] == "Hội trường; 105B, Quán Thánh"
    assert event["summary"] == SESSION.title
    assert event["description"] == SESSION.lead
    assert event["url"] == SESSION.url


def test_the_event_keeps_its_identity_when_the_session_follows_its_notice() -> None:
    assert _events(NOTICE)[0]["uid"] == _events(SESSION)[0]["uid"] == _events(SESSION, NOTICE)[0]["uid"]


def test_two_sessions_of_one_period_are_two_events() -> None:
    second = replace(SESSION, id="duk9", event=Event(date(2021, 10, 28), date(2021, 10, 28), None))
    assert len({event["uid"] for event in _events(SESSION, second)}) == 2


def test_of_other_articles_only_what_is_announced_stands_in_the_calendar() -> None:
    (event,) = _events(REPORT, ANNOUNCED)
    assert event["uid"] == "duk4@dukcqtw.dcs.vn"


@pytest.mark.parametrize(
    "state",
    [
        _state(5, None, DAY, series=OCTOBER),
        _state(6, Event(DAY, DAY, None), None),
        replace(SESSION, deleted_at=SEEN),
    ],
    ids=["no event", "no date and no series", "taken away"],
)
def test_what_is_no_event(state: ArticleState) -> None:
    assert _events(state) == []


def test_the_last_day_is_part_of_the_event() -> None:
    (event,) = _events(ANNOUNCED)
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (date(2021, 11, 1), date(2021, 11, 3))


def test_an_article_that_comes_twice_counts_once_and_order_does_not_matter() -> None:
    states = [NOTICE, SESSION, ANNOUNCED, REPORT]
    once = calendar(meetings(states, SITE), title="Lịch")
    assert calendar(meetings([*reversed(states), SESSION], SITE), title="Lịch") == once


def test_a_new_view_count_or_section_changes_no_byte() -> None:
    before = calendar(meetings([SESSION], SITE), title="Lịch")
    later = replace(SESSION, changed_at=SEEN + timedelta(days=3), seq=99, last_seen=SEEN)
    assert calendar(meetings([later], SITE), title="Lịch") == before


def test_lines_and_endings_are_as_the_standard_wants_them() -> None:
    made = calendar(meetings([replace(SESSION, title="ị" * 200)], SITE), title="Lịch")
    lines = made.split(b"\r\n")
    assert lines[-1] == b""
    assert all(len(line) <= 75 and b"\n" not in line for line in lines)
    assert made.decode()  # a fold never splits a character
