"""Class C: dates that count from the reference."""

from collections.abc import Callable
from datetime import datetime, timedelta, timezone

import pytest

from crawler.normalize import DateSpan, parse_date

HANOI = timezone(timedelta(hours=7))
NOW = datetime(2020, 4, 10, 10, tzinfo=HANOI)  # a Friday

RELATED_LIST = [  # as the portal's list of other articles prints them
    ("1 tháng trước", "month 2020-03-10 in 2020-02-11..2020-03-11"),
    ("(6 tháng trước)", "month 2019-10-10 in 2019-09-11..2019-10-13"),
    ("phiên thường kỳ tháng 01/2020 (2 tháng trước)", "month 2020-02-10 in 2020-01-11..2020-02-10"),
    ("• Hội nghị (12 tháng trước)", "month 2019-04-10 in 2019-03-11..2019-04-16"),
]

COUNTED = [
    ("30 giây trước", "minute 2020-04-10 09:59:30 in 2020-04-10 09:59:29..2020-04-10 09:59:30"),
    ("5 phút trước", "minute 2020-04-10 09:55 in 2020-04-10 09:54..2020-04-10 09:55"),
    ("3 giờ trước", "hour 2020-04-10 07:00 in 2020-04-10 06:00..2020-04-10 07:00"),
    ("Đăng lúc: 11 giờ trước", "hour 2020-04-09 23:00 in 2020-04-09 22:00..2020-04-09 23:00"),
    ("khoảng 3 giờ trước", "hour 2020-04-10 07:00 in 2020-04-10 06:00..2020-04-10 07:00"),
    ("1 ngày trước", "2020-04-09"),
    ("40 ngày trước | Hà Nội", "2020-03-01"),
    ("mười ngày trước", "2020-03-31"),
    ("2 tuần trước", "week 2020-03-27 in 2020-03-21..2020-03-27"),
    ("năm tuần trước", "week 2020-03-06 in 2020-02-29..2020-03-06"),
    ("1 năm trước", "year 2019-04-10 in 2018-04-11..2019-04-11"),
    ("năm năm trước", "year 2015-04-10 in 2014-04-11..2015-04-12"),
    ("cách đây 3 ngày", "2020-04-07"),
    ("cách đây khoảng 2 tuần, tại Hà Nội", "week 2020-03-27 in 2020-03-21..2020-03-27"),
    ("cách đây 2 ngày trước", "2020-04-08"),
    ("1 thang truoc", "month 2020-03-10 in 2020-02-11..2020-03-11"),
    ("320K lượt xem • 1 TUẦN TRƯỚC", "week 2020-04-03 in 2020-03-28..2020-04-03"),
]

COMPOUND = [
    ("2 tháng 2 tuần trước", "week 2020-01-27 in 2020-01-21..2020-01-27"),
    ("1 năm 2 tháng trước", "month 2019-02-10 in 2019-01-12..2019-02-10"),
    ("1 tuần 2 ngày trước", "2020-04-01"),
    ("11 giờ 30 phút trước", "minute 2020-04-09 22:30 in 2020-04-09 22:29..2020-04-09 22:30"),
]

NAMED = [
    ("hôm nay", "2020-04-10"),
    ("sáng nay, tại Hà Nội", "2020-04-10"),
    ("tối nay", "2020-04-10"),
    ("hôm qua", "2020-04-09"),
    ("sáng hôm qua", "2020-04-09"),
    ("đêm qua", "2020-04-09"),
    ("hôm kia", "2020-04-08"),
    ("tuần này", "week 2020-04-06..2020-04-12"),
    ("tuần trước", "week 2020-03-30..2020-04-05"),
    ("tháng này", "month 2020-04-01..2020-04-30"),
    ("tháng trước", "month 2020-03-01..2020-03-31"),
    ("năm nay", "year 2020-01-01..2020-12-31"),
    ("cuối năm ngoái", "year 2019-01-01..2019-12-31"),
    ("thứ 5 tuần trước", "2020-04-02"),
    ("thứ năm tuần trước", "2020-04-02"),
    ("Chủ nhật tuần trước", "2020-04-05"),
    ("thứ hai tuần này", "2020-04-06"),
    ("Vừa xong", "minute 2020-04-10 10:00 in 2020-04-10 09:00..2020-04-10 10:00"),
    ("mới đây", "minute 2020-04-10 10:00 in 2020-04-10 09:00..2020-04-10 10:00"),
]

NAMED_WITH_TIME = [
    ("Hôm nay, 07:30", "2020-04-10 07:30"),
    ("Hôm qua lúc 3:30 CH", "2020-04-09 15:30"),
    ("15:30 hôm qua", "2020-04-09 15:30"),
    ("3h chiều nay", "2020-04-10 15h"),
    ("3 giờ sáng nay", "2020-04-10 03h"),
    ("11 giờ đêm qua", "2020-04-09 23h"),
    ("22h tối qua", "2020-04-09 22h"),
    ("8h tối qua", "2020-04-09 20h"),
    ("8h30 sáng nay", "2020-04-10 08:30"),
]

NOTHING = [
    *("5 phút trước khi khai mạc", "30 phút trước giờ họp", "1 tuần trước hạn", "2 tuần 3 ngày"),
    *("10-15 phút đọc", "10-15 phút trước", "10 - 15 phút trước", "1,5 giờ trước"),
    *("hai mươi năm trước", "vài ngày trước", "mấy tháng trước", "nửa tháng trước", "gần 2 tháng trước"),
    *("5 năm qua", "5 năm nay", "mấy tháng nay", "mấy hôm nay", "5 năm trước mắt", "tuần trước khi"),
    *("Chiến thắng này có ý nghĩa", "Việt Nam nay đã khác", "đồng chí Tuấn này", "sang này", "tới nay"),
    *("Mới đây, Thủ tướng", "vừa xong việc", "tối quá", "từ trước tới nay", "99999 ngày trước"),
]

MONTH_ENDS = [  # (text, reference, start)
    ("1 tháng trước", "2020-03-31", "2020-02-29"),
    ("1 tháng trước", "2019-03-31", "2019-02-28"),
    ("13 tháng trước", "2020-01-31", "2018-12-31"),
    ("1 năm trước", "2020-02-29", "2019-02-28"),
    ("tháng trước", "2020-01-15", "2019-12-01"),
    ("tuần trước", "2020-01-01", "2019-12-23"),
]


@pytest.mark.parametrize(
    ("text", "expected"),
    [*RELATED_LIST, *COUNTED, *COMPOUND, *NAMED, *NAMED_WITH_TIME, *((text, None) for text in NOTHING)],
)
def test_relative(text: str, expected: str | None, shown: Callable[[DateSpan | None], str | None]) -> None:
    assert shown(parse_date(text, now=NOW)) == expected


@pytest.mark.parametrize(("text", "reference", "start"), MONTH_ENDS)
def test_month_ends(text: str, reference: str, start: str) -> None:
    span = parse_date(text, now=datetime.fromisoformat(reference).replace(tzinfo=HANOI))
    assert span is not None
    assert span.start.isoformat() == start


@pytest.mark.parametrize("months", range(1, 30))
def test_month_interval_holds_both_rounding_rules(months: int) -> None:
    """Whatever a site rounds by, floors of 30 days or of calendar months, its article lies in the interval."""
    span = parse_date(f"{months} tháng trước", now=NOW)
    assert span is not None
    for age in range(30 * months, 30 * months + 30):
        assert span.earliest <= NOW.date() - timedelta(days=age) <= span.latest
