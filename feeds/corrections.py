"""What a later version of an article changed, in words and paragraph by paragraph. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from html import escape
from itertools import pairwise

from crawler.store.api import RevisionRow
from feeds.text import local, one_line
from feeds.values import Correction

#: What readers see, as they call it, in the order in which they see it.
TITLE, LEAD, TEXT, CAPTIONS, FILES = "tiêu đề", "lời dẫn", "nội dung", "chú thích ảnh", "tệp đính kèm"


def corrections(revisions: Iterable[RevisionRow]) -> tuple[Correction, ...]:
    """Each version that readers saw change, oldest first; `revisions` are those of one article, oldest first."""
    return tuple(found for old, new in pairwise(revisions) if (found := correction(old, new)))


def correction(old: RevisionRow, new: RevisionRow) -> Correction | None:
    """What differs; None where a reader sees no difference."""
    before, after = _seen(old), _seen(new)
    changed = [name for name in before if before[name] != after[name]]
    if not changed:
        return None
    parts = (part for name in changed for part in _difference(name, before[name], after[name]))
    return Correction(local(new.first_seen), tuple(changed), "\n".join(parts))


def _seen(row: RevisionRow) -> dict[str, Sequence[str]]:
    return {
        TITLE: _lines((row.title,)),
        LEAD: _lines((row.lead or "",)),
        TEXT: _lines(row.text.split("\n\n")),
        CAPTIONS: _lines(image.caption or "" for image in row.images),
        FILES: _lines(f"{file.title} ({file.url})" for file in row.attachments),
    }


def _lines(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(line for line in map(one_line, texts) if line)


def _difference(name: str, old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    """The paragraphs that went and came, in the order of the text."""
    yield f"<p>{name[0].upper()}{name[1:]}:</p>"
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for kind, first, last, start, end in matcher.get_opcodes():
        if kind != "equal":
            yield from (f"<p><del>{escape(text)}</del></p>" for text in old[first:last])
            yield from (f"<p><ins>{escape(text)}</ins></p>" for text in new[start:end])
