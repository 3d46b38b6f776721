"""Finds and reads site files; a mistake in one is a sentence that names file, place and cure."""

import tomllib
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from crawler.sites.model import Site
from crawler.sites.validate import SiteError, read_site

BUNDLED = files("crawler.sites")


def available_sites() -> tuple[str, ...]:
    """Ids of the site files that come with the package, the default portal first."""
    names = sorted(
        entry.name.removesuffix(".toml") for entry in BUNDLED.iterdir() if entry.name.endswith(".toml")
    )
    return tuple(sorted(names, key=lambda name: (name != "dukcqtw", name)))


def load_site(name_or_path: str | Path) -> Site:
    """The site of a bundled file (by id) or of a file of one's own (a path, or a name that ends in `.toml`).

    Raises SiteError with one line that names the file, the line or key, and the cure.
    """
    name = str(name_or_path)
    if name in available_sites():
        return _read(f"{name}.toml", (BUNDLED / f"{name}.toml").read_bytes())
    path = Path(name_or_path)
    if not (isinstance(name_or_path, Path) or name.endswith(".toml") or "/" in name):
        known = ", ".join(available_sites())
        raise SiteError(f"no site is called {name!r}; there are: {known}; or give a site file (name.toml)")
    try:
        return _read(name, path.read_bytes())
    except OSError as error:
        raise SiteError(f"{name}: cannot read this site file: {error.strerror}; check the path") from error


def _read(name: str, content: bytes) -> Site:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise SiteError(f"{name}: line {line} is not UTF-8; save the file as UTF-8") from error
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SiteError(f"{name}: this is no valid TOML: {error}; correct that line") from error
    return read_site(name, text, _with_series(name, table), _table("dukcqtw")["labels"])


def _with_series(name: str, table: dict[str, Any]) -> dict[str, Any]:
    """Fills in the series of the site that `series_like` names."""
    other = table.pop("series_like", None)
    if other is None:
        return table
    if other not in available_sites():
        known = ", ".join(available_sites())
        raise SiteError(
            f"{name}: series_like: no site {other!r} comes with the package; choose one of: {known}"
        )
    lent = {key: value for key, value in _table(other).items() if key in ("series", "title_openings")}
    return lent | table


@cache
def _table(name: str) -> dict[str, Any]:
    """A bundled site file as it stands; the words of the default portal serve every site without its own."""
    return tomllib.loads((BUNDLED / f"{name}.toml").read_text("utf-8"))
