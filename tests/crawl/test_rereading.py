"""Articles that were read before are read again by plan, conditionally where the server allows it."""

from datetime import date, timedelta

import pytest

from fixtures.portal import scaled_portal

YOUNG = date(2020, 3, 24)


def _articles(bantin):
    return [path for path in bantin.server.paths if "-duk" in path]


def _later(bantin, **time):
    bantin.now += timedelta(**time)
    bantin.server.clear()


@pytest.fixture
def portal():
    """Old articles that are not due for months, and young ones."""
    portal = scaled_portal(20, sections=2)
    for article in list(portal):
        portal.edit(article.id, published=date(2012, 1, 1) + timedelta(days=article.number % 1000))
    return portal


def test_a_young_article_is_read_again_by_plan_and_its_views_observed(serve, portal):
    young = portal.add_article("Tin mới", YOUNG, "muc-1")
    bantin = serve(portal)
    bantin.crawl()
    portal.set_views(young.id, 77_777)
    _later(bantin, days=2)
    report = bantin.crawl()
    assert _articles(bantin) == [young.path]
    assert report["articles"]["unchanged"] == report["views_observed"] == 1
    assert [view["count"] for view in bantin.records("--views") if view["id"] == young.id][-1] == 77_777


def test_an_edit_of_a_young_article_is_found(serve, portal):
    young = portal.add_article("Tin mới", YOUNG, "muc-1")
    bantin = serve(portal)
    bantin.crawl()
    portal.edit(young.id, lead="Đoạn mở đầu đã được ban biên tập sửa lại.")
    _later(bantin, days=2)
    assert bantin.crawl()["articles"]["changed"] == 1


def test_the_budget_bounds_re_reading_and_the_rest_comes_later(serve, portal):
    young = {portal.add_article(f"Tin {n}", YOUNG, "muc-1").id for n in range(6)}
    bantin = serve(portal)
    bantin.crawl()
    _later(bantin, days=2)
    assert bantin.crawl(BANTIN_REREADS_PER_RUN="0")["articles"]["unchanged"] == 0
    assert bantin.crawl(BANTIN_REREADS_PER_RUN="4")["articles"]["unchanged"] == 4
    assert bantin.crawl(BANTIN_REREADS_PER_RUN="4")["articles"]["unchanged"] == 2
    assert len(_articles(bantin)) == len(young)


def test_re_reading_takes_what_a_budget_of_requests_leaves_over_and_no_more(serve, portal):
    for n in range(6):
        portal.add_article(f"Tin {n}", YOUNG, "muc-1")
    bantin = serve(portal)
    bantin.crawl()
    _later(bantin, days=2)
    report = bantin.crawl("--max-requests", "7")
    assert report["outcome"] == "complete"
    assert report["requests"] == 7


def test_an_unchanged_article_costs_an_answer_304_where_the_server_has_validators(serve, portal):
    young = portal.add_article("Tin mới", YOUNG, "muc-1")
    bantin = serve(portal, validators=True)
    bantin.crawl()
    before = bantin.records(), bantin.records("--views")
    _later(bantin, days=2)
    report = bantin.crawl()
    assert [(r.path, r.status) for r in bantin.server.requests if "-duk" in r.path] == [(young.path, 304)]
    assert report["articles"]["unchanged"] == 1
    assert (bantin.records(), bantin.records("--views")) == before
    portal.edit(young.id, title="Tin mới, đã sửa")
    _later(bantin, days=5)
    assert bantin.crawl()["articles"]["changed"] == 1


def test_one_section_alone_reads_again_only_its_own(serve, portal):
    wanted = portal.add_article("Tin của mục 1", YOUNG, "muc-1")
    portal.add_article("Tin của mục 2", YOUNG, "muc-2")
    bantin = serve(portal)
    bantin.crawl()
    _later(bantin, days=2)
    bantin.crawl("--section", "muc-1")
    assert _articles(bantin) == [wanted.path]
