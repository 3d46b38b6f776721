"""Text as it is kept (`clean_text`), as it is matched (`fold`) and as an identifier (`slug`). Pure."""

import codecs
import re
import unicodedata
from functools import lru_cache

#: Invisible or illegal in XML: controls but for blanks, soft hyphen, zero-width and bidi marks, BOM,
#: surrogates, noncharacters (those of the higher planes are dropped by their category).
_DROPPED = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff]"
    "|[\U0001fffe\U0001ffff\U0002fffe\U0002ffff\U000e0000-\U000e007f\U000ffffe\U000fffff\U0010fffe\U0010ffff]"
)
#: The one character among them that counts as printable.
_JOINER = "\u034f"
_ICELANDIC = re.compile("[ðþÞæÆ]")
_NOT_SLUG = re.compile("[^a-z0-9]+")
_SLUG_LENGTH = 80
_REMEMBERED = 20_000

#: Letters that no Unicode decomposition takes apart, dashes and slashes that look alike.
_LOOKALIKES = {
    **dict.fromkeys("đĐðÐɖ", "d"),
    **dict.fromkeys("‐‑‒–—―−﹣－", "-"),
    **dict.fromkeys("⁄∕", "/"),
    **dict.fromkeys("ʼ’‘′", "'"),
    # Copied articles are disguised with letters of other alphabets: `ngàу`, `ᴠà`, `хã`.
    **dict(zip("аеорсухѕіјһɡԛѵᴠᴡı", "aeopcyxsijhgqvvwi", strict=True)),
}


def clean_text(s: str) -> str:
    """One line of NFC text without control, zero-width and illegal characters, its blanks collapsed.

    `Ð` (U+00D0), which old Vietnamese keyboards give for `Đ`, is mended unless the text is Icelandic.
    """
    s = s.strip()
    if not s.isprintable() or _JOINER in s:
        s = _DROPPED.sub("", s).strip()
    if not s.isascii():
        s = unicodedata.normalize("NFC", s)
        if "Ð" in s and not _ICELANDIC.search(s):
            s = s.replace("Ð", "Đ")
    return s if s.isprintable() and "  " not in s else " ".join(s.split())


def _fold_character(c: str) -> str:
    """What one character is matched as: any number of characters, often one, none for marks."""
    if c.isspace():
        return " "
    if (known := _LOOKALIKES.get(c)) is not None:
        return known
    if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Mn", "Me"}:
        return ""
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", c).casefold())
    if apart == c:
        return c
    return "".join(_fold_character(part) if part != c else part for part in apart)


class _FoldTable(dict[int, str]):
    """Translation table that fills itself, up to more characters than any real page uses."""

    def __missing__(self, code: int) -> str:
        folded = _fold_character(chr(code))
        if len(self) < _REMEMBERED:
            self[code] = folded
        return folded


_TABLE = _FoldTable()


def _usual() -> str:
    """What nearly all texts are made of: ASCII, Vietnamese letters, blanks, a few signs."""
    tones = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
    letters = [unicodedata.normalize("NFC", vowel + tone) for vowel in "aăâeêioôơuưy" for tone in tones]
    accented = "".join(letter for letter in [*letters, "đ"] if not letter.isascii())
    return "".join(map(chr, range(0x20, 0x7F))) + accented + accented.upper() + "\t\n\r\xa0–—‘’“”«»•·°…"


# A table of bytes and back folds texts of these characters alone six times as fast as a look-up for each. The map
# is fast only when its first entry is NUL; U+FFFE stands for what the tables do not hold.
_TO_BYTES = codecs.charmap_build(("\0" + _usual()).ljust(256, "\ufffe"))
_FROM_BYTES = "\ufffe" + "".join(c if c == "…" else _fold_character(c) for c in _usual())


def fold(s: str) -> str:
    """The form everything is matched in: NFKC, case-folded, without accents, `đ` as `d`, every dash `-`.

    Zero-width and control characters are dropped, blanks collapsed. `Uỷ`, `Ủy` and `UY` become `uy`.
    """
    try:
        folded, _ = codecs.charmap_decode(
            codecs.charmap_encode(s, "strict", _TO_BYTES)[0], "strict", _FROM_BYTES
        )
    except UnicodeError:  # some other character
        return " ".join(s.translate(_TABLE).split())
    if "…" in folded:
        folded = folded.replace("…", "...")
    if "  " in folded or folded[:1] == " " or folded[-1:] == " ":
        return " ".join(folded.split())
    return folded


def fold_origins(s: str) -> tuple[str, list[int]]:
    """`fold(s)` and, for each of its characters, the index in `s` it came from (slow; for reports).

    The list has one entry more, the end of `s`.
    """
    letters: list[str] = []
    origins: list[int] = []
    for index, c in enumerate(s):
        for letter in _TABLE[ord(c)]:
            if letter != " " or (letters and letters[-1] != " "):
                letters.append(letter)
                origins.append(index)
    if letters and letters[-1] == " ":
        letters.pop()
        origins.pop()
    return "".join(letters), [*origins, len(s)]


@lru_cache(maxsize=4096)
def slug(title: str) -> str:
    """Identifier of a title: `[a-z0-9-]`, at most 80 long, empty when the title has no Latin letter or digit.

    >>> slug("Kiểm tra - Giám sát")
    'kiem-tra-giam-sat'
    """
    return _NOT_SLUG.sub("-", fold(title)).strip("-")[:_SLUG_LENGTH].rstrip("-")
