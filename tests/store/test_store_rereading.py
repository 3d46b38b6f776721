"""Re-reading by plan, gone and back, portals that move: the ledger's side of it."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from crawler.items import ListedArticle, Published
from crawler.store.open import SqlStore
from crawler.store.write import SiteWriter
from tests.store.samples import SITE, T0, article, at, listed, read, renamed


def ids(rows: Any) -> list[str]:
    return [row.id for row in rows]


def dated(number: int, published: date, **changes: Any) -> Any:
    return article(number, published=Published(published, "day", "…"), **changes)


def operations(writer: SiteWriter) -> list[str]:
    return [str(record["op"]) for record in writer.records(SITE)]


def test_articles_fall_due_by_their_age(writer: SiteWriter) -> None:
    read(writer, dated(1, date(2021, 3, 1)))
    read(writer, dated(2, date(2021, 2, 1)))
    writer.sight(listed(3), T0, run=1, section_id=None)
    assert ids(writer.due(at(0), 10)) == []
    assert ids(writer.due(at(1), 10)) == ["pm1"]
    second = writer.begin_run("live", at(1), full=False)
    read(writer, dated(1, date(2021, 3, 1), day=1), run=second)
    assert ids(writer.due(at(1), 10)) == []
    assert ids(writer.due(at(3), 10)) == ["pm2", "pm1"] or ids(writer.due(at(3), 10)) == ["pm1", "pm2"]


def test_no_age_starves_another(writer: SiteWriter) -> None:
    for number in range(100, 140):
        read(writer, dated(number, date(2021, 3, 1)))  # a flood of new ones
    for number in (1, 2, 3):
        read(writer, dated(number, date(2021, 1, 20)))
    found = ids(writer.due(at(60), 8))
    assert len(found) == len(set(found)) == 8
    assert {"pm1", "pm2", "pm3"} <= set(found)
    assert ids(writer.due(at(60), 0)) == []


def test_a_reading_of_an_old_capture_plans_nothing_anew(writer: SiteWriter) -> None:
    read(writer, dated(1, date(2021, 2, 1), day=9))
    before = writer.due(at(400), 1)
    read(writer, dated(1, date(2021, 2, 1), day=-20), source="wayback")
    assert writer.due(at(400), 1) == before


def test_an_unchanged_answer_is_a_reading_without_an_observation(writer: SiteWriter) -> None:
    read(writer, dated(1, date(2021, 3, 1)))
    second = writer.begin_run("live", at(1), full=False)
    writer.note_absence("pm1", at(1), reason="http-404")
    row = writer.settle("pm1", "read", at(1))
    assert row is not None
    assert (row.state, row.last_read_run, row.absent_at) == ("read", second, None)
    assert ids(writer.due(at(1), 10)) == []
    assert ids(writer.due(at(3), 10)) == ["pm1"]
    assert len(list(writer.view_records(SITE))) == 1


def absent(writer: SiteWriter, day: float, **how: Any) -> bool:
    """One run that finds the article missing."""
    writer.begin_run("live", at(day), full=False)
    return writer.note_absence("pm1", at(day), reason="http-404", **how)


def test_gone_is_what_was_missing_in_two_runs_on_two_days(store: SqlStore, writer: SiteWriter) -> None:
    read(writer, article(1))
    assert not absent(writer, 1)
    assert not writer.note_absence("pm1", at(1), reason="http-404")  # the same run
    assert not absent(writer, 1.01)  # another run on the same day
    assert operations(writer) == ["created"]
    (link,) = writer.due(at(2), 10)
    assert (link.id, link.state, link.absent_at) == ("pm1", "read", at(1))
    assert absent(writer, 2)
    writer.commit()
    assert operations(writer) == ["created", "deleted"]
    assert [record["reason"] for record in store.records(SITE, since=1)] == ["http-404"]
    assert ids(writer.pending(at(900))) == []
    assert list(store.problems()) == []


def test_days_begin_at_midnight_in_vietnam(writer: SiteWriter) -> None:
    read(writer, article(1))
    assert not absent(writer, 0.58)  # 23:25 in Vietnam
    assert absent(writer, 0.61)  # 0:08


def test_one_run_over_midnight_is_one_run(writer: SiteWriter) -> None:
    read(writer, article(1))
    assert not absent(writer, 0.58)
    assert not writer.note_absence("pm1", at(0.61), reason="http-404")
    assert absent(writer, 0.62)


def test_one_final_absence_is_enough(writer: SiteWriter) -> None:
    read(writer, article(1))
    assert absent(writer, 1, final=True)
    assert operations(writer) == ["created", "deleted"]


def test_a_good_reading_clears_the_memory_of_an_absence(writer: SiteWriter) -> None:
    read(writer, article(1))
    assert not absent(writer, 1)
    run = writer.begin_run("live", at(2), full=False)
    read(writer, article(1, day=2), run=run)
    assert not absent(writer, 3)
    assert absent(writer, 4)


def test_an_old_capture_clears_nothing(writer: SiteWriter) -> None:
    read(writer, article(1))
    assert not absent(writer, 1)
    read(writer, article(1, day=-9), source="wayback")
    (link,) = writer.due(at(2), 10)
    assert link.absent_at == at(1)
    assert absent(writer, 2)


def test_what_is_gone_is_looked_for_again_and_comes_back(store: SqlStore, writer: SiteWriter) -> None:
    read(writer, dated(1, date(2021, 3, 1)))
    assert absent(writer, 1, final=True)
    (link,) = writer.due(at(3), 10)
    assert (link.id, link.state) == ("pm1", "gone")
    assert not absent(writer, 3)  # still gone: nothing new
    assert ids(writer.due(at(3), 10)) == []
    run = writer.begin_run("live", at(7), full=False)
    assert read(writer, dated(1, date(2021, 3, 1), day=7), run=run) == "restored"
    writer.commit()
    assert operations(writer) == ["created", "deleted", "restored"]
    (link,) = writer.due(at(90), 10)
    assert (link.state, link.absent_at) == ("read", None)
    assert [state.deleted_at for state in store.articles(SITE)] == [None]


def test_a_capture_from_before_the_last_look_brings_nothing_back(store: SqlStore, writer: SiteWriter) -> None:
    """Gone on day 1, still gone on day 9: an archive's capture of day 5 only makes the removal a later one."""
    read(writer, article(1))
    assert absent(writer, 1, final=True)
    assert not absent(writer, 9)
    assert read(writer, article(1, day=5, text="Còn đây."), source="wayback") == "deleted"
    writer.commit()
    state = store.article(SITE, "pm1")
    assert state is not None
    assert (state.deleted_at, state.text) == (at(9), "Còn đây.")
    assert ids(row for row in writer.due(at(900), 5) if row.state == "gone") == ["pm1"]
    assert list(store.problems()) == []


