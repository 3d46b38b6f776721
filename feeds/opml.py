"""The list of all feeds of a site as OPML 2.0 (http://opml.org/spec2.opml). Pure."""

from collections.abc import Iterable
from datetime import datetime
from email.utils import format_datetime

from lxml import etree

from feeds.values import GROUPS, Feed

_GROUPS = (("all", "Tất cả"), *GROUPS)


def opml(feeds: Iterable[Feed], *, title: str, home: str, changed: datetime) -> bytes:
    """One outline per feed, grouped by kind; `changed` is the newest change in any of them."""
    root = etree.Element("opml", version="2.0")
    head = etree.SubElement(root, "head")
    for name, text in (("title", title), ("dateModified", format_datetime(changed)), ("ownerId", home)):
        etree.SubElement(head, name).text = text
    body = etree.SubElement(root, "body")
    feeds = tuple(feeds)
    for kind, name in _GROUPS:
        members = [feed for feed in feeds if feed.plan.group == kind]
        if members:
            group = etree.SubElement(body, "outline", text=name)
            for feed in members:
                _outline(group, feed)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _outline(group: etree._Element, feed: Feed) -> None:
    etree.SubElement(
        group,
        "outline",
        type="rss",
        text=feed.plan.title,
        title=feed.title,
        description=feed.subtitle,
        xmlUrl=feed.base_url + "rss.xml",
        htmlUrl=feed.page_url,
        language="vi",
    )
