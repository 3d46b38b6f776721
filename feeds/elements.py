"""The elements that feedgen 1.0 lacks or gets wrong, as its own extensions. Pure."""

from typing import Any

from feedgen.ext.base import BaseEntryExtension, BaseExtension
from lxml.etree import Element, SubElement, _Element

from feeds.values import Entry, Feed, Removal

ATOM = "http://www.w3.org/2005/Atom"
DC = "http://purl.org/dc/elements/1.1/"
MEDIA = "http://search.yahoo.com/mrss/"
#: RFC 5005.
HISTORY = "http://purl.org/syndication/history/1.0"
#: RFC 6721.
TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"


def tombstone(removal: Removal) -> _Element:
    """An element by which feed readers forget an entry (RFC 6721); it alone declares the namespace."""
    about = {"ref": removal.id, "when": removal.when.isoformat()}
    return Element(f"{{{TOMBSTONES}}}deleted-entry", about, nsmap={"at": TOMBSTONES})


class FeedElements(BaseExtension):  # type: ignore[misc]  # feedgen ships no types
    """Feed level: who made it in RSS (whose own fields want a mail address), what was removed in Atom."""

    feed: Feed

    def extend_ns(self) -> dict[str, str]:
        """The same prefixes in every feed, whatever it holds."""
        return {"dc": DC, "media": MEDIA}

    def extend_rss(self, feed: Any) -> Any:
        """Names the portal as creator of the channel, and the hub."""
        SubElement(feed[0], f"{{{DC}}}creator").text = self.feed.author
        if self.feed.hub:
            SubElement(feed[0], f"{{{ATOM}}}link", {"rel": "hub", "href": self.feed.hub})
        return feed

    def extend_atom(self, feed: Any) -> Any:
        """Adds the way through the archive (RFC 5005), and a tombstone (RFC 6721) for each removed article."""
        if self.feed.is_archive:
            SubElement(feed, f"{{{HISTORY}}}archive", nsmap={"fh": HISTORY})
        if self.feed.hub:
            SubElement(feed, "link", {"rel": "hub", "href": self.feed.hub})
        for relation, address in self.feed.links:
            SubElement(feed, "link", {"rel": relation, "href": address, "type": "application/atom+xml"})
        for removal in self.feed.removals:
            feed.append(tombstone(removal))
        return feed


class EntryElements(BaseEntryExtension):  # type: ignore[misc]  # feedgen ships no types
    """Entry level: whole links in Atom, the author in RSS, pictures in both."""

    entry: Entry

    def extend_rss(self, item: Any) -> Any:
        """Adds the author, whom RSS itself takes only with a mail address, and the pictures."""
        if self.entry.author:
            SubElement(item, f"{{{DC}}}creator").text = self.entry.author
        self._add_pictures(item)
        return item

    def extend_atom(self, entry: Any) -> Any:
        """Writes the links again, since feedgen's own lose rel, type and length; adds the pictures."""
        for link in entry.findall("link"):
            entry.remove(link)
        SubElement(entry, "link", {"href": self.entry.link, "rel": "alternate", "type": "text/html"})
        if self.entry.source != self.entry.link:
            SubElement(entry, "link", {"href": self.entry.source, "rel": "via", "type": "text/html"})
        for file in self.entry.files:
            link = {"href": file.url, "rel": "enclosure", "type": file.media_type, "title": file.title}
            SubElement(entry, "link", link | ({} if file.bytes is None else {"length": str(file.bytes)}))
        self._add_pictures(entry)
        return entry

    def _add_pictures(self, parent: _Element) -> None:
        for picture in self.entry.pictures:
            content = SubElement(
                parent, f"{{{MEDIA}}}content", {"url": picture.url, "medium": "image"}, nsmap={"media": MEDIA}
            )
            if picture.caption:
                SubElement(content, f"{{{MEDIA}}}description", {"type": "plain"}).text = picture.caption
