"""The store's promises about articles, on both databases."""

import time
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from referencing import Registry

from crawler.export import schema
from crawler.items import Article, ListedArticle, Published, Section, SeriesPeriod, ViewCount
from crawler.store.open import SqlStore, open_store
from crawler.store.section_ids import section_id
from crawler.store.write import SiteWriter
from tests.store.samples import NEWS, SITE, T0, article, at, capture, listed, read, renamed

ARTICLE_SCHEMA = Draft202012Validator(schema("article-1"), registry=Registry())
VIEWS_SCHEMA = Draft202012Validator(schema("views-1"), registry=Registry())


def records(store: SqlStore, since: int = 0) -> list[dict[str, Any]]:
    found = [dict(record) for record in store.records(SITE, since=since)]
    for record in found:
        ARTICLE_SCHEMA.validate(record)
    return found


def test_what_is_stored_reads_back_equal(store: SqlStore, writer: SiteWriter) -> None:
    page = article()
    assert read(writer, page) == "created"
    writer.commit()
    state = store.article(SITE, "pm1")
    assert state is not None
    for name in ("url", "title", "series", "published", "lead", "author", "text", "html", "event", "images"):
        assert getattr(state, name) == getattr(page, name), name
    assert (state.attachments, state.related) == (page.attachments, page.related)
    assert state.capture == capture(page)
    assert (state.first_seen, state.last_seen, state.revision, state.updated) == (T0, T0, T0, None)
    assert (state.seq, state.changed_at) == (1, T0)


def test_nothing_is_seen_before_the_commit_and_nothing_after_a_rollback(
    store: SqlStore, writer: SiteWriter
) -> None:
    writer.commit()
    read(writer, article(1))
    assert store.article(SITE, "pm1") is None
    assert writer.article(SITE, "pm1") is not None
    writer.rollback()
    read(writer, article(2))
    writer.commit()
    assert [state.id for state in store.articles(SITE)] == ["pm2"]
    assert [record["seq"] for record in records(store)] == [1]


def test_every_change_gets_the_next_number(store: SqlStore, writer: SiteWriter) -> None:
    read(writer, article(1))
    read(writer, article(2))
    read(writer, article(1, day=1))
    read(writer, article(1, day=2, text="Sửa."))
    writer.commit()
    read(writer, article(2, day=3, text="Sửa."))
    writer.commit()
    assert [(r["seq"], r["op"], r["id"]) for r in records(store)] == [
        (1, "created", "pm1"),
        (2, "created", "pm2"),
        (3, "updated", "pm1"),
        (4, "updated", "pm2"),
    ]
    assert [r["seq"] for r in records(store, since=2)] == [3, 4]
    assert (store.last_seq(SITE), store.newest_change(SITE)) == (4, at(3))


def test_a_record_stays_as_it_was_published(store: SqlStore, writer: SiteWriter) -> None:
    read(writer, article(1))
    writer.commit()
    before = records(store)
    read(writer, article(1, day=2, title="Tên mới", text="Sửa.", views=ViewCount(500, exact=True)))
    writer.commit()
    assert records(store)[:1] == before
    newest = records(store)[1]
    assert (newest["title"], newest["text"], newest["views"]["count"]) == ("Tên mới", "Sửa.", 500)


def test_an_older_capture_gives_revised_with_the_newest_state(store: SqlStore, writer: SiteWriter) -> None:
    read(writer, article(1, day=9))
    assert read(writer, article(1, day=5, text="Bản đầu."), source="wayback") == "revised"
    assert read(writer, article(1, day=5, text="Bản đầu."), source="wayback") is None
    writer.commit()
    last = records(store)[-1]
    assert (last["op"], last["text"], last["first_seen"]) == (
        "revised",
        article().text,
        "2021-03-06T02:30:00Z",
    )
    assert [revision.text for revision in store.revisions(SITE, "pm1")] == ["Bản đầu.", article().text]


def test_revisions_name_the_captures_they_were_seen_in(store: SqlStore, writer: SiteWriter) -> None:
    for day, text in ((0, "Một."), (1, "Một."), (2, "Hai."), (3, "Một.")):
        read(writer, article(1, day=day, text=text))
    spans = [(r.first_seen, r.last_seen, r.text) for r in writer.revisions(SITE, "pm1")]
    assert spans == [(at(0), at(1), "Một."), (at(2), at(2), "Hai."), (at(3), at(3), "Một.")]
    assert writer.counts(SITE)["revisions"] == 2
    assert writer.revisions(SITE, "pm99") == ()


