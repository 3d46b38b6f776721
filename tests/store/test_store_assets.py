"""Kept files: what is wanted, what is kept, and what records say of it."""

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from crawler.export import schema
from crawler.items import Attachment
from crawler.store.open import SqlStore
from crawler.store.write import SiteWriter
from tests.store.samples import PDF, SITE, T0, article, asset, at, read

RECORDS = Draft202012Validator(schema("article-1"))


def wanted(writer: SiteWriter, day: float = 0, limit: int = 10) -> list[str]:
    return [row.url for row in writer.wanted_assets(at(day), limit)]


def keep(writer: SiteWriter, day: float = 0) -> None:
    """The attachment was fetched."""
    writer.add_capture(asset().capture)
    writer.settle_asset(PDF, "kept", at(day), asset=asset())


def attachments(writer: SiteWriter) -> list[Any]:
    found = []
    for record in writer.records(SITE):
        RECORDS.validate(record)
        found.append((record["op"], record["id"], record["attachments"]))
    return found


NAMED = {"url": PDF, "title": "Biên bản", "media_type": "application/pdf", "bytes": None}
KEPT = NAMED | {"bytes": 12, "sha256": asset().sha256}


def test_files_are_wanted_until_they_are_settled(writer: SiteWriter) -> None:
    read(writer, article(1))
    urls = [f"http://phuongmai.example/{n}.jpg" for n in range(4)]
    writer.want_assets("pm1", urls, T0)
    writer.want_assets("pm2", [*urls, urls[0]], T0)
    assert wanted(writer) == urls
    assert wanted(writer, limit=2) == urls[:2]
    writer.settle_asset(urls[0], "kept", T0, asset=asset(urls[0]))
    writer.settle_asset(urls[1], "failed", T0, reason="timeout", retry=at(1))
    writer.settle_asset(urls[2], "refused", T0, reason="html")
    assert wanted(writer) == urls[3:]
    (again, _) = writer.wanted_assets(at(1), 10)
    assert (again.url, again.state, again.tries, again.reason) == (urls[1], "failed", 1, "timeout")
    writer.want_assets("pm1", urls, at(2))  # known ones stay as they are
    assert wanted(writer, 0.5) == urls[3:]


def test_a_kept_file_needs_its_asset_and_no_other_has_one(writer: SiteWriter) -> None:
    with pytest.raises(ValueError, match="needs its asset"):
        writer.settle_asset(PDF, "kept", T0)
    with pytest.raises(ValueError, match="needs its asset"):
        writer.settle_asset(PDF, "failed", T0, asset=asset())


def test_length_and_hash_reach_the_records_and_move_no_feed(store: SqlStore, writer: SiteWriter) -> None:
    read(writer, article(1))
    read(writer, article(2))
    writer.want_assets("pm1", [PDF], T0)
    writer.want_assets("pm2", [PDF], T0)
    keep(writer, 1)
    keep(writer, 1)  # nothing new
    writer.commit()
    assert attachments(writer) == [
        ("created", "pm1", [NAMED]),
        ("created", "pm2", [NAMED]),
        ("updated", "pm1", [KEPT]),
        ("updated", "pm2", [KEPT]),
    ]
    state = store.article(SITE, "pm1")
    assert state is not None
    assert state.attachments == (Attachment(PDF, "Biên bản", "application/pdf", 12, asset().sha256),)
    assert (state.updated, state.revision) == (None, T0)
    assert dict(store.assets(SITE, "pm1")) == {PDF: asset()}
    assert dict(store.assets(SITE, "pm3")) == {}
    assert list(store.problems()) == []


def test_later_readings_keep_what_is_known_of_the_file(store: SqlStore, writer: SiteWriter) -> None:
    read(writer, article(1))
    writer.want_assets("pm1", [PDF], T0)
    keep(writer)
    assert read(writer, article(1, day=1)) is None
    assert read(writer, article(1, day=2, text="Sửa.")) == "updated"
    assert read(writer, article(1, day=-2), source="wayback") == "revised"
    writer.commit()
    assert [files for _, _, files in attachments(writer)] == [[NAMED], [KEPT], [KEPT], [KEPT]]
    assert list(store.problems()) == []


def test_an_article_that_names_a_kept_file_knows_it_at_once(writer: SiteWriter) -> None:
    read(writer, article(1))
    writer.want_assets("pm1", [PDF], T0)
    keep(writer)
    writer.commit()
    read(writer, article(2))
    writer.want_assets("pm2", [PDF], T0)
    assert [files for _, article_id, files in attachments(writer) if article_id == "pm2"] == [[KEPT]]
    assert dict(writer.assets(SITE, "pm2")) == {PDF: asset()}


def test_pictures_are_kept_without_a_change_of_any_record(writer: SiteWriter) -> None:
    read(writer, article(1))
    picture = "http://phuongmai.example/a.jpg"
    writer.want_assets("pm1", [picture], T0)
    writer.settle_asset(picture, "kept", T0, asset=asset(picture))
    assert len(attachments(writer)) == 1
    assert list(writer.assets(SITE, "pm1")) == [picture]


def test_a_removed_article_gets_no_change(store: SqlStore, writer: SiteWriter) -> None:
    read(writer, article(1))
    writer.want_assets("pm1", [PDF], T0)
    writer.settle("pm1", "gone", at(1), reason="http-410")
    keep(writer, 2)
    writer.commit()
    assert [record["op"] for record in store.records(SITE)] == ["created", "deleted"]
    assert read(writer, article(1, day=3)) == "restored"
    writer.commit()
    assert [record["attachments"] for record in store.records(SITE, since=2)] == [[KEPT]]
    assert list(store.problems()) == []


def test_a_rollback_forgets_that_a_file_is_kept(writer: SiteWriter) -> None:
    read(writer, article(1))
    writer.want_assets("pm1", [PDF], T0)
    writer.commit()
    keep(writer)
    writer.rollback()
    read(writer, article(1, day=1, text="Sửa."))
    assert attachments(writer)[-1][2] == [NAMED]
    assert wanted(writer) == [PDF]
