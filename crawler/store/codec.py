"""Rows to values and back. Lossless: what was written reads back equal."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any, Final

from sqlalchemy import Row

from crawler.changes import Memory, Reading
from crawler.changes.digest import canonical
from crawler.changes.shapes import published_shape, series_shape
from crawler.items import (
    ArticleState,
    Asset,
    Attachment,
    Capture,
    DateSpan,
    Event,
    Image,
    Published,
    Related,
    Section,
    SeriesPeriod,
    ViewObservation,
)

VIETNAM: Final = timezone(timedelta(hours=7))


def address_key(url: str) -> str:
    """A short key for an address of any length."""
    return hashlib.sha256(url.encode(errors="replace")).hexdigest()


def write_moment(moment: date | datetime) -> str:
    return moment.isoformat()


def read_moment(text: str) -> date | datetime:
    return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)


def sort_at(published: Published | None, first_seen: datetime) -> datetime:
    """Where an article stands in a feed: midnight +07:00 of a day, its first sight without a date."""
    if published is None:
        return first_seen
    moment = published.date
    if isinstance(moment, datetime):
        return moment.astimezone(UTC)
    return midnight(moment)


def midnight(day: date) -> datetime:
    """The first moment of a day in Vietnam."""
    return datetime(day.year, day.month, day.day, tzinfo=VIETNAM).astimezone(UTC)


def number(article_id: str) -> int:
    """The digits at the end of an id, for order; 0 without any."""
    digits = article_id[len(article_id.rstrip("0123456789")) :]
    return int(digits[-18:] or 0)


def state_row(state: ArticleState, page: str, memory: Memory) -> dict[str, Any]:
    """The row of `articles`."""
    if state.first_seen is None:
        raise ValueError(f"{state.id} was never seen")
    return {
        "site": state.site,
        "id": state.id,
        "number": number(state.id),
        "sort_at": sort_at(state.published, state.first_seen),
        "url": state.url,
        "page": page,
        "state": canonical(_beside_content(state)),
        "series": state.series.id if state.series else None,
        "period": state.series.period if state.series else None,
        "views": state.views.count if state.views else None,
        "views_at": state.views.observed_at if state.views else None,
        "first_seen": state.first_seen,
        "last_seen": state.last_seen,
        "revision": state.revision,
        "updated": state.updated,
        "digest": state.digest,
        "seq": state.seq,
        "changed_at": state.changed_at,
        "deleted_at": state.deleted_at,
        "absent_at": memory.absent_at,
        "floor": memory.floor,
    }


def _beside_content(state: ArticleState) -> dict[str, Any]:
    return {
        "aliases": list(state.aliases),
        "sections": [{"id": s.id, "title": s.title, "url": s.url} for s in state.sections],
        "published": published_shape(state.published),
        "series": series_shape(state.series),
        "related": [_related_shape(related) for related in state.related],
        "capture": None if state.capture is None else capture_shape(state.capture),
        "files": {a.url: {"bytes": a.bytes, "sha256": a.sha256} for a in state.attachments if a.sha256},
    }


def _related_shape(related: Related) -> dict[str, Any]:
    span = related.published
    return {
        "id": related.id,
        "title": related.title,
        "url": related.url,
        "age": related.age,
        "published": None
        if span is None
        else {
            "start": write_moment(span.start),
            "precision": span.precision,
            "earliest": write_moment(span.earliest),
            "latest": write_moment(span.latest),
        },
    }


def capture_shape(capture: Capture) -> dict[str, Any]:
    return {
        "source": capture.source,
        "url": capture.url,
        "fetched_at": capture.fetched_at.isoformat(),
        "status": capture.status,
        "digest": capture.digest,
        "warc": capture.warc,
        "offset": capture.offset,
    }


def read_state(row: Row[Any]) -> ArticleState:
    """A row of `articles` joined with the `content` of its revision."""
    content = json.loads(row.content)
    beside = json.loads(row.state)
    return ArticleState(
        site=row.site,
        id=row.id,
        url=row.url,
        title=content["title"],
        aliases=tuple(beside["aliases"]),
        sections=tuple(Section(**section) for section in beside["sections"]),
        series=read_series(beside["series"]),
        published=read_published(beside["published"]),
        views=None if row.views is None else ViewObservation(row.views, row.views_at),
        lead=content["lead"],
        author=content["author"],
        organization=content["organization"],
        text=content["text"],
        html=content["html"],
        event=_read_event(content["event"]),
        images=tuple(Image(**image) for image in content["images"]),
        attachments=_read_attachments(content["attachments"], beside.get("files", {})),
        related=tuple(_read_related(related) for related in beside["related"]),
        first_seen=row.first_seen,
        last_seen=row.last_seen,
        revision=row.revision,
        updated=row.updated,
        digest=row.digest,
        capture=read_capture(beside["capture"]),
        seq=row.seq,
        changed_at=row.changed_at,
        deleted_at=row.deleted_at,
    )


def read_memory(row: Row[Any]) -> Memory:
    """What a row of `articles` remembers beside the state."""
    return Memory(row.absent_at, row.floor)


def _read_attachments(
    shapes: list[Mapping[str, Any]], files: Mapping[str, Mapping[str, Any]]
) -> tuple[Attachment, ...]:
    """As the page names them, with what is known of the kept files."""
    return tuple(Attachment(**{**shape, **files.get(shape["url"], {})}) for shape in shapes)


def read_asset(row: Row[Any]) -> Asset:
    """A row of `assets` in state `kept`."""
    capture = read_capture(json.loads(row.capture))
    if capture is None:
        raise ValueError(f"{row.url} is kept without a capture")
    return Asset(row.url, row.digest, row.bytes, row.sha256, row.media_type, capture)


def read_published(shape: Mapping[str, Any] | None) -> Published | None:
    if shape is None:
        return None
    return Published(read_moment(shape["date"]), shape["precision"], shape["text"])


def read_series(shape: Mapping[str, Any] | None) -> SeriesPeriod | None:
    return None if shape is None else SeriesPeriod(shape["id"], shape["period"])


def read_reading(row: Row[Any]) -> Reading:
    """A row of `readings` joined with its revision."""
    return Reading(
        at=row.at,
        payload=row.payload,
        page=row.page,
        reader=row.reader,
        url=row.url,
        published=read_published(_loads(row.published)),
        series=read_series(_loads(row.series)),
        reextracted_at=row.reextracted_at,
    )


def read_capture(shape: Mapping[str, Any] | None) -> Capture | None:
    if shape is None:
        return None
    return Capture(**{**shape, "fetched_at": datetime.fromisoformat(shape["fetched_at"])})


@dataclass(frozen=True, slots=True)
class Beside:
    """What a state holds that no page's text decides alone: all its sections, and what its newest capture gave."""

    sections: tuple[Section, ...]
    related: tuple[Related, ...]
    capture: Capture | None


