"""Files that an article offers, and the lines that do nothing but offer them. Pure."""

import re
from collections.abc import Sequence
from pathlib import PurePosixPath
from urllib.parse import parse_qsl, unquote, urlsplit

from crawler.extract.addresses import absolute
from crawler.extract.blocks import Anchor, Block
from crawler.extract.paragraphs import Paragraph
from crawler.extract.vocabulary import ATTACHMENT_WORDS, ATTACHMENTS, Words, bare
from crawler.items import Attachment
from crawler.normalize import clean_text, fold

_MEDIA_TYPES = {
    "pdf": "application/pdf",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt": "application/vnd.ms-powerpoint",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "rtf": "application/rtf",
    "txt": "text/plain",
    "csv": "text/csv",
    "zip": "application/zip",
    "rar": "application/vnd.rar",
    "7z": "application/x-7z-compressed",
    "mp3": "audio/mpeg",
    "epub": "application/epub+zip",
}
_EXTENSION = re.compile(rf"\.({'|'.join(_MEDIA_TYPES)})$", re.IGNORECASE)
_DOWNLOAD = re.compile(
    r"(?:^|[/_.?&=-])(?:download|downloadfile|taive|tai-ve|getfile|viewfile|attachment)s?(?:[/_.?&=-]|$)",
    re.IGNORECASE,
)
_CALLED_ADDRESS = re.compile(r"""["']([^"'<>]{4,500})["']""")
_LONGEST_OFFER = 260
#: What a cell beside a file says at most: its number, date or size.
_LONGEST_CELL = 30


def attachment_of(anchor: Anchor, text: str, base: str) -> Attachment | None:
    """The file that a link offers; None when it leads to a page."""
    url = anchor.url
    if anchor.onclick:
        url = _called(anchor.onclick, base) or url
    if not url or not url.startswith("http"):
        return None
    name = _file_name(url)
    extension = _EXTENSION.search(name) if name else None
    if extension is None and not (
        anchor.download or _DOWNLOAD.search(urlsplit(url).query) or _is_download_path(url)
    ):
        extension = _EXTENSION.search(clean_text(text)) if anchor.onclick else None
        if extension is None:
            return None
    kind = _MEDIA_TYPES[extension.group(1).lower()] if extension else None
    return Attachment(url, clean_text(text) or name or url, kind)


def _is_download_path(url: str) -> bool:
    path = urlsplit(url).path
    return bool(re.search(r"(?:^|/)(?:download|downloadfile|getfile|taive)[^/]*(?:/|$)", path, re.IGNORECASE))


def _called(onclick: str, base: str) -> str | None:
    """The address that a script is called with: `downloadFile('/files/a.pdf')`."""
    if not re.search(r"download|file|open|tai", onclick, re.IGNORECASE):
        return None
    for match in _CALLED_ADDRESS.finditer(onclick):
        argument = match.group(1)
        if "/" in argument or _EXTENSION.search(argument):
            return absolute(argument, base)
    return None


def _file_name(url: str) -> str:
    """The name of the file an address leads to: the path's last part, or a parameter that names a file."""
    parts = urlsplit(url)
    name = PurePosixPath(unquote(parts.path)).name
    if _EXTENSION.search(name):
        return clean_text(name)
    for _, value in parse_qsl(parts.query):
        candidate = PurePosixPath(unquote(value)).name
        if _EXTENSION.search(candidate):
            return clean_text(candidate)
    return clean_text(name)


def take_attachments(
    paragraphs: Sequence[Paragraph], extra: Sequence[Block], words: Words, base: str
) -> tuple[Attachment, ...]:
    """All files offered in the body and in lines below it; lines that only offer them get the role."""
    found: dict[str, Attachment] = {}
    introduced = False
    for paragraph in paragraphs:
        offered = _offered(paragraph.lines, base)
        for attachment in offered:
            found.setdefault(attachment.url, attachment)
        if not paragraph.text or paragraph.role == "caption":
            continue
        if (offered and (introduced or _only_offers(paragraph))) or _is_introduction(paragraph.text, words):
            paragraph.role = "attachment"
            introduced = True
        else:
            introduced = False
    _mark_tables(paragraphs)
    for attachment in _offered(extra, base):
        found.setdefault(attachment.url, attachment)
    return tuple(found.values())


def _mark_tables(paragraphs: Sequence[Paragraph]) -> None:
    """Numbers and headings of a table that holds nothing but files belong to the files."""
    offers = {p.first.frame.within("table") for p in paragraphs if p.role == "attachment"} - {None}
    for table in offers:
        inside = [p for p in paragraphs if p.text and table and table.encloses(p.first.frame)]
        beside = [p for p in inside if p.role != "attachment"]
        if all(len(p.text) <= _LONGEST_CELL for p in beside):
            for paragraph in beside:
                paragraph.role = "attachment"


def _offered(lines: Sequence[Block], base: str) -> list[Attachment]:
    found: list[Attachment] = []
    for line in lines:
        for anchor in line.anchors:
            attachment = attachment_of(anchor, line.anchor_text(anchor) or anchor.title, base)
            if attachment is not None:
                found.append(attachment)
    return found


def _only_offers(paragraph: Paragraph) -> bool:
    """Whether nothing is left of a line but the link, its label and its size."""
    if len(paragraph.text) > _LONGEST_OFFER:
        return False
    rest = "".join(piece.text for line in paragraph.lines for piece in line.pieces if piece.anchor is None)
    folded = fold(rest)
    if len(ATTACHMENT_WORDS.sub("", folded).strip()) <= 12:
        return True
    return bool(ATTACHMENTS.match(bare(folded))) and len(folded) <= 120


def _is_introduction(text: str, words: Words) -> bool:
    """`Tệp đính kèm:` alone, the files standing in the lines below."""
    if len(text) > 60:
        return False
    label = bare(fold(text))
    if label in words.attachments:
        return True
    return text.rstrip().endswith(":") and bool(ATTACHMENTS.fullmatch(label))
