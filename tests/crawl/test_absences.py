"""Articles that the portal does not show any more: gone only when it is proved, and back when they are back."""

from datetime import timedelta

import pytest

from fixtures.portal import Faults, scaled_portal
from fixtures.portal import faults as fault


@pytest.fixture
def bantin(serve):
    bantin = serve(scaled_portal(30, sections=2, page_size=20), Faults())
    bantin.crawl()
    return bantin


def _misbehave(bantin, kind, count=1):
    """The first articles answer otherwise; returns their ids."""
    ids = [article.id for article in bantin.server.portal][:count]
    bantin.server.faults.paths |= {f"*-{article_id}.aspx": kind for article_id in ids}
    return ids


def _next_day(bantin, expect=0):
    bantin.now += timedelta(days=1)
    return bantin.crawl("--full", expect=expect)


def _operations(bantin, article_id):
    return [record["op"] for record in bantin.records() if record["id"] == article_id]


def test_a_404_on_two_days_is_a_deletion_and_a_good_page_a_return(bantin):
    (article_id,) = _misbehave(bantin, fault.status(404))
    assert _next_day(bantin, expect=7)["refused"] == {"http-404": 1}
    assert bantin.crawl("--full", expect=7)["articles"]["gone"] == 0  # a second time on the same day
    assert _operations(bantin, article_id) == ["created"]
    assert _next_day(bantin)["articles"]["gone"] == 1
    assert _next_day(bantin)["articles"]["gone"] == 0
    bantin.server.faults.paths.clear()
    assert _next_day(bantin)["articles"]["changed"] == 1
    assert _operations(bantin, article_id) == ["created", "deleted", "restored"]
    assert bantin.problems() == []


def test_a_410_is_a_deletion_at_once(bantin):
    (article_id,) = _misbehave(bantin, fault.status(410))
    assert _next_day(bantin)["articles"]["gone"] == 1
    assert _operations(bantin, article_id) == ["created", "deleted"]


def test_a_good_page_in_between_clears_the_memory_of_an_absence(bantin):
    (article_id,) = _misbehave(bantin, fault.status(404))
    _next_day(bantin, expect=7)
    bantin.server.faults.paths.clear()
    _next_day(bantin)
    _misbehave(bantin, fault.status(404))
    assert _next_day(bantin, expect=7)["articles"]["gone"] == 0
    assert _operations(bantin, article_id) == ["created"]


@pytest.mark.parametrize("kind", [fault.soft_404(), fault.redirect("/"), fault.redirect("/muc-2.aspx")])
def test_a_soft_404_counts_where_the_portal_answers_so_for_what_cannot_exist(bantin, kind):
    (article_id,) = _misbehave(bantin, kind)
    bantin.server.faults.paths["*1987654321*"] = kind
    assert _next_day(bantin, expect=7)["articles"]["gone"] == 0
    assert _next_day(bantin)["articles"]["gone"] == 1
    assert _operations(bantin, article_id) == ["created", "deleted"]


@pytest.mark.parametrize(
    "kind", [fault.redirect("/"), fault.body("<h1>Bài viết đã bị gỡ</h1>".encode()), fault.maintenance()]
)
def test_an_answer_that_proves_nothing_deletes_nothing(bantin, kind):
    (article_id,) = _misbehave(bantin, kind)
    for _ in range(2):
        assert _next_day(bantin, expect=7)["articles"]["gone"] == 0
    assert _operations(bantin, article_id) == ["created"]


def test_several_articles_with_one_and_the_same_text_prove_each_other(bantin):
    ids = _misbehave(bantin, fault.body("<h1>Bài viết đã bị gỡ</h1>".encode()), count=3)
    _next_day(bantin, expect=7)
    assert _next_day(bantin)["articles"]["gone"] == 3
    assert {op for article_id in ids for op in _operations(bantin, article_id)} == {"created", "deleted"}


@pytest.mark.parametrize("kind", [fault.status(404), fault.status(410), fault.soft_404(), fault.redirect("/")])
def test_a_portal_that_lost_too_many_articles_at_once_is_doubted(bantin, kind):
    _misbehave(bantin, kind, count=8)
    for _ in range(2):
        report = _next_day(bantin, expect=7)
        assert report["refused"] == {"absences-doubted": 8}
        assert report["articles"]["gone"] == 0
    assert {record["op"] for record in bantin.records()} == {"created"}


def test_a_run_that_is_blocked_notes_nothing(bantin):
    (article_id,) = _misbehave(bantin, fault.status(410))
    bantin.server.faults.paths["*duk*"] = fault.status(503)
    _next_day(bantin, expect=6)
    assert _operations(bantin, article_id) == ["created"]


def test_what_is_gone_is_looked_for_again_by_plan(bantin):
    (article_id,) = _misbehave(bantin, fault.status(410))
    _next_day(bantin)
    bantin.server.faults.paths.clear()
    bantin.now += timedelta(days=30)
    bantin.crawl()
    assert _operations(bantin, article_id) == ["created", "deleted", "restored"]
