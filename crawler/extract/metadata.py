"""The publication date as the head of a page gives it, for pages without a header line. Pure."""

import re
from datetime import datetime, timedelta

from crawler.extract.document import Document
from crawler.extract.names import linked_data
from crawler.items import Published
from crawler.normalize import parse_date

_NAMES = (
    "article:published_time",
    "datepublished",
    "pubdate",
    "publishdate",
    "dc.date",
    "dc.date.issued",
    "date",
)
_ISO = re.compile(r"(?:19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}")


def published_in_head(document: Document, fetched_at: datetime) -> tuple[Published, str] | None:
    """The date of meta tags or JSON-LD and its rule; None when there is none, or one that lies in the future."""
    for text, rule in _claims(document):
        if not _ISO.match(text):
            continue
        span = parse_date(text, now=fetched_at)
        if span is None or span.precision not in ("minute", "hour", "day"):
            continue
        start = span.start
        late = (
            start > fetched_at + timedelta(days=1)
            if isinstance(start, datetime)
            else start > fetched_at.date()
        )
        if not late:
            return Published(start, span.precision, text), rule
    return None


def _claims(document: Document) -> list[tuple[str, str]]:
    claims = [(document.head.meta[name], "meta-date") for name in _NAMES if name in document.head.meta]
    for node in linked_data(document):
        value = node.get("datePublished")
        if isinstance(value, str):
            claims.append((value, "linked-data"))
    return claims
