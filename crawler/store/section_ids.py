"""Ids of sections, which name their feeds for ever. Pure."""

import hashlib
import re
import unicodedata
from collections.abc import Collection

#: Names in the output folder that no section may take.
RESERVED = frozenset(
    {"all", "most-read", "corrections", "archive", "index", "feeds", "calendar", "status", "style"}
)
LONGEST = 80


def slug(title: str) -> str:
    """`[a-z0-9-]{0,80}`: the title without accents, everything else a single hyphen."""
    plain = unicodedata.normalize("NFKD", title.casefold().replace("đ", "d"))
    letters = "".join(c for c in plain if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:LONGEST].strip("-")


def section_id(title: str, url: str | None, reserved: Collection[str], taken: Collection[str]) -> str:
    """The id of a new section: its slug, with `-muc` for a reserved word, with a hash beside a namesake."""
    wanted = slug(title) or "muc"
    if wanted in RESERVED or wanted in reserved:
        wanted = f"{wanted[: LONGEST - 4].rstrip('-')}-muc"
    if wanted not in taken:
        return wanted
    mark = hashlib.sha256((url or title).encode(errors="replace")).hexdigest()[:8]
    return f"{wanted[: LONGEST - 9].rstrip('-')}-{mark}"
