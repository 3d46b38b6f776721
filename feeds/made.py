"""What the output folder was made of, so that a build makes only what can differ. It stands in `status.json`.

It lies beside what it speaks of, not in the store: a build only reads the store (a crawl may hold its lease), one store
may fill several folders, and a folder that is lost, copied or touched by others tells so by itself. A folder in
doubt is made anew; that writes only files whose bytes differ, too.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Self

from crawler.sites.model import Site
from crawler.store.api import Reader
from feeds.publish import SiteFolder, is_published_name
from feeds.values import FeedPlan

_LIBRARIES = ("feedgen", "jinja2", "lxml", "nh3")


@dataclass(frozen=True, slots=True)
class Made:
    """From what all files of one site were made; equal values mean equal files, but for `status.*`."""

    #: Digest of the program and of the settings that bear upon the files.
    by: str
    #: The newest change then, and its digest: another store has another one.
    seq: int
    change: str
    #: Number of the newest view record.
    views: int
    #: Feed -> digest of what it is called and where it leads.
    plans: Mapping[str, str]
    #: Folder -> number of its files, and their bytes.
    files: Mapping[str, tuple[int, int]]
    #: Kept files that are not served, by their hashes.
    unfit: tuple[str, ...] = ()

    def shape(self) -> dict[str, Any]:
        """As JSON values."""
        return asdict(self)

    @classmethod
    def read(cls, content: bytes | None) -> Self | None:
        """What a `status.json` tells; None where it does not."""
        try:
            told = json.loads(content or b"")["made"]
            counted = {folder: tuple(map(int, found)) for folder, found in told["files"].items()}
            values = str(told["by"]), int(told["seq"]), str(told["change"]), int(told["views"])
            return cls(*values, dict(told["plans"]), counted, tuple(map(str, told["unfit"])))  # type: ignore[arg-type]
        except (ValueError, LookupError, TypeError, AttributeError):
            return None


def fingerprint(site: Site, base_url: str, feed_size: int, hub: str | None, *, demo: bool) -> str:
    """A digest of everything but the store that decides over the bytes of a site's files."""
    series = [[s.id, s.title, s.granularity] for s in site.series]
    names = [site.id, site.title, site.home, site.tag_authority, site.tag_date, site.link, list(site.header)]
    return _digest([_program(), names, series, base_url, feed_size, hub, demo])


def plan_digests(plans: Iterable[FeedPlan]) -> dict[str, str]:
    """Feed -> digest of what it is called and where it leads."""
    return {plan.id: _digest([plan.title, plan.kind, plan.portal_url]) for plan in plans}


def change_digest(reader: Reader, site: Site, seq: int) -> str:
    """A digest of the change with this number; empty where there is none."""
    if not seq:
        return ""
    record = next(iter(reader.records(site.id, since=seq - 1)), None)
    if record is None or record["seq"] != seq:
        return ""
    return _digest([record["id"], record["op"], record["at"], record["digest"]])


def census(folder: SiteFolder, names: Iterable[str]) -> tuple[dict[str, tuple[int, int]], int]:
    """What lies in these folders of a site and in the folders in them; when one of the files last changed (ns)."""
    found, newest = {}, 0
    for name in sorted(set(names) & set(folder.folders())):
        inner = [f"{name}/{other}" for other in folder.folders(name)]
        for place in (name, *inner):
            known = [file for own, file in folder.files(place).items() if is_published_name(own)]
            found[place] = (len(known), sum(file.st_size for file in known))
            newest = max([newest, *(file.st_mtime_ns for file in known)])
    return found, newest


def is_as_left(folder: SiteFolder, names: Iterable[str], made: Made) -> bool:
    """Whether nobody but the build touched these folders: no file came, went, grew, or is newer than the status."""
    front = folder.files("")
    status, calendar = front.get("status.json"), front.get("calendar.ics")
    if status is None or calendar is None:
        return False
    found, newest = census(folder, names)
    return found == made.files and max(newest, calendar.st_mtime_ns) <= status.st_mtime_ns


@cache
def _program() -> str:
    """A digest of the program: of every file of this package and the versions of what it renders with."""
    seen = hashlib.sha256()
    for file in _sources(files("feeds")):
        seen.update(file.name.encode() + b"\0" + file.read_bytes())
    seen.update((files("crawler") / "sanitize.py").read_bytes())
    seen.update(" ".join(f"{name} {version(name)}" for name in _LIBRARIES).encode())
    return seen.hexdigest()


def _sources(folder: Traversable) -> Iterable[Traversable]:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            yield from _sources(entry)
        elif not entry.name.endswith(".pyc"):
            yield entry


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, ensure_ascii=False).encode()).hexdigest()[:32]
