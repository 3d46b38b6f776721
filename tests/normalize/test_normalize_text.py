"""Text as kept, as matched, as identifier."""

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.normalize import clean_text, fold, fold_origins, slug

VIETNAMESE = "Đảng ủy Khối các cơ quan Trung ương"


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("  Hội\u00a0nghị \t\r\n tổng kết ", "Hội nghị tổng kết"),
        (unicodedata.normalize("NFD", VIETNAMESE), VIETNAMESE),
        ("Ðảng ủy", "Đảng ủy"),
        ("Seyðisfjörður Ð", "Seyðisfjörður Ð"),
        ("a\x00b\x0bc\x1b[0m", "ab c[0m"),
        ("a\u200bb\ufeffc\u00add\u2060e", "abcde"),
        ("a\ud800b\udfffc", "abc"),
        ("a\ufffeb\uffffc\U0001fffed", "abcd"),
        ("e\u200b\u0301", "é"),
        ("a\u2028b\u2029c\u0085d", "a b c d"),
        ("\u3000", ""),
        ("", ""),
    ],
)
def test_clean_text(raw: str, clean: str) -> None:
    assert clean_text(raw) == clean


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        (VIETNAMESE, "dang uy khoi cac co quan trung uong"),
        (unicodedata.normalize("NFD", VIETNAMESE), "dang uy khoi cac co quan trung uong"),
        ("ĐẢNG UỶ Ðảng ðảng", "dang uy dang dang"),
        ("hòa hoà", "hoa hoa"),
        ("２２⁄１２／２０１６", "22/12/2016"),
        ("a‐b‑c‒d–e—f―g−h", "a-b-c-d-e-f-g-h"),
        ("1\u202f234\u00a0567", "1 234 567"),
        ("Thứ nǎm", "thu nam"),
        ("ﬁ ß", "fi ss"),
        ("10h30’", "10h30'"),
        ("ngàу ᴠà Хã", "ngay va xa"),
        (" a\u200b \n\t b\x00 ", "a b"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Kiểm tra - Giám sát", "kiem-tra-giam-sat"),
        ("Công tác tuyên giáo", "cong-tac-tuyen-giao"),
        ("Đoàn thể / Công đoàn", "doan-the-cong-doan"),
        ("  “Tin tức” & Sự kiện! ", "tin-tuc-su-kien"),
        ("../../etc/passwd", "etc-passwd"),
        ("新闻", ""),
        ("!!!", ""),
        ("a" * 200, "a" * 80),
        ("a" * 79 + " b", "a" * 79),
    ],
)
def test_slug(title: str, expected: str) -> None:
    assert slug(title) == expected


@settings(deadline=None)
@given(st.text())
def test_clean_text_is_final_and_legal(text: str) -> None:
    clean = clean_text(text)
    assert clean_text(clean) == clean == unicodedata.normalize("NFC", clean)
    assert not re.search("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]", clean)
    clean.encode()


@settings(deadline=None)
@given(st.text())
def test_fold_is_final_and_knows_its_origins(text: str) -> None:
    folded, origins = fold_origins(text)
    assert folded == fold(text) == fold(folded)
    assert len(origins) == len(folded) + 1
    assert origins == sorted(origins)


@settings(deadline=None)
@given(st.text(st.characters(max_codepoint=0x1EFF)))
def test_fold_does_not_see_accents(text: str) -> None:
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text)) == fold(text)


@settings(deadline=None)
@given(st.text())
def test_slug_is_safe(title: str) -> None:
    assert re.fullmatch(r"(?:[a-z0-9]+(?:-[a-z0-9]+)*)?", slug(title))
    assert len(slug(title)) <= 80
