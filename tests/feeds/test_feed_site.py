"""A whole build: which files, the same bytes from the same store, and nothing written without need."""

import json
import os
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from crawler.items import Section, SeriesPeriod, ViewObservation
from feeds.publish import PublishError
from tests.feeds.conftest import Build
from tests.feeds.memory import NEWS, NOW, SITE, Memory, article, months_of_articles

STATUS = {"status.json", "status.html"}
FORMATS = ("rss.xml", "atom.xml", "feed.json", "index.html")
READER = Memory([*months_of_articles(60), article(99, None, series=SeriesPeriod("phien-thang", None))])


def contents(out: Path) -> dict[str, bytes]:
    files = (path for path in out.rglob("*") if path.is_file())
    return {str(path.relative_to(out)): path.read_bytes() for path in files}


def test_the_files_of_a_site(build: Build, out: Path) -> None:
    result = build(READER)
    feeds = ["all", "tin-tuc", "thong-bao", "phien-thang", "tong-ket"]
    formats = ["rss.xml", "atom.xml", "feed.json", "index.html"]
    beside = {"index.html", "calendar.ics", "feeds.opml", "style.css", "icon.svg", "icon.png"} | STATUS
    published = set(contents(out))
    plots = {f"most-read/luot-xem/2021-{month}.html" for month in ("08", "09", "10")}
    feeds += ["most-read", "corrections"]
    current = {f"{feed}/{name}" for feed in feeds for name in formats}
    months = {"2021-08", "2021-09", "2021-10"}
    archives = {
        f"{feed}/archive/{m}.{e}" for feed in ("all", "tin-tuc") for m in months for e in ("xml", "json")
    }
    archives |= {f"phien-thang/archive/2021-10.{e}" for e in ("xml", "json")}
    pages = {name for name in published if name.startswith("bai/")}
    assert published == beside | current | archives | plots | pages
    assert len(pages) == 61
    assert {"bai/2021-10/abc60.html", "bai/khong-ro/abc99.html"} <= pages
    assert set(result.written) == set(contents(out))
    assert [info.id for info in result.feeds] == feeds


def test_a_second_build_touches_nothing_but_the_status(build: Build, out: Path) -> None:
    build(READER)
    before = {name: (out / name).stat() for name in contents(out)}
    result = build(READER, now=NOW + timedelta(days=3))
    assert set(result.written) == STATUS
    for name in result.unchanged:
        assert (out / name).stat().st_ino == before[name].st_ino
        assert (out / name).stat().st_mtime_ns == before[name].st_mtime_ns


def test_the_same_store_at_the_same_moment_touches_nothing(build: Build) -> None:
    build(READER)
    assert build(READER).written == ()


@pytest.fixture
def new_york(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def test_bytes_do_not_depend_on_the_machines_zone(
    build: Build, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    build(READER, out=tmp_path / "a")
    request.getfixturevalue("new_york")
    build(READER, out=tmp_path / "b")
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


def test_bytes_do_not_depend_on_the_order_of_builds(build: Build, tmp_path: Path) -> None:
    build(READER, out=tmp_path / "a")
    build(Memory([state for state in READER.states if state.seq < 31]), out=tmp_path / "b")
    build(READER, out=tmp_path / "b")
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


def test_a_view_count_changes_no_byte_but_the_status(build: Build) -> None:
    build(READER)
    later = datetime(2022, 5, 5, tzinfo=UTC)
    states = [replace(s, views=ViewObservation(433, later), last_seen=later) for s in READER.states]
    result = build(Memory(states, numbers={"views": 61}))
    assert {name for name in result.written if not name.startswith("most-read/")} <= STATUS


def test_one_new_article_touches_only_feeds_that_hold_it(build: Build) -> None:
    build(READER)
    states = [article(100, date(2021, 10, 26), sections=(Section("thong-bao", "Thông báo"),)), *READER.states]
    result = build(Memory(states))
    touched = {name for name in result.written if "/" in name}
    current = {f"{feed}/{name}" for feed in ("all", "thong-bao") for name in FORMATS}
    archives = {f"{feed}/archive/2021-10.{e}" for feed in ("all", "thong-bao") for e in ("xml", "json")}
    assert touched == current | archives | {"bai/2021-10/abc100.html"}


def test_another_public_address_and_demo(build: Build, out: Path) -> None:
    build(READER, public="http://localhost:8000", demo=True)
    feed = json.loads((out / "all/feed.json").read_bytes())
    assert feed["feed_url"] == "http://localhost:8000/all/feed.json"
    assert feed["title"] == "Cổng thử nghiệm (bản trình diễn)"
    for name, content in contents(out).items():
        if name.endswith((".html", ".xml", "feed.json", ".opml")):
            assert "bản trình diễn" in content.decode(), name


def test_a_second_site_lies_under_its_path(build: Build, out: Path) -> None:
    build(READER)
    first = contents(out)
    build(READER, site=replace(SITE, path="khac"), root=False)
    both = contents(out)
    assert {name for name in both if not name.startswith("khac/")} == set(first)
    assert {name.removeprefix("khac/") for name in both if name.startswith("khac/")} == set(first)
    feed = json.loads(both["khac/all/feed.json"])
    assert feed["feed_url"] == "https://tin.example.org/khac/all/feed.json"
    assert feed["icon"] == "https://tin.example.org/khac/icon.png"


def test_one_bad_article_does_not_cost_the_feed(build: Build, out: Path) -> None:
    nowhere = replace(article(5), published=None, first_seen=None)
    naive = article(6, updated=datetime(2021, 1, 1))  # noqa: DTZ001  # what no store should hold
    result = build(Listed([article(4), nowhere, naive]))
    assert set(result.refused) == {"abc5", "abc6"}
    feed = json.loads((out / "all/feed.json").read_bytes())
    assert [item["_bantin"]["article"] for item in feed["items"]] == ["abc4"]


class Listed(Memory):
    """A reader whose articles cannot be put in order."""

    def articles(self, site: str, **_: object) -> Iterator[object]:  # type: ignore[override]
        return iter(self.states)

    def months(self, site: str, **_: object) -> dict[str, int]:  # type: ignore[override]
        return {}


def test_each_entry_is_made_once(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    made = []

    def count(state: object, *values: object) -> object:
        made.append(state)
        return original(state, *values)  # type: ignore[arg-type]

    from feeds import context as module

    original = module.make_entry
    monkeypatch.setattr(module, "make_entry", count)
    build(Memory([replace(s, series=SeriesPeriod("phien-thang", None)) for s in months_of_articles(20)]))
    assert len(made) == 20


def test_an_output_folder_that_is_a_file(build: Build, tmp_path: Path) -> None:
    (tmp_path / "public").touch()
    with pytest.raises(PublishError, match="cannot write"):
        build(READER)


def test_a_full_disk_keeps_every_old_file_whole(
    build: Build, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(READER)
    before = contents(out)
    calls = 0
    real = os.fsync

    def full(handle: int) -> None:
        nonlocal calls
        calls += 1
        if calls > 3:
            raise OSError(28, "No space left on device")
        real(handle)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(PublishError, match="No space left"):
        build(Memory([article(1, sections=(NEWS,))]))
    after = contents(out)
    assert set(after) == set(before)
    changed = {name for name in after if after[name] != before[name]}
    monkeypatch.undo()
    build(Memory([article(1, sections=(NEWS,))]))
    assert all(contents(out)[name] == after[name] for name in changed)
