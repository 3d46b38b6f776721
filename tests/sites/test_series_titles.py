"""Series and periods of titles: what is attested of the portal, how it drifts, and what only looks alike."""

import unicodedata
from datetime import date

import pytest

from crawler.items import SeriesPeriod
from crawler.sites import load_site, series_of

SITE = load_site("dukcqtw")
CTV = "ctv-du-luan-xa-hoi"
BCV = "bao-cao-vien"
TTCD = "thong-tin-chuyen-de"
TKTG = "tong-ket-tuyen-giao"

# Titles read on the portal itself: (title, published, series, period).
ATTESTED = [
    (
        "Hội nghị giao ban cộng tác viên dư luận xã hội cấp Đảng ủy Khối phiên thường kỳ tháng 10/2021",
        date(2021, 10, 25), CTV, "2021-10",
    ),
    (
        "Hội nghị giao ban cộng tác viên nghiên cứu dư luận xã hội cấp Đảng ủy Khối phiên thường kỳ tháng 01/2020",
        None, CTV, "2020-01",
    ),
    (
        "Hội nghị giao ban cộng tác viên nghiên cứu dư luận xã hội cấp Đảng ủy Khối phiên thường kỳ tháng 12-2019",
        None, CTV, "2019-12",
    ),
    (
        "Hội nghị giao ban Cộng tác viên nghiên cứu dư luận xã hội cấp Đảng ủy Khối phiên thường kỳ tháng 9",
        date(2019, 9, 24), CTV, "2019-09",
    ),
    (
        "Hội nghị giao ban cộng tác viên dư luận xã hội cấp Đảng ủy Khối phiên thường kỳ tháng 2/2020",
        None, CTV, "2020-02",
    ),
    (
        "Hội nghị giao ban cộng tác viên dư luận xã hội cấp Đảng ủy Khối tháng 4-2019",
        date(2019, 4, 26), CTV, "2019-04",
    ),
    (
        "Thông báo tổ chức Hội nghị cộng tác viên Dư luận xã hội tháng 5/2015.",
        date(2015, 5, 15), CTV, "2015-05",
    ),
    (
        "Hội nghị giao ban cộng tác viên dư luận xã hội phiên thường kỳ tháng 03/2024",
        date(2024, 3, 22), CTV, "2024-03",
    ),
    (
        "Hội nghị báo cáo viên cấp Đảng ủy Khối các cơ quan Trung ương tháng 02 năm 2020",
        None, BCV, "2020-02",
    ),
    ("Hội nghị Thông tin chuyên đề quý I-2020", None, TTCD, "2020-Q1"),
    (
        "Hội nghị tổng kết công tác tuyên giáo năm 2016 của Đảng bộ Khối các cơ quan Trung ương",
        date(2016, 12, 22), TKTG, "2016",
    ),
    (
        "Hội nghị tổng kết công tác Tuyên giáo năm 2019, triển khai nhiệm vụ công tác năm 2020 và tập huấn "
        "nghiệp vụ công tác tuyên giáo",
        None, TKTG, "2019",
    ),
]  # fmt: skip

