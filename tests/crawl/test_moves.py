"""A portal that moves (host, www, slug) keeps its sections, its articles and their entries in feeds."""

import re
from pathlib import Path

import pytest

from fixtures.portal import scaled_portal

OLD = "dukcqtw.dcs.vn"
NEW = "dangbo.example.vn"
SITE = Path(__file__).parents[2] / "crawler/sites/dukcqtw.toml"


@pytest.fixture
def bantin(serve):
    bantin = serve(scaled_portal(24, sections=2, page_size=6))
    bantin.run("run", "-q")
    bantin.server.clear()
    return bantin


def _site_file(bantin, *hosts):
    """The site as its keeper describes it after the move: the new host first."""
    text = SITE.read_text(encoding="utf-8")
    text = text.replace('home = "http://dukcqtw.dcs.vn/"', f'home = "http://{hosts[0]}/"', 1)
    text = text.replace('hosts = ["dukcqtw.dcs.vn", "www.dukcqtw.dcs.vn"]', f"hosts = {list(hosts)}", 1)
    (bantin.folder / "moved.toml").write_text(text, encoding="utf-8")
    return ("--site", "moved.toml")


def _hosts(bantin):
    return {request.host for request in bantin.server.requests}


def _newest(bantin):
    return {record["id"]: record for record in bantin.records()}


def _feed_ids(bantin):
    return set(re.findall(r"<id>(tag:[^<]*duk[0-9]+)</id>", bantin.output()["all/atom.xml"].decode()))


def test_a_portal_on_a_new_host_goes_on_where_it_was(bantin):
    before, entries = _newest(bantin), _feed_ids(bantin)
    moved = _site_file(bantin, NEW, OLD)
    bantin.server.portal.host = NEW
    report = bantin.run("--json", *moved, "crawl").json
    assert report["outcome"] == "complete"
    assert set(report["listings"]) == {"muc-1", "muc-2"}
    assert report["articles"]["new"] == 0
    assert not any("duk" in path for path in bantin.server.paths)
    added = bantin.server.portal.add_article(
        "Tin trên máy chủ mới", max(a.published for a in bantin.server.portal)
    )
    report = bantin.run("--json", *moved, "run", "--full").json
    assert report["articles"] == {"new": 1, "changed": 24, "unchanged": 0, "gone": 0, "refused": 0}
    assert _hosts(bantin) == {NEW}
    assert bantin.server.foreign == []
    after = _newest(bantin)
    assert after.keys() == before.keys() | {added.id}
    for article_id, record in before.items():
        assert after[article_id]["url"] == record["url"].replace(OLD, NEW)
        assert after[article_id]["aliases"] == [record["url"]]
        assert after[article_id]["sections"] == record["sections"]
    assert entries < _feed_ids(bantin)
    assert bantin.problems() == []


def test_redirects_are_followed_among_the_hosts_of_the_site_only(bantin):
    before = _newest(bantin)
    bantin.server.moved[OLD] = f"www.{OLD}"
    report = bantin.crawl("--full")
    assert report["articles"]["unchanged"] == 24, report
    assert _newest(bantin) == before
    bantin.server.moved[OLD] = NEW
    bantin.server.hosts.add(NEW)
    bantin.server.clear()
    bantin.crawl("--full", expect=6)
    assert NEW not in _hosts(bantin)
    bantin.server.clear()
    report = bantin.run("--json", *_site_file(bantin, OLD, NEW), "crawl", "--full").json
    assert report["articles"]["unchanged"] == 24
    assert NEW in _hosts(bantin)


def test_an_article_under_a_new_slug_is_the_same_article(bantin):
    article = next(iter(bantin.server.portal))
    entries = _feed_ids(bantin)
    bantin.server.portal.edit(article.id, title="Tiêu đề khác hẳn, địa chỉ khác hẳn")
    bantin.run("run", "--full")
    record = _newest(bantin)[article.id]
    assert record["aliases"] == [f"http://{OLD}{article.path}"]
    assert record["url"] != record["aliases"][0]
    assert _feed_ids(bantin) == entries