def test_view_counts_are_observations_and_never_changes(store: SqlStore, writer: SiteWriter) -> None:
    for day, count in ((0, 5), (1, 9), (2, 7)):
        read(writer, article(1, day=day, views=ViewCount(count, exact=True)))
    read(writer, article(1, day=1, views=ViewCount(9, exact=True)))
    read(writer, article(2, day=3, views=None))
    writer.commit()
    seen = [dict(record) for record in store.view_records(SITE)]
    for record in seen:
        VIEWS_SCHEMA.validate(record)
    assert [(r["n"], r["id"], r["count"]) for r in seen] == [(1, "pm1", 5), (2, "pm1", 9), (3, "pm1", 7)]
    assert seen[1]["observed_at"] == "2021-03-02T02:30:00Z"
    assert [r["n"] for r in store.view_records(SITE, since=2)] == [3]
    assert [r["op"] for r in records(store)] == ["created", "created"]


def test_a_removed_article_leaves_a_tombstone_and_can_come_back(store: SqlStore, writer: SiteWriter) -> None:
    read(writer, article(1))
    digest = records_of(writer)[0]["digest"]
    writer.settle("pm1", "gone", at(4), reason="404 on two days")
    writer.settle("pm1", "gone", at(5), reason="404 on two days")
    writer.commit()
    tombstone = records(store)[-1]
    assert tombstone == {
        "schema": "bantin/article/1",
        "seq": 2,
        "op": "deleted",
        "at": "2021-03-05T02:30:00Z",
        "site": SITE,
        "id": "pm1",
        "url": article().url,
        "reason": "404 on two days",
        "digest": digest,
    }
    assert list(store.articles(SITE)) == []
    assert [s.deleted_at for s in store.articles(SITE, with_deleted=True)] == [at(4)]
    assert read(writer, article(1, day=6)) == "restored"
    writer.commit()
    assert [s.deleted_at for s in store.articles(SITE)] == [None]
    assert records(store)[-1]["text"] == article().text


def records_of(writer: SiteWriter) -> list[dict[str, Any]]:
    return [dict(record) for record in writer.records(SITE)]


def test_an_article_that_was_seen_later_is_not_removed_by_an_older_failure(writer: SiteWriter) -> None:
    read(writer, article(1, day=9))
    writer.settle("pm1", "gone", at(4), reason="410")
    assert [r["op"] for r in records_of(writer)] == ["created"]


def test_gaining_a_section_is_a_change_that_readers_do_not_see(store: SqlStore, writer: SiteWriter) -> None:
    read(writer, article(1))
    section = writer.add_section("Tin tức", "http://phuongmai.example/tin-tuc.aspx", at(1))
    writer.sight(listed(1, 2), at(1), run=1, section_id=section.section.id)
    writer.sight(listed(1, 2), at(2), run=1, section_id=section.section.id)
    read(writer, article(2, day=2))
    writer.commit()
    assert [(r["op"], r["id"], [s["id"] for s in r["sections"]]) for r in records(store)] == [
        ("created", "pm1", []),
        ("updated", "pm1", ["tin-tuc"]),
        ("created", "pm2", ["tin-tuc"]),
    ]
    state = store.article(SITE, "pm1")
    assert state is not None
    assert (state.updated, state.sections) == (None, (NEWS,))
    assert [s.id for s in store.articles(SITE, section="tin-tuc")] == ["pm2", "pm1"]


def test_a_section_that_a_page_names_is_the_listing_of_that_address_or_title(writer: SiteWriter) -> None:
    known = writer.add_section("Tin tức", NEWS.url or "", T0).section
    read(writer, article(1, sections=(Section("tin", "Mục tin", known.url),)))
    read(writer, article(2, sections=(Section("tin-tuc", "TIN TỨC"),)))
    read(writer, article(3, sections=(Section("thong-bao", "Thông báo"),)))
    found = {s.id: [section.id for section in s.sections] for s in writer.articles(SITE)}
    assert found == {"pm1": ["tin-tuc"], "pm2": ["tin-tuc"], "pm3": ["thong-bao"]}
    placed = writer.add_section("Thông báo", "http://phuongmai.example/thong-bao.aspx", at(1))
    assert placed.section.id == "thong-bao"
    assert len(writer.sections(SITE)) == 2


