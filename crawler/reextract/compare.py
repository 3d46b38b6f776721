"""What one page says now beside what was read from it before, field by field. Pure."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from crawler.changes import CHANGE_FIELDS, content_shape
from crawler.changes.shapes import related_shape
from crawler.items import Article, Capture, Section
from crawler.normalize import slug
from crawler.store import CaptureRow
from crawler.store.codec import Beside, read_beside, surely_beside

_CONTEXT: Final = 12
_COUNTS: Final = "0123456789-"
_CUT: Final = "…"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of one capture; values in the shapes of the contract's record."""

    field: str
    old: Any
    new: Any
    #: Name of the rule that finds the field now; None where none does.
    rule: str | None


def page_shape(article: Article) -> dict[str, Any]:
    """The fields that one page alone decides and that make a change, its address among them."""
    return {"url": article.url, **content_shape(article)}


def field_changes(old: Mapping[str, Any], article: Article) -> tuple[FieldChange, ...]:
    """The fields that differ, in the record's order; `old` is the page's shape as it was read before."""
    new = page_shape(article)
    return tuple(
        FieldChange(name, old.get(name), new[name], _rule(article, name))
        for name in CHANGE_FIELDS
        if name in new and old.get(name) != new[name]
    )


def beside_changes(row: CaptureRow, article: Article) -> tuple[FieldChange, ...]:
    """What differs of the fields that no revision holds."""
    views = article.views.views if article.views else None
    found = () if views == row.views else (FieldChange("views", row.views, views, _rule(article, "views")),)
    if row.state is None:
        return found
    titles = [section.title for section in article.sections]
    may_be_newest = row.capture.digest in row.state
    if surely_beside(row.state, article.related if may_be_newest else None, titles):
        return found
    return (*found, *_state_changes(read_beside(row.state), row.capture, article))


def _state_changes(known: Beside, capture: Capture, article: Article) -> Iterator[FieldChange]:
    """An article belongs to every section that any page of it ever named: only further ones are news.

    The related list is that of its newest capture alone.
    """
    if further := [section.title for section in article.sections if not _is_known(section, known.sections)]:
        titles = [section.title for section in known.sections]
        yield FieldChange("sections", titles, titles + further, _rule(article, "sections"))
    if _is_of(known.capture, capture) and known.related != article.related:
        old, new = ([related_shape(item) for item in items] for items in (known.related, article.related))
        yield FieldChange("related", old, new, _rule(article, "related"))


def _is_known(section: Section, known: tuple[Section, ...]) -> bool:
    """As the store finds a section again: by its address, else by its title without a count of articles."""
    name = slug(section.title).rstrip(_COUNTS)
    return any(
        (section.url is not None and section.url == other.url) or slug(other.title).rstrip(_COUNTS) == name
        for other in known
    )


def _is_of(newest: Capture | None, capture: Capture) -> bool:
    return newest is not None and (newest.fetched_at, newest.digest) == (capture.fetched_at, capture.digest)


def _rule(article: Article, name: str) -> str | None:
    """The body's mark-up comes from the rule that finds its text."""
    return article.rules.get(name) or (article.rules.get("text") if name == "html" else None)


def shortened(old: Any, new: Any, width: int) -> tuple[str, str]:
    """Both values on one line of at most `width` characters each, from shortly before where they part."""
    texts = _text(old), _text(new)
    start = max(_parting(*texts) - _CONTEXT, 0)
    return _cut(texts[0], start, width), _cut(texts[1], start, width)


def _text(value: Any) -> str:
    if value is None:
        return "-"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)


def _parting(one: str, other: str) -> int:
    """How many characters both begin with; 0 where the whole of both is short."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def _cut(text: str, start: int, width: int) -> str:
    begin = 0 if len(text) <= width else start
    shown = (_CUT if begin else "") + text[begin:]
    return shown if len(shown) <= width else shown[: width - len(_CUT)] + _CUT
