"""What pages said: revisions, readings, states, view counts, changes."""

from sqlalchemy import BigInteger, Boolean, ForeignKeyConstraint, Index, Integer, Table, Text

from crawler.store.schema.columns import Utc, key, maybe, metadata, some

revisions = Table(
    "revisions",
    metadata,
    key("site", "site id"),
    key("article", "article id"),
    key("page", "digest of address and content"),
    some("reader", Text, "digest of title, lead, text, captions, attachments"),
    some("url", Text, "canonical address the page had"),
    maybe("published", Text, "JSON of the publication date on this page"),
    maybe("series", Text, "JSON of series and period by this page"),
    some("content", Text, "JSON of everything the page said that makes a change"),
    comment="Every different thing a page said, once; never changed or removed",
)

readings = Table(
    "readings",
    metadata,
    key("site", "site id"),
    key("article", "article id"),
    key("at", "capture time", Utc),
    key("rank", "order of reading among captures of equal time", Integer),
    some("payload", Text, "digest of the payload"),
    some("page", Text, "the revision it showed"),
    some("kept", Boolean, "its payload is in the captures folder"),
    maybe("reextracted_at", Utc, "when newer rules read the payload differently"),
    ForeignKeyConstraint(
        ["site", "article", "page"], ["revisions.site", "revisions.article", "revisions.page"]
    ),
    Index("readings_payload", "site", "payload", "at"),
    comment="Every good capture of every article",
)

articles = Table(
    "articles",
    metadata,
    key("site", "site id"),
    key("id", "article id of the portal"),
    some("number", BigInteger, "digits at the end of the id, for order"),
    some("sort_at", Utc, "publication (midnight +07:00 for a day), else first sight: order of feeds"),
    some("url", Text, "canonical address, newest"),
    some("page", Text, "revision that is the newest content"),
    some("state", Text, "JSON of aliases, sections, published, series, related, capture"),
    maybe("series", Text, "series id"),
    maybe("period", Text, "YYYY-MM, YYYY-Qn or YYYY"),
    maybe("views", BigInteger, "newest view count"),
    maybe("views_at", Utc, "when the portal showed it"),
    some("first_seen", Utc, "time of the oldest good capture"),
    some("last_seen", Utc, "time of the newest good capture"),
    some("revision", Utc, "first sight of what readers see now"),
    maybe("updated", Utc, "newest change that readers see; null while the first text stands"),
    some("digest", Text, "digest of the fields that make a change"),
    some("seq", BigInteger, "number of its newest change"),
    some("changed_at", Utc, "time of its newest change"),
    maybe("deleted_at", Utc, "set while the portal does not have it"),
    maybe("absent_at", Utc, "when the portal was last seen without it"),
    maybe("floor", Utc, "what feeds may have shown as updated: it never falls below"),
    ForeignKeyConstraint(["site", "id", "page"], ["revisions.site", "revisions.article", "revisions.page"]),
    Index("articles_order", "site", "sort_at", "number", "id"),
    Index("articles_updated", "site", "updated"),
    Index("articles_series", "site", "series", "period"),
    comment="Newest state of every article by capture time",
)

views = Table(
    "views",
    metadata,
    key("site", "site id"),
    key("n", "number of the observation within the site", BigInteger),
    some("article", Text, "article id"),
    some("count", BigInteger, "as the portal showed it"),
    some("observed_at", Utc, "capture time"),
    Index("views_once", "site", "article", "observed_at", unique=True),
    comment="View counts as observed; append-only",
)

changes = Table(
    "changes",
    metadata,
    key("site", "site id"),
    key("seq", "number of the change within the site, without gaps", BigInteger),
    some("op", Text, "created, updated, revised, deleted or restored"),
    some("at", Utc, "when the store learnt of it"),
    some("article", Text, "article id"),
    maybe("page", Text, "revision whose content the record carries; null for deleted"),
    some("record", Text, "JSON of the published record without that content"),
    Index("changes_article", "site", "article", "seq"),
    comment="What archives receive; append-only",
)