def read_beside(state: str) -> Beside:
    """The column `state` of a row of `articles`."""
    beside = json.loads(state)
    return Beside(
        tuple(Section(**section) for section in beside["sections"]),
        tuple(map(_read_related, beside["related"])),
        read_capture(beside["capture"]),
    )


def surely_beside(state: str, related: tuple[Related, ...] | None, titles: Iterable[str]) -> bool:
    """Whether the column holds this related list (None: whichever), and sections of these titles.

    Told by its text, which is canonical: reading it costs more. False where only reading can tell.
    """
    start = state.index('"sections":[')
    sections = state[start : state.index("]", start)]
    if not all(f'"title":{canonical(title)}' in sections for title in titles):
        return False
    return related is None or f'"related":{canonical([_related_shape(item) for item in related])}' in state


def _read_event(shape: Mapping[str, Any] | None) -> Event | None:
    if shape is None:
        return None
    return Event(read_moment(shape["start"]), read_moment(shape["end"]), shape["place"])


def _read_related(shape: Mapping[str, Any]) -> Related:
    span = shape["published"]
    published = None
    if span is not None:
        start, earliest, latest = (read_moment(span[name]) for name in ("start", "earliest", "latest"))
        published = DateSpan(start, span["precision"], earliest, latest)
    return Related(shape["id"], shape["title"], shape["url"], shape["age"], published)


def _loads(text: str | None) -> Any:
    return None if text is None else json.loads(text)