def test_an_absence_of_what_nobody_knows_is_nothing(writer: SiteWriter) -> None:
    assert not writer.note_absence("pm77", at(1), reason="http-404", final=True)
    writer.sight(listed(2), T0, run=1, section_id=None)
    assert writer.note_absence("pm2", at(1), reason="http-410", final=True)
    assert operations(writer) == []


def test_an_absence_does_not_undo_a_failure_of_a_link_never_read(writer: SiteWriter) -> None:
    writer.sight(listed(2), T0, run=1, section_id=None)
    writer.settle("pm2", "failed", T0, reason="timeout", retry=at(0.5))
    assert not writer.note_absence("pm2", at(1), reason="http-404")
    assert ids(writer.pending(at(1))) == ["pm2"]


# -- moves ----------------------------------------------------------------------------------------------------


def to_new_host(url: str) -> str | None:
    """A site that went from `http://phuongmai.example` to `https://moi.example`."""
    for old in ("http://phuongmai.example", "https://moi.example"):
        if url.startswith(old):
            return "https://moi.example" + url.removeprefix(old)
    return None


def moved(page: Any) -> Any:
    return replace(page, url=to_new_host(page.url))


def test_a_portal_on_a_new_host_keeps_sections_and_articles(store: SqlStore) -> None:
    old, new = "http://phuongmai.example/tin.aspx", "https://moi.example/tin.aspx"
    with store.writer(SITE, "test", T0) as writer:
        writer.begin_run("live", T0, full=False)
        writer.add_section("Tin", old, T0)
        writer.progress("tin", open_since=1, resume_url=old + "?p=2", backfilled=False)
        writer.sight(listed(1, 2), T0, run=1, section_id="tin")
        read(writer, article(1))
        writer.commit()
    with store.writer(SITE, "test", at(1), canonical=to_new_host) as writer:
        run = writer.begin_run("live", at(1), full=False)
        (row,) = writer.sections(SITE)
        assert (row.section.url, row.resume_url) == (new, new + "?p=2")
        assert writer.add_section("Tin", new, at(1)).section.id == "tin"
        assert [link.url for link in writer.pending(at(1))] == ["https://moi.example/hop-to-dan-pho-pm2.aspx"]
        item = ListedArticle("pm1", moved(article(1)).url, None)
        assert writer.sight([item], at(1), run=run, section_id="tin")[0].state == "read"
        assert read(writer, moved(article(1, day=1)), run=run) == "updated"
        writer.commit()
    state = store.article(SITE, "pm1")
    assert state is not None
    assert (state.url, state.aliases) == (moved(article(1)).url, (article(1).url,))
    assert ([s.id for s in state.sections], state.updated) == (["tin"], None)
    assert [row.section.url for row in store.sections(SITE)] == [new]
    assert list(store.problems()) == []


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0), (1, 0, 2)])
def test_former_addresses_stand_in_order_of_first_sight(writer: SiteWriter, order: tuple[int, ...]) -> None:
    pages = [renamed(article(1, day=day), slug) for day, slug in enumerate(("mot", "hai", "ba"))]
    for number in order:
        read(writer, pages[number], source="wayback")
    state = writer.article(SITE, "pm1")
    assert state is not None
    assert (state.url, state.aliases) == (pages[2].url, (pages[0].url, pages[1].url))
