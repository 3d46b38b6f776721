"""Captions: lines that say so (`Ảnh: …`), and lines that stand with a picture as captions do. Pure."""

import re
from collections.abc import Sequence

from crawler.extract.blocks import Block
from crawler.extract.paragraphs import Paragraph
from crawler.extract.vocabulary import Words
from crawler.items import Image
from crawler.normalize import fold

_HINT = re.compile(r"caption|chu-?thich|image-?desc|img-?desc|photo-?note|picture-?text|pcaption|note-?img")
_LONGEST = 300
_PREFIX = re.compile(r"^\s*\(?[^\W\d_]{2,5}(?:\s+minh\s+h[ọo]a|\s*[0-9]{1,2})?\s*[:.]\s*", re.IGNORECASE)


def mark_captions(paragraphs: Sequence[Paragraph], words: Words) -> None:
    """Sets role and value of caption paragraphs; every picture takes one caption at most."""
    for at, paragraph in enumerate(paragraphs):
        if paragraph.role not in ("text", "picture") or not paragraph.text:
            continue
        if len(paragraph.text) <= 600 and words.caption.match(fold(paragraph.text[:24])):
            _set(paragraph, _without_prefix(paragraph.text))
        elif _stands_as_caption(paragraph, paragraphs[at - 1] if at else None):
            _set(paragraph, paragraph.text)


def _set(paragraph: Paragraph, value: str) -> None:
    paragraph.role = "caption"
    paragraph.value = value


def _without_prefix(text: str) -> str:
    cut = _PREFIX.sub("", text, count=1)
    return cut[:-1].rstrip() if text.startswith("(") and cut.endswith(")") and "(" not in cut else cut


def _stands_as_caption(paragraph: Paragraph, before: Paragraph | None) -> bool:
    """Without the word: in a `figcaption`, in the picture's own table, or set apart right below a picture."""
    line = paragraph.first
    if line.frame.within("figcaption") or (line.frame.within("caption") and len(paragraph.text) < _LONGEST):
        return True
    if len(paragraph.text) > _LONGEST:
        return False
    if _has_hint(line):
        return True
    above = _picture_above(paragraph, before)
    if above is None:
        return False
    if paragraph.italic or _in_picture_table(above, line):
        return True
    return line.frame.align == "center" and (above is line or above.frame.align == "center")


def _has_hint(line: Block) -> bool:
    frames = line.frame.lineage()[:3]
    return any(_HINT.search(frame.hint) for frame in frames) or any(_HINT.search(p.hint) for p in line.pieces)


def _picture_above(paragraph: Paragraph, before: Paragraph | None) -> Block | None:
    """The line whose picture stands directly above or at the beginning of this paragraph."""
    own = paragraph.first.pictures
    if own and own[0][0] == 0 and not own[0][1].small:
        return paragraph.first
    if before is not None and before.lines[-1].pictures and not before.text:
        return before.lines[-1]
    return None


def _in_picture_table(above: Block, line: Block) -> bool:
    """Picture and text in one small table, or in one figure."""
    figure = line.frame.within("figure")
    if figure is not None and figure.encloses(above.frame):
        return True
    own, other = line.frame.within("table"), above.frame.within("table")
    if own is None or own is not other or line.frame.within("td") is above.frame.within("td"):
        return False
    return line.frame.within("tr") is not above.frame.within("tr")


def read_images(paragraphs: Sequence[Paragraph]) -> tuple[Image, ...]:
    """Pictures with their captions, in page order; a caption goes to the nearest picture without one.

    A caption without a picture has no address; pictures loaded twice (lazily and in place) count once.
    """
    found: list[Image] = []
    urls: set[str] = set()
    open_picture: int | None = None
    for paragraph in paragraphs:
        if paragraph.role in ("dropped", "attachment"):
            continue
        for picture in paragraph.pictures:
            if not picture.small and picture.url and picture.url not in urls:
                urls.add(picture.url)
                found.append(Image(picture.url, None))
                open_picture = len(found) - 1
        if paragraph.role == "caption":
            if open_picture is not None and found[open_picture].caption is None:
                found[open_picture] = Image(found[open_picture].url, paragraph.value)
            elif not any(image.caption == paragraph.value for image in found):
                found.append(Image(None, paragraph.value))
            open_picture = None
        elif len(paragraph.text) > 60:
            open_picture = None
    return tuple(found)
