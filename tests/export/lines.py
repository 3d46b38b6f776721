"""Records without a store, folders made of them, and how a folder looks."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from crawler.changes import decide
from crawler.export import state_record, view_record
from crawler.export.append import Appended, append
from crawler.export.kinds import ARTICLES, VIEWS, Kind, Limits
from crawler.items import ViewObservation
from tests.store.samples import NEWS, SITE, T0, article, at, capture

SMALL = Limits(lines=4, content=1 << 20)


def change(seq: int, **other: Any) -> dict[str, Any]:
    """The record of the change of this number: another article each, every fifth one removed again."""
    page = article(seq, **other)
    state = replace(decide(None, page, capture(page), (NEWS,)).state, seq=seq)
    if seq % 5:
        return state_record(state, "created", at(seq))
    return state_record(replace(state, deleted_at=at(seq)), "deleted", at(seq), "410")


def view(n: int) -> dict[str, Any]:
    return view_record(n, SITE, f"pm{n % 3}", ViewObservation(100 + n, at(n)))


def source(count: int, make: Callable[[int], dict[str, Any]] = change) -> Callable[[int], Iterator[Any]]:
    """What a store with so many records gives after a number."""
    return lambda since: (make(number) for number in range(since + 1, count + 1))


def export(folder: Path, count: int, kind: Kind = ARTICLES, **other: Any) -> Appended:
    """Brings a folder to so many records."""
    read = source(count, view if kind is VIEWS else change)
    options: dict[str, Any] = {"created": T0, "limits": SMALL} | other
    return append(folder, kind, SITE, read, **options)


def snapshot(folder: Path) -> dict[str, bytes]:
    """Every file of a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
