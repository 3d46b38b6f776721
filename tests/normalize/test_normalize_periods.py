"""Periods of series titles."""

from datetime import date
from typing import Literal

import pytest

from crawler.normalize import find_period

Granularity = Literal["month", "quarter", "year"]

TITLES: list[tuple[str, Granularity, str]] = [
    ("… cấp Đảng ủy Khối phiên thường kỳ tháng 10/2021", "month", "2021-10"),
    ("… cấp Đảng uỷ Khối tháng 4-2019", "month", "2019-04"),
    ("Hội nghị báo cáo viên … tháng 02 năm 2020", "month", "2020-02"),
    ("Thông báo tổ chức Hội nghị … tháng 5/2015.", "month", "2015-05"),
    ("THÁNG 12 – 2019", "month", "2019-12"),
    ("thang 1.2020", "month", "2020-01"),
    ("tháng 3, năm 2024", "month", "2024-03"),
    ("tháng Tư năm 2019", "month", "2019-04"),
    ("tháng mười hai năm 2019", "month", "2019-12"),
    ("Hội nghị Thông tin chuyên đề quý I-2020", "quarter", "2020-Q1"),
    ("quý 3 năm 2018", "quarter", "2018-Q3"),
    ("QUÝ IV/2019", "quarter", "2019-Q4"),
    ("Hội nghị tổng kết công tác tuyên giáo năm 2016 của Đảng bộ", "year", "2016"),
    ("công tác Tuyên giáo năm 2019, triển khai nhiệm vụ công tác năm 2020", "year", "2019"),
]

WITHOUT_YEAR: list[tuple[str, Granularity, str, str]] = [
    ("phiên thường kỳ tháng 9", "month", "2019-09-25", "2019-09"),
    ("phiên thường kỳ tháng 9", "month", "2019-08-30", "2019-09"),
    ("phiên thường kỳ tháng 9", "month", "2019-07-30", "2018-09"),
    ("phiên thường kỳ tháng 12", "month", "2020-01-03", "2019-12"),
    ("phiên thường kỳ tháng 1", "month", "2019-12-28", "2020-01"),
    ("phiên thường kỳ tháng 01", "month", "2020-01-10", "2020-01"),
    ("chuyên đề quý IV", "quarter", "2020-01-10", "2019-Q4"),
    ("chuyên đề quý I", "quarter", "2019-12-20", "2020-Q1"),
    ("chuyên đề quý II", "quarter", "2020-03-20", "2020-Q2"),
]

UNKNOWN: list[tuple[str, Granularity]] = [
    ("phiên thường kỳ tháng 9", "month"),
    ("phiên thường kỳ", "month"),
    ("tháng 13/2019", "month"),
    ("Cách mạng Tháng Tám", "month"),
    ("chiến thắng 12/2016", "month"),
    ("quý I", "quarter"),
    ("quý V/2019", "quarter"),
    ("Quỹ 1/2019", "quarter"),
    ("nhiệm kỳ 2015-2020", "year"),
    ("năm 2015-2020", "year"),
    ("Việt Nam 2018", "year"),
    ("", "year"),
]


@pytest.mark.parametrize(("title", "granularity", "period"), TITLES)
def test_written_in_full(title: str, granularity: Granularity, period: str) -> None:
    assert find_period(title, granularity, published=None) == period
    assert find_period(title, granularity, published=date(2030, 1, 1)) == period


@pytest.mark.parametrize(("title", "granularity", "published", "period"), WITHOUT_YEAR)
def test_year_from_the_publication(title: str, granularity: Granularity, published: str, period: str) -> None:
    assert find_period(title, granularity, published=date.fromisoformat(published)) == period


@pytest.mark.parametrize(("title", "granularity"), UNKNOWN)
def test_never_a_guess(title: str, granularity: Granularity) -> None:
    assert find_period(title, granularity, published=None) is None


@pytest.mark.parametrize("title", ["tháng 13", "Tháng Tám", "không tháng nào"])
def test_no_month_even_with_publication(title: str) -> None:
    assert find_period(title, "month", published=date(2020, 1, 1)) is None
