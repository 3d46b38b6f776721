"""The contract's JSON lines: values -> records -> lines. Pure but for the stream it is given."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any, Final, Protocol

from crawler.changes.shapes import content_shape, related_shape, section_shape, utc
from crawler.items import Article, ArticleState, Capture, Operation, ViewObservation

ARTICLE_SCHEMA: Final = "bantin/article/1"
VIEWS_SCHEMA: Final = "bantin/views/1"

#: The record's members in the contract's order.
FIELDS: Final = (
    "schema",
    "seq",
    "op",
    "at",
    "site",
    "id",
    "url",
    "aliases",
    "title",
    "sections",
    "series",
    "published",
    "views",
    "lead",
    "author",
    "organization",
    "text",
    "html",
    "event",
    "images",
    "attachments",
    "related",
    "revision",
    "digest",
    "first_seen",
    "last_seen",
    "capture",
)


_ENCODER: Final = json.JSONEncoder(
    ensure_ascii=True, allow_nan=False, check_circular=False, separators=(",", ":")
)


class TextStream(Protocol):
    """What lines are written to."""

    def write(self, text: str, /) -> object: ...


def page_record(article: Article) -> dict[str, Any]:
    """The record's fields that one page alone decides, in the contract's order."""
    views = None if article.views is None else ViewObservation(article.views.views, article.fetched_at)
    return _ordered(
        content_shape(article)
        | {
            "id": article.id,
            "url": article.url,
            "sections": [section_shape(section) for section in article.sections],
            "views": _views_shape(views),
            "related": [related_shape(related) for related in article.related],
        }
    )


def state_record(
    state: ArticleState, op: Operation, at: datetime, reason: str | None = None
) -> dict[str, Any]:
    """The whole record of a change; `deleted` carries identity, `reason` and the last digest, no content."""
    envelope = {
        "schema": ARTICLE_SCHEMA,
        "seq": state.seq,
        "op": op,
        "at": utc(at),
        "site": state.site,
        "id": state.id,
        "url": state.url,
    }
    if op == "deleted":
        return envelope | {"reason": reason, "digest": state.digest}
    return _ordered(
        envelope
        | content_shape(state)
        | {
            "aliases": list(state.aliases),
            "sections": [section_shape(section) for section in state.sections],
            "views": _views_shape(state.views),
            "related": [related_shape(related) for related in state.related],
            "revision": _utc(state.revision),
            "digest": state.digest,
            "first_seen": _utc(state.first_seen),
            "last_seen": _utc(state.last_seen),
            "capture": _capture_shape(state.capture),
        }
    )


def view_record(n: int, site: str, article_id: str, view: ViewObservation) -> dict[str, Any]:
    """One view observation; `n` is the cursor of `bantin export --views`."""
    return {
        "schema": VIEWS_SCHEMA,
        "n": n,
        "site": site,
        "id": article_id,
        "count": view.count,
        "observed_at": utc(view.observed_at),
    }


def line(record: Mapping[str, Any]) -> str:
    """One line of ASCII, so that no reader splits it at U+2028 and its kin."""
    return _ENCODER.encode(record) + "\n"


def write_lines(records: Iterable[Mapping[str, Any]], stream: TextStream) -> int:
    """Writes each record as a line; returns how many."""
    count = 0
    for record in records:
        stream.write(line(record))
        count += 1
    return count


@cache
def schema(name: str) -> dict[str, Any]:
    """The shipped JSON Schema (2020-12) `article-1`, `views-1` or `manifest-1`; FileNotFoundError for others."""
    loaded: dict[str, Any] = json.loads(schema_bytes(name))
    return loaded


def schema_bytes(name: str) -> bytes:
    """The same as it is shipped, for readers without this program."""
    return files("crawler").joinpath("schema", f"{name}.json").read_bytes()


def _ordered(record: Mapping[str, Any]) -> dict[str, Any]:
    return {name: record[name] for name in FIELDS if name in record}


def _utc(moment: datetime | None) -> str | None:
    return None if moment is None else utc(moment)


def _views_shape(views: ViewObservation | None) -> dict[str, Any] | None:
    return None if views is None else {"count": views.count, "observed_at": utc(views.observed_at)}


def _capture_shape(capture: Capture | None) -> dict[str, Any] | None:
    if capture is None:
        return None
    return {
        "source": capture.source,
        "url": capture.url,
        "fetched_at": utc(capture.fetched_at),
        "digest": capture.digest,
        "warc": capture.warc,
        "offset": capture.offset,
    }
