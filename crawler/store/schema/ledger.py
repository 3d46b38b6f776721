"""What the crawl knows of the portal: links, listings, validators, runs, and who writes."""

from sqlalchemy import BigInteger, Boolean, ForeignKeyConstraint, Index, Integer, Table, Text

from crawler.store.schema.columns import Utc, key, maybe, metadata, some

links = Table(
    "links",
    metadata,
    key("site", "site id"),
    key("id", "article id"),
    some("n", BigInteger, "order of first sight within the site"),
    some("url", Text, "address last seen"),
    maybe("title", Text, "title as a listing shows it"),
    some("state", Text, "new, read, refused, failed or gone"),
    maybe("reason", Text, "why it is refused, failed or gone"),
    some("tries", Integer, "tries since it was last read"),
    maybe("next_try", Utc, "when to try again"),
    some("first_seen", Utc, "when a page first linked to it"),
    maybe("first_run", Integer, "run in which that was"),
    maybe("last_read_run", Integer, "run in which it was last read"),
    maybe("read_at", Utc, "time of its newest good capture"),
    maybe("due_at", Utc, "when it is to be read again; null before the first reading"),
    maybe("step", Integer, "step of the re-reading plan that is; -1 after a first absence"),
    maybe("absent_at", Utc, "when the portal was first seen without it; null after a good reading"),
    maybe("absent_run", Integer, "run in which that was"),
    Index("links_order", "site", "n"),
    Index("links_state", "site", "state", "n"),
    Index("links_due", "site", "step", "due_at", "n"),
    comment="Every article address ever seen: the crawl's frontier",
)

listings = Table(
    "listings",
    metadata,
    key("site", "site id"),
    key("id", "section id, fixed at first sight"),
    some("n", BigInteger, "order of first sight within the site"),
    some("title", Text, "title, newest"),
    maybe("url", Text, "address of the listing; null while only article pages name it"),
    some("first_seen", Utc, "when it was first seen"),
    maybe("open_since", Integer, "run in which the unfinished walk began"),
    maybe("resume_url", Text, "last listing page that walk has read"),
    some("backfilled", Boolean, "a walk has reached the end"),
    comment="Sections of the portal and how far they were walked",
)

memberships = Table(
    "memberships",
    metadata,
    key("site", "site id"),
    key("article", "article id"),
    key("section", "section id"),
    maybe("first_run", Integer, "run in which it was first seen there"),
    ForeignKeyConstraint(["site", "section"], ["listings.site", "listings.id"]),
    Index("memberships_section", "site", "section", "article"),
    comment="Which article stands in which section",
)

rejected = Table(
    "rejected",
    metadata,
    key("site", "site id"),
    key("key", "SHA-256 of the address"),
    some("url", Text, "address of a navigation link that is no listing"),
    some("reason", Text, "why"),
    some("at", Utc, "when that was found"),
    comment="Navigation links that proved to be no listing",
)

validators = Table(
    "validators",
    metadata,
    key("site", "site id"),
    key("key", "SHA-256 of the address"),
    maybe("etag", Text, "ETag as received"),
    maybe("last_modified", Text, "Last-Modified as received"),
    comment="What servers gave for conditional requests",
)

captures = Table(
    "captures",
    metadata,
    key("site", "site id"),
    key("warc", "file in the captures folder"),
    key("offset", "offset of the record in it", BigInteger),
    some("source", Text, "live, wayback, commoncrawl or warc"),
    some("url", Text, "address that was asked"),
    some("fetched_at", Utc, "capture time"),
    some("status", Integer, "HTTP status"),
    some("digest", Text, "digest of the payload as received"),
    Index("captures_payload", "site", "digest", "fetched_at"),
    comment="Index of the kept responses, so that nothing scans WARC files",
)

runs = Table(
    "runs",
    metadata,
    key("site", "site id"),
    key("run", "number of the run within the site", Integer),
    some("source", Text, "where pages came from"),
    some("full", Boolean, "every known article was to be read again"),
    some("started", Utc, "start"),
    maybe("finished", Utc, "end; null while running or killed"),
    maybe("outcome", Text, "complete, partial, held, blocked, budget or interrupted"),
    maybe("report", Text, "JSON of the run report"),
    comment="Runs and their reports",
)

leases = Table(
    "leases",
    metadata,
    key("site", "site id"),
    some("owner", Text, "who writes"),
    some("host", Text, "machine"),
    some("pid", Integer, "process"),
    some("until", Utc, "when it runs out unless renewed"),
    comment="Who writes a site; the lock itself is the file's or the server's",
)
