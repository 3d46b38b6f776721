"""What the makers of feeds ask: changes, months, corrections, views, late additions; on both databases."""

from datetime import date, timedelta
from typing import Any

from crawler.items import Published, SeriesPeriod, ViewCount
from tests.store.samples import SITE, T0, article, at, listed, read


def dated(number: int, on: date | None, **changes: Any) -> Any:
    published = on and Published(on, "day", f"{on:%d/%m/%Y}")
    return article(number, published=published, **changes)


def ids(states: Any) -> list[str]:
    return [state.id for state in states]


def run(store: Any, day: float, *pages: Any, outcome: str = "complete", **report: Any) -> None:
    with store.writer(SITE, "test", at(day)) as writer:
        number = writer.begin_run("live", at(day), full=False)
        for page in pages:
            read(writer, page, run=number)
        writer.finish_run(number, at(day), outcome, report)
        writer.commit()


def test_months_are_those_of_hanoi(store: Any) -> None:
    night = T0.replace(month=6, day=30, hour=18)  # July has begun in Hà Nội
    run(
        store, 0, dated(1, date(2020, 12, 31)), dated(2, date(2021, 1, 1), series=None), dated(3, None),
        article(4, published=Published(night, "minute", "x")),
    )  # fmt: skip
    assert store.months(SITE) == {"2020-12": 1, "2021-01": 1, "2021-03": 1, "2021-07": 1}
    assert list(store.months(SITE)) == sorted(store.months(SITE))
    assert store.months(SITE, series="hop-to") == {"2020-12": 1, "2021-03": 1, "2021-07": 1}
    assert store.months(SITE, section="tin-tuc") == {}


def test_a_month_can_be_read_alone(store: Any) -> None:
    run(store, 0, *(dated(n, date(2021, 1, 28) + timedelta(days=n)) for n in range(1, 8)))
    january = {"newest": 0, "published_since": date(2021, 1, 1), "published_before": date(2021, 2, 1)}
    assert ids(store.articles(SITE, **january)) == ["pm3", "pm2", "pm1"]


def test_what_changed_since(store: Any) -> None:
    run(store, 0, article(1), article(2))
    run(store, 1, article(1, day=1, title="Tên mới"))
    with store.writer(SITE, "test", at(2)) as writer:
        writer.settle("pm2", "gone", at(2), reason="410")
        writer.commit()
    assert ids(store.changed(SITE, since=0)) == ["pm1", "pm2"]
    assert ids(store.changed(SITE, since=3)) == ["pm2"]
    assert not ids(store.changed(SITE, since=4))
    assert [(r["id"], r["op"]) for r in store.sketches(SITE)] == [
        ("pm1", "created"), ("pm1", "updated"), ("pm2", "created"), ("pm2", "deleted"),
    ]  # fmt: skip
    assert [record["seq"] for record in store.sketches(SITE, "pm1")] == [1, 3]


def test_corrected_articles_newest_change_first(store: Any) -> None:
    run(store, 0, *(article(n) for n in range(1, 6)))
    for day, number in enumerate((3, 1, 4, 2), 1):
        run(store, day, article(number, day=day, lead=f"Sửa {day}."))
    run(store, 6, article(5, day=6, series=SeriesPeriod("hop-to", "2021-03")))  # no reader sees that
    assert ids(store.corrected(SITE, newest=2, since=None)) == ["pm2", "pm4"]
    assert ids(store.corrected(SITE, newest=1, since=at(2))) == ["pm2", "pm4", "pm1"]
    assert ids(store.corrected(SITE, newest=9, since=None)) == ["pm2", "pm4", "pm1", "pm3"]


def test_views(store: Any) -> None:
    assert store.last_view(SITE) is None
    run(store, 0, article(1, views=ViewCount(5, exact=True)), article(2, views=ViewCount(70, exact=True)))
    run(store, 3, article(1, day=3, views=ViewCount(9, exact=True)), article(3, day=3, views=None))
    number, moment = store.last_view(SITE)
    assert (number, moment) == (3, at(3))
    assert {
        k: [o.count for o in seen] for k, seen in store.views(SITE, {"pm1", "pm2", "pm3", "x"}).items()
    } == {
        "pm1": [5, 9],
        "pm2": [70],
    }
    assert [(article_id, seen.count) for article_id, seen in store.views_since(SITE, T0)] == [
        ("pm1", 5),
        ("pm1", 9),
    ]
    assert list(store.views_since(SITE, at(1))) == []
    assert store.most_viewed(SITE, 5) == ("pm2", "pm1")
    assert store.most_viewed(SITE, 1) == ("pm2",)


def window(store: Any) -> list[str]:
    return ids(store.articles(SITE, newest=1, changed_since=at(0)))


def test_an_article_is_late_after_the_first_whole_run(store: Any) -> None:
    old = date(2015, 1, 1)
    run(store, 0, dated(1, date(2021, 2, 28)), dated(2, old), outcome="budget")
    run(store, 1, dated(3, old, day=1), outcome="partial", listings={"tin": {"complete": False}})
    assert window(store) == ["pm1"]
    run(store, 2, dated(4, old, day=2), outcome="partial", listings={"tin": {"complete": True}})
    assert window(store) == ["pm1"]
    run(store, 3, dated(5, old, day=3), dated(2, old, day=3))
    assert window(store) == ["pm1", "pm5"]
    assert ids(store.articles(SITE, newest=1, changed_since=at(4))) == ["pm1"]


def test_sections_have_their_own_months(store: Any) -> None:
    with store.writer(SITE, "test", T0) as writer:
        number = writer.begin_run("live", T0, full=False)
        section = writer.add_section("Tin tức", "http://phuongmai.example/tin-tuc.aspx", T0).section.id
        writer.sight(listed(1), T0, run=number, section_id=section)
        for page in (dated(1, date(2021, 1, 5)), dated(2, date(2021, 2, 5))):
            read(writer, page, run=number)
        writer.commit()
    assert store.months(SITE, section="tin-tuc") == {"2021-01": 1}
