"""Adds what a store has learnt since to a folder of sealed segments: all of it or nothing."""

import json
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from crawler import __version__
from crawler.export.contents import STAGE, Contents, load
from crawler.export.errors import DamagedError, GapError, RefusedError
from crawler.export.kinds import LIMITS, Kind, Limits
from crawler.export.manifest import Delivery, Document, Segment, hexdigest, render_delivery, render_whole
from crawler.export.records import schema_bytes
from crawler.export.segments import write_segments
from crawler.export.stage import clean_up, publish, stage, write_durable
from crawler.export.unpack import Unpacker

Record = Mapping[str, Any]
#: Gives the records of one site with numbers beyond the given one, in order.
Read = Callable[[int], Iterator[Record]]

#: What explains the lines to whoever finds the folder: name there -> schema shipped with this program.
_SCHEMAS: Final = {f"{name}.json": name for name in ("article-1", "views-1", "manifest-1")}


@dataclass(frozen=True, slots=True)
class Appended:
    """What one export added to a folder, and where the folder ends now."""

    segments: tuple[Segment, ...]
    #: Number of the last line of the kind; 0 while there is none.
    last: int
    #: Number and SHA-256 of the folder's manifest; None while there is none.
    manifest: tuple[int, str] | None

    @property
    def count(self) -> int:
        """Lines added."""
        return sum(segment.count for segment in self.segments)


def append(
    folder: Path, kind: Kind, site: str, read: Read, *, created: datetime, limits: Limits = LIMITS
) -> Appended:
    """Seals the records beyond the folder's last one into new segments; writes nothing where there are none.

    Raises ExportError: RefusedError when the folder is another site's, another history's or no export's;
    DamagedError, BusyError, GapError; OSError, after which the folder is as it was.
    """
    if (whole := _without_news(folder, kind, site, read)) is not None:
        return _appended(whole, kind, ())
    with stage(folder) as place:
        contents = load(folder)
        clean_up(folder, contents)
        news = _news(folder, contents, kind, site, read)
        segments = tuple(write_segments(news, place, kind, limits))
        if not segments:
            return _appended(contents, kind, ())
        documents = _write_documents(place, contents)
        delivery = _delivery(contents, site, created, documents, segments)
        contents = Contents((*contents.deliveries, delivery))
        publish(folder, contents.deliveries)
    return _appended(contents, kind, segments)


def _without_news(folder: Path, kind: Kind, site: str, read: Read) -> Contents | None:
    """What a folder holds to which nothing is to be done; looks without a lock, so as to write nothing at all."""
    try:
        contents = load(folder)
        idle = next(_news(folder, contents, kind, site, read), None) is None and not (folder / STAGE).exists()
    except (DamagedError, OSError):  # or another export is changing it: judged again with the lock
        return None
    return contents if idle else None


def last_number(folder: Path, kind: Kind) -> int:
    """Where the folder ends; 0 before the first line. Raises ExportError as `append` does."""
    newest = load(folder).newest(kind)
    return 0 if newest is None else newest.last


def _appended(contents: Contents, kind: Kind, segments: tuple[Segment, ...]) -> Appended:
    newest = contents.newest(kind)
    manifest = None
    if contents.deliveries:
        manifest = contents.deliveries[-1].number, hexdigest(render_whole(contents.deliveries))
    return Appended(segments, 0 if newest is None else newest.last, manifest)


def _delivery(
    contents: Contents,
    site: str,
    created: datetime,
    documents: tuple[Document, ...],
    segments: tuple[Segment, ...],
) -> Delivery:
    earlier = contents.deliveries
    return Delivery(
        site=site,
        number=len(earlier) + 1,
        created=f"{created.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        generator=f"bantin {__version__}",
        previous=hexdigest(render_whole(earlier)) if earlier else None,
        previous_delivery=hexdigest(render_delivery(earlier[-1])) if earlier else None,
        documents=documents,
        segments=segments,
    )


def _news(folder: Path, contents: Contents, kind: Kind, site: str, read: Read) -> Iterator[Record]:
    """Records beyond the folder's last one, without gap, after a look whether folder and store tell one story."""
    if contents.deliveries and contents.deliveries[0].site != site:
        raise RefusedError(f"{folder} holds {contents.deliveries[0].site}, not {site}; name another folder")
    _check_files(folder, contents)
    newest = contents.newest(kind)
    if newest is None:
        return _numbered(read(0), kind, 1)
    records = read(newest.last - 1)
    _check_anchor(folder, newest, _last_line(folder, newest), next(records, None))
    return _numbered(records, kind, newest.last + 1)


def _check_files(folder: Path, contents: Contents) -> None:
    """A glance at names and lengths: what is damaged is not added to."""
    for named in contents.files:
        path = folder / named.file
        if not path.is_file() or path.stat().st_size != named.bytes:
            raise DamagedError(f"{path} is missing or was changed; `bantin verify {folder}` says more")


def _last_line(folder: Path, segment: Segment) -> bytes:
    unpacker = Unpacker(folder / segment.file)
    last = deque(unpacker.lines(), maxlen=1)
    if unpacker.fault or unpacker.sha256 != segment.sha256:
        raise DamagedError(f"{folder / segment.file} was changed; `bantin verify {folder}` says more")
    return last[0]


def _check_anchor(folder: Path, segment: Segment, sealed: bytes, known: Record | None) -> None:
    kind, old = segment.kind, json.loads(sealed)
    if known is None or any(old.get(name) != known.get(name) for name in kind.identity):
        has = "has no" if known is None else "has another"
        raise RefusedError(
            f"{folder} ends with {kind.cursor} {segment.last}, of which this store {has} record: "
            "it was exported from another store; name another folder"
        )


def _numbered(records: Iterator[Record], kind: Kind, first: int) -> Iterator[Record]:
    for expected, record in enumerate(records, first):
        if record[kind.cursor] != expected:
            raise GapError(
                f"the store has no {kind.cursor} {expected}; `bantin check` says what is wrong with it"
            )
        yield record


def _write_documents(place: Path, contents: Contents) -> tuple[Document, ...]:
    """The schemas and the description of the format, where the folder has not these very ones."""
    here = files("crawler").joinpath("export", "README.md").read_bytes()
    texts = {"README.md": here} | {name: schema_bytes(schema) for name, schema in _SCHEMAS.items()}
    newest = {Path(document.file).name: document.sha256 for document in contents.documents}
    number = len(contents.deliveries) + 1
    made = []
    for name, text in texts.items():
        if newest.get(name) != hexdigest(text):
            write_durable(place / name, text)
            made.append(Document(f"documents/{number:06}/{name}", len(text), hexdigest(text)))
    return tuple(made)
