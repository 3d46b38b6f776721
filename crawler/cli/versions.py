"""The article that a person names, and its revisions as `bantin diff` shows them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from crawler.cli.options import fail
from crawler.compare import Change, Shown, compare, same
from crawler.items import Capture
from crawler.sites import Site
from crawler.store import Reader, RevisionRow


@dataclass(frozen=True, slots=True)
class Version:
    """What readers saw for a while, and how it differs from what they saw before."""

    first_seen: datetime
    last_seen: datetime
    url: str
    #: Digest of the payload of its first capture, and where that is kept.
    payload: str
    capture: Capture | None
    reextracted_at: datetime | None
    shown: Shown
    changes: tuple[Change, ...]


def versions(store: Reader, site: str, article_id: str) -> tuple[Version, ...]:
    """Oldest first. Revisions between which readers see no difference are one."""
    found: list[Version] = []
    for row in store.revisions(site, article_id):
        old = found[-1] if found else None
        if old is not None and same(old.shown, row):
            found[-1] = _longer(old, row)
        else:
            capture = store.capture(site, row.payload, row.first_seen)
            found.append(_version(row, capture, compare(old.shown, row) if old else ()))
    return tuple(found)


def find(store: Reader, sites: Sequence[Site], named: str) -> tuple[str, str]:
    """Site and id of a stored article; ends the program with exit code 2 when there is none, or several."""
    found = [key for key in candidates(store, sites, named) if store.article(*key) is not None]
    if not found:
        where = ", ".join(site.id for site in sites)
        fail(2, f"{named}: no such article of {where} in the store; ids are those of `bantin export`")
    if len(found) > 1:
        fail(2, f"{named} is in several sites; write {' or '.join('/'.join(key) for key in found)}")
    return found[0]


def candidates(store: Reader, sites: Sequence[Site], named: str) -> list[tuple[str, str]]:
    """What the name can mean: an id, `site/id`, an address, the id of a feed's entry."""
    if "://" in named:
        ids = [(site.id, site.article_id(named)) for site in sites]
        return [(site, article) for site, article in ids if article]
    if named.startswith("tag:"):
        name = named.rpartition(":")[2]
        return [(site.id, name) for site in sites if named.startswith(f"tag:{site.tag_authority},")]
    prefixed = [known for known in store.sites() if named.startswith((f"{known}/", f"{known}:"))]
    return [(site.id, named) for site in sites] + [(site, named[len(site) + 1 :]) for site in prefixed]


def _version(row: RevisionRow, capture: Capture | None, changes: tuple[Change, ...]) -> Version:
    return Version(
        row.first_seen, row.last_seen, row.url, row.payload, capture, row.reextracted_at, row, changes
    )


def _longer(version: Version, row: RevisionRow) -> Version:
    again = row.reextracted_at or version.reextracted_at
    return replace(version, last_seen=row.last_seen, reextracted_at=again)
