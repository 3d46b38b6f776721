"""The feeds of what is read most and of what was corrected."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.items import ViewCount, ViewObservation
from crawler.store import open_store
from feeds.popular import plot
from tests.feeds.memory import article
from tests.feeds.portal import STATUS, Portal, page


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[Portal]:
    with open_store(f"sqlite:///{tmp_path / 'store.sqlite'}") as store:
        yield Portal(store, tmp_path / "public")


def seen(portal: Portal, number: int, *observed: tuple[float, int]) -> None:
    for day, count in observed:
        portal.crawl(page(number, day=day, views=ViewCount(count, exact=True)), day=day)


def test_gains_in_thirty_days_then_totals(portal: Portal) -> None:
    seen(portal, 1, (0, 100), (40, 5000))  # one observation in the window
    seen(portal, 2, (41, 10), (50, 60))
    seen(portal, 3, (41, 1000), (50, 1010), (60, 1200))
    seen(portal, 4, (60, 9000))
    seen(portal, 5, (45, 500), (55, 20))  # the portal counted anew
    seen(portal, 6, (45, 7), (55, 7))
    seen(portal, 7, (45, 1), (55, 99))
    portal.crawl(day=61, gone="abc7")
    portal.build()
    assert list(portal.items("most-read")) == ["abc3", "abc2", "abc6", "abc4", "abc1", "abc5"]
    page_ = (portal.out / "most-read/index.html").read_text()
    assert "1.200 lượt xem, thêm 200 trong 30 ngày" in page_
    assert "9.000 lượt xem\n" in page_.replace("</span>", "\n")


def test_the_feed_holds_as_many_as_others(portal: Portal) -> None:
    for number in range(1, 9):
        seen(portal, number, (1, number))
    seen(portal, 3, (2, 4))
    portal.build(feed_size=3)
    assert list(portal.items("most-read")) == ["abc3", "abc8", "abc7"]


def test_without_view_counts_the_feed_is_empty_and_whole(portal: Portal) -> None:
    portal.crawl(page(1, views=None))
    portal.build()
    assert portal.items("most-read") == {}


def test_a_view_count_alone_never_moves_an_entry(portal: Portal) -> None:
    portal.crawl(page(1), page(2))
    portal.build()
    before = portal.items("most-read")["abc1"]
    seen(portal, 1, (3, 999))
    assert {name for name in portal.build().written if not name.startswith("most-read/")} == STATUS
    assert portal.items("most-read")["abc1"] == before


def test_corrections_newest_first_with_what_changed(portal: Portal) -> None:
    portal.crawl(page(1), page(2), page(3))
    portal.crawl(page(2, day=2, lead="Lời dẫn <b>mới</b>."), day=2)
    portal.crawl(page(1, day=3, title="Tên mới"), day=3)
    portal.crawl(page(3, day=4), day=4, section="Thông báo")  # no reader sees that
    portal.build()
    items = portal.items("corrections")
    assert list(items) == ["abc1", "abc2"]
    assert items["abc1"]["id"] == portal.items()["abc1"]["id"]
    content = items["abc2"]["content_html"]
    assert "Đã sửa, nhận thấy lúc 28/10/2021 10:00: lời dẫn" in content
    assert "<ins>Lời dẫn &lt;b&gt;mới&lt;/b&gt;.</ins>" in content
    assert content.endswith(portal.items()["abc2"]["content_html"])
    portal.crawl(day=5, gone="abc1")
    portal.build()
    assert list(portal.items("corrections")) == ["abc2"]


def test_a_plot_is_a_line_through_what_was_seen() -> None:
    state, start = article(1), datetime(2021, 10, 1, tzinfo=UTC)
    counts = [(0, 0), (1, 50), (4, 100)]
    drawn = plot(state, [ViewObservation(count, start + timedelta(days=day)) for day, count in counts])
    assert drawn.line == "0.0,120.0 150.0,60.0 600.0,0.0"
    assert plot(state, [ViewObservation(0, start)] * 2).line == "0.0,120.0 0.0,120.0"
    assert plot(state, [ViewObservation(5, start)]).line is None
