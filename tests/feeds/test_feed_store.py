"""The whole way from the real store to published files, through edits, view counts and removals."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from crawler.items import Attachment, Image, Published, SeriesPeriod, ViewCount
from crawler.store import open_store
from feeds.site import BuildResult
from tests.feeds.oracles import ATOM, xml
from tests.feeds.portal import START, STATUS, Portal, page


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[Portal]:
    store = open_store(f"sqlite:///{tmp_path / 'store.sqlite'}")
    yield Portal(store, tmp_path / "public")
    store.close()


def test_what_the_store_holds_is_published(portal: Portal) -> None:
    rich = page(
        2,
        series=SeriesPeriod("phien-thang", "2021-10"),
        images=(Image("http://cong.example.vn/a.jpg", "Ảnh một"),),
        attachments=(Attachment("http://cong.example.vn/a.pdf", "Tệp", "application/pdf", 7),),
        author="Nguyễn Văn A",
    )
    portal.crawl(page(1), rich, page(3, published=None))
    portal.build()
    assert list(portal.items()) == ["abc3", "abc2", "abc1"]
    assert list(portal.items("tin-tuc")) == ["abc3", "abc2", "abc1"]
    item = portal.items("phien-thang")["abc2"]
    assert item["_bantin"]["series"] == {"id": "phien-thang", "period": "2021-10"}
    assert item["tags"] == ["Tin tức"]
    assert item["attachments"][0]["size_in_bytes"] == 7
    assert item["image"] == "http://cong.example.vn/a.jpg"


def test_reading_again_and_view_counts_change_no_byte(portal: Portal) -> None:
    portal.crawl(page(1), page(2))
    portal.build()
    portal.crawl(page(1, day=50, views=ViewCount(99, exact=True)), page(2, day=50), day=50)
    written = set(portal.build().written)
    assert {name for name in written if not name.startswith("most-read/")} == STATUS
    assert "most-read/luot-xem/2021-10.html" in written


def test_an_edit_keeps_the_id_and_moves_updated(portal: Portal) -> None:
    portal.crawl(page(1), page(2))
    portal.build()
    before = portal.items()["abc1"]
    edited = page(1, day=3, title="Bài số 1 (sửa)", url="http://cong.example.vn/ten-moi-abc1")
    portal.crawl(edited, day=3)
    portal.build()
    after = portal.items()["abc1"]
    assert after["id"] == before["id"]
    assert after["date_published"] == before["date_published"]
    assert datetime.fromisoformat(after["date_modified"]) == START + timedelta(days=3)
    assert (after["title"], after["url"]) == ("Bài số 1 (sửa)", "http://cong.example.vn/ten-moi-abc1")


def test_a_new_section_of_an_article_is_no_update(portal: Portal) -> None:
    portal.crawl(page(1))
    portal.build()
    before = portal.items()["abc1"]["date_modified"]
    portal.crawl(page(1, day=2), day=2, section="Thông báo")
    portal.build()
    assert portal.items()["abc1"]["date_modified"] == before
    assert sorted(portal.items()["abc1"]["tags"]) == ["Thông báo", "Tin tức"]
    assert list(portal.items("thong-bao")) == ["abc1"]


def test_a_removed_article_becomes_a_tombstone_and_comes_back(portal: Portal) -> None:
    portal.crawl(page(1), page(2))
    portal.crawl(day=5, gone="abc1")
    portal.build()
    assert list(portal.items()) == ["abc2"]
    grave = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"
    for feed in ("all", "tin-tuc"):
        (found,) = xml(portal.out / feed / "atom.xml").iter(grave)
        assert found.get("ref") == "tag:cong.example.vn,2016:abc1"
    portal.crawl(page(1, day=9), day=9)
    portal.build()
    assert set(portal.items()) == {"abc1", "abc2"}
    assert not list(xml(portal.out / "all/atom.xml").iter(grave))


def test_the_window_and_the_size(portal: Portal) -> None:
    old = [
        page(n, published=Published(date(2020, 1, 1) + timedelta(days=n), "day", "…")) for n in range(1, 9)
    ]
    portal.crawl(*old, page(20), page(21))
    assert {f.id: f.entries for f in build_of(portal, 2).feeds}["all"] == 2
    portal.crawl(page(3, day=2, lead="Lời dẫn đã sửa.", published=old[2].published), day=2)
    build_of(portal, 2)
    assert list(portal.items()) == ["abc21", "abc20", "abc3"]


def build_of(portal: Portal, size: int) -> BuildResult:
    return portal.build(feed_size=size)


def test_an_updated_time_never_lies_after_the_feeds_own(portal: Portal) -> None:
    portal.crawl(*(page(n) for n in range(1, 6)))
    portal.crawl(page(2, day=4, lead="Khác."), day=4)
    portal.build()
    feed = xml(portal.out / "all/atom.xml")
    entries = [datetime.fromisoformat(e.findtext(ATOM + "updated")) for e in feed.iter(ATOM + "entry")]
    assert max(entries) <= datetime.fromisoformat(feed.findtext(ATOM + "updated"))
