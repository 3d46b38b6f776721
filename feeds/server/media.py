"""Media types of what is published, by name. The machine's own tables have no say: they differ."""

from pathlib import PurePosixPath

from feeds.entry import MEDIA_TYPES

_UTF8 = "; charset=utf-8"
#: Files whose name tells more than its ending.
_BY_NAME = {
    "rss.xml": "application/rss+xml" + _UTF8,
    "feed.json": "application/feed+json" + _UTF8,
}
_BY_ENDING = {
    **MEDIA_TYPES,
    ".css": "text/css" + _UTF8,
    ".gif": "image/gif",
    ".html": "text/html" + _UTF8,
    ".ics": "text/calendar" + _UTF8,
    ".json": "application/json" + _UTF8,
    ".opml": "text/x-opml" + _UTF8,
    ".svg": "image/svg+xml" + _UTF8,
    ".txt": "text/plain" + _UTF8,
    ".webp": "image/webp",
    ".xml": "application/atom+xml" + _UTF8,
}
UNKNOWN = "application/octet-stream"


def media_type(path: str) -> str:
    """The media type of a published file; what is not known is a download, never a page."""
    name = PurePosixPath(path).name
    return _BY_NAME.get(name) or _BY_ENDING.get(PurePosixPath(name).suffix, UNKNOWN)


def is_text(kind: str) -> bool:
    """Whether packing it is worth while; pictures and office files are packed already."""
    return kind.endswith(_UTF8)
