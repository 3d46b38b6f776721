"""The tables. Every column says what it holds."""

from typing import Final

from sqlalchemy import String, Table, Text

from crawler.store.schema.articles import articles, changes, readings, revisions, views
from crawler.store.schema.beside import assets, harvests, holdings, offers
from crawler.store.schema.columns import Utc, key, metadata, some
from crawler.store.schema.ledger import (
    captures,
    leases,
    links,
    listings,
    memberships,
    rejected,
    runs,
    validators,
)

#: Revision of the newest migration; a store of another revision is migrated or refused.
SCHEMA_VERSION: Final = "0002"

version = Table(
    "schema_version",
    metadata,
    key("version_num", "revision of the newest migration applied (Alembic)", String(32)),
)

meta = Table("meta", metadata, key("key", "name of a note"), some("value", Text, "the note"))

__all__ = [
    "SCHEMA_VERSION",
    "Utc",
    "articles",
    "assets",
    "captures",
    "changes",
    "harvests",
    "holdings",
    "leases",
    "links",
    "listings",
    "memberships",
    "meta",
    "metadata",
    "offers",
    "readings",
    "rejected",
    "revisions",
    "runs",
    "validators",
    "version",
    "views",
]
