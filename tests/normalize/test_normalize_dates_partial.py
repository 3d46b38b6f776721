"""Class D: months, quarters, halves and years."""

from collections.abc import Callable
from datetime import datetime, timedelta, timezone

import pytest

from crawler.normalize import DateSpan, parse_date

NOW = datetime(2020, 4, 10, 10, tzinfo=timezone(timedelta(hours=7)))

TITLES = [  # titles of the portal's series
    ("cấp Đảng ủy Khối phiên thường kỳ tháng 10/2021", "month 2021-10-01..2021-10-31"),
    ("cấp Đảng ủy Khối tháng 4-2019", "month 2019-04-01..2019-04-30"),
    ("Hội nghị báo cáo viên tháng 02 năm 2020", "month 2020-02-01..2020-02-29"),
    ("phiên thường kỳ tháng 9", "month 2019-09-01..2019-09-30"),
    ("Hội nghị Thông tin chuyên đề quý I-2020", "quarter 2020-01-01..2020-03-31"),
    ("công tác Tuyên giáo năm 2019, triển khai nhiệm vụ công tác năm 2020", "year 2019-01-01..2019-12-31"),
    ("tháng 5/2015.", "month 2015-05-01..2015-05-31"),
]

MONTHS = [
    ("tháng 6.2018", "month 2018-06-01..2018-06-30"),
    ("thang 6 / 2018", "month 2018-06-01..2018-06-30"),
    ("thg 6, 2018", "month 2018-06-01..2018-06-30"),
    ("tháng Tư năm 1975", "month 1975-04-01..1975-04-30"),
    ("tháng Mười Hai năm 1972", "month 1972-12-01..1972-12-31"),
    ("Tháng Giêng, 2020", "month 2020-01-01..2020-01-31"),
    ("tháng giêng năm 2020", "month 2020-01-01..2020-01-31"),
    ("đầu tháng 4", "month 2020-04-01..2020-04-30"),
    ("tháng 5", "month 2019-05-01..2019-05-31"),
    ("tháng 10 năm ngoái", "month 2019-10-01..2019-10-31"),
    ("từ tháng 5 đến tháng 9/2018", "month 2018-05-01..2018-05-31"),
    ("tháng 11 và 12 năm 2018", "month 2018-11-01..2018-11-30"),
    ("Hà Nội, ngày    tháng 02 năm 2018", "month 2018-02-01..2018-02-28"),
    ("trong tháng 9 đồng chí Bí thư", "month 2019-09-01..2019-09-30"),
    ("tháng 9 của năm 2018", "month 2018-09-01..2018-09-30"),
    ("Bản tin số 5 tháng 9/2018", "month 2018-09-01..2018-09-30"),
]

QUARTERS = [
    ("quý IV/2019", "quarter 2019-10-01..2019-12-31"),
    ("Quý 3 năm 2018", "quarter 2018-07-01..2018-09-30"),
    ("QUÝ II 2019", "quarter 2019-04-01..2019-06-30"),
    ("quí 2/2019", "quarter 2019-04-01..2019-06-30"),
    ("quý I và quý II/2019", "quarter 2019-01-01..2019-03-31"),
    ("quý II", "quarter 2020-04-01..2020-06-30"),
    ("quý III", "quarter 2019-07-01..2019-09-30"),
]

HALVES = [
    ("6 tháng đầu năm 2019", "half 2019-01-01..2019-06-30"),
    ("sáu tháng cuối năm 2019", "half 2019-07-01..2019-12-31"),
    ("nửa đầu năm 2019", "half 2019-01-01..2019-06-30"),
    ("nửa cuối năm 2019", "half 2019-07-01..2019-12-31"),
    ("6 tháng đầu năm", "half 2020-01-01..2020-06-30"),
    ("6 tháng đầu năm nay", "half 2020-01-01..2020-06-30"),
    ("3 tháng đầu năm 2019", "quarter 2019-01-01..2019-03-31"),
    ("3 tháng cuối năm 2019", "quarter 2019-10-01..2019-12-31"),
    ("9 tháng đầu năm 2019", "month 2019-01-01..2019-09-30"),
    ("2 tháng cuối năm 2019", "month 2019-11-01..2019-12-31"),
]

YEARS = [
    ("năm 2019", "year 2019-01-01..2019-12-31"),
    ("NĂM2019", "year 2019-01-01..2019-12-31"),
    ("mùa thu năm 1994", "year 1994-01-01..1994-12-31"),
    ("năm 2019 - bức tranh nhiều màu", "year 2019-01-01..2019-12-31"),
    ("hoi nghi nam 2018", "year 2018-01-01..2018-12-31"),
    ("từ năm 2016 đến nay", "year 2016-01-01..2016-12-31"),
]

NOTHING = [
    *("2016", "tháng 13/2019", "tháng 13 năm 2019", "tháng 0/2019", "quý V/2019", "quý 5/2019"),
    *("02/2017/TT-VPCP", "Trang 12/2016", "T9/2020", "Cách mạng Tháng Tám", "tháng Tám lịch sử"),
    *("năm 2015-2020", "năm 2015 – 2020", "năm học 2022-2023", "nhiệm kỳ 2015 - 2020", "giai đoạn 2016–2020"),
    *("khóa 2015-2020", "Việt Nam 2018", "VIỆT NAM 2018", "viet nam 2018", "quỹ 1/2019", "quy định"),
    *("chiến thắng 12/2016", "mỗi tháng 2 triệu", "sáu tháng 1 lần", "6,5 tháng", "67 năm", "31 ngày"),
    *("tháng 9.000 đồng", "tháng 3/45", "năm 1858", "năm 20201"),
]

DOCUMENTS_AND_NUMBERS = [
    *("05-CT/TW", "97-QĐ/TW", "Số: 06-HD/UBKTTW", "4507/BGTVT-TTCNTT", "1.998 điểm cầu", "1.250.000đ"),
    *("45,5%", "Tỷ số 3-1", "14:30", "lúc 8 giờ", "Thứ Năm", "Chủ nhật", "Đại hội XII", "Khóa XIII", ""),
    *("Mã số thuế: 0101234567-001", "Hotline: 0123 456 789", "TCVN 5574-2012", "Android 12.1", "  \n "),
]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *(TITLES + MONTHS + QUARTERS + HALVES + YEARS),
        *((text, None) for text in NOTHING + DOCUMENTS_AND_NUMBERS),
    ],
)
def test_partial(text: str, expected: str | None, shown: Callable[[DateSpan | None], str | None]) -> None:
    assert shown(parse_date(text, now=NOW)) == expected
