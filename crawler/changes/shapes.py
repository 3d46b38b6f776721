"""Values as the plain JSON shapes of the contract's record; digests and export stand on them. Pure."""

from datetime import UTC, date, datetime
from typing import Any

from crawler.items import (
    Article,
    ArticleState,
    Attachment,
    Event,
    Image,
    Published,
    Related,
    Section,
    SeriesPeriod,
)


def utc(moment: datetime) -> str:
    """An aware time as `2021-10-26T03:00:00Z`, with a fraction only where it has one."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def day_or_minute(moment: date | datetime) -> str:
    """A date as `2021-10-25`, an aware datetime as RFC 3339 in its own zone (+07:00)."""
    return moment.isoformat()


def published_shape(published: Published | None) -> dict[str, Any] | None:
    if published is None:
        return None
    return {
        "date": day_or_minute(published.date),
        "precision": published.precision,
        "text": published.text,
    }


def series_shape(series: SeriesPeriod | None) -> dict[str, Any] | None:
    return None if series is None else {"id": series.id, "period": series.period}


def event_shape(event: Event | None) -> dict[str, Any] | None:
    if event is None:
        return None
    return {"start": day_or_minute(event.start), "end": day_or_minute(event.end), "place": event.place}


def section_shape(section: Section) -> dict[str, Any]:
    return {"id": section.id, "title": section.title}


def image_shape(image: Image) -> dict[str, Any]:
    return {"url": image.url, "caption": image.caption}


def attachment_shape(attachment: Attachment) -> dict[str, Any]:
    shape = {
        "url": attachment.url,
        "title": attachment.title,
        "media_type": attachment.media_type,
        "bytes": attachment.bytes,
    }
    # Only a kept file has it: what pages say, and the digests over it, stay as they were before files were kept.
    return shape if attachment.sha256 is None else shape | {"sha256": attachment.sha256}


def related_shape(related: Related) -> dict[str, Any]:
    span = related.published
    return {
        "id": related.id,
        "title": related.title,
        "age": related.age,
        "published": None
        if span is None
        else {"earliest": day_or_minute(span.earliest), "latest": day_or_minute(span.latest)},
    }


def content_shape(page: Article | ArticleState) -> dict[str, Any]:
    """The fields that one page alone decides and that make a change, but for its address."""
    return {
        "title": page.title,
        "series": series_shape(page.series),
        "published": published_shape(page.published),
        "lead": page.lead,
        "author": page.author,
        "organization": page.organization,
        "text": page.text,
        "html": page.html,
        "event": event_shape(page.event),
        "images": [image_shape(image) for image in page.images],
        "attachments": [attachment_shape(attachment) for attachment in page.attachments],
    }
