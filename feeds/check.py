"""Reads back what was published and compares it with the store: whole, valid, consistent. Writes nothing.

What is wrong inside the store itself, `Reader.problems` says.
"""

import json
import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from icalendar import Calendar
from lxml import etree

from crawler.sites.model import Site
from crawler.store.api import Reader
from feeds.atomic import is_leftover
from feeds.check_archive import check_archives
from feeds.context import Build
from feeds.current import current_entries
from feeds.pages import STATIC
from feeds.readback import AGAIN, ATOM, content_of, parse_xml
from feeds.select import DEFAULT_SIZE, plan_feeds, site_prefix, site_url

#: An article may be dated the day after it was captured, no later (THREATS 14).
_TOLERANCE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Published:
    """What one feed file says: its own address, ids in order with their versions, and every date in it."""

    url: str | None
    ids: tuple[str, ...]
    #: `updated` of each entry; empty in RSS, which has none.
    versions: tuple[datetime, ...]
    dates: tuple[datetime, ...]


def check_site(
    reader: Reader,
    site: Site,
    *,
    out: Path,
    public: str,
    feed_size: int = DEFAULT_SIZE,
    root: bool = True,
    now: datetime,
) -> tuple[str, ...]:
    """What is wrong with a site's published files, one sentence each; empty is good."""
    prefix = site_prefix(site, root=root)
    folder = out / prefix
    build = Build(reader, site, site_url(public, prefix), plan_feeds(reader, site), feed_size, demo=False)
    problems: list[str] = []
    for plan in build.plans:
        wanted = {entry.id: entry.updated for entry in current_entries(build, plan)}
        problems += _check_feed(folder / plan.id, wanted, f"{build.base_url}{plan.id}/", now)
    problems += _check_front(folder)
    problems += check_archives(build, folder)
    problems += (f"{path} was left half written by a killed build; {AGAIN}" for path in _leftovers(folder))
    return tuple(problems)


def _check_feed(folder: Path, wanted: Mapping[str, datetime], base_url: str, now: datetime) -> Iterator[str]:
    for name, read in _READERS.items():
        path = folder / name
        content, problem = content_of(path)
        if content is None:
            yield problem
            continue
        try:
            published = read(content)
        except (etree.XMLSyntaxError, ValueError, LookupError, TypeError, AttributeError) as error:
            yield f"{path} is not valid: {error}; {AGAIN}"
            continue
        if published.url != base_url + name:
            yield f"{path} says that it lies at {published.url}, not at {base_url + name}; {AGAIN}"
        yield from _compare(path, published, wanted, now)
    yield from _check_page(folder / "index.html")


def _compare(
    path: Path, published: _Published, wanted: Mapping[str, datetime], now: datetime
) -> Iterator[str]:
    for entry, times in Counter(published.ids).items():
        if times > 1:
            yield f"{path} holds {entry} {times} times; {AGAIN}"
    missing, surplus = set(wanted) - set(published.ids), set(published.ids) - set(wanted)
    if missing or surplus:
        yield f"{path} lacks {len(missing)} entries of the store and holds {len(surplus)} others; {AGAIN}"
    elif list(dict.fromkeys(published.ids)) != list(wanted):
        yield f"{path} is not in the order of the store; {AGAIN}"
    old = sum(
        wanted.get(entry) != version
        for entry, version in zip(published.ids, published.versions, strict=False)
    )
    if old and not missing and not surplus:
        yield f"{path} holds {old} entries in another version than the store; {AGAIN}"
    for date in sorted(set(published.dates)):
        if date > now + _TOLERANCE:
            yield f"{path} has a date in the future: {date.isoformat()}"


def _check_front(folder: Path) -> Iterator[str]:
    for name in ("index.html", "status.html"):
        yield from _check_page(folder / name)
    for name in STATIC:
        content, problem = content_of(folder / name)
        if content is None:
            yield problem
    for name, read in (
        ("feeds.opml", parse_xml),
        ("status.json", json.loads),
        ("calendar.ics", Calendar.from_ical),
    ):
        content, problem = content_of(folder / name)
        if content is None:
            yield problem
            continue
        try:
            read(content)
        except (etree.XMLSyntaxError, ValueError) as error:
            yield f"{folder / name} is not valid: {error}; {AGAIN}"


def _check_page(path: Path) -> Iterator[str]:
    content, problem = content_of(path)
    if content is None:
        yield problem
    elif not content.rstrip().endswith(b"</html>"):
        yield f"{path} is cut off; {AGAIN}"


def _self(feed: etree._Element) -> str | None:
    links = feed.findall(ATOM + "link")
    return next((link.get("href") for link in links if link.get("rel") == "self"), None)


def _moment(text: str) -> datetime:
    return _aware(datetime.fromisoformat(text))


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(f"a time without zone: {moment}")
    return moment


def _read_rss(content: bytes) -> _Published:
    channel = parse_xml(content)[0]
    dates = [*channel.iter("pubDate"), *channel.iter("lastBuildDate")]
    return _Published(
        _self(channel),
        tuple(item.findtext("guid", "") for item in channel.iter("item")),
        (),
        tuple(_aware(parsedate_to_datetime(date.text or "")) for date in dates),
    )


def _read_atom(content: bytes) -> _Published:
    feed = parse_xml(content)
    entries = list(feed.iter(ATOM + "entry"))
    dates = [*feed.iter(ATOM + "updated"), *feed.iter(ATOM + "published")]
    return _Published(
        _self(feed),
        tuple(entry.findtext(ATOM + "id", "") for entry in entries),
        tuple(_moment(entry.findtext(ATOM + "updated", "")) for entry in entries),
        tuple(_moment(date.text or "") for date in dates),
    )


def _read_json(content: bytes) -> _Published:
    feed = json.loads(content)
    items: list[dict[str, Any]] = feed["items"]
    dates = [item[name] for item in items for name in ("date_published", "date_modified") if name in item]
    return _Published(
        feed["feed_url"],
        tuple(item["id"] for item in items),
        tuple(_moment(item["date_modified"]) for item in items),
        tuple(_moment(date) for date in dates),
    )


_READERS: dict[str, Callable[[bytes], _Published]] = {
    "rss.xml": _read_rss,
    "atom.xml": _read_atom,
    "feed.json": _read_json,
}


def _leftovers(folder: Path) -> Iterator[Path]:
    for path, _, names in os.walk(folder):
        yield from (Path(path) / name for name in names if is_leftover(name))
