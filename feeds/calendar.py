"""`calendar.ics` (RFC 5545): sessions of the series and meetings that notices announce. Pure.

A notice and the report of the same session are one event: both name the series, the period and the day. The notice
often tells the hour, the report what came of it, so the event takes each from where it is told.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from icalendar import Calendar, Event, Timezone, TimezoneStandard

from crawler.items import ArticleState
from crawler.sites.model import Site
from feeds.text import VIETNAM, local, one_line, web_address

ZONE = "Asia/Ho_Chi_Minh"


@dataclass(frozen=True, slots=True)
class Meeting:
    """One event of the calendar; `end` is inclusive for days, the moment of the end otherwise."""

    uid: str
    start: date | datetime
    end: date | datetime
    title: str
    place: str | None
    lead: str | None
    link: str | None
    #: The newest change of what it is made of.
    changed: datetime


def meetings(states: Iterable[ArticleState], site: Site) -> tuple[Meeting, ...]:
    """The calendar's events by start; an article that stands among the states twice counts once.

    Sessions are the events of series' articles, past ones too; of other articles only what is announced: an event
    that does not lie before the article's own publication.
    """
    groups: dict[str, dict[str, ArticleState]] = {}
    for state in states:
        if _belongs(state):
            groups.setdefault(_uid(state, site), {})[state.id] = state
    found = [_meeting(uid, tuple(group.values())) for uid, group in groups.items()]
    return tuple(sorted(found, key=lambda meeting: (local(meeting.start), meeting.uid)))


def calendar(found: Iterable[Meeting], *, title: str) -> bytes:
    """The events as an iCalendar file; the same events give the same bytes."""
    made = Calendar()
    made.add("prodid", "-//bantin//calendar//VI")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", one_line(title))
    made.add("x-wr-timezone", ZONE)
    made.add_component(_zone())
    for meeting in found:
        made.add_component(_event(meeting))
    return bytes(made.to_ical())


def _belongs(state: ArticleState) -> bool:
    if state.event is None or state.deleted_at is not None or state.first_seen is None:
        return False
    return state.series is not None or _is_announced(state)


def _is_announced(state: ArticleState) -> bool:
    if state.event is None or state.published is None:
        return False
    return _day(state.event.end) >= _day(state.published.date)


def _uid(state: ArticleState, site: Site) -> str:
    """Stays while the day of the meeting does (RFC 7986, section 5.3: unique for ever, no meaning for people)."""
    name = state.id
    if state.series and state.event:
        name = f"{state.series.id}-{state.series.period or 'x'}-{_day(state.event.start).isoformat()}"
    return f"{one_line(name)}@{site.tag_authority}"


def _meeting(uid: str, group: tuple[ArticleState, ...]) -> Meeting:
    newest_first = sorted(group, key=_age, reverse=True)
    events = [state.event for state in newest_first if state.event]
    timed = next((event for event in events if isinstance(event.start, datetime)), None)
    event = timed or max(events, key=lambda event: _day(event.end))
    told = newest_first[0]
    return Meeting(
        uid=uid,
        start=event.start,
        end=event.end,
        title=one_line(told.title),
        place=next((one_line(event.place) for event in events if event.place), None),
        lead=next((one_line(state.lead) for state in newest_first if state.lead), None),
        link=web_address(told.url),
        changed=max(_changed(state) for state in group),
    )


def _age(state: ArticleState) -> tuple[datetime, str]:
    return local(state.published.date) if state.published else _changed(state), state.id


def _changed(state: ArticleState) -> datetime:
    """When readers saw a change last; a view count or a new section changes no event."""
    moment = state.updated or state.first_seen
    assert moment is not None, "articles that were never seen do not belong here"  # noqa: S101
    return local(moment)


def _day(moment: date | datetime) -> date:
    return local(moment).date() if isinstance(moment, datetime) else moment


def _event(meeting: Meeting) -> Event:
    made = Event()
    made.add("uid", meeting.uid)
    made.add("dtstamp", meeting.changed.astimezone(UTC))
    for name, moment in _span(meeting):
        zone = {"TZID": ZONE} if isinstance(moment, datetime) else {"VALUE": "DATE"}
        made.add(name, moment, parameters=zone)
    made.add("summary", meeting.title)
    if meeting.place:
        made.add("location", meeting.place)
    if meeting.lead:
        made.add("description", meeting.lead)
    if meeting.link:
        made.add("url", meeting.link)
    made.add("transp", "TRANSPARENT")  # somebody else's meeting: it does not make its reader busy
    return made


def _span(meeting: Meeting) -> Iterator[tuple[str, date | datetime]]:
    """Start and end; a day's end is the day after, and an hour that tells no end has none."""
    if isinstance(meeting.start, datetime) and isinstance(meeting.end, datetime):
        yield "dtstart", _wall_clock(meeting.start)
        if meeting.end > meeting.start:
            yield "dtend", _wall_clock(meeting.end)
        return
    yield "dtstart", _day(meeting.start)
    yield "dtend", _day(meeting.end) + timedelta(days=1)


def _wall_clock(moment: datetime) -> datetime:
    """Naive: the zone stands beside it as a parameter."""
    return local(moment).replace(tzinfo=None)


def _zone() -> Timezone:
    """The zone by its present rule: +07:00, unchanged since 1975."""
    standard = TimezoneStandard()
    standard.add("dtstart", datetime(1975, 6, 13))  # noqa: DTZ001 (wall clock by RFC 5545, section 3.6.5)
    standard.add("tzoffsetfrom", VIETNAM.utcoffset(None))
    standard.add("tzoffsetto", VIETNAM.utcoffset(None))
    standard.add("tzname", "+07")
    zone = Timezone()
    zone.add("tzid", ZONE)
    zone.add_component(standard)
    return zone
