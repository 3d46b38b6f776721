"""When and where what an article tells of took place: from a notice's labelled lines or the opening of a lead. Pure."""

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta, timezone

from crawler.extract.header import day_of
from crawler.items import DateSpan, Event, Published
from crawler.normalize import parse_date

_VIETNAM = timezone(timedelta(hours=7))
_BULLET = r"^\s*(?:[-–+*•●▪]|[0-9]{1,2}[.)]|[IVX]{1,4}[.)]|[a-zđ][.)])?\s*"
_TIME_LABEL = re.compile(
    rf"{_BULLET}(?:thời gian|ngày giờ|thời điểm)(?:\s+(?:tổ chức|họp|hội nghị|tiến hành|diễn ra|bắt đầu"
    rf"|khai mạc|dự kiến|cụ thể))*"
    r"(?:\s*(?:,|và)\s*địa điểm)?\s*[:：]\s*",
    re.IGNORECASE,
)
_PLACE_LABEL = re.compile(
    rf"{_BULLET}(?:địa điểm|nơi họp|nơi tổ chức)(?:\s+(?:tổ chức|họp|hội nghị|tiến hành|diễn ra"
    rf"|dự kiến))*\s*[:：]\s*",
    re.IGNORECASE,
)
_INLINE_PLACE = re.compile(r"[,;.]?\s*(?:địa điểm\s*:|tại\s*:?)\s+(.+)$", re.IGNORECASE)
_CLOCK = r"(?:(?:vào\s+)?(?:lúc|hồi)?\s*[0-9]{1,2}\s*(?:h|g|giờ|:)\s*(?:[0-9]{2})?\s*(?:'|phút)?\s*,?\s*)?"
_PART = (
    r"(?:(?:sáng|trưa|chiều|tối|đêm|buổi (?:sáng|chiều|tối))\s*(?:và\s+(?:chiều|tối)\s+)?,?\s*"
    r"(?:(?:nay|qua)\s*[,(]?\s*)?)?"
)
_WEEKDAY = r"(?:\(?(?:thứ\s+(?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ nhật)\)?\s*,?\s*)?"
_DAY = r"[0-9]{1,2}\s?[/.-]\s?[0-9]{1,2}(?:\s?[/.-]\s?(?:19|20)[0-9]{2})?(?![0-9/])"
_WORDS = r"[0-9]{1,2}\s+tháng\s+[0-9]{1,2}(?:\s*(?:,|năm)\s*(?:năm\s*)?(?:19|20)[0-9]{2})?"
_AND = r"(?:-|–|và|đến(?:\s+(?:hết\s+)?ngày)?|,)"
_RANGE = rf"(?:[0-9]{{1,2}}(?:\s?[/.-]\s?[0-9]{{1,2}})?\s*{_AND}\s*){{0,4}}(?:{_WORDS}|{_DAY})"
#: `Ngày 20/12/2016, `, `Chiều 28/3/2020, `, `Sáng ngày 25-4, `, `Trong hai ngày 5 và 6/7/2018, `.
_OPENING = re.compile(
    rf"(?P<when>(?:(?:vào|trong|từ|mới đây|vừa qua)\s*,?\s*)*(?:(?:hai|ba|bốn|các|02|03|2"
    rf"|3)\s+)?{_CLOCK}{_PART}{_WEEKDAY}"
    rf"(?:(?:từ\s+)?ngày\s+)?(?P<date>{_RANGE}))\)?\s*(?:\([^)]{{1,30}}\))?\s*(?P<rest>[,;:]?\s.*|$)",
    re.IGNORECASE | re.DOTALL,
)
_PLACE_FIRST = re.compile(r"tại\s+(?P<place>[^,.;]{2,80}),\s*(?P<after>.+)$", re.IGNORECASE | re.DOTALL)
_PLACE = re.compile(r",?\s*(?:,\s*)?(?:ở|tại)\s+(?P<place>[^,.;:()–]{2,120})", re.IGNORECASE)
_VERB = re.compile(
    r"\s+(?:đã|diễn ra|tổ chức|khai mạc|bế mạc|sẽ|được|long trọng|do|dưới|với|nhằm|để|đồng chí"
    r"|chúng ta)\b.*$",
    re.IGNORECASE | re.DOTALL,
)
_DATELINE = re.compile(
    r"^\s*(?:\(?[A-ZĐÀ-Ỹ][\w.]{1,15}(?:\s[\w.]{1,12}){0,3}\)?\s*(?:[-–:]|(?<=\)))\s*)(?=(?:tại|ngày"
    r"|sáng|chiều|tối|trong|từ|vào|hôm)\b)",
    re.IGNORECASE,
)
_CUED = re.compile(r"\b(?:ngày|từ|sáng|trưa|chiều|tối|đêm|thứ|chủ nhật)\b", re.IGNORECASE)
#: An article tells of what happened shortly before it or is announced for soon after it.
_BEFORE, _AFTER = timedelta(days=45), timedelta(days=90)
_RANGE_OF_HOURS = re.compile(
    r"(?:từ\s+)?([0-9]{1,2}\s*(?:h|g|giờ|:)\s*[0-9]{0,2})(?:\s*phút)?\s*(?:đến|-"
    r"|–)\s*([0-9]{1,2}\s*(?:h|g|giờ|:)\s*[0-9]{0,2})(?:\s*phút)?",
    re.IGNORECASE,
)


