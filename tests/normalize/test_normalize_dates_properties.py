"""What holds for every text and every reference time."""

import time
import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.normalize import DateSpan, find_date, fold, parse_date

HANOI = timezone(timedelta(hours=7))
NOW = datetime(2020, 4, 10, 10, tzinfo=HANOI)

PIECES = (
    "ngày", "tháng", "năm", "quý", "giờ", "phút", "tuần", "trước", "cách đây", "hôm", "nay", "qua", "sáng", "chiều",
    "tối", "đến", "và", "đầu", "cuối", "nửa", "âm lịch", "Giêng", "Chạp", "mười", "hai", "lúc", "thứ", "CN", "GMT+7",
    "SA", "CH", "Z", "T", "-", "/", ".", ",", ":", "(", ")", "|", " ", "\n", "h", "0", "1", "9", "12", "29", "31", "00",
    "2020", "1900", "2099", "9999", "2/9", "30/4", "3-2", "14:30", "22/12/2016", "2016-12-22", "I", "IV", "½", "đ", "́",
)  # fmt: skip

any_text = st.text() | st.lists(st.sampled_from(PIECES), max_size=14).map("".join)
spoken_text = st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join)
any_time = st.datetimes(timezones=st.sampled_from([UTC, HANOI, timezone(timedelta(hours=-12))]))
civil_days = st.dates(date(1900, 1, 1), date(2099, 12, 31))

FULL_FORMS = (
    "{d}/{m}/{y}", "{d:02}/{m:02}/{y} | 4258", "{d}-{m}-{y}", "{d:02}.{m:02}.{y}", "{y}-{m:02}-{d:02}", "{y}/{m}/{d}",
    "ngày {d} tháng {m} năm {y}", "{d} tháng {m}, {y}", "{d} thg {m}, {y}", "Thứ Năm, ngày {d}/{m}/{y}, tại Hà Nội",
)  # fmt: skip
SENTENCES = (
    "Chủ nhật, ngày 22 tháng 12 năm 2016, lúc 14 giờ 30",
    "từ 21 đến 23 tháng mười một",
    "Sáng thứ Bảy, 4/4",
    "cách đây khoảng hai tuần",
    "8h30 tối qua",
    "6 tháng cuối năm 2019",
    "Hội nghị Thông tin chuyên đề quý I-2020",
    "mùng 5 tháng Giêng năm 2020",
    "Đại hội Thể thao",
)
EDGES = (
    "hôm qua", "hôm nay", "tuần trước", "tuần này", "tháng trước", "năm ngoái", "năm nay", "thứ hai tuần trước",
    "1 giây trước", "9999 năm trước", "9999 tháng trước", "9999 ngày trước", "9999 giờ trước", "2 năm 2 tháng trước",
    "ngày 1/1", "ngày 29/2", "từ ngày 29/12 đến 2/1", "vừa xong", "tháng 12", "quý IV", "6 tháng đầu năm",
    "8h tối qua", "tháng 2 năm ngoái",
)  # fmt: skip


def _holds(span: DateSpan | None) -> None:
    if span is None:
        return
    assert span.earliest <= span.start <= span.latest  # type: ignore[operator]
    exact = span.precision in {"minute", "hour"}
    for value in (span.start, span.earliest, span.latest):
        assert isinstance(value, datetime) is exact
        assert not isinstance(value, datetime) or value.utcoffset() == timedelta(hours=7)


@settings(deadline=None)
@given(any_text | spoken_text, any_time)
def test_any_text_at_any_time(text: str, now: datetime) -> None:
    _holds(parse_date(text, now=now))


@settings(deadline=None)
@given(any_text | spoken_text)
def test_found_date_is_in_the_text(text: str) -> None:
    found = find_date(text, now=NOW)
    assert (found and found.span) == parse_date(text, now=NOW)
    if found:
        assert text[found.start : found.end] == found.matched
        assert found.matched


@settings(deadline=None)
@given(spoken_text)
def test_composed_and_decomposed_text_tell_the_same(text: str) -> None:
    told = parse_date(unicodedata.normalize("NFC", text), now=NOW)
    assert told == parse_date(unicodedata.normalize("NFD", text), now=NOW)


