"""Manifests: what a folder holds and what each export added, as values and as exact bytes. Pure."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
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


@dataclass(frozen=True, slots=True)
class Whole:
    """The manifest of the whole folder: the newest delivery's head over the files of all."""

    all: Delivery
    #: SHA-256 of the newest delivery's manifest.
    newest: str

    def newest_delivery(self, earlier: Sequence[Delivery]) -> Delivery | None:
        """The newest delivery as it must have been; None when this does not go on from the earlier ones."""
        documents = tuple(document for delivery in earlier for document in delivery.documents)
        segments = tuple(segment for delivery in earlier for segment in delivery.segments)
        a, b = len(documents), len(segments)
        if self.all.documents[:a] != documents or self.all.segments[:b] != segments:
            return None
        newest = replace(self.all, documents=self.all.documents[a:], segments=self.all.segments[b:])
        return newest if hexdigest(render_delivery(newest)) == self.newest else None


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
    documents = tuple(document for delivery in deliveries for document in delivery.documents)
    segments = tuple(segment for delivery in deliveries for segment in delivery.segments)
    whole = replace(newest, documents=documents, segments=segments)
    return _render_whole(Whole(whole, hexdigest(render_delivery(newest))))


def read_delivery(data: bytes) -> Delivery:
    """The values of the manifest of one export; ManifestError unless `render_delivery` gives these very bytes."""
    delivery = _delivery(_shape(data))
    if render_delivery(delivery) != data:
        raise ManifestError("is not written as manifests are")
    return delivery


def read_whole(data: bytes) -> Whole:
    """The values of the manifest of a folder; ManifestError unless they are written in these very bytes."""
    shape = _shape(data)
    whole = Whole(_delivery(shape), _hash(shape.get("newest", {}).get("sha256")))
    if _render_whole(whole) != data:
        raise ManifestError("is not written as manifests are")
    return whole


def _render_whole(whole: Whole) -> bytes:
    newest = {"newest": {"file": whole.all.file, "sha256": whole.newest}}
    return _render(_head(whole.all) | newest, whole.all.documents, whole.all.segments)


def _shape(data: bytes) -> dict[str, Any]:
    try:
        shape = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise ManifestError("is no JSON") from error
    if not isinstance(shape, dict):
        raise ManifestError("is no JSON object")
    return shape


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


def _delivery(shape: Mapping[str, Any]) -> Delivery:
    if shape.get("schema") != SCHEMA:
        raise ManifestError(f"is of schema {shape.get('schema')!r:.80}; this version reads {SCHEMA}")
    try:
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
    except KeyError as error:
        raise ManifestError(f"has no {error.args[0]}") from error
    except (TypeError, AttributeError) as error:
        raise ManifestError(f"is no manifest ({error})") from error


def _document(shape: Mapping[str, Any]) -> Document:
    return Document(_text(shape["file"], _DOCUMENT), _count(shape["bytes"], 0), _hash(shape["sha256"]))


def _segment(shape: Mapping[str, Any]) -> Segment:
    kind = KINDS[_text(shape["kind"])]
    first, last = (_count(shape[f"{end}_{kind.cursor}"], 1) for end in ("first", "last"))
    if first > last or shape["file"] != segment_file(kind, first, last):
        raise ManifestError(f"names {shape['file']!r:.80} for {first} to {last}")
    return Segment(
        file=shape["file"],
        kind=kind,
        first=first,
        last=last,
        bytes=_count(shape["bytes"], 1),
        sha256=_hash(shape["sha256"]),
        content_bytes=_count(shape["content_bytes"], 1),
        content_sha256=_hash(shape["content_sha256"]),
    )


def _text(value: Any, pattern: re.Pattern[str] | None = None) -> str:
    if not isinstance(value, str) or not value or (pattern and not pattern.fullmatch(value)):
        raise ManifestError(f"has {value!r:.80} out of place")
    return value


def _count(value: Any, least: int) -> int:
    if type(value) is not int or not least <= value < 2**53:
        raise ManifestError(f"has {value!r:.80} where a number from {least} belongs")
    return value


def _hash(value: Any) -> str:
    return _text(value, _SHA256)


def _hash_or_none(value: Any) -> str | None:
    return None if value is None else _hash(value)
