"""What the optional selectors of a site file find; they win over the rules where they match. Pure."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from parsel import Selector

from crawler.extract.blocks import Block
from crawler.extract.document import Document, read_document
from crawler.extract.fields import Fields
from crawler.extract.lines import read_lines
from crawler.extract.names import Names
from crawler.items import Published
from crawler.normalize import clean_text, find_date, parse_views
from crawler.sites import Site, as_xpath

RULE = "selector"


def selected_body(document: Document, site: Site) -> list[Block] | None:
    """The lines inside the elements that the `text` selectors find; None where none does."""
    elements = _matches(document, site.selectors.get("text", ()))
    if not elements:
        return None
    inner = read_document("\n".join(element.get() for element in elements), document.base)
    return read_lines(inner, Names((), ""))


def put_selected(fields: Fields, document: Document, site: Site, now: datetime) -> None:
    """Lets the selectors for single fields overrule what the rules found."""
    readers: dict[str, Callable[[str], Any]] = {
        "published": lambda text: _published(text, now),
        "views": parse_views,
    }
    for field, expressions in site.selectors.items():
        if field == "text":
            continue
        texts = [clean_text(_text(element)) for element in _matches(document, expressions)]
        found = next((text for text in texts if text), None)
        if found is not None:
            fields.put(field, readers.get(field, str)(found), RULE)


def _matches(document: Document, expressions: Sequence[str]) -> list[Selector]:
    """The elements of the first expression that finds any."""
    if not expressions or document.tree is None:
        return []
    page = Selector(root=document.tree, type="html")
    return next(
        (found for expression in expressions if (found := list(page.xpath(as_xpath(expression))))), []
    )


def _text(element: Selector) -> str:
    """All text below an element, or the value of an attribute that was selected."""
    return " ".join(element.xpath(".//text()").getall()) if hasattr(element.root, "tag") else element.get()


def _published(text: str, now: datetime) -> Published | None:
    found = find_date(text, now=now)
    if found is None or found.span.precision not in ("day", "hour", "minute"):
        return None
    return Published(found.span.start, found.span.precision, found.matched)