def find_event(
    lead: str | None, paragraphs: Sequence[str], published: Published | None
) -> tuple[Event, str] | None:
    """The event and the name of the rule; None when the text does not say it beyond doubt."""
    labelled = _from_labels([lead or "", *paragraphs], published)
    if labelled is not None:
        return labelled, "labelled-lines"
    for text, rule in ((lead, "lead-opening"), (paragraphs[0] if paragraphs else None, "first-paragraph")):
        found = _from_opening(text, published) if text else None
        if found is not None:
            return found, rule
    return None


def _reference(published: Published | None) -> datetime | None:
    if published is None:
        return None
    return datetime.combine(day_of(published.date), time(12), _VIETNAM)


def _from_labels(texts: Sequence[str], published: Published | None) -> Event | None:
    """`Thời gian: 8 giờ 30 ngày 21/5/2015 (sáng thứ năm).` and `Địa điểm: …`."""
    when = _labelled(texts, _TIME_LABEL)
    if when is None:
        return None
    place = _labelled(texts, _PLACE_LABEL)
    if place is None:
        inline = _INLINE_PLACE.search(when)
        place = inline.group(1) if inline else None
        when = when[: inline.start()] if inline else when
    times = _times(when, published)
    if times is None or not _is_near(times, published):
        return None
    return Event(*times, _stopped(place) if place else None)


def _labelled(texts: Sequence[str], label: re.Pattern[str]) -> str | None:
    """What stands behind a label, or in the next paragraph when the label stands alone."""
    for at, text in enumerate(texts):
        match = label.match(text[:120])
        if match:
            rest = text[match.end() :].strip()
            if not rest and at + 1 < len(texts):
                rest = texts[at + 1].strip()
            return rest if rest and len(rest) <= 300 else None
    return None


def _stopped(place: str) -> str | None:
    """A place as printed, without the stop at its end."""
    cleaned = place.strip().rstrip(".;,").strip()
    cleaned = cleaned.removesuffix("./").strip()
    return cleaned if 2 <= len(cleaned) <= 200 else None


def _times(text: str, published: Published | None) -> tuple[date | datetime, date | datetime] | None:
    reference = _reference(published)
    hours = _RANGE_OF_HOURS.search(text)
    if hours:
        rest = text[: hours.start()] + text[hours.end() :]
        opened, closed = (_span(f"{hour} {rest.strip(' ,.')}", reference) for hour in hours.groups())
        if opened and closed and isinstance(opened.start, datetime) and isinstance(closed.start, datetime):
            return (opened.start, closed.start) if opened.start <= closed.start else None
    span = _span(text, reference)
    if span is None:
        return None
    if isinstance(span.start, datetime):
        return span.start, span.start
    return span.start, day_of(span.latest)


def _span(text: str, reference: datetime | None) -> DateSpan | None:
    """A date to the day or closer. Without a reference the year must be printed."""
    if reference is None and not re.search(r"(?:19|20)[0-9]{2}", text):
        return None
    span = parse_date(text, now=reference or datetime(2000, 1, 1, tzinfo=_VIETNAM))
    return span if span is not None and span.precision in ("minute", "hour", "day") else None


def _is_near(times: tuple[date | datetime, date | datetime], published: Published | None) -> bool:
    if published is None:
        return day_of(times[0]).year >= 2000
    shown = day_of(published.date)
    return -_BEFORE <= day_of(times[0]) - shown <= _AFTER


def _from_opening(text: str, published: Published | None) -> Event | None:
    """`Ngày 20/12/2016, tại Hà Nội, …`; the place is what stands between `tại` and the next comma."""
    text = _DATELINE.sub("", text.strip(), count=1)
    place: str | None = None
    first = _PLACE_FIRST.match(text[:400])
    if first:
        place, text = first.group("place"), first.group("after")
    opening = _OPENING.match(text[:400])
    if opening is None or not _CUED.search(opening.group("when")):
        return None
    rest = opening.group("rest")
    if place is None:
        found = _PLACE.match(rest)
        place = _VERB.sub("", found.group("place")) if found else None
    elif not rest:
        return None
    times = _times(opening.group("when"), published)
    if times is None or not _is_near(times, published) or (published is None and place is None):
        return None
    return Event(*times, _stopped(place) if place else None)
