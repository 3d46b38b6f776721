"""View counts: beside a label or in the header line, and nowhere else."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.normalize import ViewCount, parse_views

HEADER = [
    ("22/12/2016 | 4258", 4258),
    ("4258", 4258),
    ("| 4258", 4258),
    ("0", 0),
    ("1.234", 1234),
    ("12-2-2016|7", 7),
]

LABELLED = [
    ("Lượt xem: 1832507", 1832507),
    ("Số lượt xem : 15", 15),
    ("SỐ LƯỢT XEM:15", 15),
    ("luot xem: 15", 15),
    ("Tổng lượt xem: 15", 15),
    ("Tổng số lượt xem: 15", 15),
    ("Lượt xem bài viết: 15", 15),
    ("Lượt đọc: 15", 15),
    ("Đã xem: 12 345", 12345),
    ("Đã đọc: 15", 15),
    ("Đã đọc 15 lần", 15),
    ("Số lần đọc: 15", 15),
    ("Xem: 15", 15),
    ("Views: 1,234,567", 1234567),
    ("(Visited 4 times, 1 visits today)", 4),
    ("15 lượt xem", 15),
    ("15\nlượt\nxem", 15),
    ("1'234 lượt đọc", 1234),
    ("1\u202f234 views", 1234),
    ("１５ lượt xem", 15),
    ("5 lần xem", 5),
    ("Số lượt người xem: 13", 13),
    ("Lượt xem: hơn 1.000", 1000),
    ("👁 15 lượt xem", 15),
    ("Lượt xem: 0", 0),
]

AMONG_OTHERS = [
    ("45 bình luận | 678 lượt xem | 9 thích", 678),
    ("Bình luận: 45 | Lượt xem: 678", 678),
    ("Bình luận 45 Lượt xem 678", 678),
    ("1\nlượt xem\n0\ndownload", 1),
    ("Thứ năm, 29/7/2021, 16:18 Lượt đọc: 50", 50),
    ("22/12/2016 14:30 Lượt xem 45", 45),
    ("22/12/2016 145 lượt xem", 145),
    ("Lượt xem: 7370 | Gửi lúc: 05/12/2013 15:42:27", 7370),
    ("856 lượt xem • 5 ngày trước", 856),
    ("Lượt xem: 1.234 Lượt tải: 55", 1234),
    ("Lượt xem 45 Bình luận 3", 45),
    ("Lượt xem: 123\nChia sẻ", 123),
    ("Lượt xem: 123 Tin liên quan", 123),
    ("Năm 2016 Lượt xem 45", 45),
    ("1 triệu lượt thích, 400 lượt xem", 400),
    ("Tháng 5, 1.234 lượt xem", 1234),
    ("Lượt xem: 141 T. Lan", 141),
    ("Lượt tải: 7. Lượt xem: 1.890. Đánh giá: 4.6", 1890),
]

ROUNDED = [
    ("900K lượt xem", 900_000),
    ("3.2K lượt xem", 3200),
    ("12,34 N lượt xem", 12_340),
    ("1,2 nghìn lượt xem", 1200),
    ("5 ngàn lượt xem", 5000),
    ("1,9 Tr lượt xem", 1_900_000),
    ("hơn 150 triệu lượt xem", 150_000_000),
    ("Lượt xem: 2.5M", 2_500_000),
    ("1,1 T lượt xem", 1_100_000_000),
    ("1 tỷ view", 1_000_000_000),
    ("1,4 tỉ lượt xem", 1_400_000_000),
    ("Views: 2.5B", 2_500_000_000),
    ("Lượt xem: 1.234K", 1_234_000),
]

NOT_VIEWS = [
    *(
        "",
        "-",
        "--",
        "N/A",
        "đang cập nhật",
        "Lượt xem:",
        "Lượt xem: N/A",
        "Lượt xem: -5",
        "-5",
        "hàng triệu lượt xem",
    ),
    *(
        "22/12/2016",
        "22/12/2016 | 14:30",
        "14:30",
        "Cập nhật: 30-11-2021 | 08:56:55",
        "29/07/2020 | 09:26 SA",
    ),
    *("257 27 0", "21 426 0", "10 767 9", "Lượt xem: 10 767 9", "22/12/2016 | 4258 | 3"),
    *("Bình luận: 45", "Phản hồi: 141", "45 thích", "12 chia sẻ", "Lượt tải: 867", "Lượt truy cập: 1.234"),
    *(
        "Số truy cập: 12",
        "Đang online: 5",
        "Đang xem: 5",
        "1.234 lượt hiển thị",
        "5.000 người theo dõi",
        "Trang 12",
    ),
    *("Xem thêm 12 tin khác", "Xem tiếp trang 2", "Xem với cỡ chữ 12", "Xem: 12 tin", "View 12 comments"),
    *(
        "10-15 phút đọc",
        "0912 345 678",
        "0912345678",
        "Dung lượng 408,3 KB",
        "nhiệm kỳ 2015-2020",
        "10-15 lượt xem",
    ),
    *(
        "Lượt xem: 22/12/2016",
        "Lượt xem 45 bình luận",
        "Đã xem: 3 phút trước",
        "Lượt xem: 1.23",
        "Lượt xem: 1,2345",
        "15 review",
    ),
    *("Lượt xem: 9007199254740992", "9007199254740992", "9999999 tỷ lượt xem"),
]


@pytest.mark.parametrize(("text", "views"), HEADER + LABELLED + AMONG_OTHERS)
def test_exact(text: str, views: int) -> None:
    assert parse_views(text) == ViewCount(views, exact=True)


@pytest.mark.parametrize(("text", "views"), ROUNDED)
def test_rounded(text: str, views: int) -> None:
    assert parse_views(text) == ViewCount(views, exact=False)


@pytest.mark.parametrize("text", NOT_VIEWS)
def test_not_views(text: str) -> None:
    assert parse_views(text) is None


@settings(deadline=None)
@given(st.integers(0, 2**53 - 1), st.sampled_from(["", ".", ",", "'", " ", "\u00a0", "\u202f"]))
def test_round_trip(views: int, mark: str) -> None:
    written = f"{views:,}".replace(",", mark)
    for text in (f"Lượt xem: {written}", f"{written} lượt xem", f"22/12/2016 | {written}"):
        assert parse_views(text) == ViewCount(views, exact=True)


@settings(deadline=None)
@given(st.text())
def test_never_raises(text: str) -> None:
    for view in (parse_views(text), parse_views(f"Lượt xem: {text}")):
        assert view is None or 0 <= view.views < 2**53


@pytest.mark.parametrize("piece", ["1", "1.234 ", "lượt xem ", "xem: ", "1 lượt xem 1 tin ", " "])
def test_hostile_length(piece: str) -> None:
    started = time.process_time()
    parse_views(piece * 100_000)
    assert time.process_time() - started < 0.5
