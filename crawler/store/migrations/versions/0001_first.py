"""The first tables."""

import sqlalchemy as sa
from alembic import op

from crawler.store.schema import Utc

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Makes every table of version 0.1."""
    op.create_table(
        "captures",
        sa.Column("site", sa.Text(), autoincrement=False, nullable=False, comment="site id"),
        sa.Column(
            "warc", sa.Text(), autoincrement=False, nullable=False, comment="file in the captures folder"
        ),
        sa.Column(
            "offset",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="offset of the record in it",
        ),
        sa.Column("source", sa.Text(), nullable=False, comment="live, wayback, commoncrawl or warc"),
        sa.Column("url", sa.Text(), nullable=False, comment="address that was asked"),
        sa.Column("fetched_at", Utc(), nullable=False, comment="capture time"),
        sa.Column("status", sa.Integer(), nullable=False, comment="HTTP status"),
        sa.Column("digest", sa.Text(), nullable=False, comment="digest of the payload as received"),
        sa.PrimaryKeyConstraint("site", "warc", "offset"),
        comment="Index of the kept responses, so that nothing scans WARC files",
    )
    op.create_index("captures_payload", "captures", ["site", "digest", "fetched_at"], unique=False)
    op.create_table(
        "changes",
        sa.Column("site", sa.Text(), autoincrement=False, nullable=False, comment="site id"),
        sa.Column(
            "seq",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="number of the change within the site, without gaps",
        ),
        sa.Column("op", sa.Text(), nullable=False, comment="created, updated, revised, deleted or restored"),
        sa.Column("at", Utc(), nullable=False, comment="when the store learnt of it"),
        sa.Column("article", sa.Text(), nullable=False, comment="article id"),
        sa.Column(
            "page",
            sa.Text(),
            nullable=True,
            comment="revision whose content the record carries; null for deleted",
        ),
        sa.Column(
            "record", sa.Text(), nullable=False, comment="JSON of the published record without that content"
        ),
        sa.PrimaryKeyConstraint("site", "seq"),
        comment="What archives receive; append-only",
    )
    op.create_index("changes_article", "changes", ["site", "article", "seq"], unique=False)
    op.create_table(
        "leases",
        sa.Column("site", sa.Text(), autoincrement=False, nullable=False, comment="site id"),
        sa.Column("owner", sa.Text(), nullable=False, comment="who writes"),
        sa.Column("host", sa.Text(), nullable=False, comment="machine"),
        sa.Column("pid", sa.Integer(), nullable=False, comment="process"),
        sa.Column("until", Utc(), nullable=False, comment="when it runs out unless renewed"),
        sa.PrimaryKeyConstraint("site"),
        comment="Who writes a site; the lock itself is the file's or the server's",
    )
    op.create_table(
        "links",
        sa.Column("site", sa.Text(), autoincrement=False, nullable=False, comment="site id"),
        sa.Column("id", sa.Text(), autoincrement=False, nullable=False, comment="article id"),
        sa.Column("n", sa.BigInteger(), nullable=False, comment="order of first sight within the site"),
        sa.Column("url", sa.Text(), nullable=False, comment="address last seen"),
        sa.Column("title", sa.Text(), nullable=True, comment="title as a listing shows it"),
        sa.Column("state", sa.Text(), nullable=False, comment="new, read, refused, failed or gone"),
        sa.Column("reason", sa.Text(), nullable=True, comment="why it is refused, failed or gone"),
        sa.Column("tries", sa.Integer(), nullable=False, comment="tries since it was last read"),
        sa.Column("next_try", Utc(), nullable=True, comment="when to try again"),
        sa.Column("first_seen", Utc(), nullable=False, comment="when a page first linked to it"),
        sa.Column("first_run", sa.Integer(), nullable=True, comment="run in which that was"),
        sa.Column("last_read_run", sa.Integer(), nullable=True, comment="run in which it was last read"),
        sa.PrimaryKeyConstraint("site", "id"),
        comment="Every article address ever seen: the crawl's frontier",
    )
    op.create_index("links_order", "links", ["site", "n"], unique=False)
    op.create_index("links_state", "links", ["site", "state", "n"], unique=False)
    op.create_table(
        "listings",
        sa.Column("site", sa.Text(), autoincrement=False, nullable=False, comment="site id"),
        sa.Column(
            "id", sa.Text(), autoincrement=False, nullable=False, comment="section id, fixed at first sight"
        ),
        sa.Column("n", sa.BigInteger(), nullable=False, comment="order of first sight within the site"),
        sa.Column("title", sa.Text(), nullable=False, comment="title, newest"),
        sa.Column(
            "url",
            sa.Text(),
            nullable=True,
            comment="address of the listing; null while only article pages name it",
        ),
        sa.Column("first_seen", Utc(), nullable=False, comment="when it was first seen"),
        sa.Column(
            "open_since", sa.Integer(), nullable=True, comment="run in which the unfinished walk began"
        ),
        sa.Column("resume_url", sa.Text(), nullable=True, comment="last listing page that walk has read"),
        sa.Column("backfilled", sa.Boolean(), nullable=False, comment="a walk has reached the end"),
        sa.PrimaryKeyConstraint("site", "id"),
        comment="Sections of the portal and how far they were walked",
    )
    op.create_table(
        "meta",
        sa.Column("key", sa.Text(), autoincrement=False, nullable=False, comment="name of a note"),
        sa.Column("value", sa.Text(), nullable=False, comment="the note"),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "rejected",
        sa.Column("site", sa.Text(), autoincrement=False, nullable=False, comment="site id"),
        sa.Column("key", sa.Text(), autoincrement=False, nullable=False, comment="SHA-256 of the address"),
        sa.Column(
            "url", sa.Text(), nullable=False, comment="address of a navigation link that is no listing"
        ),
        sa.Column("reason", sa.Text(), nullable=False, comment="why"),
        sa.Column("at", Utc(), nullable=False, comment="when that was found"),
        sa.PrimaryKeyConstraint("site", "key"),
        comment="Navigation links that proved to be no listing",
    )
    op.create_table(
        "revisions",
        sa.Column("site", sa.Text(), autoincrement=False, nullable=False, comment="site id"),
        sa.Column("article", sa.Text(), autoincrement=False, nullable=False, comment="article id"),
        sa.Column(
            "page", sa.Text(), autoincrement=False, nullable=False, comment="digest of address and content"
        ),
        sa.Column(
            "reader", sa.Text(), nullable=False, comment="digest of title, lead, text, captions, attachments"
        ),
        sa.Column("url", sa.Text(), nullable=False, comment="canonical address the page had"),
        sa.Column("published", sa.Text(), nullable=True, comment="JSON of the publication date on this page"),
        sa.Column("series", sa.Text(), nullable=True, comment="JSON of series and period by this page"),
        sa.Column(
            "content",
            sa.Text(),
            nullable=False,
            comment="JSON of everything the page said that makes a change",
        ),
        sa.PrimaryKeyConstraint("site", "article", "page"),
        comment="Every different thing a page said, once; never changed or removed",
    )
    op.create_table(
        "runs",
        sa.Column("site", sa.Text(), autoincrement=False, nullable=False, comment="site id"),
        sa.Column(
            "run",
            sa.Integer(),
            autoincrement=False,
            nullable=False,
            comment="number of the run within the site",
        ),
        sa.Column("source", sa.Text(), nullable=False, comment="where pages came from"),
        sa.Column("full", sa.Boolean(), nullable=False, comment="every known article was to be read again"),
        sa.Column("started", Utc(), nullable=False, comment="start"),
        sa.Column("finished", Utc(), nullable=True, comment="end; null while running or killed"),
        sa.Column(
            "outcome",
            sa.Text(),
            nullable=True,
            comment="complete, partial, held, blocked, budget or interrupted",
        ),
        sa.Column("report", sa.Text(), nullable=True, comment="JSON of the run report"),
        sa.PrimaryKeyConstraint("site", "run"),
        comment="Runs and their reports",
    )
    op.create_table(
        "validators",
        sa.Column("site", sa.Text(), autoincrement=False, nullable=False, comment="site id"),
        sa.Column("key", sa.Text(), autoincrement=False, nullable=False, comment="SHA-256 of the address"),
        sa.Column("etag", sa.Text(), nullable=True, comment="ETag as received"),
        sa.Column("last_modified", sa.Text(), nullable=True, comment="Last-Modified as received"),
        sa.PrimaryKeyConstraint("site", "key"),
        comment="What servers gave for conditional requests",
    )
    op.create_table(
        "views",
        sa.Column("site", sa.Text(), autoincrement=False, nullable=False, comment="site id"),
        sa.Column(
            "n",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="number of the observation within the site",
        ),
        sa.Column("article", sa.Text(), nullable=False, comment="article id"),
        sa.Column("count", sa.BigInteger(), nullable=False, comment="as the portal showed it"),
        sa.Column("observed_at", Utc(), nullable=False, comment="capture time"),
        sa.PrimaryKeyConstraint("site", "n"),
        comment="View counts as observed; append-only",
    )
    op.create_index("views_once", "views", ["site", "article", "observed_at"], unique=True)
    op.create_table(
        "articles",
        sa.Column("site", sa.Text(), autoincrement=False, nullable=False, comment="site id"),
        sa.Column("id", sa.Text(), autoincrement=False, nullable=False, comment="article id of the portal"),
        sa.Column(
            "number", sa.BigInteger(), nullable=False, comment="digits at the end of the id, for order"
        ),
        sa.Column(
            "sort_at",
            Utc(),
            nullable=False,
            comment="publication (midnight +07:00 for a day), else first sight: order of feeds",
        ),
        sa.Column("url", sa.Text(), nullable=False, comment="canonical address, newest"),
        sa.Column("page", sa.Text(), nullable=False, comment="revision that is the newest content"),
        sa.Column(
            "state",
            sa.Text(),
            nullable=False,
            comment="JSON of aliases, sections, published, series, related, capture",
        ),
        sa.Column("series", sa.Text(), nullable=True, comment="series id"),
        sa.Column("period", sa.Text(), nullable=True, comment="YYYY-MM, YYYY-Qn or YYYY"),
        sa.Column("views", sa.BigInteger(), nullable=True, comment="newest view count"),
        sa.Column("views_at", Utc(), nullable=True, comment="when the portal showed it"),
        sa.Column("first_seen", Utc(), nullable=False, comment="time of the oldest good capture"),
        sa.Column("last_seen", Utc(), nullable=False, comment="time of the newest good capture"),
        sa.Column("revision", Utc(), nullable=False, comment="first sight of what readers see now"),
        sa.Column(
            "updated",
            Utc(),
            nullable=True,
            comment="newest change that readers see; null while the first text stands",
        ),
        sa.Column("digest", sa.Text(), nullable=False, comment="digest of the fields that make a change"),
        sa.Column("seq", sa.BigInteger(), nullable=False, comment="number of its newest change"),
        sa.Column("changed_at", Utc(), nullable=False, comment="time of its newest change"),
        sa.Column("deleted_at", Utc(), nullable=True, comment="set while the portal does not have it"),
        sa.ForeignKeyConstraint(
            ["site", "id", "page"],
            ["revisions.site", "revisions.article", "revisions.page"],
        ),
        sa.PrimaryKeyConstraint("site", "id"),
        comment="Newest state of every article by capture time",
    )
    op.create_index("articles_order", "articles", ["site", "sort_at", "number", "id"], unique=False)
    op.create_index("articles_series", "articles", ["site", "series", "period"], unique=False)
    op.create_table(
        "memberships",
        sa.Column("site", sa.Text(), autoincrement=False, nullable=False, comment="site id"),
        sa.Column("article", sa.Text(), autoincrement=False, nullable=False, comment="article id"),
        sa.Column("section", sa.Text(), autoincrement=False, nullable=False, comment="section id"),
        sa.Column("first_run", sa.Integer(), nullable=True, comment="run in which it was first seen there"),
        sa.ForeignKeyConstraint(
            ["site", "section"],
            ["listings.site", "listings.id"],
        ),
        sa.PrimaryKeyConstraint("site", "article", "section"),
        comment="Which article stands in which section",
    )
    op.create_index("memberships_section", "memberships", ["site", "section", "article"], unique=False)
    op.create_table(
        "readings",
        sa.Column("site", sa.Text(), autoincrement=False, nullable=False, comment="site id"),
        sa.Column("article", sa.Text(), autoincrement=False, nullable=False, comment="article id"),
        sa.Column("at", Utc(), autoincrement=False, nullable=False, comment="capture time"),
        sa.Column(
            "rank",
            sa.Integer(),
            autoincrement=False,
            nullable=False,
            comment="order of reading among captures of equal time",
        ),
        sa.Column("payload", sa.Text(), nullable=False, comment="digest of the payload"),
        sa.Column("page", sa.Text(), nullable=False, comment="the revision it showed"),
        sa.Column("kept", sa.Boolean(), nullable=False, comment="its payload is in the captures folder"),
        sa.ForeignKeyConstraint(
            ["site", "article", "page"],
            ["revisions.site", "revisions.article", "revisions.page"],
        ),
        sa.PrimaryKeyConstraint("site", "article", "at", "rank"),
        comment="Every good capture of every article",
    )
