"""Class B: day and month behind a cue, in the year that fits the reference."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest

from crawler.normalize import DateSpan, parse_date

HANOI = timezone(timedelta(hours=7))
NOW = datetime(2020, 4, 10, 10, tzinfo=HANOI)

CUES = [
    ("Ngày 25-4, tại Hà Nội", "2019-04-25"),
    ("Sáng 8/4, Ban Tuyên giáo", "2020-04-08"),
    ("trưa 8/4", "2020-04-08"),
    ("Chiều ngày 8/4", "2020-04-08"),
    ("tối 8-4", "2020-04-08"),
    ("đêm 8.4", "2020-04-08"),
    ("khuya 8/4", "2020-04-08"),
    ("sáng nay 10-4", "2020-04-10"),
    ("Hôm nay (10/4), phiên tháng 3/2009", "2020-04-10"),
    ("hôm qua, 9/4", "2020-04-09"),
    ("ngày mai 11/4", "2020-04-11"),
    ("hôm 8/4", "2020-04-08"),
    ("mùng 8/3", "2020-03-08"),
    ("mồng 8/3", "2020-03-08"),
    ("Thứ Năm, 9/4", "2020-04-09"),
    ("Thứ 7, 4/4", "2020-04-04"),
    ("(CN 5/4)", "2020-04-05"),
    ("T5, 9/4", "2020-04-09"),
    ("ngày 8 / 4", "2020-04-08"),
    ("NGAY 8/4", "2020-04-08"),
    ("ngày 15.3.", "2020-03-15"),
    ("ngày 8-4 giờ địa phương", "2020-04-08"),
    ("ngày 8/4 giờ Việt Nam", "2020-04-08"),
    ("đêm 7, rạng sáng 8/4", "2020-04-08"),
]

WORDS = [
    ("22 tháng 12", "2019-12-22"),
    ("THỨ NĂM, 20 THÁNG 8", "2019-08-20"),
    ("3 tháng Ba", "2020-03-03"),
    ("8 thg 3", "2020-03-08"),
    ("ngày 22 tháng 12 năm nay", "2020-12-22"),
    ("ngày 8/3 năm ngoái", "2019-03-08"),
]

TIMES = [
    ("Cập nhật lúc 10h30' ngày 20/12", "2019-12-20 10:30"),
    ("8h tối mùng 8/3", "2020-03-08 20h"),
    ("Thứ Năm, 9/4, 14:30", "2020-04-09 14:30"),
    ("23h59 ngày 31/12", "2019-12-31 23:59"),
    ("Lúc 16 giờ 30 phút chiều 12-3", "2020-03-12 16:30"),
    ("Ngày 12-3 lúc 16 giờ", "2020-03-12 16h"),
    ("8h30 sáng nay 10-4", "2020-04-10 08:30"),
]

RANGES = [
    ("ngày 21 và 22-6", "2019-06-21..2019-06-22"),
    ("từ ngày 13.3 - 19.3", "2020-03-13..2020-03-19"),
    ("từ 13/3 đến ngày 19/3", "2020-03-13..2020-03-19"),
    ("ngày 13/3 đến 19/3", "2020-03-13..2020-03-19"),
    ("ngày 13/3-19/3", "2020-03-13..2020-03-19"),
    ("ngày 29/12 - 2/1", "2019-12-29..2020-01-02"),
    ("từ 20 đến 25 tháng 11", "2019-11-20..2019-11-25"),
    ("các ngày 1, 2 và 3 tháng 2", "2020-02-01..2020-02-03"),
    ("thứ Bảy và Chủ nhật (5-6/3)", "2020-03-05..2020-03-06"),
    ("các ngày 5,6,7/3", "2020-03-05..2020-03-07"),
    ("từ 17h ngày 22/3 đến 8h ngày 24/3", "2020-03-22..2020-03-24"),
    ("13/3 - 19/3", None),
    ("21-22/6", None),
    ("21 và 22/6", None),
]

YEAR = [  # (text, reference, expected): at most seven days ahead
    ("ngày 17/4", "2020-04-10", "2020-04-17"),
    ("ngày 18/4", "2020-04-10", "2019-04-18"),
    ("ngày 2/1", "2019-12-28", "2020-01-02"),
    ("ngày 31/12", "2020-01-01", "2019-12-31"),
    ("ngày 29/2", "2023-01-01", "2020-02-29"),
    ("ngày 29/2", "1903-06-01", "1896-02-29"),
    ("từ ngày 13 đến 19/4", "2020-04-10", "2020-04-13..2020-04-19"),
]

NOTHING = [
    *("24/7", "1/2", "16-12", "20/12", "3-1", "77/86", "20.12"),
    *("đường 22/12", "Hội trường 7-7", "Điều 20/12", "phục vụ 24/7"),
    *("Thứ Hai, ngày 18", "ngày 20 hàng tháng", "ngày 31/4", "ngày 32/1", "ngày 5/13"),
    *("6 tháng 1 lần", "6 tháng tuổi", "5 tháng 6 ngày", "ngày uống 2-3 lần", "sáng 5-7 giờ"),
    *("quá 1/2 số đại biểu", "hỗ trợ tới 24/7", "này 1/2", "ngày 3/4/5", "ngày 3-4-5"),
    *("ngày 20/12/9", "(28/6)", "Ngày Thương binh, liệt sĩ (27-7)", "thứ 2-6 hàng tuần", "sáng 7-11h"),
]

LUNAR = [
    *("mùng 5 tháng Giêng", "mùng 5 tháng Giêng năm 2020", "rằm tháng Giêng năm 2020", "10 tháng giêng"),
    *("23 tháng Chạp", "ngày 23 tháng Chạp năm 2019", "tháng Chạp năm 2019"),
    *("ngày 10/3 âm lịch", "10/3 (ÂL)", "ngày 10/3 AL", "ngày 15/8/2020 âm lịch", "âm lịch: ngày 10/3/2020"),
    *("ngày 15 tháng 8 năm 2020 (âm lịch)", "tháng 8 âm lịch", "mùng 8 tháng 3 năm Canh Tý"),
]


@pytest.mark.parametrize(
    ("text", "expected"), [*CUES, *WORDS, *TIMES, *RANGES, *((text, None) for text in NOTHING + LUNAR)]
)
def test_yearless(text: str, expected: str | None, shown: Callable[[DateSpan | None], str | None]) -> None:
    assert shown(parse_date(text, now=NOW)) == expected


@pytest.mark.parametrize(("text", "reference", "expected"), YEAR)
def test_year_of_the_reference(
    text: str, reference: str, expected: str, shown: Callable[[DateSpan | None], str | None]
) -> None:
    now = datetime.fromisoformat(reference).replace(hour=9, tzinfo=HANOI)
    assert shown(parse_date(text, now=now)) == expected


def test_civil_date_beside_a_lunar_one(shown: Callable[[DateSpan | None], str | None]) -> None:
    text = "Giỗ Tổ 10/3 âm lịch (tức ngày 02/04/2020)"
    assert shown(parse_date(text, now=NOW)) == "2020-04-02"


def test_the_reference_day_is_the_one_of_hanoi(shown: Callable[[DateSpan | None], str | None]) -> None:
    late = datetime(2020, 4, 10, 18, tzinfo=UTC)  # already the 11th in Hanoi
    assert shown(parse_date("ngày 18/4", now=late)) == "2020-04-18"
