"""Lines of an article's body joined to paragraphs, as a reader sees them. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from crawler.extract.blocks import Block, Picture

Role = Literal["text", "lead", "caption", "signature", "attachment", "picture", "dropped"]

_ENDED = re.compile(r"[.!?:;…/][)\]”\"'’»]*(?:\s*[(\[][0-9]{1,3}[)\]])*$|[)\]”\"»]$")
#: What a new paragraph begins with; a small letter goes on with a sentence, unless it counts (`a) …`).
_BEGINS = re.compile(r"[-–—•+*●▪○✓➢►]|[0-9]{1,3}[.)/]|\([0-9a-zđ]{1,3}\)|[a-zđ][).]\s|[IVX]{1,5}[.)]\s")
_SHORT = 48


@dataclass(slots=True, eq=False)
class Paragraph:
    """A paragraph, or pictures that stand alone."""

    lines: list[Block]
    text: str
    role: Role = "text"
    #: A caption's text without its prefix; what a signature names.
    value: str = ""
    #: Caption of its pictures, once found.
    captions: dict[int, str] = field(default_factory=dict)

    @property
    def first(self) -> Block:
        return self.lines[0]

    @property
    def pictures(self) -> list[Picture]:
        return [picture for line in self.lines for _, picture in line.pictures]

    @property
    def bold(self) -> bool:
        return all(line.bold for line in self.lines if line.text)

    @property
    def italic(self) -> bool:
        return all(line.italic for line in self.lines if line.text)


def read_paragraphs(lines: Sequence[Block]) -> list[Paragraph]:
    """Joins lines that a single `<br>` or a hard wrap tears apart."""
    found: list[Paragraph] = []
    for line in lines:
        last = found[-1] if found else None
        if last is not None and last.text and line.text and _goes_on(last, line):
            last.lines.append(line)
            last.text = f"{last.text} {line.text}"
        else:
            found.append(Paragraph([line], line.text, "text" if line.text else "picture"))
    return found


def _goes_on(last: Paragraph, line: Block) -> bool:
    """Whether a line continues the paragraph before it."""
    before = last.lines[-1]
    if line.pictures and line.pictures[0][0] == 0:
        return False
    if line.heading or before.heading:
        return line.frame is before.frame and line.soft
    if _BEGINS.match(line.text) or last.text.endswith("./."):
        return False
    opens_small = line.text[0].islower()
    if line.soft:
        if opens_small:
            return not _ENDED.search(last.text) or last.text[-1] in ')”"'
        if _ENDED.search(last.text) or line.bold != before.bold:
            return False
        return (
            before.text.endswith(",") or len(before.text) >= _SHORT or last.text.casefold().startswith("ảnh:")
        )
    if not opens_small or line.frame.parent is not before.frame.parent or line.frame.tag != before.frame.tag:
        return False
    return line.frame.tag in ("p", "div") and len(before.text) >= 30 and not _ENDED.search(last.text)


def text_of(paragraphs: Iterable[Paragraph]) -> str:
    """Paragraphs of the body, separated by a blank line."""
    return "\n\n".join(
        paragraph.text for paragraph in paragraphs if paragraph.role == "text" and paragraph.text
    )
