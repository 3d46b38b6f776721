"""The run report's counts, outcomes and exit codes."""

from datetime import UTC, datetime

import pytest

from crawler.items import Article, ViewCount
from crawler.report import EXIT_CODES, RunReport, worst

NOW = datetime(2020, 3, 25, 3, 0, tzinfo=UTC)


def _report() -> RunReport:
    return RunReport("dukcqtw", "live", NOW)


def test_fields_and_their_rules_are_counted():
    report = _report()
    article = Article(
        "dukcqtw",
        "duk1",
        "http://x/",
        NOW,
        title="Tin",
        views=ViewCount(0, exact=True),
        rules={"title": "h1"},
    )
    report.count_article(article, "created")
    report.count_article(article, None)
    told = report.to_dict()
    assert told["articles"] == {"new": 1, "changed": 0, "unchanged": 1, "gone": 0, "refused": 0}
    assert told["fields"]["title"] == {"filled": 2, "rules": {"h1": 2}}
    assert told["fields"]["published"] == {"filled": 0, "rules": {}}
    assert told["views_observed"] == 2


def test_nothing_new_is_complete():
    assert _report().outcome == "complete"


def test_a_refused_article_makes_a_run_partial():
    report = _report()
    report.refuse("soft-404")
    assert report.outcome == "partial"


def test_a_listing_left_half_way_makes_a_run_partial():
    report = _report()
    report.listing("tin").pages = 1
    assert report.outcome == "partial"


def test_the_gravest_outcome_is_told():
    report = _report()
    report.refuse("x")
    report.budget_reached = True
    assert report.outcome == "budget"
    report.blocked = "down"
    assert report.outcome == "blocked"
    report.interrupted = True
    assert report.outcome == "interrupted"


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        ([], 0),
        ([0, 7], 7),
        ([7, 9], 9),
        ([9, 8], 8),
        ([8, 6], 6),
        ([6, 4], 4),
        ([3, 1], 1),
        ([1, 143], 143),
        ([5, 0], 5),
    ],
)
def test_of_several_exit_codes_the_worst_counts(codes, expected):
    assert worst(codes) == expected


def test_every_outcome_has_an_exit_code():
    assert set(EXIT_CODES) == {"complete", "partial", "held", "blocked", "budget", "interrupted"}
