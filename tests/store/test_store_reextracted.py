"""Captures that newer rules read again, and the index they are found by."""

from dataclasses import replace

import pytest

from crawler.items import Article, ViewCount
from crawler.store.open import SqlStore
from crawler.store.write import SiteWriter
from tests.store.samples import PDF, SITE, T0, article, asset, at, capture, read

LATER = at(100)


def again(writer: SiteWriter, page: Article, read_as: Article) -> str | None:
    """Reads the capture of `page` as newer rules do."""
    return writer.reextracted(read_as, capture(page), at=LATER)


def test_what_readers_see_moves_updated_to_the_time_of_the_reading(
    store: SqlStore, writer: SiteWriter
) -> None:
    page = article(1, lead=None)
    read(writer, page)
    assert again(writer, page, article(1)) == "updated"
    assert again(writer, page, article(1)) is None
    writer.commit()
    state = store.article(SITE, "pm1")
    assert state is not None
    assert (state.lead, state.updated, state.revision) == (article(1).lead, LATER, T0)
    first, second = store.records(SITE)
    assert "reextracted" not in first
    assert (second["op"], second["reextracted"], second["at"]) == ("updated", True, "2021-06-09T02:30:00Z")
    (revision,) = store.revisions(SITE, "pm1")
    assert (revision.lead, revision.reextracted_at, revision.captures) == (article(1).lead, LATER, 1)
    assert list(store.problems()) == []


def test_what_readers_do_not_see_leaves_updated_alone(store: SqlStore, writer: SiteWriter) -> None:
    page = article(1, author=None, html="<p>x</p>")
    read(writer, page)
    read(writer, article(1, day=3, author=None, html="<p>x</p>"))
    assert again(writer, page, article(1)) == "revised"  # not the newest: the state stays
    assert again(writer, article(1, day=3, author=None, html="<p>x</p>"), article(1, day=3)) == "updated"
    writer.commit()
    state = store.article(SITE, "pm1")
    assert state is not None
    assert (state.author, state.updated) == (article(1).author, None)
    assert list(store.problems()) == []


def test_an_older_capture_read_anew_leaves_the_newest_state(store: SqlStore, writer: SiteWriter) -> None:
    old, new = article(1, text="Cũ."), article(1, day=5)
    read(writer, old)
    read(writer, new)
    assert again(writer, old, article(1, text="Cũ, đọc lại.")) == "revised"
    writer.commit()
    state = store.article(SITE, "pm1")
    assert state is not None
    assert (state.text, state.updated) == (new.text, at(5))
    assert [r.text for r in store.revisions(SITE, "pm1")] == ["Cũ, đọc lại.", new.text]


def test_rules_that_find_no_difference_any_more_do_not_move_updated_back(writer: SiteWriter) -> None:
    """An edit that was none: noise that the older rules took for text."""
    read(writer, article(1))
    noise = article(1, day=5, text="Đoạn một của bài.\n\nĐoạn hai./.\n\nQuảng cáo")
    read(writer, noise)
    assert again(writer, noise, article(1, day=5)) == "updated"
    state = writer.article(SITE, "pm1")
    assert state is not None
    assert (state.updated, state.revision) == (LATER, T0)
    read(writer, article(1, day=120))
    assert writer.article(SITE, "pm1").updated == LATER  # type: ignore[union-attr]


def test_a_view_count_that_was_missing_is_added_and_none_is_unsaid(writer: SiteWriter) -> None:
    blind, seeing = article(1, views=None), article(2)
    read(writer, blind)
    read(writer, seeing)
    again(writer, blind, article(1, views=ViewCount(7, exact=True)))
    again(writer, seeing, article(2, views=ViewCount(8, exact=True)))
    assert [(r["id"], r["count"]) for r in writer.view_records(SITE)] == [("pm2", 102), ("pm1", 7)]


def test_a_capture_that_was_unreadable_becomes_an_article(store: SqlStore, writer: SiteWriter) -> None:
    page = article(1)
    writer.add_capture(capture(page))
    assert again(writer, page, page) == "created"
    writer.commit()
    assert [state.id for state in store.articles(SITE)] == ["pm1"]
    assert list(writer.pending(LATER)) == []
    assert list(store.problems()) == []


def test_a_removed_article_is_not_brought_back_by_reading_it_again(writer: SiteWriter) -> None:
    page = article(1, lead=None)
    read(writer, page)
    writer.settle("pm1", "gone", T0, reason="http-410")  # in the very second of the capture
    assert again(writer, page, article(1)) is None
    assert [r["op"] for r in writer.records(SITE)] == ["created", "deleted"]


def test_re_extraction_settles_no_link(writer: SiteWriter) -> None:
    page = article(1)
    read(writer, page)
    before = writer.settle("pm1", "refused", at(1), reason="soft-404", retry=at(2))
    again(writer, page, article(1, text="Khác."))
    (after,) = writer.pending(at(2))
    assert after == before


def test_captures_come_in_order_of_file_and_offset_with_what_they_were_read_as(
    store: SqlStore, writer: SiteWriter
) -> None:
    pages = [article(number, day=day) for number in range(1, 131) for day in (0, 1)]
    for page in pages:
        read(writer, page)
    listing = replace(
        capture(article(1)), url="http://phuongmai.example/tin.aspx", digest=f"sha256:{'1' * 64}"
    )
    others = [
        replace(listing, warc="phuong-mai-000000.warc.gz", offset=5),
        replace(listing, warc="phuong-mai-000002.warc.gz", offset=0, status=404),
    ]
    for other in others:
        writer.add_capture(other)
    writer.commit()
    rows = list(store.captures(SITE))
    assert [(r.capture.warc, r.capture.offset) for r in rows] == sorted(
        (r.capture.warc, r.capture.offset) for r in rows
    )
    assert len(rows) == 262
    by_capture = {row.capture: row for row in rows}
    for page in pages:
        row = by_capture[capture(page)]
        assert (row.article, row.views) == (page.id, page.views.views if page.views else None)
        said = store.said(SITE, str(row.article), str(row.page))
        assert (said["url"], said["title"], said["text"]) == (page.url, page.title, page.text)
    assert (by_capture[others[0]].article, by_capture[others[0]].page, by_capture[others[0]].views) == (
        None,
    ) * 3
    assert {row.capture for row in rows} - {r.capture for r in store.captures(SITE, pages_only=True)} == {
        others[1]
    }


def test_equal_payloads_of_one_second_are_told_apart_by_address(store: SqlStore, writer: SiteWriter) -> None:
    pages = [article(number, title="Một bài") for number in (1, 2)]
    same = f"sha256:{'a' * 64}"
    for offset, page in enumerate(pages):
        kept = replace(capture(page), digest=same, offset=offset)
        writer.add_capture(kept)
        writer.add_article(page, kept, run=1)
    writer.commit()
    assert [row.article for row in store.captures(SITE)] == ["pm1", "pm2"]


def test_kept_files_are_no_pages(store: SqlStore, writer: SiteWriter) -> None:
    read(writer, article(1))
    writer.add_capture(asset().capture)
    writer.want_assets("pm1", [PDF], T0)
    writer.settle_asset(PDF, "kept", T0, asset=asset())
    writer.commit()
    assert [row.capture.url for row in store.captures(SITE, pages_only=True)] == [article(1).url]
    assert len(list(store.captures(SITE))) == 2


@pytest.mark.parametrize("page", ["", "sha256:0"])
def test_nothing_was_said_by_an_unknown_page(store: SqlStore, page: str) -> None:
    assert store.said(SITE, "pm1", page) == {}
