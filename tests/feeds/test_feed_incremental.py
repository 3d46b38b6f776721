"""A build makes only what changes can touch, and what it leaves is what a build from nothing would make."""

import json
import random
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from crawler.items import Image, Published, SeriesPeriod, ViewCount
from crawler.store import open_store
from tests.feeds.oracles import ATOM, atom_errors, xml
from tests.feeds.portal import START, STATUS, Portal, page

GRAVE = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[Portal]:
    store = open_store(f"sqlite:///{tmp_path / 'store.sqlite'}")
    yield Portal(store, tmp_path / "public")
    store.close()


def contents(out: Path) -> dict[str, bytes]:
    files = (path for path in out.rglob("*") if path.is_file())
    return {str(path.relative_to(out)): path.read_bytes() for path in files if path.name not in STATUS}


def whole(portal: Portal, **options: object) -> dict[str, bytes]:
    fresh = portal.out.parent / "fresh"
    shutil.rmtree(fresh, ignore_errors=True)
    portal.build(out=fresh, **options)
    return contents(fresh)


def dated(number: int, day: date) -> Published:
    return Published(day, "day", f"{day:%d/%m/%Y}")


def one_day(portal: Portal, luck: random.Random, day: int, known: dict[int, dict[str, object]]) -> None:
    """One crawl: new articles, some of them old; edits, dates that come late, removals, returns, view counts."""
    kinds = ("new", "old", "undated", "edit", "date", "series", "gone", "views", "section")
    for kind in luck.choices(kinds, k=3):
        number = luck.choice(sorted(known)) if known and kind not in {"new", "old", "undated"} else 0
        if not number:
            number = len(known) + 1
            when = START.date() + timedelta(days=day - (luck.randrange(400) if kind == "old" else 0))
            series = SeriesPeriod("phien-thang", f"{when:%Y-%m}") if luck.random() < 0.3 else None
            published = None if kind == "undated" else dated(number, when)
            known[number] = {"published": published, "series": series, "views": ViewCount(day, exact=True)}
        elif kind == "edit":
            known[number]["lead"] = f"Đã sửa ngày {day}."
        elif kind == "date":
            known[number]["published"] = dated(number, START.date() - timedelta(days=luck.randrange(300)))
        elif kind == "series":
            moved = None if known[number]["series"] else SeriesPeriod("phien-thang", "2021-10")
            known[number]["series"] = moved
        elif kind == "views":
            known[number]["views"] = ViewCount(day * 10, exact=True)
        if kind == "gone":
            portal.crawl(day=day, gone=f"abc{number}")
        else:
            section = luck.choice(("Tin tức", "Thông báo", None))
            portal.crawl(page(number, day=day + 0.01, **known[number]), day=day + 0.01, section=section)


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.full)])
def test_builds_one_after_another_equal_one_build(portal: Portal, seed: int) -> None:
    luck, known = random.Random(seed), dict[int, dict[str, object]]()
    for day in range(1, 40, 4):
        one_day(portal, luck, day, known)
        portal.build(feed_size=3)
        assert contents(portal.out) == whole(portal, feed_size=3), day
    assert len(known) > 7


@pytest.fixture
def years(portal: Portal) -> Portal:
    """Sixty articles over twenty months, built."""
    first = date(2020, 1, 5)
    portal.crawl(*(page(n, published=dated(n, first + timedelta(days=10 * n))) for n in range(1, 61)))
    portal.build(feed_size=5)
    return portal


def archives(written: tuple[str, ...]) -> set[str]:
    return {name for name in written if "/archive/" in name}


def both(stem: str) -> set[str]:
    return {f"{feed}/archive/{stem}.{ending}" for feed in ("all", "tin-tuc") for ending in ("xml", "json")}


def test_a_new_article_rewrites_current_files_and_its_own_month(years: Portal) -> None:
    years.crawl(page(61, day=1, published=dated(61, date(2021, 8, 28))), day=1)
    result = years.build(feed_size=5)
    assert archives(result.written) == both("2021-08")
    assert {name for name in result.written if name.startswith("bai/")} == {"bai/2021-08/abc61.html"}
    assert not any(name.startswith(("phien-thang/", "tong-ket/")) for name in result.written)