# Made: each optional part left out or moved, words before the name, other writings of the period.
DRIFTED = [
    ("Hội nghị cộng tác viên dư luận xã hội tháng 6/2018", None, CTV, "2018-06"),
    ("Hội nghị CTV dư luận xã hội tháng 6 năm 2018", None, CTV, "2018-06"),
    ("Hội nghị trực tuyến giao ban cộng tác viên dư luận xã hội tháng 8/2021", None, CTV, "2021-08"),
    ("Thông báo về việc tổ chức Hội nghị báo cáo viên tháng 7", date(2019, 6, 28), BCV, "2019-07"),
    ("Giấy mời dự Hội nghị báo cáo viên tháng 3/2020", None, BCV, "2020-03"),
    ("Đảng ủy Khối tổ chức Hội nghị thông tin chuyên đề quý IV/2019", None, TTCD, "2019-Q4"),
    ("Thông tin chuyên đề quý 3 năm 2018", None, TTCD, "2018-Q3"),
    ("Tổng kết công tác tuyên giáo năm 2018", None, TKTG, "2018"),
    (
        "Thông báo Hội nghị cộng tác viên dư luận xã hội tháng 1",
        date(2018, 12, 28), CTV, "2019-01",
    ),
    ("Hội nghị giao ban cộng tác viên dư luận xã hội tháng 12", date(2020, 1, 4), CTV, "2019-12"),
    ("Hội nghị giao ban cộng tác viên dư luận xã hội tháng 9", None, CTV, None),
    ("Hội nghị giao ban cộng tác viên dư luận xã hội cấp Đảng ủy Khối", date(2019, 9, 1), CTV, None),
]  # fmt: skip

NO_SERIES = [
    # Read on the portal.
    "Kết quả hoạt động của đội ngũ cộng tác viên dư luận xã hội năm 2019, phương hướng, nhiệm vụ trọng tâm năm 2020",
    "Đổi mới và nâng cao chất lượng công tác điều tra, nắm bắt, nghiên cứu dư luận xã hội ở Đảng bộ Khối các cơ "
    "quan Trung ương",
    "Công tác tuyên truyền, định hướng tư tưởng ở Đảng bộ Khối các cơ quan Trung ương",
    "Nâng cao chất lượng chi bộ trong Đảng bộ Khối các cơ quan Trung ương theo tư tưởng Hồ Chí Minh",
    "Công đoàn cơ quan Đảng ủy Khối chung tay phòng, chống dịch COVID-19",
    # Made.
    "Hội nghị tập huấn cộng tác viên dư luận xã hội năm 2018",
    "Hội nghị tổng kết hoạt động cộng tác viên dư luận xã hội năm 2018",
    "Hội nghị báo cáo viên toàn quốc tháng 3/2020",
    "Hội thi báo cáo viên giỏi năm 2019",
    "Hội nghị tổng kết công tác kiểm tra, giám sát năm 2019",
    "Hội nghị sơ kết công tác tuyên giáo 6 tháng đầu năm 2019",
    "Hội nghị tổng kết công tác tuyên giáo nhiệm kỳ 2015-2020",
    "Nhìn lại các hội nghị cộng tác viên dư luận xã hội tháng 5/2015",
    "",
]


@pytest.mark.parametrize(("title", "published", "series", "period"), ATTESTED + DRIFTED)
def test_titles_of_series(title: str, published: date | None, series: str, period: str | None) -> None:
    assert series_of(SITE, title, published) == SeriesPeriod(series, period)


@pytest.mark.parametrize("title", NO_SERIES)
def test_near_misses(title: str) -> None:
    assert series_of(SITE, title, date(2019, 12, 20)) is None


def without_accents(text: str) -> str:
    apart = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(c for c in apart if not unicodedata.combining(c))


@pytest.mark.parametrize(
    "spelling",
    [
        str.upper,
        str.lower,
        without_accents,
        lambda text: unicodedata.normalize("NFD", text),
        lambda text: text.replace("ủy", "uỷ").replace("Hòa", "Hoà"),
        lambda text: text.replace(" ", "\u00a0"),
        lambda text: text.replace("-", "–"),
        lambda text: text.replace("Đ", "Ð"),
        lambda text: f"  {text.replace(' ', '  ')} ",
        lambda text: text.replace("hội", "h\u200bội"),
    ],
)
@pytest.mark.parametrize(("title", "published", "series", "period"), ATTESTED)
def test_spelling_does_not_matter(spelling, title, published, series, period) -> None:
    assert series_of(SITE, spelling(title), published) == SeriesPeriod(series, period)


def test_a_site_without_series_knows_none() -> None:
    from dataclasses import replace

    assert series_of(replace(SITE, series=()), ATTESTED[0][0], None) is None
