"""What `bantin check` says about published files: nothing when they are sound, one sentence for each harm."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from feeds.check import check_site
from tests.feeds.conftest import Build
from tests.feeds.memory import NOW, SITE, Memory, article, months_of_articles

STORE = Memory([*months_of_articles(5), article(9, None)])


def problems(out: Path, reader: Memory = STORE, public: str = "https://tin.example.org/") -> tuple[str, ...]:
    return check_site(reader, SITE, out=out, public=public, now=NOW)


def test_a_fresh_build_is_sound(build: Build, out: Path) -> None:
    build(STORE)
    assert problems(out) == ()


def test_nothing_built_yet(out: Path) -> None:
    found = problems(out)
    assert any("all/rss.xml cannot be read" in problem for problem in found)
    assert all("bantin build" in problem for problem in found)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-20])


def twice(path: Path) -> None:
    text = path.read_text()
    start, end = text.index("<item>"), text.index("</item>") + len("</item>")
    path.write_text(text[:end] + text[start:end] + text[end:])


def backwards(path: Path) -> None:
    feed = json.loads(path.read_text())
    path.write_text(json.dumps(feed | {"items": feed["items"][::-1]}))


def without_zone(path: Path) -> None:
    path.write_text(path.read_text().replace("+07:00", ""))


def empty(path: Path) -> None:
    path.write_text("<rss/>")


HARM: list[tuple[str, Callable[[Path], object], str]] = [
    ("all/rss.xml", cut, "not valid"),
    ("all/atom.xml", cut, "not valid"),
    ("all/feed.json", cut, "not valid"),
    ("all/feed.json", lambda path: path.write_text("[]"), "not valid"),
    ("all/feed.json", without_zone, "without zone"),
    ("all/atom.xml", without_zone, "without zone"),
    ("all/rss.xml", empty, "not valid"),
    ("all/index.html", cut, "cut off"),
    ("status.html", Path.unlink, "cannot be read"),
    ("style.css", Path.unlink, "cannot be read"),
    ("feeds.opml", cut, "not valid"),
    ("calendar.ics", cut, "not valid"),
    ("status.json", cut, "not valid"),
    ("all/rss.xml", twice, "2 times"),
    ("tin-tuc/feed.json", backwards, "order"),
    ("bai/2021-10/abc5.html", Path.unlink, "missing or cut off"),
    ("bai/2021-10/abc5.html", cut, "missing or cut off"),
    ("all/archive/2021-10.xml", Path.unlink, "cannot be read"),
    ("all/archive/2021-10.xml", cut, "not valid"),
    ("tin-tuc/.bantin-0123456789abcdef", Path.touch, "half written"),
]


@pytest.mark.parametrize(("name", "harm", "words"), HARM, ids=[f"{n}-{w}" for n, _, w in HARM])
def test_each_harm_is_told_in_one_sentence(
    build: Build, out: Path, name: str, harm: Callable[[Path], object], words: str
) -> None:
    build(STORE)
    harm(out / name)
    (problem,) = problems(out)
    assert name in problem
    assert words in problem
    build(STORE)
    assert problems(out) == ()


def test_a_link_is_not_followed(build: Build, out: Path, tmp_path: Path) -> None:
    build(STORE)
    elsewhere = (out / "all/rss.xml").rename(tmp_path / "rss.xml")
    (out / "all/rss.xml").symlink_to(elsewhere)
    (problem,) = problems(out)
    assert "all/rss.xml cannot be read" in problem


def test_files_older_than_the_store(build: Build, out: Path) -> None:
    build(STORE)
    newer = replace(STORE, states=[*STORE.states, article(77)])
    lacking, (page,) = (
        [p for p in problems(out, newer) if " lacks " in p],
        [p for p in problems(out, newer) if " lacks " not in p],
    )
    assert {problem.split(" lacks ")[1][:9] for problem in lacking} == {"1 entries"}
    assert "bai/2021-10/abc77.html and 0 more pages" in page


def test_entries_older_than_the_store(build: Build, out: Path) -> None:
    build(STORE)
    edited = [replace(state, updated=NOW, changed_at=NOW) for state in STORE.states]
    found = problems(out, Memory(edited))
    assert {problem.split(" in another version")[0] for problem in found} == {
        f"{out / feed / name} holds 6 entries"
        for feed in ("all", "tin-tuc")
        for name in ("atom.xml", "feed.json")
    } | {
        f"{out / 'corrections' / name} lacks 6 entries of the store and holds 0 others; run `bantin build`"
        for name in ("rss.xml", "atom.xml", "feed.json")
    }


def test_another_public_address(build: Build, out: Path) -> None:
    build(STORE)
    found = problems(out, public="https://khac.example.org/")
    assert any("https://khac.example.org/all/rss.xml" in problem for problem in found)


def test_dates_in_the_future(build: Build, out: Path) -> None:
    reader = Memory([article(1, date(2021, 11, 1) + timedelta(days=9))])
    build(reader)
    assert any("future" in problem for problem in problems(out, reader))
