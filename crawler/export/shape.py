"""Whether a line is the record it should be: its schema's members, their types, and its own digest. Pure.

The whole JSON Schema costs some milliseconds a record; this costs little more than reading it, and the digest
covers every value that makes a change.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from crawler.changes.digest import CHANGE_FIELDS, canonical, sha256
from crawler.export.kinds import ARTICLES, Kind
from crawler.export.records import schema

_NULL: Final = type(None)
#: Members that every line of its sort has, beside `schema`, `site` and `id`, with their types.
_ENVELOPE: Final[Mapping[str, Any]] = {"seq": int, "op": str, "at": str, "url": str, "digest": str}
_REMOVED: Final[Mapping[str, Any]] = {**_ENVELOPE, "reason": (str, _NULL)}
_WHOLE: Final[Mapping[str, Any]] = {
    **_ENVELOPE,
    "aliases": list,
    "title": str,
    "sections": list,
    "series": (dict, _NULL),
    "published": (dict, _NULL),
    "views": (dict, _NULL),
    "lead": (str, _NULL),
    "author": (str, _NULL),
    "organization": (str, _NULL),
    "text": str,
    "html": str,
    "event": (dict, _NULL),
    "images": list,
    "attachments": list,
    "related": list,
    "revision": str,
    "first_seen": str,
    "last_seen": str,
    "capture": (dict, _NULL),
}
_VIEWS: Final[Mapping[str, Any]] = {"n": int, "count": int, "observed_at": str}


def fault(line: bytes, kind: Kind, site: str, number: int) -> str | None:
    """What is wrong with the line of this number; None for a good one."""
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return "is no JSON"
    if not isinstance(record, dict):
        return "is no JSON object"
    for member, value in (("schema", kind.schema), ("site", site), (kind.cursor, number)):
        if record.get(member) != value:
            return f"has {member} {record.get(member)!r:.80} instead of {value!r}"
    if not isinstance(record.get("id"), str):
        return "has no id"
    return _article_fault(record) if kind is ARTICLES else _types_fault(record, _VIEWS)


def content_digest(record: Mapping[str, Any]) -> str:
    """The digest that an article's record should carry: of exactly the fields that make a change."""
    return sha256(canonical({name: record[name] for name in CHANGE_FIELDS}).encode())


def _article_fault(record: Mapping[str, Any]) -> str | None:
    if record.get("op") not in schema("article-1")["properties"]["op"]["enum"]:
        return f"has op {record.get('op')!r:.80}"
    if record["op"] == "deleted":
        content = next((name for name in ("title", "lead", "text", "html") if name in record), None)
        return f"is deleted and still has its {content}" if content else _types_fault(record, _REMOVED)
    if wrong := _types_fault(record, _WHOLE):
        return wrong
    return None if record["digest"] == content_digest(record) else "does not have the content of its digest"


def _types_fault(record: Mapping[str, Any], types: Mapping[str, Any]) -> str | None:
    for name, expected in types.items():
        if name not in record:
            return f"has no {name}"
        if not isinstance(record[name], expected) or isinstance(record[name], bool):
            return f"has {name} {record[name]!r:.80}"
    return None