def test_a_section_that_gets_another_title_keeps_its_id(store: SqlStore, writer: SiteWriter) -> None:
    address = "http://phuongmai.example/tin-tuc.aspx"
    writer.add_section("Tin tức", address, T0)
    writer.sight(listed(1), T0, run=1, section_id="tin-tuc")
    read(writer, article(1))
    for same in ("TIN TỨC", "Tin tức (12)", "Tin tức [1.310]"):
        assert writer.add_section(same, address, at(1)).section.title == "Tin tức"
    assert writer.add_section("Tin tức - Sự kiện", address, at(2)).section.id == "tin-tuc"
    writer.commit()
    assert [r["sections"] for r in records(store)] == [
        [{"id": "tin-tuc", "title": "Tin tức"}],
        [{"id": "tin-tuc", "title": "Tin tức - Sự kiện"}],
    ]


@pytest.mark.parametrize(
    ("title", "wanted"),
    [
        ("Kiểm tra - Giám sát", "kiem-tra-giam-sat"),
        ("All", "all-muc"),
        ("Hợp tổ", "hop-to-muc"),
        ("Most read", "most-read-muc"),
        ("Đoàn thể", "doan-the"),
        ("…", "muc"),
        ("Đ" * 200, "d" * 80),
    ],
)
def test_ids_of_sections(title: str, wanted: str) -> None:
    assert section_id(title, "http://phuongmai.example/muc.aspx", {"hop-to"}, ()) == wanted


def test_two_sections_of_one_title_stay_apart(writer: SiteWriter) -> None:
    ids = [
        writer.add_section("Tin", f"http://phuongmai.example/tin{n}.aspx", T0).section.id for n in range(3)
    ]
    assert ids[0] == "tin"
    assert len(set(ids)) == 3
    assert all(id_.startswith("tin-") for id_ in ids[1:])


def _fill(writer: SiteWriter) -> None:
    dates = {1: 10, 2: 12, 3: 12, 4: None, 10: 12, 5: 20}
    for number, day in dates.items():
        published = None if day is None else Published(date(2021, 2, day), "day", "…")
        read(writer, article(number, day=number, published=published))


def test_articles_come_newest_first_by_date_then_number_and_undated_by_first_sight(
    writer: SiteWriter,
) -> None:
    _fill(writer)
    assert [s.id for s in writer.articles(SITE)] == ["pm4", "pm5", "pm10", "pm3", "pm2", "pm1"]


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ({"newest": 2}, ["pm4", "pm5"]),
        ({"newest": 0}, []),
        ({"newest": 99}, ["pm4", "pm5", "pm10", "pm3", "pm2", "pm1"]),
        ({"newest": 1, "published_since": date(2021, 2, 12)}, ["pm4", "pm5", "pm10", "pm3", "pm2"]),
        ({"newest": 1, "changed_since": at(30)}, ["pm4", "pm1"]),
        ({"newest": 3, "changed_since": at(30), "with_deleted": True}, ["pm4", "pm5", "pm10", "pm3", "pm1"]),
        ({"newest": 3, "changed_since": at(30)}, ["pm4", "pm10", "pm3", "pm1"]),
        ({"series": "hop-to", "newest": 1}, ["pm4"]),
        ({"series": "no-such"}, []),
        ({"section": "no-such"}, []),
    ],
)
def test_a_window_of_articles(writer: SiteWriter, asked: dict[str, Any], wanted: list[str]) -> None:
    _fill(writer)
    if "changed_since" in asked:
        read(writer, article(1, day=31, text="Sửa.", published=Published(date(2021, 2, 10), "day", "…")))
    if asked.get("newest") == 3:
        writer.settle("pm5", "gone", at(32), reason="410")
    assert [s.id for s in writer.articles(SITE, **asked)] == wanted


def test_long_answers_are_whole(store: SqlStore, writer: SiteWriter) -> None:
    for number in range(205):
        read(writer, article(number, day=number / 100, related=()))
    writer.commit()
    assert len({s.id for s in store.articles(SITE)}) == 205
    assert [r["seq"] for r in store.records(SITE, since=3)] == list(range(4, 206))
    assert list(store.problems()) == []


