"""Addresses, lines and times of everything published."""

from datetime import UTC, date, datetime

import pytest

from feeds.text import local, one_line, web_address

WEB = [
    ("http://cong.example.vn/a-duk1.aspx", "http://cong.example.vn/a-duk1.aspx"),
    (
        "https://cong.example.vn/View_Detail.aspx?ItemID=370&a=b",
        "https://cong.example.vn/View_Detail.aspx?ItemID=370&a=b",
    ),
    (" http://cong.example.vn/tệp số 1.pdf\n", "http://cong.example.vn/t%E1%BB%87p%20s%E1%BB%91%201.pdf"),
    ("http://cong.example.vn/100%.pdf", "http://cong.example.vn/100%25.pdf"),
    ("http://cong.example.vn/t%E1%BB%87p.pdf", "http://cong.example.vn/t%E1%BB%87p.pdf"),
    ("http://cong.example.vn/\x00a\x1b", "http://cong.example.vn/a"),
    ('http://cong.example.vn/"><b>', "http://cong.example.vn/%22%3E%3Cb%3E"),
]
NOWHERE = [
    None,
    "",
    "a/b.pdf",
    "/a/b.pdf",
    "//evil.example/a",
    "javascript:alert(1)",
    "javascript://evil.example/%0aalert(1)",
    "data:text/html,x",
    "file:///etc/passwd",
    "ftp://cong.example.vn/a",
    "mailto:a@b.example",
    "http://",
    "http://[::1",
    "http:a.pdf",
]


@pytest.mark.parametrize(("told", "wanted"), WEB)
def test_web_addresses_are_made_ascii(told: str, wanted: str) -> None:
    assert web_address(told) == wanted
    assert web_address(wanted) == wanted


@pytest.mark.parametrize("told", NOWHERE)
def test_other_addresses_are_none(told: str | None) -> None:
    assert web_address(told) is None


def test_one_line() -> None:
    assert one_line(" a\r\n\tb\x00\u00a0 c\x0b ") == "a b c"


def test_local_times() -> None:
    assert local(date(2016, 12, 22)).isoformat() == "2016-12-22T00:00:00+07:00"
    assert local(datetime(2016, 12, 21, 20, 0, 1, 999, UTC)).isoformat() == "2016-12-22T03:00:01+07:00"
    with pytest.raises(ValueError, match="without zone"):
        local(datetime(2016, 12, 22))  # noqa: DTZ001
