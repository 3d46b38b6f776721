"""Captions: lines that say so (`Ảnh: …`), and lines that stand with a picture as captions do. Pure."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import zip_longest

from crawler.extract.blocks import Block, Frame
from crawler.extract.known import remembered
from crawler.extract.paragraphs import Paragraph
from crawler.extract.vocabulary import Words
from crawler.items import Image
from crawler.normalize import fold

_HINT = re.compile(r"caption|chu-?thich|image-?desc|img-?desc|photo-?note|picture-?text|pcaption|note-?img")
_LONGEST = 300
_PREFIX = re.compile(r"^\s*\(?[^\W\d_]{2,5}(?:\s+minh\s+h[ọo]a|\s*[0-9]{1,2})?\s*[:.]\s*", re.IGNORECASE)


def mark_captions(paragraphs: Sequence[Paragraph], words: Words) -> None:
    """Sets role and value of caption paragraphs; every picture takes one caption at most."""
    tables = _picture_tables(paragraphs)
    for at, paragraph in enumerate(paragraphs):
        if paragraph.role not in ("text", "picture") or not paragraph.text:
            continue
        if len(paragraph.text) <= 600 and words.caption.match(fold(paragraph.text[:24])):
            _set(paragraph, _without_prefix(paragraph.text))
        elif paragraph.first.frame.within("table") in tables or _stands_as_caption(
            paragraph, paragraphs[at - 1] if at else None
        ):
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
    if paragraph.italic or _in_figure(above, line):
        return True
    return line.frame.align == "center" and (above is line or above.frame.align == "center")


def _has_hint(line: Block) -> bool:
    frames = line.frame.lineage()[:3]
    return any(_is_caption(frame.hint) for frame in frames) or any(_is_caption(p.hint) for p in line.pieces)


@remembered
def _is_caption(hint: str) -> bool:
    return _HINT.search(hint) is not None


def _picture_above(paragraph: Paragraph, before: Paragraph | None) -> Block | None:
    """The line whose picture stands directly above or at the beginning of this paragraph."""
    own = paragraph.first.pictures
    if own and own[0][0] == 0 and not own[0][1].small:
        return paragraph.first
    if before is not None and before.lines[-1].pictures and not before.text:
        return before.lines[-1]
    return None


def _in_figure(above: Block, line: Block) -> bool:
    """Picture and text in one figure."""
    figure = line.frame.within("figure")
    return figure is not None and figure.encloses(above.frame)


def _picture_tables(paragraphs: Sequence[Paragraph]) -> set[Frame]:
    """Tables that hold pictures and at most one short text for each, in cells of their own."""
    pictures: Counter[Frame] = Counter()
    texts: Counter[Frame] = Counter()
    for paragraph in paragraphs:
        for line in paragraph.lines:
            table = line.frame.within("table")
            if table is None:
                continue
            shown = sum(not picture.small for _, picture in line.pictures)
            pictures[table] += shown
            if line.text and (line is paragraph.first or not line.soft):
                texts[table] += len(line.text) // _LONGEST + 1
    return {table for table, count in pictures.items() if count and 0 < texts[table] <= count}


def read_images(paragraphs: Sequence[Paragraph]) -> tuple[Image, ...]:
    """Pictures with their captions, in page order; a caption goes to the nearest picture without one.

    A caption without a picture has no address; pictures loaded twice (lazily and in place) count once.
    """
    found: list[Image] = []
    shown: list[str] = []
    captions: list[str] = []
    seen: set[str] = set()
    for paragraph in paragraphs:
        if paragraph.role in ("dropped", "attachment"):
            continue
        urls = [p.url for p in paragraph.pictures if p.url and not p.small and p.url not in seen]
        seen.update(urls)
        if captions and (urls or paragraph.role != "caption"):
            found += _paired(shown, captions)
            shown, captions = [], []
        shown += urls
        if paragraph.role == "caption":
            captions.append(paragraph.value)
        elif len(paragraph.text) > 60:
            found += _paired(shown, [])
            shown = []
    return tuple(found + _paired(shown, captions))


def _paired(urls: Sequence[str], captions: Sequence[str]) -> list[Image]:
    """Pictures and the captions below them: one each in order, or the last pictures are those described."""
    bare = max(0, len(urls) - len(captions))
    pairs = zip_longest(urls[bare:], dict.fromkeys(captions))
    return [Image(url, None) for url in urls[:bare]] + [Image(url, caption) for url, caption in pairs]
