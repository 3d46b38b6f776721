"""Published records as the store keeps them: without the content that lies in the revision they show."""

import json
from datetime import datetime
from typing import Any, Final

from crawler.export import FIELDS, state_record
from crawler.items import ArticleState, Operation

#: What a record takes from its revision instead of keeping it twice.
CONTENT_FIELDS: Final = (
    "title",
    "lead",
    "author",
    "organization",
    "text",
    "html",
    "event",
    "images",
    "attachments",
)


def written_record(
    state: ArticleState, op: Operation, at: datetime, *, reason: str | None, reextracted: bool
) -> str:
    """The record of a change as text. Attachments stay in it when more is known of them than the page said."""
    record = state_record(state, op, at, reason)
    filed = any(attachment.sha256 for attachment in state.attachments)
    kept = {
        name: value
        for name, value in record.items()
        if name not in CONTENT_FIELDS or (filed and name == "attachments")
    }
    if reextracted:
        kept["reextracted"] = True
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))


def read_record(record: str, content: str | None) -> dict[str, Any]:
    """The whole record again, in the contract's order; `content` is that of its revision, None for `deleted`."""
    whole: dict[str, Any] = json.loads(record)
    if content is None:
        return whole
    said = json.loads(content)
    whole = {name: said[name] for name in CONTENT_FIELDS} | whole
    mark = {"reextracted": True} if whole.get("reextracted") else {}
    return {name: whole[name] for name in FIELDS} | mark
