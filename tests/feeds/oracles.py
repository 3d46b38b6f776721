"""Judges of published files that share no code with what made them."""

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

HERE = Path(__file__).parent
ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
DC = "{http://purl.org/dc/elements/1.1/}"
MEDIA = "{http://search.yahoo.com/mrss/}"

_GRAMMAR = etree.RelaxNG(etree.parse(str(HERE / "atom.rng")))
_RUNS_OR_LOADS = {
    "script", "style", "iframe", "frame", "frameset", "object", "embed", "applet", "svg", "math", "form", "input",
    "button", "select", "textarea", "base", "link", "meta", "template", "noscript", "video", "audio", "source",
    "portal", "dialog", "marquee", "foreignobject",
}  # fmt: skip
_ADDRESSES = {
    "href",
    "src",
    "cite",
    "action",
    "formaction",
    "data",
    "poster",
    "background",
    "longdesc",
    "srcset",
}


class _Judge(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _RUNS_OR_LOADS:
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            if name.startswith("on") or name in {"style", "srcdoc", "ping", "id", "class"}:
                self.found.append(f"{tag} {name}={value}")
            if name in _ADDRESSES and not _harmless_address(value or ""):
                self.found.append(f"{tag} {name}={value}")

    handle_startendtag = handle_starttag

    def handle_other(self, text: str) -> None:
        """Comments, declarations and the like: parsers differ in where they end."""
        self.found.append(f"<!{text}")

    handle_comment = handle_decl = handle_pi = unknown_decl = handle_other


def _harmless_address(value: str) -> bool:
    parts = urlsplit("".join(c for c in value if c.isprintable()).strip())
    return parts.scheme in {"mailto", "tel"} or (parts.scheme in {"http", "https"} and bool(parts.netloc))


def unsafe_html(html: str) -> list[str]:
    """Everything in a fragment that runs, loads, styles, or leads to anything but an absolute web address."""
    judge = _Judge()
    judge.feed(html)
    judge.close()
    return judge.found


def xml(path: Path) -> Any:
    """The root of an XML file, strictly parsed: no entities, no recovery."""
    return etree.parse(
        str(path), etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    ).getroot()


def atom_errors(path: Path) -> list[str]:
    """What the grammar of RFC 4287 says against an Atom file."""
    return grammar_errors(xml(path))


def grammar_errors(feed: Any) -> list[str]:
    """What the grammar of RFC 4287 says against an Atom document."""
    if _GRAMMAR.validate(feed):
        return []
    return [str(error) for error in _GRAMMAR.error_log]


def json_feed_errors(feed: dict[str, Any]) -> Iterator[str]:
    """What JSON Feed 1.1 says against a feed."""
    if feed.get("version") != "https://jsonfeed.org/version/1.1":
        yield "version"
    for name in ("title", "home_page_url", "feed_url", "description", "icon", "favicon", "language"):
        if not isinstance(feed.get(name), str):
            yield f"feed {name}"
    if len({item["id"] for item in feed["items"]}) != len(feed["items"]):
        yield "ids"
    for item in feed["items"]:
        strings = (
            "id",
            "url",
            "title",
            "content_html",
            "summary",
            "image",
            "date_published",
            "date_modified",
        )
        yield from (f"item {name}" for name in strings if name in item and not isinstance(item[name], str))
        if "content_html" not in item and "content_text" not in item:
            yield "item without content"
        for attachment in item.get("attachments", []):
            if not {"url", "mime_type"} <= attachment.keys():
                yield "attachment"
        yield from (
            f"item {name}" for name in item.keys() - set(strings) - _LISTS if not name.startswith("_")
        )


_LISTS = {"authors", "tags", "attachments", "language"}
