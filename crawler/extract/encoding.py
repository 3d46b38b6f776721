"""Bytes of a page to text; what cannot be read is refused, not guessed. Pure: no network, no clock."""

import codecs
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from crawler.extract.plausible import is_readable

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with that of UTF-16
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_META_CHARSET = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([a-z0-9_:.-]{1,40})", re.IGNORECASE)
#: Only codecs that a web page may name: Python's own list also holds UTF-7, punycode and unicode_escape.
_WEB_CODEC = re.compile(
    r"utf-?8|utf-?16(-?[lb]e)?|(windows|cp|x-cp)-?125\d|iso-?8859-?\d{1,2}|latin-?1|(us-)?ascii",
    re.IGNORECASE,
)
_HEAD = 4096
#: Broken bytes that a page in UTF-8 may hold per non-ASCII sign (a cut teaser, one pasted quotation mark).
_TOLERATED_BREAKS = 0.01


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a page (NFC) and the codec that read it."""

    text: str
    codec: str


def decode(body: bytes, encoding: str | None = None) -> Decoded | None:
    """Reads a page; `encoding` is the charset of the Content-Type header. None when no charset fits.

    Order: byte order mark, strict UTF-8, header, meta, windows-1258. Right by charset is not enough: the
    accented words must look Vietnamese, so TCVN3, VISCII and mislabelled pages are refused.
    """
    for codec, text in _readings(body, encoding):
        composed = text if text.isascii() else unicodedata.normalize("NFC", text)
        if is_readable(composed):
            return Decoded(composed, codec)
    return None


def _readings(body: bytes, encoding: str | None) -> Iterator[tuple[str, str]]:
    for mark, codec in _BOMS:
        if body.startswith(mark):
            yield codec, body[len(mark) :].decode(codec, "replace")
            return
    wide = _utf16_without_mark(body)
    if wide:
        yield wide, body.decode(wide, "replace")
        return
    text = _utf8(body)
    if text is not None:
        yield "utf-8", text
        return
    meta = _META_CHARSET.search(body, 0, _HEAD)
    for name in (encoding, meta and meta.group(1).decode("ascii")):
        if name and _WEB_CODEC.fullmatch(name.strip()) and not name.lower().startswith("utf"):
            codec = codecs.lookup(_python_name(name.strip())).name
            if codec != "cp1258":
                yield codec, body.decode(codec, "replace")
    yield "windows-1258", body.decode("cp1258", "replace")


def _python_name(name: str) -> str:
    """Browsers read what calls itself Latin-1 or ASCII as windows-1252 (WHATWG Encoding, section 4.2)."""
    lowered = name.lower().removeprefix("x-")
    if re.fullmatch(r"iso-?8859-?1|latin-?1|(us-)?ascii", lowered):
        return "cp1252"
    return re.sub(r"^(?:windows|cp)-?", "cp", re.sub(r"^iso-?8859-?", "iso8859-", lowered))


def _utf16_without_mark(body: bytes) -> str | None:
    """Mark-up is mostly ASCII: in UTF-16 every other byte of its head is zero."""
    head = body[:400]
    if len(head) < 8 or (b"<\0" not in head[:64] and b"\0<" not in head[:64]):
        return None
    if head[1::2].count(0) > len(head) * 0.35:
        return "utf-16-le"
    return "utf-16-be" if head[::2].count(0) > len(head) * 0.35 else None


def _utf8(body: bytes) -> str | None:
    """The body as UTF-8: strictly, cut inside its last sign, or with a few broken bytes."""
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start >= len(body) - 3:
            return body[: error.start].decode("utf-8")
    text = body.decode("utf-8", "replace")
    beyond_ascii = len(text) - len(text.encode("ascii", "ignore"))
    return text if text.count("\ufffd") <= beyond_ascii * _TOLERATED_BREAKS else None
