"""The crawl's ledger: links, listings, runs, validators, notes."""

import pytest

from crawler.items import ListedArticle
from crawler.store import Sighting, Validators
from crawler.store.open import SqlStore
from crawler.store.write import SiteWriter
from tests.store.samples import SITE, T0, article, at, listed, read


def ids(rows: object) -> list[str]:
    return [row.id for row in rows]  # type: ignore[attr-defined]


def test_a_sighting_tells_what_was_known_before(writer: SiteWriter) -> None:
    writer.add_section("Tin", "http://phuongmai.example/tin.aspx", T0)
    assert writer.sight(listed(1, 2), T0, run=1, section_id="tin") == (
        Sighting("pm1", "new", None),
        Sighting("pm2", "new", None),
    )
    read(writer, article(1))
    second = writer.begin_run("live", at(1), full=False)
    assert writer.sight(listed(3, 1, 1), at(1), run=second, section_id="tin") == (
        Sighting("pm3", "new", None),
        Sighting("pm1", "read", 1),
        Sighting("pm1", "read", 1),
    )
    writer.add_section("Khác", "http://phuongmai.example/khac.aspx", T0)
    assert writer.sight(listed(1), at(1), run=second, section_id="khac") == (Sighting("pm1", "read", None),)
    assert writer.sight(listed(1), at(1), run=second, section_id=None) == (Sighting("pm1", "read", 1),)


def test_pending_links_come_in_order_of_first_sight(writer: SiteWriter) -> None:
    writer.sight(listed(5, 3), T0, run=1, section_id=None)
    writer.sight(listed(3, 4), at(1), run=1, section_id=None)
    assert ids(writer.pending(at(2))) == ["pm5", "pm3", "pm4"]


def test_a_link_is_pending_until_read_or_as_its_retry_says(writer: SiteWriter) -> None:
    writer.sight(listed(1, 2, 3, 4, 5), T0, run=1, section_id=None)
    read(writer, article(1))
    writer.settle("pm2", "refused", at(1), reason="soft-404", retry=at(3))
    writer.settle("pm3", "failed", at(1), reason="timeout")
    writer.settle("pm4", "gone", at(1), reason="410")
    assert ids(writer.pending(at(2))) == ["pm5"]
    assert ids(writer.pending(at(3))) == ["pm2", "pm5"]
    row = writer.settle("pm2", "failed", at(3), reason="timeout", retry=at(9))
    assert row is not None
    assert (row.state, row.tries, row.next_try) == ("failed", 2, at(9))
    assert writer.settle("pm77", "failed", at(3)) is None


def test_the_caller_may_settle_and_commit_while_he_reads(writer: SiteWriter) -> None:
    writer.sight(listed(*range(1, 231)), T0, run=1, section_id=None)
    seen = []
    for number, row in enumerate(writer.pending(at(1))):
        seen.append(row.id)
        writer.settle(row.id, "refused", at(1), reason="soft-404")
        if number % 40 == 0:
            writer.commit()
    assert seen == [f"pm{n}" for n in range(1, 231)]


def test_links_that_are_found_while_others_are_read_come_too(writer: SiteWriter) -> None:
    writer.sight(listed(*range(1, 202)), T0, run=1, section_id=None)
    seen = []
    for row in writer.pending(T0):
        seen.append(row.id)
        number = int(row.id.removeprefix("pm"))
        if number <= 201:
            read(writer, article(number))
            writer.sight(listed(number + 1000), T0, run=1, section_id=None)
    assert seen == [f"pm{n}" for n in range(1, 202)] + [f"pm{n}" for n in range(1001, 1202)]


def test_known_articles_are_read_again_once_in_a_later_run(writer: SiteWriter) -> None:
    writer.sight(listed(1, 2), T0, run=1, section_id=None)
    read(writer, article(1))
    second = writer.begin_run("live", at(1), full=True)
    assert ids(writer.read_before(second)) == ["pm1"]
    read(writer, article(1, day=1), run=second)
    assert ids(writer.read_before(second)) == []
    third = writer.begin_run("live", at(2), full=True)
    writer.settle("pm1", "read", at(2))
    assert ids(writer.read_before(third)) == []


