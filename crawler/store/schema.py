"""The tables. Every column says what it holds; times are UTC; JSON is text, as it was written."""

from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)
from sqlalchemy.types import TypeDecorator

#: Revision of the newest migration; a store of another revision is migrated or refused.
SCHEMA_VERSION: Final = "0001"


class Utc(TypeDecorator[datetime]):
    """Aware datetimes in and out, on databases with and without time zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        aware = value.astimezone(UTC)
        return aware.replace(tzinfo=None) if dialect.name == "sqlite" else aware

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        aware: datetime = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
        return aware


metadata = MetaData()


def _key(name: str, comment: str, kind: Any = Text) -> Column[Any]:
    return Column(name, kind, primary_key=True, autoincrement=False, comment=comment)


def _some(name: str, kind: Any, comment: str) -> Column[Any]:
    return Column(name, kind, nullable=False, comment=comment)


def _maybe(name: str, kind: Any, comment: str) -> Column[Any]:
    return Column(name, kind, nullable=True, comment=comment)


version = Table(
    "schema_version",
    metadata,
    _key("version_num", "revision of the newest migration applied (Alembic)", String(32)),
)

meta = Table("meta", metadata, _key("key", "name of a note"), _some("value", Text, "the note"))

revisions = Table(
    "revisions",
    metadata,
    _key("site", "site id"),
    _key("article", "article id"),
    _key("page", "digest of address and content"),
    _some("reader", Text, "digest of title, lead, text, captions, attachments"),
    _some("url", Text, "canonical address the page had"),
    _maybe("published", Text, "JSON of the publication date on this page"),
    _maybe("series", Text, "JSON of series and period by this page"),
    _some("content", Text, "JSON of everything the page said that makes a change"),
    comment="Every different thing a page said, once; never changed or removed",
)

readings = Table(
    "readings",
    metadata,
    _key("site", "site id"),
    _key("article", "article id"),
    _key("at", "capture time", Utc),
    _key("rank", "order of reading among captures of equal time", Integer),
    _some("payload", Text, "digest of the payload"),
    _some("page", Text, "the revision it showed"),
    _some("kept", Boolean, "its payload is in the captures folder"),
    ForeignKeyConstraint(
        ["site", "article", "page"], ["revisions.site", "revisions.article", "revisions.page"]
    ),
    comment="Every good capture of every article",
)

articles = Table(
    "articles",
    metadata,
    _key("site", "site id"),
    _key("id", "article id of the portal"),
    _some("number", BigInteger, "digits at the end of the id, for order"),
    _some("sort_at", Utc, "publication (midnight +07:00 for a day), else first sight: order of feeds"),
    _some("url", Text, "canonical address, newest"),
    _some("page", Text, "revision that is the newest content"),
    _some("state", Text, "JSON of aliases, sections, published, series, related, capture"),
    _maybe("series", Text, "series id"),
    _maybe("period", Text, "YYYY-MM, YYYY-Qn or YYYY"),
    _maybe("views", BigInteger, "newest view count"),
    _maybe("views_at", Utc, "when the portal showed it"),
    _some("first_seen", Utc, "time of the oldest good capture"),
    _some("last_seen", Utc, "time of the newest good capture"),
    _some("revision", Utc, "first sight of what readers see now"),
    _maybe("updated", Utc, "newest change that readers see; null while the first text stands"),
    _some("digest", Text, "digest of the fields that make a change"),
    _some("seq", BigInteger, "number of its newest change"),
    _some("changed_at", Utc, "time of its newest change"),
    _maybe("deleted_at", Utc, "set while the portal does not have it"),
    ForeignKeyConstraint(["site", "id", "page"], ["revisions.site", "revisions.article", "revisions.page"]),
    Index("articles_order", "site", "sort_at", "number", "id"),
    Index("articles_series", "site", "series", "period"),
    comment="Newest state of every article by capture time",
)

views = Table(
    "views",
    metadata,
    _key("site", "site id"),
    _key("n", "number of the observation within the site", BigInteger),
    _some("article", Text, "article id"),
    _some("count", BigInteger, "as the portal showed it"),
    _some("observed_at", Utc, "capture time"),
    Index("views_once", "site", "article", "observed_at", unique=True),
    comment="View counts as observed; append-only",
)

changes = Table(
    "changes",
    metadata,
    _key("site", "site id"),
    _key("seq", "number of the change within the site, without gaps", BigInteger),
    _some("op", Text, "created, updated, revised, deleted or restored"),
    _some("at", Utc, "when the store learnt of it"),
    _some("article", Text, "article id"),
    _maybe("page", Text, "revision whose content the record carries; null for deleted"),
    _some("record", Text, "JSON of the published record without that content"),
    Index("changes_article", "site", "article", "seq"),
    comment="What archives receive; append-only",
)

links = Table(
    "links",
    metadata,
    _key("site", "site id"),
    _key("id", "article id"),
    _some("n", BigInteger, "order of first sight within the site"),
    _some("url", Text, "address last seen"),
    _maybe("title", Text, "title as a listing shows it"),
    _some("state", Text, "new, read, refused, failed or gone"),
    _maybe("reason", Text, "why it is refused, failed or gone"),
    _some("tries", Integer, "tries since it was last read"),
    _maybe("next_try", Utc, "when to try again"),
    _some("first_seen", Utc, "when a page first linked to it"),
    _maybe("first_run", Integer, "run in which that was"),
    _maybe("last_read_run", Integer, "run in which it was last read"),
    Index("links_order", "site", "n"),
    Index("links_state", "site", "state", "n"),
    comment="Every article address ever seen: the crawl's frontier",
)

listings = Table(
    "listings",
    metadata,
    _key("site", "site id"),
    _key("id", "section id, fixed at first sight"),
    _some("n", BigInteger, "order of first sight within the site"),
    _some("title", Text, "title, newest"),
    _maybe("url", Text, "address of the listing; null while only article pages name it"),
    _some("first_seen", Utc, "when it was first seen"),
    _maybe("open_since", Integer, "run in which the unfinished walk began"),
    _maybe("resume_url", Text, "last listing page that walk has read"),
    _some("backfilled", Boolean, "a walk has reached the end"),
    comment="Sections of the portal and how far they were walked",
)

memberships = Table(
    "memberships",
    metadata,
    _key("site", "site id"),
    _key("article", "article id"),
    _key("section", "section id"),
    _maybe("first_run", Integer, "run in which it was first seen there"),
    ForeignKeyConstraint(["site", "section"], ["listings.site", "listings.id"]),
    Index("memberships_section", "site", "section", "article"),
    comment="Which article stands in which section",
)

rejected = Table(
    "rejected",
    metadata,
    _key("site", "site id"),
    _key("key", "SHA-256 of the address"),
    _some("url", Text, "address of a navigation link that is no listing"),
    _some("reason", Text, "why"),
    _some("at", Utc, "when that was found"),
    comment="Navigation links that proved to be no listing",
)

validators = Table(
    "validators",
    metadata,
    _key("site", "site id"),
    _key("key", "SHA-256 of the address"),
    _maybe("etag", Text, "ETag as received"),
    _maybe("last_modified", Text, "Last-Modified as received"),
    comment="What servers gave for conditional requests",
)

captures = Table(
    "captures",
    metadata,
    _key("site", "site id"),
    _key("warc", "file in the captures folder"),
    _key("offset", "offset of the record in it", BigInteger),
    _some("source", Text, "live, wayback, commoncrawl or warc"),
    _some("url", Text, "address that was asked"),
    _some("fetched_at", Utc, "capture time"),
    _some("status", Integer, "HTTP status"),
    _some("digest", Text, "digest of the payload as received"),
    Index("captures_payload", "site", "digest", "fetched_at"),
    comment="Index of the kept responses, so that nothing scans WARC files",
)

runs = Table(
    "runs",
    metadata,
    _key("site", "site id"),
    _key("run", "number of the run within the site", Integer),
    _some("source", Text, "where pages came from"),
    _some("full", Boolean, "every known article was to be read again"),
    _some("started", Utc, "start"),
    _maybe("finished", Utc, "end; null while running or killed"),
    _maybe("outcome", Text, "complete, partial, held, blocked, budget or interrupted"),
    _maybe("report", Text, "JSON of the run report"),
    comment="Runs and their reports",
)

leases = Table(
    "leases",
    metadata,
    _key("site", "site id"),
    _some("owner", Text, "who writes"),
    _some("host", Text, "machine"),
    _some("pid", Integer, "process"),
    _some("until", Utc, "when it runs out unless renewed"),
    comment="Who writes a site; the lock itself is the file's or the server's",
)
