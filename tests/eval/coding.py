"""Pages to bytes in the encodings of the genre: some declared, some not, some decomposed."""

import unicodedata

from tests.eval.dice import Dice

_TONES = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}

#: Name -> charset that the page declares (None: none).
CODINGS: dict[str, str | None] = {
    "utf-8": "utf-8",
    "utf-8-bom": None,
    "windows-1258": None,
    "utf-16": None,
    "nfd": "utf-8",
    "decimal": "iso-8859-1",
    "hex": None,
    "utf-8-undeclared": None,
}


def coding(skin: Dice) -> str:
    """The encoding of a skin; plain UTF-8 in half of them."""
    return skin.pick("coding", *["utf-8"] * 8, *CODINGS)


def _cp1258(text: str) -> bytes:
    """Windows-1258 holds tones as marks of their own; what it lacks becomes a numeric reference."""
    parts = []
    for letter in unicodedata.normalize("NFC", text):
        try:
            parts.append(letter.encode("cp1258"))
            continue
        except UnicodeEncodeError:
            pass
        apart = unicodedata.normalize("NFD", letter)
        base = unicodedata.normalize("NFC", "".join(c for c in apart if c not in _TONES))
        tones = "".join(c for c in apart if c in _TONES)
        parts.append((base + tones).encode("cp1258", "xmlcharrefreplace"))
    return b"".join(parts)


def encode(name: str, text: str) -> bytes:
    """The page's bytes in the encoding of that name."""
    if name == "utf-8-bom":
        return text.encode("utf-8-sig")
    if name == "windows-1258":
        return _cp1258(text)
    if name == "utf-16":
        return text.encode("utf-16")
    if name == "nfd":
        return unicodedata.normalize("NFD", text).encode()
    if name == "decimal":
        return text.encode("ascii", "xmlcharrefreplace")
    if name == "hex":
        return "".join(c if ord(c) < 128 else f"&#x{ord(c):X};" for c in text).encode()
    return text.encode()
