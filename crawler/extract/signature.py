"""Who signs an article: a person (author) or an issuing body (organization). Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from crawler.extract.paragraphs import Paragraph
from crawler.extract.vocabulary import Words
from crawler.normalize import fold

_END_MARK = re.compile(r"\./\.?[”\"»)]?\s*$")
_GLUED = re.compile(r"\./\.[”\"»)]?\s*(\S.{1,80})$")
_LABEL = re.compile(
    r"^\(?\s*(?:(?:tin|bài|ảnh|bài viết|hình ảnh|clip|video|nội dung|text)(?:\s*(?:,|và|&|-|\+"
    r"|/)\s*(?:tin|bài|ảnh|clip|video|hình))*"
    r"|tác giả(?: bài viết)?|người viết|thực hiện|biên soạn|tổng hợp|theo|nguồn|by|author)\s*:\s*",
    re.IGNORECASE,
)
_BY_SOURCE = re.compile(r"^\(?\s*theo\s+", re.IGNORECASE)
_LETTER = "A-ZÀ-ỸĐ"
_WORD = rf"(?:[{_LETTER}][^\W\d_]*\.?|[{_LETTER}]\.)"
#: Two to six capitalised words, or initials; several names are parted by a dash, a comma, `và`.
_PERSON = re.compile(
    rf"{_WORD}(?:\s{_WORD}){{1,5}}(?:\s*(?:[-–,&/]|và)\s*{_WORD}(?:\s{_WORD}){{0,5}}){{0,3}}"
    rf"|(?:[{_LETTER}]\.?){{1,4}}|{_WORD}(?:\s*[-–&]\s*{_WORD}){{1,3}}"
)
_TITLED = re.compile(
    r"^(?:TS|ThS|PGS|GS|CN|Đ/c|Đồng chí|Bs|KS|Luật sư|Nhà báo|Phóng viên|PV)\b[.,:]?\s*", re.IGNORECASE
)
_TRAILING = re.compile(
    r"\s*\((?:tổng hợp|thực hiện|t/h|th|st|sưu tầm|giới thiệu|lược ghi|ghi|biên soạn|theo [^)]{1,60})\)\s*$",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"^(?:tm\.?|t/m|kt\.?|tl\.?|q\.?)\s|^(?:bí thư|phó bí thư|trưởng ban|phó trưởng ban|chủ tịch"
    r"|phó chủ tịch|chánh văn phòng"
    r"|phó chánh văn phòng|giám đốc|tổng biên tập|thường trực|\(?đã ký\)?)",
    re.IGNORECASE,
)  # fmt: skip
_LONGEST = 90
#: Notes may stand between the last paragraph and the signature.
_NOTE = re.compile(
    r"[(\[][0-9]{1,3}[)\]]|[-_*]{3,}|(?:ghi chú|chú thích|tài liệu tham khảo)\b", re.IGNORECASE
)
#: How many paragraphs from the end a signature may stand: picture captions and files may follow it.
_REACH = 5


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed, as printed without its label."""

    author: str | None
    organization: str | None
    rule: str


def take_signature(paragraphs: list[Paragraph], words: Words) -> Signature:
    """Finds the signature and gives its paragraphs the role; text glued behind `./.` is taken off."""
    glued = _take_glued(paragraphs, words)
    if glued is not None:
        return glued
    texts = [p for p in paragraphs if p.role == "text" and p.text]
    marked = max((n for n, p in enumerate(texts) if _END_MARK.search(p.text)), default=None)
    tail = texts[marked + 1 :] if marked is not None else texts[-_REACH:]
    if marked is not None and len(tail) <= _REACH + 2:
        found = _read_tail(tail, words, "after-end-mark")
        if found is not None:
            return found
    return _read_bare(texts, words)


def _take_glued(paragraphs: list[Paragraph], words: Words) -> Signature | None:
    for paragraph in reversed(paragraphs[-_REACH:]):
        match = _GLUED.search(paragraph.text) if paragraph.role == "text" else None
        if match is None:
            continue
        kind, value = _kind(match.group(1), words)
        if kind:
            paragraph.text = paragraph.text[: match.start(1)].rstrip()
            return _signature(kind, value, "glued-to-end-mark")
    return None


def _read_tail(tail: Sequence[Paragraph], words: Words, rule: str) -> Signature | None:
    """All short lines behind the end mark belong to the signature; the first that names somebody counts."""
    chosen: Signature | None = None
    for paragraph in tail:
        if _NOTE.match(paragraph.text):
            continue
        if len(paragraph.text) > _LONGEST:
            break
        kind, value = _kind(paragraph.text, words)
        if kind:
            paragraph.role = "signature"
            chosen = chosen or _signature(kind, value, rule)
        elif _ROLE.match(paragraph.text) or _LABEL.match(paragraph.text):
            paragraph.role = "signature"
        elif chosen is None and paragraph is tail[0]:
            continue
    return chosen


def _read_bare(texts: Sequence[Paragraph], words: Words) -> Signature:
    """Without an end mark: the last line, when it is set apart, labelled, or can be nothing but a name."""
    for paragraph in reversed(texts[-3:]):
        if len(texts) < 2 or len(paragraph.text) > _LONGEST:
            break
        kind, value = _kind(paragraph.text, words)
        if not kind:
            break
        labelled = _LABEL.match(paragraph.text) is not None
        apart = paragraph.first.frame.align == "right" or paragraph.bold or paragraph.italic
        if labelled or apart or (kind == "organization" or _name_like(value)):
            paragraph.role = "signature"
            how = (
                "labelled"
                if labelled
                else "right-aligned"
                if paragraph.first.frame.align == "right"
                else "last-line"
            )
            return _signature(kind, value, f"signature-{how}")
    return Signature(None, None, "")


def _signature(kind: str, value: str, rule: str) -> Signature:
    return Signature(value, None, rule) if kind == "author" else Signature(None, value, rule)


def _name_like(value: str) -> bool:
    return 2 <= len(value.split()) <= 8


def _kind(text: str, words: Words) -> tuple[str, str]:
    """`author` or `organization` and the name without label; empty when the line names nobody."""
    value = _LABEL.sub("", text.strip())
    labelled = value != text.strip()
    value = _BY_SOURCE.sub("", value).strip(" *-–—")
    if text.strip().startswith("(") and value.endswith(")"):
        value = value[:-1]
    value = value.rstrip(" .;,") if not re.search(r"\b[A-ZĐ]\.$", value) else value
    if not value or len(value) > _LONGEST:
        return "", ""
    if words.organization.match(fold(value)) and value[:1].isupper() and not _is_sentence(text):
        return "organization", value
    core = _TRAILING.sub("", _TITLED.sub("", value))
    if _PERSON.fullmatch(core) and not _ROLE.match(core):
        return "author", value
    return ("author", value) if labelled and len(value) <= 60 and not _is_sentence(value) else ("", "")


def _is_sentence(text: str) -> bool:
    return text.rstrip().endswith((".", ":", ";", "!", "?")) or len(text.split()) > 14
