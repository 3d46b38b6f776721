"""Digests over the fields that make a change. Pure."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Final

from crawler.changes.shapes import content_shape, section_shape
from crawler.items import Article, ArticleState

#: The record's fields that make a change, and so the content digest: all of them but `views`, `last_seen`,
#: `related`, `capture` and the envelope `schema`, `seq`, `op`, `at`, `revision`, `digest`, `first_seen`.
CHANGE_FIELDS: Final = (
    "site",
    "id",
    "url",
    "aliases",
    "title",
    "sections",
    "series",
    "published",
    "lead",
    "author",
    "organization",
    "text",
    "html",
    "event",
    "images",
    "attachments",
)

#: Canonical JSON of values by name, in UTF-8.
Fragments = Mapping[str, bytes]

_ENCODER: Final = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, check_circular=False, sort_keys=True, separators=(",", ":")
)


def canonical(value: Any) -> str:
    """RFC 8785 JSON of strings, booleans, integers below 2**53, None, lists and objects with ASCII keys.

    For these, and only these, the standard library's encoder gives exactly the RFC's form, at twice the speed
    of the reference package; a property test holds the two together.
    """
    if value is None:
        return "null"
    return "[]" if value == [] else _ENCODER.encode(value)


def fragments(values: Mapping[str, Any]) -> Fragments:
    """Canonical JSON of each value, so that long texts are encoded once for every digest over them."""
    return {name: canonical(value).encode() for name, value in values.items()}


def joined(parts: Fragments, names: Iterable[str] | None = None) -> bytes:
    """The canonical object of the named members (default: all)."""
    chosen = sorted(parts if names is None else names)
    return b"{" + b",".join([_member(name) + parts[name] for name in chosen]) + b"}"


@cache
def _member(name: str) -> bytes:
    return f'"{name}":'.encode()


def sha256(data: bytes) -> str:
    """`sha256:` and hex."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


def state_values(state: ArticleState) -> dict[str, Any]:
    """What the record carries beside the page's own content and makes a change too."""
    return {
        "site": state.site,
        "id": state.id,
        "url": state.url,
        "aliases": list(state.aliases),
        "sections": [section_shape(section) for section in state.sections],
    }


def digest(state: ArticleState, content: Fragments | None = None) -> str:
    """SHA-256 of the canonical JSON of `CHANGE_FIELDS`; `content` spares encoding the state's own content."""
    parts = dict(fragments(content_shape(state)) if content is None else content)
    parts |= fragments(state_values(state))
    return sha256(joined(parts, CHANGE_FIELDS))


def page_digest(url: str, content: Fragments) -> str:
    """Names what one page says: its address and its content."""
    return sha256(joined({**content, "url": canonical(url).encode()}))


def reader_digest(page: Article | ArticleState, content: Fragments | None = None) -> str:
    """Over what readers see: title, lead, text, captions, attachments. These move a feed's `updated`."""
    parts = fragments(content_shape(page)) if content is None else content
    captions = canonical([image.caption for image in page.images if image.caption]).encode()
    seen = {name: parts[name] for name in ("title", "lead", "text", "attachments")}
    return sha256(joined({**seen, "captions": captions}))
