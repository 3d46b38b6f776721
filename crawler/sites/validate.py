"""Turns the table of a site file into a Site and names the first mistake. Pure."""

import re
import string
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, NoReturn

from crawler.sites.model import Labels, Series, Site
from crawler.sites.selectors import SELECTABLE, as_xpath

NEEDED = ("id", "title", "home", "hosts", "article_url", "identity", "tag_authority", "tag_date")
TEXTS = frozenset({"id", "title", "home", "identity", "tag_authority", "tag_date", "scope", "identity_case",
                   "path", "link"})  # fmt: skip
SITE_KEYS = frozenset(field.name for field in fields(Site)) | {"series_like"}
SERIES_KEYS = frozenset(field.name for field in fields(Series))
LABEL_KEYS = frozenset(field.name for field in fields(Labels))
CHOICES = {
    "identity_case": ("lower", "keep"),
    "link": ("portal", "archive"),
    "granularity": ("month", "quarter", "year"),
}
#: Folder names of the output (CONTRACT) that no series may take.
RESERVED = frozenset(
    {"all", "most-read", "corrections", "index", "archive", "status", "calendar", "feeds", "style"}
)
ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
HOST = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*")
TAG_DATE = re.compile(r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?")
HEADER = re.compile(r"(?:date|time|views)(?: (?:[|,-] )?(?:date|time|views))*")


class SiteError(Exception):
    """A site is unknown or its file is wrong; the message is one line with the cure."""


class _File:
    """Where a mistake stands, for messages."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.lines = text.splitlines()

    def fail(self, place: str, problem: str) -> NoReturn:
        """`place` is a key, `table.key` or `table[number].key`; it is looked up for the line's number."""
        table, _, key = place.rpartition(".")
        line = self._line(key, self._start(table)) or self._start(table)
        where = f"line {line}, {place}" if line else place
        raise SiteError(f"{self.name}: {where}: {problem}")

    def _start(self, table: str) -> int:
        """Number of the line that opens a table, `series[2]` being the second of its name; 0 for none."""
        name, _, number = table.partition("[")
        opening = re.compile(rf"\s*\[+\s*{re.escape(name)}\s*\]")
        found = [n for n, text in enumerate(self.lines, 1) if name and opening.match(text)]
        nth = int(number.rstrip("]") or 1) if number else 1
        return found[nth - 1] if len(found) >= nth else 0

    def _line(self, key: str, start: int) -> int | None:
        """Number of the first line after `start` that sets a key or opens a table of that name."""
        setting = re.compile(rf"""\s*\[*\s*["']?{re.escape(key)}["']?\s*[=\]]""")
        return next((n for n, text in enumerate(self.lines[start:], start + 1) if setting.match(text)), None)


def read_site(name: str, text: str, table: Mapping[str, Any], labels: Mapping[str, Any]) -> Site:
    """The Site of a parsed file; SiteError for the first thing that is missing, unknown, or of a wrong form.

    `labels` are the lists that stand in for those the file does not give.
    """
    file = _File(name, text)
    _known(file, "", table, SITE_KEYS)
    for key in NEEDED:
        if key not in table:
            file.fail(
                key, f"this key is missing; add it (all keys are explained in dukcqtw.toml), e.g. {key} = ..."
            )
    values = {key: _value(file, key, value) for key, value in table.items()}
    values["labels"] = _labels(file, labels, table.get("labels", {}))
    site = Site(**values)
    _check_site(file, site)
    return site


def _known(file: _File, place: str, table: Mapping[str, Any], known: frozenset[str]) -> None:
    for key in table:
        if key not in known:
            file.fail(f"{place}{key}", f"unknown key; known are: {', '.join(sorted(known))}")


def _value(file: _File, key: str, value: Any) -> Any:
    match key:
        case "series":
            return tuple(_series(file, n, entry) for n, entry in enumerate(_tables(file, key, value), 1))
        case "sections":
            return tuple(_section(file, n, entry) for n, entry in enumerate(_tables(file, key, value), 1))
        case "selectors":
            return _selectors(file, _table(file, key, value))
        case "labels":
            return None
        case "article_url":
            return _patterns(file, key, value)
        case _ if key in TEXTS:
            return _text(file, key, value)
        case _:
            return _texts(file, key, value)


def _selectors(file: _File, table: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    _known(file, "selectors.", table, frozenset(SELECTABLE))
    found = {field: _texts(file, f"selectors.{field}", value) for field, value in table.items()}
    for field, expressions in found.items():
        for expression in expressions:
            try:
                as_xpath(expression)
            except ValueError as error:
                file.fail(f"selectors.{field}", f"{error}; correct it")
    return found


def _text(file: _File, place: str, value: Any) -> str:
    key = place.rpartition(".")[2]
    if not isinstance(value, str):
        file.fail(place, f'this must be a text in quotes, such as {key} = "..."')
    if key in CHOICES and value not in CHOICES[key]:
        file.fail(place, f"{value!r} is not possible here; choose one of: {', '.join(CHOICES[key])}")
    if not value.strip() and key != "path":
        file.fail(place, "this text is empty; fill it in")
    return value


def _texts(file: _File, place: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(entry, str) and entry.strip() for entry in value):
        file.fail(place, f'this must be a list of texts, such as {place.rpartition(".")[2]} = ["...", "..."]')
    return tuple(value)


def _table(file: _File, place: str, value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        file.fail(place, f"this must be a table that starts with the line [{place}]")
    return value


def _tables(file: _File, place: str, value: Any) -> list[Mapping[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        file.fail(place, f"each entry must be a table that starts with the line [[{place}]]")
    return value


def _patterns(file: _File, place: str, value: Any) -> tuple[re.Pattern[str], ...]:
    return tuple(_pattern(file, place, entry) for entry in _texts(file, place, value))


def _pattern(file: _File, place: str, expression: str) -> re.Pattern[str]:
    try:
        return re.compile(expression, re.IGNORECASE)
    except re.error as error:
        file.fail(place, f"{expression!r} is no regular expression: {error}; correct it")


def _series(file: _File, number: int, table: Mapping[str, Any]) -> Series:
    place = f"series[{number}]."
    _known(file, place, table, SERIES_KEYS)
    for key in ("id", "title", "granularity", "match"):
        if key not in table:
            file.fail(f"series[{number}].{key}", "this key of the series is missing; add it")
    return Series(
        id=_text(file, f"{place}id", table["id"]),
        title=_text(file, f"{place}title", table["title"]),
        granularity=_text(file, f"{place}granularity", table["granularity"]),  # type: ignore[arg-type]  # CHOICES
        match=_patterns(file, f"{place}match", table["match"]),
        exclude=_patterns(file, f"{place}exclude", table.get("exclude", [])),
    )


def _section(file: _File, number: int, table: Mapping[str, Any]) -> tuple[str, str]:
    _known(file, f"sections[{number}].", table, frozenset({"title", "url"}))
    for key in ("title", "url"):
        if key not in table:
            file.fail(f"sections[{number}].{key}", "this key of the section is missing; add it")
    return (
        _text(file, f"sections[{number}].title", table["title"]),
        _text(file, f"sections[{number}].url", table["url"]),
    )


def _labels(file: _File, built_in: Mapping[str, Any], value: Any) -> Labels:
    table = _table(file, "labels", value)
    _known(file, "labels.", table, LABEL_KEYS)
    lists = dict(built_in) | dict(table)
    return Labels(**{key: _texts(file, f"labels.{key}", words) for key, words in lists.items()})


def _check_site(file: _File, site: Site) -> None:
    _check_ids(file, site)
    _check_addresses(file, site)
    _check_identity(file, site)
    for form in site.header:
        if not HEADER.fullmatch(form):
            file.fail(
                "header",
                f"{form!r} is no form; join date, time and views by blanks or |, as in 'date | views'",
            )


def _check_ids(file: _File, site: Site) -> None:
    if not ID.fullmatch(site.id) or len(site.id) > 80:
        file.fail("id", f"{site.id!r} is no id; use a-z, 0-9 and single hyphens, at most 80 characters")
    if site.path and not ID.fullmatch(site.path):
        file.fail("path", f"{site.path!r} is no folder name; use a-z, 0-9 and single hyphens")
    if not TAG_DATE.fullmatch(site.tag_date):
        file.fail("tag_date", f'{site.tag_date!r} is no date; write "2016", "2016-05" or "2016-05-31"')
    seen: set[str] = set()
    for number, series in enumerate(site.series, 1):
        place = f"series[{number}].id"
        if not ID.fullmatch(series.id) or len(series.id) > 80:
            file.fail(
                place, f"{series.id!r} is no id; use a-z, 0-9 and single hyphens, at most 80 characters"
            )
        if series.id in RESERVED:
            file.fail(place, f"{series.id!r} is the name of a folder of the output; choose another id")
        if series.id in seen:
            file.fail(place, f"{series.id!r} stands twice; give each series an id of its own")
        seen.add(series.id)


def _check_addresses(file: _File, site: Site) -> None:
    for host in site.hosts:
        if not HOST.fullmatch(host):
            file.fail("hosts", f"{host!r} is no host name; write it small, without http://, port or path")
    if not site.hosts:
        file.fail("hosts", "this list is empty; give at least the portal's host name")
    if not HOST.fullmatch(site.tag_authority):
        file.fail(
            "tag_authority", f"{site.tag_authority!r} is no host name; write it without http:// or path"
        )
    if not (site.scope.startswith("/") and site.scope.endswith("/")):
        file.fail("scope", f'{site.scope!r} must start and end with a slash, such as "/part/"')
    for place, url in (("home", site.home), *(("sections.url", url) for _, url in site.sections)):
        if not site.in_site(url):
            shown = ", ".join(site.hosts) + (f" below {site.scope}" if site.scope != "/" else "")
            file.fail(
                place, f"{url!r} is no address on {shown}; write it with http:// or https://, or add its host"
            )


def _check_identity(file: _File, site: Site) -> None:
    try:
        parts = list(string.Formatter().parse(site.identity))
    except ValueError as error:
        file.fail(
            "identity", f"{site.identity!r} cannot be read: {error}; write group names in braces: {{number}}"
        )
    needed = {name for _, name, _, _ in parts if name is not None}
    if any(form or conversion for _, _, form, conversion in parts):
        file.fail(
            "identity", f"{site.identity!r} has more than a group's name in its braces; take the rest out"
        )
    if not needed:
        file.fail("identity", f"{site.identity!r} names no group; every article would get the same id")
    if not site.article_url:
        file.fail("article_url", "this list is empty; no page could be recognised as an article")
    for pattern in site.article_url:
        for name in sorted(needed - set(pattern.groupindex)):
            file.fail(
                "article_url",
                f"{pattern.pattern!r} has no group (?P<{name}>...), which identity needs; add it",
            )