def test_the_first_article_of_a_month_links_the_month_before_to_it(years: Portal) -> None:
    years.crawl(page(61, day=1, published=dated(61, date(2021, 10, 2))), day=1)
    assert archives(years.build(feed_size=5).written) == both("2021-10") | both("2021-08") - {
        name for name in both("2021-08") if name.endswith(".json")
    }


def test_an_edit_of_an_old_article_reaches_the_current_file_and_its_month(years: Portal) -> None:
    old = dated(3, date(2020, 1, 5) + timedelta(days=30))
    years.crawl(page(3, day=2, published=old, lead="Đã sửa."), day=2)
    result = years.build(feed_size=5)
    assert archives(result.written) == both("2020-02")
    assert {name for name in result.written if name.startswith("bai/")} == {"bai/2020-02/abc3.html"}
    assert "abc3" in years.items()


def test_an_article_added_late_stands_in_the_current_file(years: Portal) -> None:
    years.crawl(page(70, day=2, published=dated(70, date(2020, 3, 3))), day=2)
    assert archives(years.build(feed_size=5).written) == both("2020-03")
    assert list(years.items()) == ["abc60", "abc59", "abc58", "abc57", "abc56", "abc70"]


def test_the_first_crawl_adds_nothing_late(years: Portal) -> None:
    assert len(years.items()) == 5


def test_an_article_that_leaves_a_series_leaves_its_feed(portal: Portal) -> None:
    portal.crawl(page(1, series=SeriesPeriod("phien-thang", "2021-10")), page(2))
    portal.build()
    portal.crawl(page(1, day=1, title="Không còn là phiên"), day=1)
    portal.build()
    assert portal.items("phien-thang") == {}
    assert contents(portal.out) == whole(portal)


def test_nothing_new_makes_nothing(years: Portal) -> None:
    result = years.build(feed_size=5)
    assert set(result.written) <= STATUS
    assert len(result.unchanged) < 10


@pytest.mark.parametrize("harm", ["gone", "edited", "linked", "added"])
def test_a_folder_that_others_touched_is_made_anew(years: Portal, harm: str) -> None:
    before = contents(years.out)
    file = years.out / "bai/2020-02/abc3.html"
    if harm == "edited":
        file.write_bytes(file.read_bytes().replace(b"abc3", b"abc4"))
    elif harm == "added":
        (years.out / "all/archive/2030-01.xml").write_text("x")
    else:
        file.unlink()
    if harm == "linked":
        file.symlink_to(years.out / "index.html")
    years.build(feed_size=5)
    assert contents(years.out) == before
    assert not file.is_symlink()


def test_packed_copies_are_the_operators(years: Portal) -> None:
    copies = [
        years.out / name
        for name in ("all/rss.xml.gz", "all/archive/2020-02.xml.br", "bai/2020-02/abc3.html.gz")
    ]
    for copy in copies:
        copy.write_bytes(b"packed")
    assert len(years.build(feed_size=5).unchanged) < 10
    years.build(feed_size=5, whole=True)
    assert all(copy.exists() for copy in copies)


def test_another_store_makes_everything_anew(years: Portal, tmp_path: Path) -> None:
    with open_store(f"sqlite:///{tmp_path / 'other.sqlite'}") as store:
        other = Portal(store, years.out)
        other.crawl(*(page(n, title="Bài khác") for n in range(1, 61)))
        other.build(feed_size=5)
        assert contents(years.out) == whole(other, feed_size=5)


