"""Which of the things that readers see in an article changed, and how. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from crawler.compare.paragraphs import Hunk, hunks
from crawler.compare.words import words
from crawler.items import Attachment, Image

Field = Literal["title", "lead", "text", "captions", "attachments"]


class Shown(Protocol):
    """What readers see of an article."""

    @property
    def title(self) -> str: ...
    @property
    def lead(self) -> str | None: ...
    @property
    def text(self) -> str: ...
    @property
    def images(self) -> tuple[Image, ...]: ...
    @property
    def attachments(self) -> tuple[Attachment, ...]: ...


@dataclass(frozen=True, slots=True)
class Change:
    """A field that changed: its paragraphs, captions or attachments, those that were kept counted only."""

    field: Field
    hunks: tuple[Hunk, ...]


def compare(old: Shown, new: Shown) -> tuple[Change, ...]:
    """The fields that differ, in the order of a page; none when readers see no difference."""
    before, after = _fields(old), _fields(new)
    return tuple(
        Change(field, _hunks(field, before[field], after[field]))
        for field in before
        if before[field] != after[field]
    )


def same(old: Shown, new: Shown) -> bool:
    """Whether readers see no difference."""
    return _fields(old) == _fields(new)


def _hunks(field: Field, old: Sequence[str], new: Sequence[str]) -> tuple[Hunk, ...]:
    """A title or lead is the same one, however little of it stayed."""
    if field in {"title", "lead"} and old and new:
        return (Hunk("changed", pieces=words(old[0], new[0])),)
    return hunks(old, new)


def _fields(shown: Shown) -> dict[Field, Sequence[str]]:
    return {
        "title": [shown.title],
        "lead": [shown.lead] if shown.lead else [],
        "text": [paragraph for paragraph in shown.text.split("\n\n") if paragraph],
        "captions": [image.caption for image in shown.images if image.caption],
        "attachments": [f"{attachment.title} <{attachment.url}>" for attachment in shown.attachments],
    }
