"""Memory of absences, the re-reading plan, holdings of web archives, kept files, marks of re-extraction."""

import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from crawler.changes.plan import next_reading, step_of
from crawler.store.codec import read_published
from crawler.store.schema import Utc

revision = "0002"
down_revision = "0001"

#: Rows that are planned at once.
_CHUNK = 500


def upgrade() -> None:
    """Adds columns and tables; articles that are stored already get their place in the plan."""
    _add_columns()
    _add_holdings()
    _add_assets()
    _plan()


def _add_columns() -> None:
    op.add_column(
        "readings",
        sa.Column("reextracted_at", Utc(), comment="when newer rules read the payload differently"),
    )
    op.create_index("readings_payload", "readings", ["site", "payload", "at"])
    op.add_column(
        "articles", sa.Column("absent_at", Utc(), comment="when the portal was last seen without it")
    )
    op.add_column(
        "articles",
        sa.Column("floor", Utc(), comment="what feeds may have shown as updated: it never falls below"),
    )
    op.create_index("articles_updated", "articles", ["site", "updated"])
    for column in (
        sa.Column("read_at", Utc(), comment="time of its newest good capture"),
        sa.Column("due_at", Utc(), comment="when it is to be read again; null before the first reading"),
        sa.Column(
            "step",
            sa.Integer(),
            comment="step of the re-reading plan that is; -1 after a first absence",
        ),
        sa.Column(
            "absent_at",
            Utc(),
            comment="when the portal was first seen without it; null after a good reading",
        ),
        sa.Column("absent_run", sa.Integer(), comment="run in which that was"),
    ):
        op.add_column("links", column)
    op.create_index("links_due", "links", ["site", "step", "due_at", "n"])


def _key(name: str, comment: str, kind: Any = sa.Text) -> sa.Column[Any]:
    return sa.Column(name, kind(), autoincrement=False, nullable=False, comment=comment)


def _some(name: str, kind: Any, comment: str) -> sa.Column[Any]:
    return sa.Column(name, kind(), nullable=False, comment=comment)


def _maybe(name: str, kind: Any, comment: str) -> sa.Column[Any]:
    return sa.Column(name, kind(), nullable=True, comment=comment)


def _add_holdings() -> None:
    op.create_table(
        "harvests",
        _key("site", "site id"),
        _key("archive", "wayback, or commoncrawl and the crawl's id"),
        _key("key", "SHA-256 of the query"),
        _some("query", sa.Text, "what its index was asked"),
        _maybe("cursor", sa.Text, "what it is to be asked next"),
        _maybe("done_at", Utc, "when the answer was complete"),
        _maybe("newest", sa.Text, "newest timestamp seen, as the archive writes it"),
        sa.PrimaryKeyConstraint("site", "archive", "key"),
        comment="How far the indexes of web archives were read",
    )
    op.create_table(
        "holdings",
        _key("site", "site id"),
        _key("archive", "wayback, or commoncrawl and the crawl's id"),
        _key("key", "SHA-256 of the address"),
        _key("at", "capture time", Utc),
        _some("article", sa.Text, "article id that the address carries; empty for any other page"),
        _some("url", sa.Text, "address as the archive names it"),
        _some("state", sa.Text, "new, done, failed or skipped"),
        _maybe("reason", sa.Text, "why it failed or was skipped"),
        _some("tries", sa.Integer, "tries that failed"),
        _maybe("next_try", Utc, "when to try again"),
        _maybe("digest", sa.Text, "the archive's digest of the payload"),
        _maybe("payload", sa.Text, "our digest of the payload, once it is kept"),
        _maybe("status", sa.Integer, "HTTP status by the index"),
        _maybe("media_type", sa.Text, "media type by the index"),
        _maybe("length", sa.BigInteger, "length of the archive's record"),
        _maybe("file", sa.Text, "the archive's file"),
        _maybe("offset", sa.BigInteger, "place of the record in it"),
        sa.PrimaryKeyConstraint("site", "archive", "key", "at"),
        comment="Captures that web archives say they have, and how fetching them went",
    )
    op.create_index("holdings_order", "holdings", ["site", "archive", "article", "key", "at"])
    op.create_index("holdings_digest", "holdings", ["site", "archive", "digest"])
    op.create_index("holdings_state", "holdings", ["site", "archive", "state"])


def _add_assets() -> None:
    op.create_table(
        "assets",
        _key("site", "site id"),
        _key("key", "SHA-256 of the address"),
        _some("n", sa.BigInteger, "order of first sight within the site"),
        _some("url", sa.Text, "address as articles name it"),
        _some("state", sa.Text, "new, kept, failed or refused"),
        _maybe("reason", sa.Text, "why it failed or was refused"),
        _some("tries", sa.Integer, "tries that failed"),
        _maybe("next_try", Utc, "when to try again"),
        _maybe("bytes", sa.BigInteger, "length of the decoded payload"),
        _maybe("sha256", sa.Text, "digest of the decoded payload"),
        _maybe("media_type", sa.Text, "as the server said, without parameters"),
        _maybe("digest", sa.Text, "digest of the payload as received"),
        _maybe("capture", sa.Text, "JSON of the capture"),
        sa.PrimaryKeyConstraint("site", "key"),
        comment="Files that articles offer or show",
    )
    op.create_index("assets_order", "assets", ["site", "n"])
    op.create_index("assets_digest", "assets", ["site", "digest"])
    op.create_table(
        "offers",
        _key("site", "site id"),
        _key("article", "article id"),
        _key("asset", "SHA-256 of the address"),
        sa.ForeignKeyConstraint(["site", "asset"], ["assets.site", "assets.key"]),
        sa.PrimaryKeyConstraint("site", "article", "asset"),
        comment="Which article names which file",
    )
    op.create_index("offers_asset", "offers", ["site", "asset"])


def _plan() -> None:
    """Plans from the newest capture of each article, a chunk at a time."""
    links = sa.table(
        "links", *(sa.column(name) for name in ("site", "id", "step")), sa.column("read_at", Utc),
        sa.column("due_at", Utc),
    )  # fmt: skip
    which = (links.c.site == sa.bindparam("of_site"), links.c.id == sa.bindparam("of_id"))
    update = sa.update(links).where(*which)
    planned = update.values(
        **{
            name: sa.bindparam(f"new_{name}", type_=links.c[name].type)
            for name in ("read_at", "due_at", "step")
        }
    )
    for rows in _stored():
        op.get_bind().execute(planned, [_planned(row) for row in rows])


def _stored() -> Iterator[list[Any]]:
    names = ("site", "id", "state")
    articles = sa.table(
        "articles",
        *(sa.column(name) for name in names),
        sa.column("first_seen", Utc),
        sa.column("last_seen", Utc),
    )
    key = sa.tuple_(articles.c.site, articles.c.id)
    query = sa.select(articles).order_by(articles.c.site, articles.c.id).limit(_CHUNK)
    rows = list(op.get_bind().execute(query))
    while rows:
        yield rows
        rows = list(op.get_bind().execute(query.where(key > sa.tuple_(rows[-1].site, rows[-1].id))))


def _planned(row: Any) -> dict[str, Any]:
    published = read_published(json.loads(row.state)["published"])
    due = next_reading(published, row.first_seen, row.last_seen, article_id=row.id)
    return {
        "of_site": row.site,
        "of_id": row.id,
        "new_read_at": row.last_seen,
        "new_due_at": due,
        "new_step": step_of(published, row.first_seen, due),
    }