def test_a_killed_build_is_completed(years: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    years.crawl(page(3, day=2, lead="Đã sửa.", published=dated(3, date(2020, 2, 4))), day=2)

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("feeds.site.make_months", killed)
        with pytest.raises(KeyboardInterrupt):
            years.build(feed_size=5)
    years.build(feed_size=5)
    assert contents(years.out) == whole(years, feed_size=5)


def walk(out: Path, feed: str) -> list[list[str]]:
    """Ids by document, from the current file backwards, as RFC 5005 leads."""
    found, name = [], f"{feed}/atom.xml"
    while name:
        assert atom_errors(out / name) == []
        document = xml(out / name)
        found.append([entry.findtext(ATOM + "id") for entry in document.iter(ATOM + "entry")])
        links = {link.get("rel"): link.get("href") for link in document.findall(ATOM + "link")}
        assert links["self"] == f"https://tin.example.org/{name}"
        if len(found) > 1:
            assert links["current"] == f"https://tin.example.org/{feed}/atom.xml"
        name = links.get("prev-archive", "").removeprefix("https://tin.example.org/")
    return found


def test_walking_back_gives_every_article_once(years: Portal) -> None:
    years.crawl(day=3, gone="abc7")
    years.build(feed_size=5)
    current, *documents = walk(years.out, "all")
    ids = [entry for document in documents for entry in document]
    assert len(ids) == len(set(ids)) == 59
    assert set(current) <= set(ids)
    assert f"{ids}" == f"{sorted(ids, key=lambda name: int(name.rpartition('abc')[2]), reverse=True)}"
    (grave,) = xml(years.out / "all/archive/2020-03.xml").iter(GRAVE)
    assert grave.get("ref").endswith(":abc7")


def test_walking_forward_meets_the_same_documents(years: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("feeds.archives.LONGEST", 1200)  # an entry or two
    years.build(feed_size=5, whole=True)
    back = walk(years.out, "all")[1:]
    assert len(back) > 25
    name, forth = min((years.out / "all/archive").glob("2020-01*.xml"), key=lambda path: -len(path.name)), []
    while name:
        document = xml(name)
        forth.append([entry.findtext(ATOM + "id") for entry in document.iter(ATOM + "entry")])
        links = {link.get("rel"): link.get("href") for link in document.findall(ATOM + "link")}
        name = "next-archive" in links and years.out / links["next-archive"].removeprefix(
            "https://tin.example.org/"
        )
    assert forth == back[::-1]


def test_a_month_that_grows_too_long_and_shrinks_again(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feeds.archives.LONGEST", 1300)
    portal.crawl(*(page(n, published=dated(n, date(2020, n + 3, 1))) for n in (1, 3)))
    for number in range(70, 74):
        portal.crawl(page(number, day=number, published=dated(number, date(2020, 5, 9))), day=number)
        portal.build()
        assert contents(portal.out) == whole(portal), number
    assert (portal.out / "all/archive/2020-05-2.xml").exists()
    for number in range(70, 74):
        portal.crawl(day=number + 10, gone=f"abc{number}")
        portal.build()
        assert contents(portal.out) == whole(portal), number
    assert not (portal.out / "all/archive/2020-05-2.xml").exists()


def test_json_feed_leads_through_the_archive(years: Portal) -> None:
    url, ids = "https://tin.example.org/all/feed.json", []
    while url:
        feed = json.loads((years.out / url.removeprefix("https://tin.example.org/")).read_bytes())
        assert feed["feed_url"] == url
        ids += [item["id"] for item in feed["items"]]
        url = feed.get("next_url")
    assert len(set(ids)) == 60


def test_a_page_leaves_a_sign_when_its_date_is_corrected(portal: Portal) -> None:
    portal.crawl(page(1, published=None, images=(Image(None, "Chú thích"),)))
    portal.build()
    assert (portal.out / "bai/khong-ro/abc1.html").exists()
    portal.crawl(page(1, day=1, published=dated(1, date(2020, 3, 4))), day=1)
    portal.build()
    assert "Bài số 1" in (portal.out / "bai/2020-03/abc1.html").read_text()
    old = (portal.out / "bai/khong-ro/abc1.html").read_text()
    assert 'href="../../bai/2020-03/abc1.html"' in old
    assert contents(portal.out) == whole(portal)