@pytest.mark.parametrize("text", SENTENCES)
def test_accents_and_case_do_not_matter(text: str) -> None:
    told = parse_date(text, now=NOW)
    for other in (
        fold(text),
        text.upper(),
        unicodedata.normalize("NFD", text),
        text.replace(" ", "\u00a0\n"),
    ):
        assert parse_date(other, now=NOW) == told


@settings(deadline=None)
@given(civil_days, st.sampled_from(FULL_FORMS), any_time)
def test_day_round_trip(day: date, form: str, now: datetime) -> None:
    text = form.format(d=day.day, m=day.month, y=day.year)
    assert parse_date(text, now=now) == DateSpan(day, "day", day, day)


@settings(deadline=None)
@given(
    civil_days, st.integers(0, 23), st.integers(0, 59), st.sampled_from(["{d} {t}", "{t} {d}", "{d} | {t}"])
)
def test_minute_round_trip(day: date, hour: int, minute: int, form: str) -> None:
    at = datetime(day.year, day.month, day.day, hour, minute, tzinfo=HANOI)
    text = form.format(d=f"{at:%d/%m/%Y}", t=f"{hour:02}:{minute:02}")
    assert parse_date(text, now=NOW) == DateSpan(at, "minute", at, at)


@settings(deadline=None)
@given(civil_days, st.integers(0, 20))
def test_range_round_trip(first: date, length: int) -> None:
    last = first + timedelta(days=length)
    text = f"từ ngày {first:%d/%m/%Y} đến hết ngày {last:%d/%m/%Y}"
    if last.year <= 2099:
        assert parse_date(text, now=NOW) == DateSpan(first, "day", first, last)


@settings(deadline=None)
@given(st.integers(1, 31), st.integers(1, 12), st.integers(1900, 2099))
def test_impossible_days_are_refused(day: int, month: int, year: int) -> None:
    try:
        expected = date(year, month, day)
    except ValueError:
        expected = None
    span = parse_date(f"{day}/{month}/{year}", now=NOW)
    assert (span.start if span else None) == expected


@pytest.mark.parametrize("text", EDGES)
@pytest.mark.parametrize(
    "now",
    [
        datetime.min.replace(tzinfo=UTC),
        datetime.max.replace(tzinfo=UTC),
        datetime.min.replace(tzinfo=timezone(timedelta(hours=14))),
        datetime.max.replace(tzinfo=timezone(timedelta(hours=-12))),
        datetime(1, 1, 1, 12, tzinfo=HANOI),
        datetime(9999, 12, 31, 12, tzinfo=HANOI),
    ],
)
def test_ends_of_the_calendar(text: str, now: datetime) -> None:
    _holds(parse_date(text, now=now))


def test_reference_must_be_aware() -> None:
    with pytest.raises(ValueError, match="aware"):
        parse_date("hôm qua", now=datetime(2020, 4, 10))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("text", "matched", "kind"),
    [
        ("22/12/2016 | 4258", "22/12/2016", "A"),
        ("Thứ Năm, 22/12/2016 | 14:30 | Lượt xem: 7", "22/12/2016 | 14:30", "A"),
        ("Gửi lúc  17:05\u00a022/03/2024.", "17:05\u00a022/03/2024", "A"),
        ("họp từ ngày 21 đến 22/12/2016 tại", "21 đến 22/12/2016", "A"),
        ("Sáng 8/4, Ban Tuyên giáo", "8/4", "B"),
        ("• Bài (1 tháng trước)", "1 tháng trước", "C"),
        ("phiên tháng 9/2019", "tháng 9/2019", "D"),
        (unicodedata.normalize("NFD", "Từ năm ngoái ạ"), unicodedata.normalize("NFD", "năm ngoái"), "C"),
    ],
)
def test_find_date(text: str, matched: str, kind: str) -> None:
    found = find_date(text, now=NOW)
    assert found is not None
    assert (found.matched, found.kind) == (matched, kind)


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        " ",
        "1 ",
        "1/",
        "1-",
        "1.",
        "1/1 - ",
        "ngày 1, ",
        "tháng 1 ",
        "8h ",
        "1 tháng 1 ",
        "ngày 1/13 ",
        "́",
    ],
)
def test_long_texts_are_cut(piece: str) -> None:
    """Ten times the text may not cost ten times the time: what is looked at is bounded."""
    started = time.process_time()
    parse_date(piece * 100_000, now=NOW)
    assert time.process_time() - started < 0.5
