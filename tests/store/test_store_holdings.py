"""The ledger of web archives: how far their indexes were read, what is to be fetched, what was."""

from dataclasses import replace
from typing import Any

from crawler.store.open import SqlStore
from crawler.store.rows import Holding
from crawler.store.write import SiteWriter
from tests.store.samples import SITE, T0, article, at, capture

WAYBACK = "wayback"


def holding(number: int | None, day: float, **changes: Any) -> Holding:
    """A capture of article `number`, or of the home page."""
    article_id = None if number is None else f"pm{number}"
    url = f"http://phuongmai.example/{'' if number is None else f'bai-{article_id}.aspx'}"
    values: dict[str, Any] = {
        "url": url,
        "at": at(day),
        "digest": f"SHA{number}{day}",
        "status": 200,
        "media_type": "text/html",
        "length": 1234,
        "article": article_id,
    }
    return Holding(**(values | changes))


def wanted(writer: SiteWriter, day: float = 0, *, articles: bool = True) -> list[tuple[str | None, Any]]:
    rows = writer.holdings(WAYBACK, at(day), articles=articles)
    return [(row.holding.article, row.holding.at) for row in rows]


def test_how_far_an_index_was_read(writer: SiteWriter) -> None:
    assert writer.harvest(WAYBACK, "dukcqtw.dcs.vn/*") is None
    writer.note_harvest(WAYBACK, "a/*", cursor="key+1", done_at=None, newest="20200325061200")
    writer.note_harvest("commoncrawl:CC-MAIN-2020-16", "a/*", cursor="page 3", done_at=None)
    row = writer.harvest(WAYBACK, "a/*")
    assert row is not None
    assert (row.archive, row.query, row.cursor, row.done_at) == (WAYBACK, "a/*", "key+1", None)
    writer.note_harvest(WAYBACK, "a/*", cursor=None, done_at=at(1))
    row = writer.harvest(WAYBACK, "a/*")
    assert row is not None
    assert (row.cursor, row.done_at, row.newest) == (None, at(1), "20200325061200")
    other = writer.harvest("commoncrawl:CC-MAIN-2020-16", "a/*")
    assert other is not None
    assert (other.cursor, other.newest) == ("page 3", None)


def test_what_an_archive_has_is_entered_once(writer: SiteWriter) -> None:
    rows = [holding(1, 0), holding(1, 1), holding(1, 0), holding(None, 0)]
    assert writer.add_holdings(WAYBACK, rows) == 3
    (first, *_) = writer.holdings(WAYBACK, T0, articles=False)
    writer.settle_holding(WAYBACK, first, "done", T0)
    assert writer.add_holdings(WAYBACK, [*rows, holding(2, 0)]) == 1
    assert writer.add_holdings("commoncrawl:X", rows) == 3
    assert writer.holding_counts(SITE, WAYBACK) == {"new": 3, "done": 1, "failed": 0, "skipped": 0}
    assert writer.holding_counts(SITE)["new"] == 6
    assert writer.add_holdings(WAYBACK, []) == 0


def test_a_holding_reads_back_as_it_was_entered(writer: SiteWriter) -> None:
    odd = holding(
        7, 0, digest=None, status=None, media_type=None, length=None, file="crawl/x.warc.gz", offset=2**40
    )
    writer.add_holdings(WAYBACK, [odd])
    (row,) = writer.holdings(WAYBACK, T0, articles=True)
    assert (row.holding, row.state, row.tries, row.reason) == (odd, "new", 0, None)


def test_articles_and_other_pages_come_apart_and_the_newest_first(writer: SiteWriter) -> None:
    writer.add_holdings(WAYBACK, [holding(n, day) for n in (3, None, 2) for day in (1, 3, 2)])
    assert wanted(writer, articles=False) == [(None, at(day)) for day in (3, 2, 1)]
    found = wanted(writer)
    assert found == [
        ("pm3", at(3)),
        ("pm3", at(2)),
        ("pm3", at(1)),
        ("pm2", at(3)),
        ("pm2", at(2)),
        ("pm2", at(1)),
    ]


def test_a_failed_one_comes_again_when_it_is_due(writer: SiteWriter) -> None:
    writer.add_holdings(WAYBACK, [holding(n, 0) for n in (1, 2, 3)])
    rows = {row.holding.article: row for row in writer.holdings(WAYBACK, T0, articles=True)}
    writer.settle_holding(WAYBACK, rows["pm1"], "failed", T0, reason="http-503", retry=at(2))
    writer.settle_holding(WAYBACK, rows["pm2"], "failed", T0, reason="excluded")
    writer.settle_holding(WAYBACK, rows["pm3"], "skipped", T0, reason="truncated\x00")
    assert wanted(writer, 1) == []
    (row,) = writer.holdings(WAYBACK, at(2), articles=True)
    assert (row.holding.article, row.state, row.tries, row.reason) == ("pm1", "failed", 1, "http-503")
    assert writer.holding_counts(SITE, WAYBACK) == {"new": 0, "done": 0, "failed": 2, "skipped": 1}


def test_the_caller_settles_and_commits_while_he_reads(store: SqlStore, writer: SiteWriter) -> None:
    assert writer.add_holdings(WAYBACK, [holding(n % 100, n) for n in range(750)]) == 750
    seen = []
    for number, row in enumerate(writer.holdings(WAYBACK, T0, articles=True)):
        seen.append((row.holding.article, row.holding.at))
        writer.settle_holding(WAYBACK, row, "done", T0)
        if number % 100 == 0:
            writer.commit()
    writer.commit()
    assert len(seen) == len(set(seen)) == 750
    assert store.holding_counts(SITE, WAYBACK)["done"] == 750


def test_a_payload_that_we_have_need_not_be_fetched(writer: SiteWriter) -> None:
    kept = capture(article(1))
    writer.add_capture(kept)
    writer.add_holdings(WAYBACK, [holding(1, 0, digest="ABC"), holding(1, 1, digest="ABC")])
    assert writer.held_payload(WAYBACK, "ABC") is None
    newest, _ = writer.holdings(WAYBACK, T0, articles=True)
    writer.settle_holding(WAYBACK, newest, "done", T0, capture=kept)
    assert writer.held_payload(WAYBACK, "ABC") == kept
    assert writer.held_payload("commoncrawl:X", "ABC") is None


def test_times_are_told_apart_whatever_their_zone(writer: SiteWriter) -> None:
    from crawler.store.codec import VIETNAM

    first = holding(1, 0)
    assert writer.add_holdings(WAYBACK, [first]) == 1
    assert writer.add_holdings(WAYBACK, [replace(first, at=first.at.astimezone(VIETNAM))]) == 0
