"""Whole crawls of made portals over real HTTP: what is found, what it costs, what a second run does."""

from collections import Counter
from datetime import date

import pytest

from fixtures.portal import Faults, demo_portal, scaled_portal
from tests.crawl.conftest import FULL_SIZE

TODAY = date(2020, 3, 25)


def _article_requests(paths):
    return [path for path in paths if "-duk" in path or "-tbo" in path]


@pytest.fixture(scope="module")
def demo():
    return demo_portal()


def test_the_bundled_portal_is_found_whole_and_in_its_sections(serve, demo):
    bantin = serve(demo)
    report = bantin.crawl()
    assert report["outcome"] == "complete"
    records = {record["id"]: record for record in bantin.records()}
    assert records.keys() == {article.id for article in demo}
    titles = {section.id: section.title for section in demo.sections}
    for article in demo:
        expected = {titles[section] for section in article.sections}
        assert {section["title"] for section in records[article.id]["sections"]} == expected, article.id
    assert bantin.problems() == []


def test_each_article_is_asked_once_and_created_once(serve, demo):
    bantin = serve(demo)
    bantin.crawl()
    asked = Counter(_article_requests(bantin.server.paths))
    assert set(asked.values()) == {1}
    assert {record["op"] for record in bantin.records()} == {"created"}


def test_five_new_articles_among_600_cost_one_request_each(serve):
    portal = scaled_portal(600, sections=6)
    bantin = serve(portal)
    bantin.crawl()
    bantin.server.clear()
    fresh = [portal.add_article(f"Tin mới số {n}", TODAY, f"muc-{n}") for n in range(1, 6)]
    report = bantin.crawl()
    assert report["articles"]["new"] == 5
    expected = {"/robots.txt", "/", *(section.path for section in portal.sections)}
    assert len(bantin.server.paths) == len(expected) + len(fresh)
    assert expected <= set(bantin.server.paths)


def test_a_second_crawl_reads_no_article_and_changes_no_output(serve, demo):
    bantin = serve(demo)
    assert bantin.run("run").code == 0
    before = bantin.output()
    bantin.server.clear()
    ended = bantin.run("run", TZ="America/New_York")
    assert ended.code == 0, ended.err
    assert _article_requests(bantin.server.paths) == []
    assert bantin.output() == before


def _beside_most_read(output):
    """The files that no view count may touch."""
    return {name: content for name, content in output.items() if not name.startswith("most-read/")}


def test_a_changed_view_count_is_observed_and_changes_no_feed(serve):
    portal = scaled_portal(12, sections=2)
    bantin = serve(portal)
    bantin.run("run")
    before = _beside_most_read(bantin.output())
    portal.set_views(next(iter(portal)).id, 123_456)
    bantin.now = bantin.now.replace(hour=12)
    ended = bantin.run("run", "--full")
    assert ended.code == 0, ended.err
    assert _beside_most_read(bantin.output()) == before
    counts = [view["count"] for view in bantin.records("--views")]
    assert len(counts) == 24
    assert counts.count(123_456) == 1


def test_an_edited_article_is_updated_under_its_id(serve):
    portal = scaled_portal(6, sections=1)
    bantin = serve(portal)
    bantin.crawl()
    article = next(iter(portal))
    portal.edit(article.id, title="Tiêu đề đã được sửa lại")
    report = bantin.crawl("--full")
    assert report["articles"] == {"new": 0, "changed": 1, "unchanged": 5, "gone": 0, "refused": 0}
    newest = bantin.records("--since", "6")
    assert [(record["op"], record["id"], record["title"]) for record in newest] == [
        ("updated", article.id, "Tiêu đề đã được sửa lại")
    ]
    assert len(newest[0]["aliases"]) == 1


def test_captures_replayed_into_a_new_store_give_the_same_records(serve, demo):
    bantin = serve(demo)
    bantin.crawl()
    first = bantin.records()
    captures = next((bantin.folder / "var/captures").glob("*.warc.gz"))
    copy = bantin.folder / "elsewhere.warc.gz"
    copy.write_bytes(captures.read_bytes())
    bantin.server.clear()
    store, folder = f"sqlite:///{bantin.folder}/second.sqlite", str(bantin.folder / "second")
    ended = bantin.run("--store", store, "--captures", folder, "crawl", "--from", str(copy))
    assert ended.code == 0, ended.err
    assert bantin.server.paths == []
    second = bantin.records("--store", store)
    timed = ("capture", "at", "first_seen", "last_seen", "revision", "views")
    strip = [
        [{key: value for key, value in r.items() if key not in timed} for r in rs] for rs in (first, second)
    ]
    assert strip[0] == strip[1]


@pytest.mark.parametrize("turn", range(4))
def test_every_markup_and_paging_style_is_walked_to_its_end(serve, turn):
    """Five sections, each with another paging style; over the turns every style meets every markup."""
    markups = ("table", "webforms", "modern", "soup")
    markup = tuple(markups[(turn + n) % 4] for n in range(5))
    paging = ("query", "path", "amp", "brackets", "next")
    portal = scaled_portal(100, sections=5, page_size=6, markup=markup, paging=paging)
    bantin = serve(portal)
    report = bantin.crawl()
    assert report["articles"]["new"] == 100
    assert [listing["pages"] for listing in report["listings"].values()] == [4] * 5
    assert all(listing["complete"] for listing in report["listings"].values())
    assert {len(record["sections"]) for record in bantin.records()} == {1}


def _kill_points() -> list[int]:
    """Request numbers at which a crawl of 40 articles in 2 sections of 6 pages is killed."""
    return list(range(1, 50)) if FULL_SIZE else [1, 3, 6, 14, 30]


@pytest.mark.parametrize("number", _kill_points())
def test_killed_at_any_request_the_next_crawl_completes_the_set(serve, number):
    portal = scaled_portal(40, sections=2, page_size=6)
    faults = Faults()
    bantin = serve(portal, faults)
    process = bantin.start("crawl", "-q")
    faults.on_request = lambda n, _path: process.kill() if n == number else None
    process.communicate(timeout=60)
    faults.on_request = None
    bantin.server.clear()
    report = bantin.crawl()
    assert report["outcome"] == "complete"
    records = bantin.records()
    assert Counter(record["id"] for record in records) == Counter(article.id for article in portal)
    assert [record["seq"] for record in records] == list(range(1, 41))
    assert bantin.problems() == []
