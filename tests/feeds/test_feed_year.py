"""A subscriber who polls for months: nothing doubled, nothing lost, no time going back, no needless change."""

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crawler.items import ArticleState, ViewObservation
from tests.feeds.conftest import Build
from tests.feeds.memory import NEWS, NOTICES, Memory, article
from tests.feeds.oracles import ATOM, xml

DAYS = 60
FIRST = datetime(2021, 1, 1, 3, tzinfo=UTC)


def year(states: list[ArticleState], luck: random.Random) -> Iterator[datetime]:
    """Changes `states` day by day: new articles, edits, removals and returns, views; some days nothing happens."""
    for day in range(DAYS):
        now = FIRST + timedelta(days=day)
        for _ in range(luck.choice((0, 0, 1, 3))):
            made = article(len(states) + 1, now.date(), sections=(luck.choice((NEWS, NOTICES)),))
            seq = max((state.seq for state in states), default=0) + 1
            states.append(replace(made, first_seen=now, last_seen=now, revision=now, changed_at=now, seq=seq))
        for place in luck.sample(range(len(states)), k=min(len(states), 2)):
            after = changed(states[place], now, luck.choice(("edit", "move", "gone", "views", "")))
            told = after.changed_at != states[place].changed_at
            states[place] = replace(after, seq=max(state.seq for state in states) + 1) if told else after
        yield now


def changed(state: ArticleState, now: datetime, how: str) -> ArticleState:
    if how == "edit":
        return replace(state, lead=f"Sửa {now}", updated=now, revision=now, changed_at=now)
    if how == "move":
        return replace(state, url=state.url + "x", changed_at=now)
    if how == "gone":
        return replace(state, deleted_at=None if state.deleted_at else now, changed_at=now)
    return replace(state, views=ViewObservation(7, now), last_seen=now) if how == "views" else state


class Subscriber:
    """Keeps the newest version of every entry it was ever given, by id, as a feed reader does."""

    def __init__(self) -> None:
        self.entries: dict[str, Any] = {}
        self.updated = ""

    def poll(self, folder: Path) -> None:
        feed = xml(folder / "atom.xml")
        assert feed.findtext(ATOM + "updated") >= self.updated
        self.updated = feed.findtext(ATOM + "updated")
        for grave in feed.iter("{http://purl.org/atompub/tombstones/1.0}deleted-entry"):
            self.entries.pop(grave.get("ref"), None)
        items = json.loads((folder / "feed.json").read_bytes())["items"]
        assert len({item["id"] for item in items}) == len(items)
        for item in items:
            known = self.entries.get(item["id"], item)
            assert item["date_modified"] >= known["date_modified"]
            if item["summary"] != known["summary"]:
                assert item["date_modified"] > known["date_modified"]
            self.entries[item["id"]] = item


@pytest.mark.parametrize("seed", [2])
def test_a_subscriber_has_everything_once(build: Build, out: Path, seed: int) -> None:
    states: list[ArticleState] = []
    subscriber, news = Subscriber(), Subscriber()
    before: list[ArticleState] = []
    absent: dict[str, datetime] = {}
    for now in year(states, random.Random(seed)):
        absent |= {state.id: state.deleted_at for state in states if state.deleted_at}
        result = build(Memory(states, absent=absent), feed_size=4, now=now)
        if [(s.id, s.changed_at) for s in states] == [(s.id, s.changed_at) for s in before]:
            written = {name for name in result.written if not name.startswith("most-read/")}
            assert written <= {"status.json", "status.html"} or not before
        before = list(states)
        subscriber.poll(out / "all")
        news.poll(out / "tin-tuc")
        standing = {f"tag:cong.example.vn,2016:{s.id}": s.lead for s in states if not s.deleted_at}
        assert {key: item["summary"] for key, item in subscriber.entries.items()} == standing
    assert len(states) > 30
