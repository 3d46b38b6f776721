"""Compares what was extracted with the truth, field by field."""

import re
from typing import Any

from crawler.normalize import fold

#: Fields in the order of the table.
FIELDS = (
    "title", "published", "views", "lead", "text", "author", "organization", "event", "captions", "images",
    "attachments", "related", "series", "sections", "no related in text", "clean html",
)  # fmt: skip


_ACTIVE = re.compile(r"<\s*(?:script|style|iframe|form|input)|\son\w+\s*=|javascript:", re.IGNORECASE)


def _joined(text: str | None) -> str | None:
    return None if text is None else re.sub(r"\s*-\s*", "-", " ".join(text.split()))


def _event_matches(truth: dict[str, Any] | None, found: dict[str, Any] | None) -> bool:
    if truth is None or found is None:
        return truth is found
    if "day" in truth:
        return bool(found["start"][:10] == truth["day"])
    return all(bool(found[name] == value) for name, value in truth.items())


def _paragraphs(text: str) -> list[str]:
    return [" ".join(part.split()) for part in text.split("\n\n") if part.strip()]


def _shape(record: dict[str, Any]) -> dict[str, Any]:
    """The record in the terms of the truth."""
    published, views = record["published"], record["views"]
    return {
        "title": record["title"],
        "published": published and published["date"],
        "views": views and views["count"],
        "lead": record["lead"] and " ".join(record["lead"].split()),
        "text": _paragraphs(record["text"] or ""),
        "author": _joined(record["author"]),
        "organization": record["organization"],
        "captions": [image["caption"] for image in record["images"] if image["caption"]],
        "images": [image["url"] for image in record["images"] if image["url"]],
        "attachments": [(file["url"], file["title"]) for file in record["attachments"]],
        "related": [other["id"] for other in record["related"]],
        "series": record["series"] and [record["series"]["id"], record["series"]["period"]],
        "sections": [section["title"] for section in record["sections"]],
        "event": record["event"],
    }


def _same(field: str, truth: Any, found: Any) -> bool:
    if field == "event":
        return _event_matches(truth, found)
    if field == "author":
        return _joined(truth) == found
    if field == "sections":
        return [fold(name) for name in truth] == [fold(name) for name in found]
    return bool(truth == found)


def judge(
    truth: dict[str, Any], record: dict[str, Any], related_titles: list[str]
) -> dict[str, tuple[bool, Any, Any]]:
    """Field -> (right, truth, found), for every field that the truth can judge."""
    found = _shape(record)
    verdicts = {name: (_same(name, value, found[name]), value, found[name]) for name, value in truth.items()}
    body = " ".join((record["text"] or "").split())
    leaked = [title for title in related_titles if title in body]
    verdicts["no related in text"] = (not leaked, [], leaked)
    markup = re.findall(
        r"<\s*(?:script|style|iframe|form|input)|\son\w+\s*=|javascript:", record["html"] or "", re.IGNORECASE
    )
    verdicts["clean html"] = (not markup, [], markup)
    return verdicts
