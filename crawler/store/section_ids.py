"""Ids of sections, which name their feeds for ever. Pure."""

import hashlib
from collections.abc import Collection

from crawler.normalize import slug

#: Names in the output folder that no section may take.
RESERVED = frozenset(
    {"all", "most-read", "corrections", "archive", "index", "feeds", "calendar", "status", "style"}
)
LONGEST = 80


def section_id(title: str, url: str | None, reserved: Collection[str], taken: Collection[str]) -> str:
    """The id of a new section: its slug, with `-muc` for a reserved word, with a hash beside a namesake."""
    wanted = slug(title) or "muc"
    if wanted in RESERVED or wanted in reserved:
        wanted = f"{wanted[: LONGEST - 4].rstrip('-')}-muc"
    if wanted not in taken:
        return wanted
    mark = hashlib.sha256((url or title).encode(errors="replace")).hexdigest()[:8]
    return f"{wanted[: LONGEST - 9].rstrip('-')}-{mark}"
