"""Which files of an article are wanted, and whether an answer is one. Pure."""

import hashlib
import re
from collections.abc import Sequence
from typing import Literal, Protocol, get_args
from urllib.parse import urlsplit

from w3lib.url import safe_url_string

from crawler.items import Asset, Attachment, Capture, Image

#: Which files of articles are kept: none, those offered for download, or pictures too.
AssetPolicy = Literal["none", "attachments", "all"]
POLICIES: tuple[AssetPolicy, ...] = get_args(AssetPolicy)

_MARKUP = re.compile(
    rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|script|title|meta)\b",
    re.IGNORECASE | re.DOTALL,
)
_HTML = ("text/html", "application/xhtml+xml")


class HasFiles(Protocol):
    """An article, as read or as stored."""

    @property
    def attachments(self) -> Sequence[Attachment]: ...
    @property
    def images(self) -> Sequence[Image]: ...


def wanted_files(article: HasFiles, policy: AssetPolicy) -> tuple[str, ...]:
    """The addresses of the files to keep, in page order, each once."""
    urls = [attachment.url for attachment in article.attachments] if policy != "none" else []
    urls += [image.url for image in article.images if image.url] if policy == "all" else []
    return tuple(dict.fromkeys(url for url in urls if url.lower().startswith(("http://", "https://"))))


def file_key(url: str) -> str:
    """Path and query in one spelling: tells a file of the portal under any of its hosts and schemes."""
    parts = urlsplit(safe_url_string(url.strip()))
    return f"{parts.path or '/'}?{parts.query}"


def refusal_of(status: int, media_type: str | None, body: bytes) -> str | None:
    """Why an answer is no file (`http-404`, `html-instead`, `empty`); None when it is one."""
    if status != 200:
        return f"http-{status}"
    if not body:
        return "empty"
    return "html-instead" if media_type in _HTML or _MARKUP.match(body[:2048]) else None


def media_type_of(content_type: str | None) -> str | None:
    """The media type that a Content-Type header names: lower case, without parameters."""
    return (content_type or "").partition(";")[0].strip().lower() or None


def asset_of(url: str, body: bytes, media_type: str | None, capture: Capture) -> Asset:
    """A kept file; `body` is what a reader downloads, content coding undone."""
    sha256 = f"sha256:{hashlib.sha256(body).hexdigest()}"
    return Asset(url, capture.digest, len(body), sha256, media_type, capture)