def test_a_link_takes_the_newest_address_and_the_first_title(writer: SiteWriter) -> None:
    first = ListedArticle("pm1", "http://phuongmai.example/a-pm1.aspx", None)
    writer.sight([first], T0, run=1, section_id=None)
    writer.sight(
        [ListedArticle("pm1", "http://phuongmai.example/b-pm1.aspx", "Tên")], T0, run=1, section_id=None
    )
    (row,) = writer.pending(T0)
    assert (row.url, row.title) == ("http://phuongmai.example/b-pm1.aspx", "Tên")


def test_an_article_that_no_page_linked_to_is_in_the_ledger_too(writer: SiteWriter) -> None:
    read(writer, article(8))
    assert writer.sight(listed(8), at(1), run=1, section_id=None) == (Sighting("pm8", "read", 1),)


def test_how_far_a_listing_was_walked(store: SqlStore, writer: SiteWriter) -> None:
    row = writer.add_section("Tin", "http://phuongmai.example/tin.aspx", T0)
    assert (row.open_since, row.resume_url, row.backfilled) == (None, None, False)
    writer.progress("tin", open_since=1, resume_url="http://phuongmai.example/tin.aspx?p=2", backfilled=False)
    assert writer.sections(SITE)[0].open_since == 1
    writer.progress("tin", open_since=None, resume_url=None, backfilled=True)
    writer.commit()
    (stored,) = store.sections(SITE)
    assert (stored.open_since, stored.resume_url, stored.backfilled) == (None, None, True)
    assert writer.add_section("Tin", "http://phuongmai.example/tin.aspx", at(1)) == stored


def test_links_that_are_no_listing_are_remembered(writer: SiteWriter) -> None:
    long = "http://phuongmai.example/" + "x" * 5000
    writer.reject(long, "not-a-listing", T0)
    writer.reject(long, "off-site", at(1))
    assert {url: found.reason for url, found in writer.rejected().items()} == {long: "off-site"}


def test_validators_are_kept_by_address(writer: SiteWriter) -> None:
    address = "http://phuongmai.example/tin.aspx"
    assert writer.validators(address) is None
    writer.remember_validators(address, Validators('"a"', None))
    writer.remember_validators(address, Validators('"b"', "Mon, 01 Mar 2021 02:30:00 GMT"))
    assert writer.validators(address) == Validators('"b"', "Mon, 01 Mar 2021 02:30:00 GMT")


def test_runs_are_numbered_and_keep_their_report(store: SqlStore, writer: SiteWriter) -> None:
    second = writer.begin_run("wayback", at(1), full=True)
    writer.finish_run(second, at(2), "partial", {"site": SITE, "refused": {"soft-404": 2}})
    writer.commit()
    newest, first = store.runs(SITE)
    assert (newest.run, newest.source, newest.outcome, newest.finished) == (2, "wayback", "partial", at(2))
    assert newest.report == {"site": SITE, "refused": {"soft-404": 2}}
    assert (first.run, first.finished, first.outcome, first.report) == (1, None, None, None)
    assert [row.run for row in store.runs(SITE, limit=1)] == [2]


def test_notes_about_the_store(store: SqlStore) -> None:
    assert store.note("kind") is None
    store.set_note("kind", "demo")
    store.set_note("kind", "demo 2")
    assert store.note("kind") == "demo 2"


def test_sites_have_numbers_of_their_own(store: SqlStore, writer: SiteWriter) -> None:
    read(writer, article(1))
    writer.commit()
    with store.writer("khac", "test", T0) as other:
        other.begin_run("live", T0, full=False)
        read(other, article(7, site="khac"))
        other.commit()
    assert store.sites() == ("khac", SITE)
    assert [r["seq"] for r in store.records("khac")] == [1]
    assert store.counts("khac") == {
        "articles": 1, "revisions": 1, "views": 1, "changes": 1, "links": 1, "captures": 1
    }  # fmt: skip
    assert store.article("khac", "pm1") is None


@pytest.mark.parametrize("site", ["", "../x", "a b", "A"])
def test_site_ids_that_could_not_name_a_file_are_refused(store: SqlStore, site: str) -> None:
    from crawler.store import StoreError

    with pytest.raises(StoreError, match="no site id"), store.writer(site, "test", T0):
        pass
