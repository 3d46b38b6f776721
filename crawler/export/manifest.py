"""Manifests: what a folder holds and what each export added, as values and as exact bytes. Pure."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from crawler.export.kinds import KINDS, Kind

SCHEMA: Final = "bantin/manifest/1"
#: The manifest of the whole folder.
WHOLE: Final = "manifest.json"
#: Its folder of manifests of single exports.
DELIVERIES: Final = "manifests"

SEGMENT_NAME: Final = re.compile(r"(articles|views)-([0-9]{12,})-([0-9]{12,})\.jsonl\.gz")
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_DOCUMENT: Final = re.compile(r"documents/[0-9]{6,}/[A-Za-z0-9][A-Za-z0-9.-]*")
_TIME: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")


class ManifestError(ValueError):
    """These bytes are no manifest; the message says why."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A sealed file of lines: never touched again."""

    file: str
    kind: Kind
    first: int
    last: int
    #: Of the file as it is, and of the lines in it.
    bytes: int
    sha256: str
    content_bytes: int
    content_sha256: str

    @property
    def count(self) -> int:
        """Number of lines; their numbers have no gap."""
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class Document:
    """A file that explains the lines: a schema, or the description of the format."""

    file: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """What one export added."""

    site: str
    number: int
    #: When it was made, UTC.
    created: str
    #: Program and version.
    generator: str
    #: SHA-256 of the whole folder's manifest before, and of the delivery before; None for the first.
    previous: str | None
    previous_delivery: str | None
    documents: tuple[Document, ...]
    segments: tuple[Segment, ...]

    @property
    def file(self) -> str:
        """Where its manifest lies."""
        return delivery_file(self.number)

    @property
    def files(self) -> tuple[Document | Segment, ...]:
        """Everything it added but its manifest."""
        return (*self.documents, *self.segments)


def delivery_file(number: int) -> str:
    """`manifests/000001.json`."""
    return f"{DELIVERIES}/{number:06}.json"


def segment_file(kind: Kind, first: int, last: int) -> str:
    """`articles-000000000001-000000005000.jsonl.gz`."""
    return f"{kind.name}-{first:012}-{last:012}.jsonl.gz"


def hexdigest(data: bytes) -> str:
    """SHA-256 as manifests write it."""
    return hashlib.sha256(data).hexdigest()


def render_delivery(delivery: Delivery) -> bytes:
    """The manifest of one export: the same bytes for the same values, one file a line."""
    return _render(_head(delivery), delivery.documents, delivery.segments)


def render_whole(deliveries: Sequence[Delivery]) -> bytes:
    """The manifest of the folder after these exports (at least one)."""
    newest = deliveries[-1]
    head = _head(newest)
    head["newest"] = {"file": newest.file, "sha256": hexdigest(render_delivery(newest))}
    documents = [document for delivery in deliveries for document in delivery.documents]
    segments = [segment for delivery in deliveries for segment in delivery.segments]
    return _render(head, documents, segments)


def read_delivery(data: bytes) -> Delivery:
    """The values of the manifest of one export; ManifestError unless `render_delivery` gives these very bytes."""
    try:
        delivery = _delivery(json.loads(data))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ManifestError(f"no manifest: {type(error).__name__} {error}".rstrip()) from error
    if render_delivery(delivery) != data:
        raise ManifestError("not written as manifests are: changed since")
    return delivery


def _head(delivery: Delivery) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "site": delivery.site,
        "number": delivery.number,
        "created": delivery.created,
        "generator": delivery.generator,
        "previous": delivery.previous,
        "previous_delivery": delivery.previous_delivery,
    }


def _render(head: Mapping[str, Any], documents: Sequence[Document], segments: Sequence[Segment]) -> bytes:
    lines = [f" {json.dumps(name)}: {json.dumps(value)}" for name, value in head.items()]
    lines.append(_list("documents", [_document_shape(document) for document in documents]))
    lines.append(_list("segments", [_segment_shape(segment) for segment in segments]))
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode()


def _list(name: str, shapes: Sequence[Mapping[str, Any]]) -> str:
    if not shapes:
        return f' "{name}": []'
    return f' "{name}": [\n' + ",\n".join(f"  {json.dumps(shape)}" for shape in shapes) + "\n ]"


def _document_shape(document: Document) -> dict[str, Any]:
    return {"file": document.file, "bytes": document.bytes, "sha256": document.sha256}


def _segment_shape(segment: Segment) -> dict[str, Any]:
    cursor = segment.kind.cursor
    return {
        "file": segment.file,
        "kind": segment.kind.name,
        "schema": segment.kind.schema,
        "count": segment.count,
        f"first_{cursor}": segment.first,
        f"last_{cursor}": segment.last,
        "bytes": segment.bytes,
        "sha256": segment.sha256,
        "content_bytes": segment.content_bytes,
        "content_sha256": segment.content_sha256,
    }


def _delivery(shape: Any) -> Delivery:
    if shape["schema"] != SCHEMA:
        raise ValueError(f"its schema is {shape['schema']!r}, this version reads {SCHEMA}")
    return Delivery(
        site=_text(shape["site"]),
        number=_count(shape["number"], 1),
        created=_text(shape["created"], _TIME),
        generator=_text(shape["generator"]),
        previous=_hash_or_none(shape["previous"]),
        previous_delivery=_hash_or_none(shape["previous_delivery"]),
        documents=tuple(_document(one) for one in shape["documents"]),
        segments=tuple(_segment(one) for one in shape["segments"]),
    )


def _document(shape: Any) -> Document:
    return Document(
        _text(shape["file"], _DOCUMENT), _count(shape["bytes"], 0), _text(shape["sha256"], _SHA256)
    )


def _segment(shape: Any) -> Segment:
    kind = KINDS[shape["kind"]]
    first, last = (_count(shape[f"{end}_{kind.cursor}"], 1) for end in ("first", "last"))
    if first > last or shape["file"] != segment_file(kind, first, last):
        raise ValueError(f"{shape['file']!r} does not hold {first} to {last}")
    return Segment(
        file=shape["file"],
        kind=kind,
        first=first,
        last=last,
        bytes=_count(shape["bytes"], 1),
        sha256=_text(shape["sha256"], _SHA256),
        content_bytes=_count(shape["content_bytes"], 1),
        content_sha256=_text(shape["content_sha256"], _SHA256),
    )


def _text(value: Any, pattern: re.Pattern[str] | None = None) -> str:
    if not isinstance(value, str) or not value or (pattern and not pattern.fullmatch(value)):
        raise ValueError(f"{value!r:.80} is out of place")
    return value


def _count(value: Any, least: int) -> int:
    if type(value) is not int or not least <= value < 2**53:
        raise ValueError(f"{value!r:.80} is no number from {least}")
    return value


def _hash_or_none(value: Any) -> str | None:
    return None if value is None else _text(value, _SHA256)