def test_a_snapshot_does_not_move_under_its_reader(store: SqlStore, writer: SiteWriter) -> None:
    read(writer, article(1))
    writer.commit()

    def work(reader: Any) -> tuple[int, int]:
        before = reader.last_seq(SITE)
        read(writer, article(2))
        writer.commit()
        return before, reader.last_seq(SITE)

    assert store.transaction(work) == (1, 1)
    assert store.last_seq(SITE) == 2


def test_series_are_counted_by_period(writer: SiteWriter) -> None:
    for number, series in enumerate(
        [
            SeriesPeriod("hop-to", "2021-02"),
            SeriesPeriod("hop-to", "2021-02"),
            SeriesPeriod("hop-to", None),
            None,
        ]
    ):
        read(writer, article(number, series=series))
    assert writer.series(SITE) == {"hop-to": {"2021-02": 2, None: 1}}


def test_characters_that_no_feed_may_carry_are_dropped_and_counted(
    store: SqlStore, writer: SiteWriter
) -> None:
    dirty: Article = article(title="Tên\x00 bài", text="a\x0bb\ud800\n\nc\ufffe", images=())
    read(writer, replace(dirty, sections=(Section("tin", "Tin\x1b[31m"),)))
    writer.sight(
        [ListedArticle("pm2", "http://phuongmai.example/x-pm2.aspx", "T\x07in")], T0, run=1, section_id=None
    )
    writer.commit()
    state = store.article(SITE, "pm1")
    assert state is not None
    assert (state.title, state.text, state.sections[0].title) == ("Tên bài", "ab\n\nc", "Tin[31m")
    assert writer.dropped_characters == 5
    assert [row.title for row in writer.pending(T0)] == ["Tin"]


def test_addresses_under_which_an_article_was_seen(store: SqlStore, writer: SiteWriter) -> None:
    read(writer, article(1))
    read(writer, renamed(article(1, day=1), "hop-to-moi"))
    writer.commit()
    last = records(store)[-1]
    assert (last["op"], last["aliases"]) == ("updated", [article(1).url])


def test_a_page_of_another_site_is_refused(writer: SiteWriter) -> None:
    page = article(site="khac")
    with pytest.raises(ValueError, match="no article of"):
        writer.add_article(page, capture(page), run=1)


def test_captures_are_found_by_payload_the_oldest_first(store: SqlStore, writer: SiteWriter) -> None:
    old, new = (replace(capture(article(day=day)), digest=f"sha256:{'a' * 64}", offset=day) for day in (1, 5))
    writer.add_capture(new)
    assert writer.payload(new.digest) == new
    writer.add_capture(old)
    writer.add_capture(old)
    writer.commit()
    assert writer.payload(old.digest) == old
    assert writer.payload(f"sha256:{'b' * 64}") is None
    assert store.counts(SITE)["captures"] == 2
    writer.add_capture(replace(old, warc=None, offset=None, digest=f"sha256:{'c' * 64}"))
    assert writer.payload(f"sha256:{'c' * 64}") is None


@pytest.mark.parametrize("count", [-1, 2**53, 10**30])
def test_an_absurd_view_count_is_unknown(store: SqlStore, writer: SiteWriter, count: int) -> None:
    read(writer, article(1, views=ViewCount(count, exact=True)))
    writer.commit()
    assert list(store.view_records(SITE)) == []
    assert records(store)[0]["views"] is None


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.permutations(range(6)))
def test_captures_read_in_any_order_leave_the_same_store(tmp_path: Path, order: list[int]) -> None:
    """Sections that pages name, addresses, dates, texts and view counts included."""
    pages = [
        article(1, day=0, text="Một.", sections=(Section("tin", "Tin"),)),
        renamed(article(1, day=1, text="Hai.", sections=(Section("thong-bao", "Thông báo"),)), "moi"),
        article(1, day=2, text="Hai.", published=None),
        article(1, day=3, text="Một.", views=None),
        renamed(article(1, day=4, text="Hai.", views=ViewCount(5, exact=True)), "moi-nua"),
        article(1, day=5, text="Hai.", published=None, sections=(Section("tin", "Tin"),)),
    ]

    def left_by(numbers: list[int]) -> tuple[Any, ...]:
        path = tmp_path / f"{time.monotonic_ns()}.sqlite"
        with open_store(f"sqlite:///{path}") as store:
            with store.writer(SITE, "test", T0) as writer:
                for number in numbers:
                    read(writer, pages[number], source="wayback")
                writer.commit()
            state = store.article(SITE, "pm1")
            assert state is not None
            assert list(store.problems()) == []
            return replace(state, seq=0), store.revisions(SITE, "pm1")

    assert left_by(order) == left_by(list(range(6)))


