"""Articles that the portal does not show any more: gone only when it is proved, and back when they are back."""

from datetime import timedelta

import pytest

from fixtures.portal import Faults, scaled_portal
from fixtures.portal import faults as fault

REMOVED = fault.body("<h1>Bài viết đã bị gỡ</h1>".encode())


@pytest.fixture
def bantin(serve):
    bantin = serve(scaled_portal(30, sections=2, page_size=20), Faults())
    bantin.crawl()
    return bantin


def _misbehave(bantin, *kinds):
    """Each of the first articles answers otherwise; returns their ids."""
    ids = [article.id for article in bantin.server.portal][: len(kinds)]
    for article_id, kind in zip(ids, kinds, strict=True):
        bantin.server.faults.paths[f"*-{article_id}.aspx"] = kind
    return ids


def _again(bantin, *, days=1, expect=0):
    bantin.now += timedelta(days=days)
    report = bantin.crawl("--full", expect=expect)
    return report["articles"]["gone"], report["refused"]


def _operations(bantin, *ids):
    records = bantin.records()
    return [" ".join(record["op"] for record in records if record["id"] == article_id) for article_id in ids]


def test_gone_and_back(bantin):
    """One article with 410, one with 404 on end, one that is only sometimes missing."""
    final, missing, shaky = _misbehave(bantin, fault.status(410), fault.status(404), fault.status(404))
    assert _again(bantin, expect=7) == (1, {"http-404": 2})
    assert _operations(bantin, final, missing, shaky) == ["created deleted", "created", "created"]
    assert _again(bantin, days=0, expect=7) == (0, {"http-404": 2})  # a second time on the same day
    del bantin.server.faults.paths[f"*-{shaky}.aspx"]
    assert _again(bantin) == (1, {})
    bantin.server.faults.paths = {f"*-{shaky}.aspx": fault.status(404)}
    assert _again(bantin, expect=7) == (0, {"http-404": 1})
    assert _operations(bantin, final, missing) == ["created deleted restored"] * 2
    assert _operations(bantin, shaky) == ["created"]
    assert bantin.problems() == []


def test_what_is_gone_is_looked_for_again_by_plan(bantin):
    final, never = _misbehave(bantin, fault.status(410), fault.status(410))
    assert _again(bantin) == (2, {})
    del bantin.server.faults.paths[f"*-{final}.aspx"]
    bantin.now += timedelta(days=30)
    bantin.crawl()
    assert _operations(bantin, final, never) == ["created deleted restored", "created deleted"]


@pytest.mark.parametrize("kind", [fault.soft_404(), fault.redirect("/")])
def test_a_soft_404_counts_where_the_portal_answers_so_for_what_cannot_exist(bantin, kind):
    (article_id,) = _misbehave(bantin, kind)
    bantin.server.faults.paths["*1987654321*"] = kind
    assert _again(bantin, expect=7)[0] == 0
    assert _again(bantin) == (1, {})
    assert _operations(bantin, article_id) == ["created deleted"]


@pytest.mark.parametrize("full", [True, False])
def test_an_article_whose_address_leads_to_another_is_gone_after_two_days(bantin, full):
    """Asked for because everything is, or because it is due: then the other may answer that it is unchanged."""
    first, second, *_ = list(bantin.server.portal)
    bantin.server.faults.paths[f"*-{first.id}.aspx"] = fault.redirect(second.path)
    if not full:
        bantin.now += timedelta(days=400)
    ask = ("--full",) if full else ()
    bantin.now += timedelta(days=1)
    report = bantin.crawl(*ask, expect=7)
    assert (report["articles"]["gone"], report["refused"]) == (0, {"redirected": 1})
    bantin.now += timedelta(days=1)
    report = bantin.crawl(*ask)
    assert (report["articles"]["gone"], report["refused"]) == (1, {})
    assert _operations(bantin, first.id, second.id) == ["created deleted", "created"]
    bantin.server.faults.paths.clear()
    bantin.now += timedelta(days=1)
    bantin.crawl("--full")
    assert _operations(bantin, first.id) == ["created deleted restored"]


