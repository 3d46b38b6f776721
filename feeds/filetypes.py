"""Which files may be served to readers, told by their bytes alone. Pure: no name, no header decides."""

import io
import re
import zipfile
from collections.abc import Callable

_OFFICE = "application/vnd.openxmlformats-officedocument."
#: Ending of a served file -> its media type.
MEDIA_TYPES = {
    ".gif": "image/gif",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".pdf": "application/pdf",
    ".rtf": "application/rtf",
    ".doc": "application/msword",
    ".xls": "application/vnd.ms-excel",
    ".ppt": "application/vnd.ms-powerpoint",
    ".docx": _OFFICE + "wordprocessingml.document",
    ".xlsx": _OFFICE + "spreadsheetml.sheet",
    ".pptx": _OFFICE + "presentationml.presentation",
}
#: What a server may call files worth looking at; others are never asked for their bytes.
WORTH_A_LOOK = frozenset({*MEDIA_TYPES.values(), "image/jpg", "image/pjpeg", "application/octet-stream",
                          "application/x-pdf", "application/force-download", "text/rtf"})  # fmt: skip

# Streams of a compound file (MS-CFB), named in UTF-16.
_STREAMS = (("doc", "WordDocument"), ("xls", "Workbook"), ("xls", "Book"), ("ppt", "PowerPoint Document"))
_PARTS = (("docx", "word/document.xml"), ("xlsx", "xl/workbook.xml"), ("pptx", "ppt/presentation.xml"))
_MOST_MEMBERS = 100_000


def ending_of(body: bytes) -> str | None:
    """The ending that says what these bytes are; None for everything that is not served.

    Pictures (no SVG, which can hold scripts), PDF and office files; never HTML, archives, programs.
    """
    return next((found for mark, tell in _MARKS if mark.match(body) and (found := tell(body))), None)


def _compound(body: bytes) -> str | None:
    return next((ending for ending, name in _STREAMS if (name + "\0").encode("utf-16-le") in body), None)


def _package(body: bytes) -> str | None:
    """Office Open XML is a ZIP file with a certain part; one with macros has another content type and is refused."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as package:
            names = set(package.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return None
    if len(names) > _MOST_MEMBERS or "[Content_Types].xml" not in names:
        return None
    if any(name.endswith("vbaProject.bin") for name in names):
        return None
    return next((ending for ending, part in _PARTS if part in names), None)


def _always(ending: str) -> Callable[[bytes], str | None]:
    return lambda body: ending


_MARKS: tuple[tuple[re.Pattern[bytes], Callable[[bytes], str | None]], ...] = (
    (re.compile(rb"\xff\xd8\xff"), _always("jpg")),
    (re.compile(rb"\x89PNG\r\n\x1a\n"), _always("png")),
    (re.compile(rb"GIF8[79]a"), _always("gif")),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), _always("webp")),
    (re.compile(rb"%PDF-[12]\."), _always("pdf")),
    (re.compile(rb"\{\\rtf1"), _always("rtf")),
    (re.compile(rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), _compound),
    (re.compile(rb"PK\x03\x04"), _package),
)
