"""JSON Feed 1.1 out of a feed's values (https://www.jsonfeed.org/version/1.1/). Pure."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from feeds.values import Entry, Feed, File

VERSION = "https://jsonfeed.org/version/1.1"


def json_feed(feed: Feed) -> Iterator[bytes]:
    """The feed as JSON Feed 1.1, in pieces; one item a line."""
    return json_around(feed, map(json_item, feed.entries))


def json_around(feed: Feed, items: Iterable[bytes]) -> Iterator[bytes]:
    """The feed with items that are rendered already."""
    yield _dump(_head(feed)).removesuffix("}").encode() + b', "items": ['
    separator = b"\n"
    for item in items:
        yield separator + item
        separator = b",\n"
    yield b"\n]}\n"


def json_item(entry: Entry) -> bytes:
    """An entry as an item, the same in whatever feed it stands."""
    return _dump(_item(entry)).encode()


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _head(feed: Feed) -> dict[str, Any]:
    more: dict[str, Any] = {} if feed.next_url is None else {"next_url": feed.next_url}
    more |= {"hubs": [{"type": "WebSub", "url": feed.hub}]} if feed.hub else {}
    return {
        "version": VERSION,
        "title": feed.title,
        "home_page_url": feed.page_url,
        "feed_url": feed.base_url + feed.json_name,
        **more,
        "description": feed.subtitle,
        "icon": feed.icon_url,
        "favicon": feed.icon_url,
        "authors": [{"name": feed.author, "url": feed.author_url}],
        "language": "vi",
    }


def _item(entry: Entry) -> dict[str, Any]:
    item = {
        "id": entry.id,
        "url": entry.link,
        "external_url": entry.source if entry.source != entry.link else None,
        "title": entry.title,
        "content_html": entry.content,
        "summary": entry.summary,
        "image": entry.pictures[0].url if entry.pictures else None,
        "date_published": entry.published.isoformat() if entry.published else None,
        "date_modified": entry.updated.isoformat(),
        "authors": [{"name": entry.author}] if entry.author else None,
        "language": "vi",
        "tags": [category.title for category in entry.categories],
        "attachments": [_attachment(file) for file in entry.files],
        "_bantin": _extension(entry),
    }
    return {key: value for key, value in item.items() if value}


def _attachment(file: File) -> dict[str, Any]:
    length = {} if file.bytes is None else {"size_in_bytes": file.bytes}
    return {"url": file.url, "mime_type": file.media_type, "title": file.title} | length


def _extension(entry: Entry) -> dict[str, Any]:
    """What JSON Feed has no field for; names may be added, never changed."""
    series = entry.series and {"id": entry.series[0], "period": entry.series[1]}
    return {"article": entry.article, "sections": [c.id for c in entry.categories], "series": series}
