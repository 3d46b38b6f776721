"""The store's border: drops characters that no feed may carry (XML 1.0 §2.2) and no database keeps."""

import re
from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import Any

from crawler.items import Article
from crawler.sanitize import ILLEGAL, legal

#: The largest count that every reader of JSON keeps exactly.
MOST_VIEWS = 2**53 - 1
#: `sanitize.ILLEGAL` in UTF-8: single bytes, and the sequences of the others.
_C0 = bytes((*range(9), *range(11, 32), 127))
_BEYOND = tuple(re.compile(p) for p in (rb"\xc2[\x80-\x9f]", rb"\xed[\xa0-\xbf]", rb"\xef\xbf[\xbe\xbf]"))


def cleaned(article: Article) -> tuple[Article, int]:
    """The article without illegal characters, and how many were dropped; an absurd view count is unknown."""
    if article.views is not None and not 0 <= article.views.views <= MOST_VIEWS:
        article = replace(article, views=None)
    if not _suspicious("\n".join(_texts(article))):
        return article, 0
    return _clean(article), len(ILLEGAL.findall("\n".join(_texts(article))))


def _suspicious(text: str) -> bool:
    """Whether anything illegal is in it; byte searches cost a third of a search for the characters."""
    data = text.encode("utf-8", "surrogatepass")
    return len(data.translate(None, _C0)) < len(data) or any(beyond.search(data) for beyond in _BEYOND)


def _texts(article: Article) -> list[str]:
    """Every string of the article that is stored."""
    whole = (article.url, article.title, article.lead, article.author, article.organization)
    found = [*whole, article.text, article.html]
    found += [article.published.text] if article.published else []
    found += [article.event.place] if article.event else []
    for image in article.images:
        found += (image.url, image.caption)
    for attachment in article.attachments:
        found += (attachment.url, attachment.title, attachment.media_type)
    for section in article.sections:
        found += (section.title, section.url)
    for related in article.related:
        found += (related.id, related.title, related.url, related.age)
    return [text for text in found if text]


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return legal(value)
    if isinstance(value, tuple):
        return tuple(map(_clean, value))
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{name: _clean(getattr(value, name)) for name in _names(type(value))})
    return value


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(f.name for f in fields(kind))
