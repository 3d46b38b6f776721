"""What the status says: runs, freshness, counts, and which periods of a series are missing."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.items import SeriesPeriod
from crawler.store.api import RunRow
from feeds.status import missing_periods
from tests.feeds.conftest import Build
from tests.feeds.memory import NOW, SEEN, Memory, article

PERIODS = [
    ("month", [], []),
    ("month", ["2019-08"], []),
    ("month", ["2019-11", "2020-02"], ["2019-12", "2020-01"]),
    ("month", ["2020-02", "2019-11", "2019-12", "2020-01", "2020-01"], []),
    ("quarter", ["2019-Q3", "2020-Q2"], ["2019-Q4", "2020-Q1"]),
    ("year", ["2016", "2019"], ["2017", "2018"]),
    ("month", ["2016", "2019-Q1", "x", "2019-", "2019-04", "2019-06"], ["2019-05"]),
    ("year", ["2016", "2017-01", "2018"], ["2017"]),
]


@pytest.mark.parametrize(("granularity", "present", "missing"), PERIODS)
def test_missing_periods(granularity: str, present: list[str], missing: list[str]) -> None:
    assert list(missing_periods(present, granularity)) == missing  # type: ignore[arg-type]


@pytest.fixture
def status(build: Build, out: Path) -> dict[str, object]:
    sessions = [
        article(n, series=SeriesPeriod("phien-thang", p))
        for n, p in ((1, "2021-08"), (2, "2021-10"), (3, None))
    ]
    report = {"requests": 12, "articles": {"new": 3, "changed": 0}}
    runs = (
        RunRow(2, "thu", "live", NOW, None, None, None),
        RunRow(1, "thu", "live", SEEN, datetime(2021, 10, 26, 4, tzinfo=UTC), "complete", report),
    )
    build(Memory([*sessions, article(4, None)], history=runs, numbers={"views": 5}))
    return json.loads((out / "status.json").read_bytes())


def test_status_json(status: dict[str, object]) -> None:
    assert status["generated"] == "2021-11-01T08:00:00+07:00"
    assert status["counts"] == {"articles": 4, "views": 5}
    assert [(run["outcome"], run["requests"]) for run in status["runs"]] == [(None, None), ("complete", 12)]
    assert [(s["id"], s["newest_published"]) for s in status["sections"]] == [
        ("tin-tuc", "2021-10-25T00:00:00+07:00"),
        ("thong-bao", None),
    ]
    monthly, yearly = status["series"]
    assert (monthly["present"], monthly["missing"]) == (["2021-08", "2021-10"], ["2021-09"])
    assert (monthly["articles"], monthly["without_period"]) == (3, 1)
    assert (yearly["present"], yearly["missing"], yearly["articles"]) == ([], [], 0)
    assert [(feed["id"], feed["entries"]) for feed in status["feeds"]][:2] == [("all", 4), ("tin-tuc", 4)]


def test_status_page_says_it_in_words(status: dict[str, object], out: Path) -> None:
    text = (out / "status.html").read_text()
    for words in (
        "chưa kết thúc",
        "đầy đủ",
        "tháng 9/2021",
        "26/10/2021 10:00",
        "Thông báo",
        "lần ghi lượt xem",
    ):
        assert words in text
