"""The store: articles, revisions, views, changes and the crawl's ledger, in SQLite or PostgreSQL."""

from crawler.store.api import (
    DiskError,
    LinkRow,
    LinkState,
    Outcome,
    Reader,
    RevisionRow,
    RunRow,
    SectionRow,
    Sighting,
    SiteLockedError,
    Store,
    StoreError,
    Validators,
    Writer,
)
from crawler.store.open import open_store

__all__ = [
    "DiskError",
    "LinkRow",
    "LinkState",
    "Outcome",
    "Reader",
    "RevisionRow",
    "RunRow",
    "SectionRow",
    "Sighting",
    "SiteLockedError",
    "Store",
    "StoreError",
    "Validators",
    "Writer",
    "open_store",
]
