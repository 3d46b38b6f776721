"""The store's border: drops characters that no feed may carry (XML 1.0 §2.2) and no database keeps."""

import re
from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import Any

from crawler.items import Article

#: C0 and C1 controls but tab and line feed, surrogates, and the non-characters U+FFFE and U+FFFF.
ILLEGAL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def cleaned(article: Article) -> tuple[Article, int]:
    """The article without illegal characters, and how many were dropped."""
    dropped = len(ILLEGAL.findall("".join(_texts(article))))
    return (article, 0) if dropped == 0 else (_clean(article), dropped)


def clean_text(text: str) -> str:
    """One line or text without illegal characters."""
    return ILLEGAL.sub("", text)


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, tuple):
        return [text for part in value for text in _texts(part)]
    if is_dataclass(value) and not isinstance(value, type):
        return [text for name in _names(type(value)) for text in _texts(getattr(value, name))]
    return []


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, tuple):
        return tuple(map(_clean, value))
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{name: _clean(getattr(value, name)) for name in _names(type(value))})
    return value


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(f.name for f in fields(kind))
