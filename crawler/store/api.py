"""What the store promises: the values it hands out and the protocol it keeps. No database here.

Times are aware and UTC. Every method that writes needs the site's lease; nothing is durable before `commit`.

Capture times decide which state is the newest, in whatever order captures are read. A change itself is stamped
(`at`) with the latest time its writer was told of by then (opening, run, sighting, live capture): when the store
learnt of it, so stamps never run backwards as `seq` grows.
"""

from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Protocol

from crawler.store.errors import DiskError, SiteLockedError, StoreError
from crawler.store.reader_api import Reader
from crawler.store.rows import (
    AssetRow,
    AssetState,
    CaptureRow,
    HarvestRow,
    Holding,
    HoldingRow,
    HoldingState,
    LinkRow,
    LinkState,
    Outcome,
    Rejection,
    RevisionRow,
    RunRow,
    SectionRow,
    Sighting,
    Validators,
)
from crawler.store.writer_api import Writer

__all__ = [
    "AssetRow",
    "AssetState",
    "CaptureRow",
    "DiskError",
    "HarvestRow",
    "Holding",
    "HoldingRow",
    "HoldingState",
    "LinkRow",
    "LinkState",
    "Outcome",
    "Reader",
    "Rejection",
    "RevisionRow",
    "RunRow",
    "SectionRow",
    "Sighting",
    "SiteLockedError",
    "Store",
    "StoreError",
    "Validators",
    "Writer",
]


class Store(Reader, Protocol):
    """An open store."""

    def writer(
        self,
        site: str,
        owner: str,
        now: datetime,
        *,
        reserved: Collection[str] = (),
        canonical: Callable[[str], str | None] | None = None,
    ) -> AbstractContextManager[Writer]:
        """Takes the site's lease and opens its writer; SiteLockedError when another run has it.

        The lease is freed on exit and ends with its process, however that ends. What is not committed on exit
        is rolled back. `reserved` are ids that no section may get (the site's series), beside the contract's.
        `canonical` is the site's folding of addresses (`Site.canonical`): a section or link that was stored
        under a former host or scheme is found, and handed out, under its present address.
        """

    def set_note(self, key: str, value: str) -> None:
        """Notes something about the whole store; durable on return."""

    def transaction(self, work: Callable[[Reader], Any]) -> Any:
        """Runs `work` on one consistent snapshot."""

    def close(self) -> None: ...
