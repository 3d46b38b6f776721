"""RSS 2.0 and Atom 1.0 out of a feed's values. Pure: bytes depend on nothing but the feed.

Written piecewise, so that a series of any length costs the memory of one batch: feedgen renders batches of
entries, and what stands between its frame's head and tail is handed on.
"""

from collections.abc import Callable, Iterator
from html import escape
from itertools import islice

from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator

from feeds.elements import EntryElements, FeedElements
from feeds.values import Entry, Feed

GENERATOR = "bantin"
_BATCH = 100


def rss(feed: Feed) -> Iterator[bytes]:
    """The feed as RSS 2.0, in pieces."""
    frame = _frame(feed, feed.base_url + "rss.xml", "application/rss+xml")
    return _pieces(feed, frame, FeedGenerator.rss_str, b"</channel></rss>")


def atom(feed: Feed) -> Iterator[bytes]:
    """The feed as Atom 1.0 (RFC 4287), in pieces."""
    frame = _frame(feed, feed.base_url + "atom.xml", "application/atom+xml")
    return _pieces(feed, frame, FeedGenerator.atom_str, b"</feed>")


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