def test_many_addresses_that_lead_to_one_article_are_doubted(bantin):
    *_, last = list(bantin.server.portal)
    _misbehave(bantin, *[fault.redirect(last.path)] * 7)
    assert _again(bantin, expect=7) == (0, {"absences-doubted": 7})
    assert {record["op"] for record in bantin.records()} == {"created"}


def test_an_answer_that_proves_nothing_deletes_nothing(bantin):
    ids = _misbehave(bantin, fault.redirect("/"), REMOVED, fault.maintenance(), fault.body(b""))
    assert _again(bantin, expect=7)[0] == 0
    assert _again(bantin, expect=7)[0] == 0
    assert set(_operations(bantin, *ids)) == {"created"}


def test_several_articles_with_one_and_the_same_text_prove_each_other(bantin):
    ids = _misbehave(bantin, *[REMOVED] * 3)
    assert _again(bantin, expect=7) == (0, {"soft-404": 3})
    assert _again(bantin) == (3, {})
    assert set(_operations(bantin, *ids)) == {"created deleted"}


def test_a_portal_that_lost_too_many_articles_at_once_is_doubted(bantin):
    _misbehave(bantin, *[fault.status(404)] * 3, *[fault.status(410)] * 3, *[fault.soft_404()] * 3)
    bantin.server.faults.paths["*1987654321*"] = fault.soft_404()
    assert _again(bantin, expect=7) == (0, {"absences-doubted": 9})
    assert _again(bantin, expect=7) == (0, {"absences-doubted": 9})
    assert {record["op"] for record in bantin.records()} == {"created"}


def test_a_run_that_is_blocked_notes_nothing(bantin):
    (article_id,) = _misbehave(bantin, fault.status(410))
    bantin.server.faults.paths["*duk*"] = fault.status(503)
    bantin.now += timedelta(days=1)
    bantin.crawl("--full", expect=6)
    assert _operations(bantin, article_id) == ["created"]


def test_many_missing_of_few_asked_for_are_believed_when_others_are_there(bantin):
    """Five articles that fall due together were taken away; the rest of the portal is well."""
    portal = bantin.server.portal
    ids = [portal.add_article(f"Tin {n}", bantin.now.date(), "muc-1").id for n in range(5)]
    bantin.crawl()
    for article_id in ids:
        portal.remove(article_id)
    bantin.now += timedelta(days=2)
    assert bantin.crawl(expect=7)["refused"] == {"http-404": 5}
    bantin.now += timedelta(days=2)
    assert bantin.crawl()["articles"]["gone"] == 5
    assert set(_operations(bantin, *ids)) == {"created deleted"}


def test_readers_see_an_article_go_and_come_back(bantin):
    """Its tombstone stands in the Atom feed, and nothing in the others."""
    bantin.run("build")
    before = bantin.output()
    (article_id,) = _misbehave(bantin, fault.status(410))
    bantin.now += timedelta(hours=1)
    assert bantin.run("run", "--full").code == 0
    after = bantin.output()
    atom, entry_id = after["all/atom.xml"].decode(), f"tag:dukcqtw.dcs.vn,2016:{article_id}"
    assert "deleted-entry" in atom
    assert atom.count(entry_id) == 1
    assert entry_id not in after["all/rss.xml"].decode() + after["all/feed.json"].decode()
    bantin.server.faults.paths.clear()
    bantin.now += timedelta(hours=1)
    assert bantin.run("run", "--full").code == 0
    back = bantin.output()
    assert "deleted-entry" not in back["all/atom.xml"].decode()
    assert all(entry_id in back[name].decode() for name in ("all/atom.xml", "all/rss.xml", "all/feed.json"))
    assert back.keys() == before.keys()
