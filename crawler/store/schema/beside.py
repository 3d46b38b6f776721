"""What lies beside the pages: holdings of web archives, kept files."""

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index, Integer, Table, Text

from crawler.store.schema.columns import Utc, key, maybe, metadata, some

harvests = Table(
    "harvests",
    metadata,
    key("site", "site id"),
    key("archive", "wayback, or commoncrawl and the crawl's id"),
    key("key", "SHA-256 of the query"),
    some("query", Text, "what its index was asked"),
    maybe("cursor", Text, "what it is to be asked next"),
    maybe("done_at", Utc, "when the answer was complete"),
    maybe("newest", Text, "newest timestamp seen, as the archive writes it"),
    comment="How far the indexes of web archives were read",
)

holdings = Table(
    "holdings",
    metadata,
    key("site", "site id"),
    key("archive", "wayback, or commoncrawl and the crawl's id"),
    key("key", "SHA-256 of the address"),
    key("at", "capture time", Utc),
    some("article", Text, "article id that the address carries; empty for any other page"),
    some("url", Text, "address as the archive names it"),
    some("state", Text, "new, done, failed or skipped"),
    maybe("reason", Text, "why it failed or was skipped"),
    some("tries", Integer, "tries that failed"),
    maybe("next_try", Utc, "when to try again"),
    maybe("digest", Text, "the archive's digest of the payload"),
    maybe("payload", Text, "our digest of the payload, once it is kept"),
    maybe("status", Integer, "HTTP status by the index"),
    maybe("media_type", Text, "media type by the index"),
    maybe("length", BigInteger, "length of the archive's record"),
    maybe("file", Text, "the archive's file"),
    maybe("offset", BigInteger, "place of the record in it"),
    Index("holdings_order", "site", "archive", "article", "key", "at"),
    Index("holdings_digest", "site", "archive", "digest"),
    Index("holdings_state", "site", "archive", "state"),
    comment="Captures that web archives say they have, and how fetching them went",
)

assets = Table(
    "assets",
    metadata,
    key("site", "site id"),
    key("key", "SHA-256 of the address"),
    some("n", BigInteger, "order of first sight within the site"),
    some("url", Text, "address as articles name it"),
    some("state", Text, "new, kept, failed or refused"),
    maybe("reason", Text, "why it failed or was refused"),
    some("tries", Integer, "tries that failed"),
    maybe("next_try", Utc, "when to try again"),
    maybe("bytes", BigInteger, "length of the decoded payload"),
    maybe("sha256", Text, "digest of the decoded payload"),
    maybe("media_type", Text, "as the server said, without parameters"),
    maybe("digest", Text, "digest of the payload as received"),
    maybe("capture", Text, "JSON of the capture"),
    Index("assets_order", "site", "n"),
    Index("assets_digest", "site", "digest"),
    comment="Files that articles offer or show",
)

offers = Table(
    "offers",
    metadata,
    key("site", "site id"),
    key("article", "article id"),
    key("asset", "SHA-256 of the address"),
    Index("offers_asset", "site", "asset"),
    ForeignKeyConstraint(["site", "asset"], ["assets.site", "assets.key"]),
    comment="Which article names which file",
)
