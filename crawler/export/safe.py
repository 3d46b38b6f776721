"""The last look before a record leaves: a store that was tampered with must harm no reader. Pure."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from crawler.sanitize import sanitize

_REFERENCE: Final = r"&(?:amp|lt|gt|quot|#x27);"
_CONTROLS: Final = r"\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff"
_VALUE: Final = rf"(?:[^\"<>&{_CONTROLS}]++|{_REFERENCE})*+"
#: The extractor's own markup (`crawler.extract.markup`) and nothing else: safe by what it is, and never changed.
_OURS: Final = re.compile(
    rf"(?:[^<>&{_CONTROLS}]++|{_REFERENCE}"
    r"|</?(?:p|br|strong|em|a|ul|ol|li|table|tr|td|th|figure|figcaption|h[2-4]|blockquote)>"
    rf'|<a href="(?:https?://|mailto:|tel:){_VALUE}">|<img src="https?://{_VALUE}" alt="{_VALUE}">)*+',
    re.IGNORECASE,
)
_WEB: Final = re.compile(r"https?://[^\s/]", re.IGNORECASE)


def safe_records(records: Iterable[Mapping[str, Any]], mended: Counter[str]) -> Iterator[Mapping[str, Any]]:
    """The records without unsafe markup and addresses; `mended` counts those that had any, by member.

    What the extractor wrote passes as it is. Only what other hands put into a store is changed; it then no longer
    fits the record's digest, as `bantin verify` tells.
    """
    for record in records:
        changed = {name: value for name, value in _safe(record) if value != record[name]}
        mended.update([*changed])
        yield {**record, **changed} if changed else record


def _safe(record: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    if html := record.get("html"):
        yield "html", html if _OURS.fullmatch(html) else sanitize(html)
    if images := record.get("images"):
        yield "images", [{**image, "url": _web(image.get("url"))} for image in images]
    if attachments := record.get("attachments"):
        yield "attachments", [one for one in attachments if _web(one.get("url"))]


def _web(url: str | None) -> str | None:
    return url if url and _WEB.match(url) else None
