"""Bytes to text: what each charset gives, and what is refused as unreadable."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extract.encoding import decode
from crawler.extract.plausible import implausibility, is_readable

TEXT = "Hội nghị tổng kết công tác tuyên giáo năm 2016 của Đảng bộ Khối các cơ quan Trung ương; Ủy ban, thời kỳ, khoẻ"
PAGE = f"<html><head><title>{TEXT}</title></head><body><p>{TEXT}</p></body></html>"
TONES = "\u0300\u0301\u0303\u0309\u0323"


def windows_1258(text: str) -> bytes:
    """As old editors saved it: vowels composed with circumflex and horn, tones as combining bytes behind."""
    out = bytearray()
    for letter in unicodedata.normalize("NFC", text):
        parts = unicodedata.normalize("NFD", letter)
        base = unicodedata.normalize("NFC", "".join(c for c in parts if c not in TONES))
        for sign in (letter, base + "".join(c for c in parts if c in TONES)):
            try:
                out += sign.encode("cp1258")
                break
            except UnicodeEncodeError:
                continue
    return bytes(out)


READABLE = [
    ("utf-8", PAGE.encode(), None, "utf-8"),
    ("utf-8 with mark", b"\xef\xbb\xbf" + PAGE.encode(), "windows-1252", "utf-8"),
    ("utf-8 against its header", PAGE.encode(), "iso-8859-1", "utf-8"),
    ("utf-8 decomposed", unicodedata.normalize("NFD", PAGE).encode(), "utf-8", "utf-8"),
    ("utf-8 cut in a letter", PAGE.encode() + "ộ".encode()[:2], None, "utf-8"),
    ("utf-16 little", PAGE.encode("utf-16"), None, "utf-16-le"),
    ("utf-16 big", b"\xfe\xff" + PAGE.encode("utf-16-be"), None, "utf-16-be"),
    ("utf-16 without mark", PAGE.encode("utf-16-le"), None, "utf-16-le"),
    ("utf-32", b"\xff\xfe\x00\x00" + PAGE.encode("utf-32-le"), None, "utf-32-le"),
    ("windows-1258 by header", windows_1258(PAGE), "windows-1258", "windows-1258"),
    ("windows-1258 unlabelled", windows_1258(PAGE), None, "windows-1258"),
    ("windows-1258 labelled Latin-1", windows_1258(PAGE), "ISO-8859-1", "windows-1258"),
    ("windows-1258 labelled UTF-8", windows_1258(PAGE), "utf-8", "windows-1258"),
]


@pytest.mark.parametrize(("body", "header", "codec"), [r[1:] for r in READABLE], ids=[r[0] for r in READABLE])
def test_a_readable_page_comes_out_composed(body: bytes, header: str | None, codec: str) -> None:
    decoded = decode(body, header)
    assert decoded is not None
    assert decoded.codec == codec
    assert f"<title>{TEXT}</title>" in decoded.text
    assert unicodedata.is_normalized("NFC", decoded.text)


TCVN3 = "Héi nghÞ tæng kÕt c«ng t¸c tuyªn gi¸o n¨m 2016 cña §¶ng bé Khèi c¸c c¬ quan Trung ­¬ng"
VISCII = "Hµi ngh¸ t±ng kªt công tác tuyên giáo nåm 2016 cüa Ðäng bµ Kh¯i các c½ quan Trung ß½ng"
UNREADABLE = [
    ("TCVN3 bytes", TCVN3.encode("latin-1"), None),
    ("TCVN3 bytes labelled Latin-1", TCVN3.encode("latin-1"), "iso-8859-1"),
    ("TCVN3 saved as UTF-8", TCVN3.encode(), "utf-8"),
    ("VISCII bytes", VISCII.encode("latin-1"), None),
    ("UTF-8 read as windows-1252 and saved", PAGE.encode().decode("cp1252", "replace").encode(), None),
    ("UTF-8 read as windows-1258 and saved", PAGE.encode().decode("cp1258", "replace").encode(), None),
    ("letters lost", PAGE.encode("ascii", "replace").replace(b"?", "\ufffd".encode()), None),
]


@pytest.mark.parametrize(("body", "header"), [r[1:] for r in UNREADABLE], ids=[r[0] for r in UNREADABLE])
def test_an_unreadable_page_is_refused(body: bytes, header: str | None) -> None:
    assert decode(body, header) is None


def test_one_broken_byte_does_not_cost_a_page() -> None:
    body = PAGE.encode() * 3
    at = body.index(b"<body>") + 6
    decoded = decode(body[:at] + b"\x96" + body[at:])
    assert decoded is not None
    assert decoded.text.count("\ufffd") == 1


@pytest.mark.parametrize(
    "name", ["utf-7", "punycode", "unicode_escape", "rot13", "zlib", "no-such", "utf-8;x", ""]
)
def test_a_header_never_picks_a_codec_that_pages_may_not_use(name: str) -> None:
    decoded = decode(windows_1258(PAGE), name)
    assert decoded is not None
    assert decoded.codec == "windows-1258"


@pytest.mark.parametrize(
    "text",
    [
        "Hội nghị COVID-19 tại Genève và São Paulo, thủ đô Hà Nội, ngày 5 tháng 3",
        "plain English",
        "",
        "北京 会议 越南",
    ],
)
def test_foreign_words_among_right_ones_are_readable(text: str) -> None:
    assert is_readable(text)


@given(st.lists(st.sampled_from(TEXT.split()), min_size=1, max_size=40))
def test_right_words_are_never_implausible(words: list[str]) -> None:
    assert implausibility(" ".join(words)) == 0.0


@given(st.binary(max_size=300), st.none() | st.text(max_size=20))
def test_any_bytes_give_text_or_nothing(body: bytes, header: str | None) -> None:
    decoded = decode(body, header)
    assert decoded is None or unicodedata.is_normalized("NFC", decoded.text)
