"""Events from leads and from labelled lines: when, where, and when nothing may be said."""

from datetime import date

import pytest

from crawler.extract.event import find_event
from crawler.items import Published

FOUND = [
    # origin: leads of the portal (PORTAL.md), published the day given
    ("Ngày 20/12/2016, tại Hà Nội, Đảng ủy Khối tổ chức Hội nghị.", "2016-12-22", "2016-12-20", "2016-12-20", "Hà Nội"),
    ("Ngày 25-4, Ban Tuyên giáo tổ chức Hội nghị giao ban.", "2019-04-26", "2019-04-25", "2019-04-25", None),
    ("Chiều 28/3/2020, tại trụ sở cơ quan, Công đoàn phát động ủng hộ.", "2020-03-28", "2020-03-28", "2020-03-28",
     "trụ sở cơ quan"),
    # origin: made
    ("Sáng ngày 5/1/2017, tại Hội trường tầng 2 diễn ra Hội nghị.", "2017-01-06", "2017-01-05", "2017-01-05",
     "Hội trường tầng 2"),
    ("Trong hai ngày 5 và 6/7/2018, tại Quảng Ninh, Đảng ủy Khối tập huấn.", "2018-07-09", "2018-07-05",
     "2018-07-06", "Quảng Ninh"),
    ("Từ ngày 10 đến 12/6/2019, tại Đà Nẵng, lớp bồi dưỡng đã khai giảng.", "2019-06-13", "2019-06-10", "2019-06-12",
     "Đà Nẵng"),
    ("Tại Hà Nội, ngày 20/12/2016, Đảng ủy Khối tổ chức Hội nghị.", "2016-12-22", "2016-12-20", "2016-12-20", "Hà Nội"),
    ("(ĐUK) - Sáng 25/10/2021, Đảng ủy Khối giao ban.", "2021-10-25", "2021-10-25", "2021-10-25", None),
    ("Ngày 28-12, tại Hà Nội, Đảng ủy Khối tổng kết.", "2017-01-02", "2016-12-28", "2016-12-28", "Hà Nội"),
    ("Ngày 20 tháng 12 năm 2016, tại Hà Nội, Hội nghị khai mạc.", "2016-12-22", "2016-12-20", "2016-12-20", "Hà Nội"),
    ("NGÀY 20/12/2016, TẠI HÀ NỘI, ĐẢNG ỦY KHỐI TỔ CHỨC HỘI NGHỊ.", "2016-12-22", "2016-12-20", "2016-12-20", "HÀ NỘI"),
    ("Sáng nay (20/12), tại Hà Nội, Hội nghị khai mạc.", "2016-12-20", "2016-12-20", "2016-12-20", "Hà Nội"),
    ("Từ 10 đến 12/6/2019, tại Đà Nẵng, lớp bồi dưỡng khai giảng.", "2019-06-13", "2019-06-10", "2019-06-12",
     "Đà Nẵng"),
    ("Ngày 20/12/2016 tại Hà Nội, Hội nghị bế mạc.", "2016-12-22", "2016-12-20", "2016-12-20", "Hà Nội"),
    ("Thứ Ba, ngày 20/12/2016, tại Hà Nội, Hội nghị bế mạc.", "2016-12-22", "2016-12-20", "2016-12-20", "Hà Nội"),
]  # fmt: skip


@pytest.mark.parametrize(("lead", "published", "start", "end", "place"), FOUND)
def test_lead(lead: str, published: str, start: str, end: str, place: str | None) -> None:
    found = find_event(lead, [], _published(published))
    assert found is not None
    event, rule = found
    assert (str(event.start), str(event.end), event.place, rule) == (start, end, place, "lead-opening")


def _published(day: str | None) -> Published | None:
    return Published(date.fromisoformat(day), "day", day) if day else None


SILENT = [
    ("Cách đây 70 năm, ngày 07/11/1948, Đảng bộ được thành lập.", "2018-11-07"),
    ("Ngày 3/2/1930, Đảng Cộng sản Việt Nam ra đời.", "2020-02-03"),
    ("Dư luận xã hội ngày 25-4 có nhiều ý kiến.", "2019-04-26"),
    ("Thực hiện Chỉ thị số 05-CT/TW ngày 15/5/2016 của Bộ Chính trị, tại Hà Nội...", "2016-06-01"),
    ("Ngày 25-4, Ban Tuyên giáo tổ chức Hội nghị.", None),
    ("Ngày 31/02/2019, tại Hà Nội, Hội nghị khai mạc.", "2019-03-02"),
    ("Năm 2019, công tác tuyên giáo có nhiều đổi mới.", "2019-12-31"),
    ("", "2019-12-31"),
]


@pytest.mark.parametrize(("lead", "published"), SILENT)
def test_a_lead_that_tells_of_no_event(lead: str, published: str | None) -> None:
    assert find_event(lead, [], _published(published)) is None


LABELLED = [
    # origin: the notice of May 2015 (PORTAL.md)
    (["Thời gian: 8 giờ 30 ngày 21/5/2015 (sáng thứ năm).", "Địa điểm: Hội trường A."], "2015-05-15",
     "2015-05-21 08:30:00+07:00", "2015-05-21 08:30:00+07:00", "Hội trường A"),
    # origin: made
    (["- Thời gian: 14h00, ngày 9/4/2024", "- Địa điểm: số 105 Quán Thánh, Hà Nội./."], "2024-03-29",
     "2024-04-09 14:00:00+07:00", "2024-04-09 14:00:00+07:00", "số 105 Quán Thánh, Hà Nội"),
    (["1. Thời gian tổ chức: Ngày 21/5/2015.", "2. Địa điểm tổ chức: Hội trường B"], "2015-05-15", "2015-05-21",
     "2015-05-21", "Hội trường B"),
    (["Thời gian: từ 8h00 đến 11h30 ngày 21/5/2015"], "2015-05-15", "2015-05-21 08:00:00+07:00",
     "2015-05-21 11:30:00+07:00", None),
    (["Thời gian:", "8h30 ngày 21/5/2015", "Địa điểm:", "Phòng họp số 1"], "2015-05-15", "2015-05-21 08:30:00+07:00",
     "2015-05-21 08:30:00+07:00", "Phòng họp số 1"),
    (["Thời gian: 8h30 ngày 21/5"], "2015-05-15", "2015-05-21 08:30:00+07:00", "2015-05-21 08:30:00+07:00", None),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "published", "start", "end", "place"), LABELLED)
def test_labelled_lines(lines: list[str], published: str, start: str, end: str, place: str | None) -> None:
    found = find_event("Ban Tuyên giáo thông báo như sau:", lines, _published(published))
    assert found is not None
    event, rule = found
    assert (str(event.start), str(event.end), event.place, rule) == (start, end, place, "labelled-lines")


@pytest.mark.parametrize(
    "line",
    [
        "Thời gian: sẽ thông báo sau.",
        "Thời gian: quý I-2020",
        "Thời gian thực hiện 5 năm",
        "Địa điểm: Hà Nội",
    ],
)
def test_labels_without_a_day(line: str) -> None:
    assert find_event(None, [line], _published("2020-01-10")) is None
