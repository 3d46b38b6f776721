"""RSS 2.0 and Atom 1.0 out of a feed's values. Pure: bytes depend on nothing but the feed.

Written piecewise, so that a series of any length costs the memory of one batch: feedgen renders batches of
entries, and what stands between its frame's head and tail is handed on.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from html import escape
from itertools import islice

from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator
from lxml.etree import tostring

from feeds.elements import EntryElements, FeedElements, tombstone
from feeds.values import Entry, Feed, Removal

GENERATOR = "bantin"
_BATCH = 100
_ENTRY, _ATOM_END = b"<entry>", b"</feed>"


def rss(feed: Feed) -> Iterator[bytes]:
    """The feed as RSS 2.0, in pieces."""
    frame = _frame(feed, feed.base_url + "rss.xml", "application/rss+xml")
    return _pieces(feed, frame, FeedGenerator.rss_str, b"</channel></rss>")


def atom(feed: Feed) -> Iterator[bytes]:
    """The feed as Atom 1.0 (RFC 4287), in pieces."""
    return _pieces(feed, _atom_frame(feed), FeedGenerator.atom_str, _ATOM_END)


def atom_entries(feed: Feed, entries: Iterable[Entry]) -> list[bytes]:
    """Each entry as Atom: the same bytes in whatever feed it stands, so that they need be made only once."""
    pieces = [
        *_pieces(replace(feed, entries=tuple(entries)), _atom_frame(feed), FeedGenerator.atom_str, _ATOM_END)
    ]
    # A literal `<` in an entry's own texts is escaped.
    return [_ENTRY + one for one in b"".join(pieces[1:-1]).split(_ENTRY)[1:]]


def atom_archive(feed: Feed, pieces: Iterable[bytes]) -> Iterator[bytes]:
    """An archive document (RFC 5005) around entries and tombstones that are rendered already."""
    yield _atom_frame(feed).atom_str().removesuffix(_ATOM_END)
    yield from pieces
    yield _ATOM_END + b"\n"


def atom_tombstone(removal: Removal) -> bytes:
    """The mark of a removed article (RFC 6721) as Atom."""
    return tostring(tombstone(removal))


def _atom_frame(feed: Feed) -> FeedGenerator:
    return _frame(feed, feed.base_url + feed.atom_name, "application/atom+xml")


def _pieces(
    feed: Feed, frame: FeedGenerator, render: Callable[[FeedGenerator], bytes], tail: bytes
) -> Iterator[bytes]:
    head = render(frame).removesuffix(tail)
    yield head
    entries = iter(feed.entries)
    while batch := list(islice(entries, _BATCH)):
        frame.entry([_feed_entry(entry) for entry in batch], replace=True)
        yield render(frame)[len(head) : -len(tail)]
    yield tail + b"\n"


def _frame(feed: Feed, self_url: str, self_type: str) -> FeedGenerator:
    frame = FeedGenerator()
    frame.register_extension("bantin", FeedElements, EntryElements)
    frame.bantin.feed = feed
    frame.id(feed.id)
    frame.title(feed.title)
    # Sets the subtitle of Atom, too.
    frame.description(feed.subtitle)
    frame.language("vi")
    frame.generator(GENERATOR)
    frame.author(name=feed.author, uri=feed.author_url)
    frame.icon(feed.icon_url)
    frame.link(href=self_url, rel="self", type=self_type)
    # feedgen makes the last link the channel's, and an image takes title and link from the channel.
    frame.link(href=feed.page_url, rel="alternate", type="text/html")
    frame.logo(feed.icon_url)
    # Sets RSS's lastBuildDate, too; both default to the clock.
    frame.updated(feed.updated)
    return frame


def _feed_entry(entry: Entry) -> FeedEntry:
    made = FeedEntry()
    made.register_extension("bantin", EntryElements)
    made.bantin.entry = entry
    made.guid(entry.id, permalink=False)
    made.title(entry.title)
    made.link(href=entry.link, rel="alternate")
    made.updated(entry.updated)
    if entry.published:
        made.published(entry.published)
    if entry.author:
        made.author(name=entry.author)
    _add_texts(made, entry)
    made.category([{"term": category.id, "label": category.title} for category in entry.categories])
    if entry.files:
        first = entry.files[0]
        made.enclosure(first.url, first.bytes or 0, first.media_type)
    return made


def _add_texts(made: FeedEntry, entry: Entry) -> None:
    """RSS's description is HTML by custom, Atom's summary is plain text.

    The order matters: `description` fills the content too, and a summary before it would become it. Without a
    description feedgen would put the whole content there.
    """
    made.description(escape(entry.summary or entry.title, quote=False))
    made.content(entry.content, type="html")
    if entry.summary:
        made.summary(entry.summary, type="text")