def test_another_reading_of_one_capture_takes_the_place_of_the_first(
    store: SqlStore, writer: SiteWriter
) -> None:
    kept = capture(article(1))
    writer.add_article(article(1, text="Đoạn", views=None), kept, run=1)
    assert writer.add_article(article(1), kept, run=1) == "updated"
    assert writer.add_article(article(1, text="Đoạn ba."), kept, run=1) == "updated"
    writer.add_capture(kept)
    writer.commit()
    assert [revision.text for revision in store.revisions(SITE, "pm1")] == ["Đoạn ba."]
    assert [record["count"] for record in store.view_records(SITE)] == [101]
    assert list(store.problems()) == []


def test_under_a_standing_clock_two_texts_are_two_revisions(store: SqlStore, writer: SiteWriter) -> None:
    read(writer, article(1, text="Một."))
    assert read(writer, article(1, text="Hai.", views=ViewCount(7, exact=True))) == "updated"
    assert read(writer, article(1, text="Một.")) is None
    writer.commit()
    assert [revision.text for revision in store.revisions(SITE, "pm1")] == ["Một.", "Hai."]
    assert [record["count"] for record in store.view_records(SITE)] == [101]
    assert list(store.problems()) == []


def test_an_older_capture_of_a_removed_article_is_kept_but_not_published(
    store: SqlStore, writer: SiteWriter
) -> None:
    read(writer, article(1, day=5))
    writer.settle("pm1", "gone", at(6), reason="410")
    assert read(writer, renamed(article(1, day=2, text="Bản đầu."), "cu"), source="wayback") is None
    writer.commit()
    assert [record["op"] for record in records(store)] == ["created", "deleted"]
    assert len(store.revisions(SITE, "pm1")) == 2
    assert list(store.problems()) == []
    assert list(store.articles(SITE, newest=9, with_deleted=True)) == []


def test_changes_are_stamped_with_when_the_store_learnt_of_them(store: SqlStore, writer: SiteWriter) -> None:
    read(writer, article(1, day=-300), source="wayback")
    read(writer, article(2, day=3))
    read(writer, article(1, day=-400, text="Bản đầu."), source="wayback")
    writer.commit()
    stamps = [(r["id"], r["at"], r["first_seen"]) for r in records(store)]
    assert stamps == [
        ("pm1", "2021-03-01T02:30:00Z", "2020-05-05T02:30:00Z"),
        ("pm2", "2021-03-04T02:30:00Z", "2021-03-04T02:30:00Z"),
        ("pm1", "2021-03-04T02:30:00Z", "2020-01-26T02:30:00Z"),
    ]


def test_the_newest_update_is_what_readers_saw_whenever_captures_are_read(store: Any) -> None:
    """A feed made of the same captures says the same, read today or in a year."""
    with store.writer(SITE, "test", at(400)) as writer:
        run = writer.begin_run("captures.warc.gz", at(400), full=False)
        read(writer, article(1, day=1), run)
        read(writer, article(2, day=2), run)
        writer.commit()
        assert store.newest_update(SITE) < at(5)
        read(writer, article(1, day=7, text="Lời khác."), run)
        writer.commit()
        assert store.newest_update(SITE) == at(7)
        assert writer.note_absence("pm1", at(9), reason="http-410", final=True)
        writer.commit()
        assert store.newest_update(SITE) == at(9)
        read(writer, article(1, day=10, text="Lời khác."), run)
        writer.commit()
        assert store.article(SITE, "pm1").deleted_at is None
        assert store.newest_update(SITE) == at(9), "coming back unsays nothing"
    assert store.newest_change(SITE) >= at(400)
    assert store.newest_update("nowhere") is None
