"""Deletions out of capture files: the tombstones that the live crawl made, in whatever order files are read."""

import shutil
from datetime import UTC, datetime, timedelta

import pytest

from crawler.captures import CaptureWriter
from crawler.store import open_store
from fixtures.portal import Faults, scaled_portal
from fixtures.portal import faults as fault
from tests.crawl.conftest import NOW

HOST = "http://dukcqtw.dcs.vn"
SITE = "dukcqtw"


@pytest.fixture
def bantin(serve):
    """Thirty articles, all read on the first day."""
    bantin = serve(scaled_portal(30, sections=1), Faults())
    bantin.crawl()
    return bantin


def _articles(bantin, count):
    return list(bantin.server.portal)[:count]


def _operations(bantin, article):
    return _simple(bantin.records(), article)


def _simple(records, article):
    return " ".join(record["op"] for record in records if record["id"] == article.id)


def _file(bantin, *answers):
    """A capture file of (article, days after the first crawl, status); 200 brings the article's page."""
    folder = bantin.folder / "files"
    with CaptureWriter(folder, site="x", run=1, software="test", previous=lambda _digest: None) as writer:
        for article, days, status in answers:
            body = (
                bantin.server._current().get(article.path).body if status == 200 else b"<h1>Kh\xc3\xb4ng</h1>"
            )
            writer.write(
                url=HOST + article.path,
                status=status,
                reason=None,
                http_version="HTTP/1.1",
                headers=[("Content-Type", "text/html; charset=utf-8")],
                body=b"" if status == 304 else body,
                fetched_at=(NOW + timedelta(days=days)).astimezone(UTC),
                source="live",
            )
    (written,) = folder.glob("*.warc.gz")
    file = bantin.folder / "given.warc.gz"
    shutil.move(written, file)
    return str(file)


def _replay(bantin, *answers, expect=0):
    bantin.now = NOW + timedelta(days=60)
    return bantin.crawl("--from", _file(bantin, *answers), expect=expect)


#: What the captures say of one article (days after the first crawl, status), and what becomes of it.
LOOKS = (
    ([(2, 410)], "created deleted"),
    ([(2, 404), (3, 404)], "created deleted"),
    ([(2, 404)], "created"),
    ([(2, 404), (2.1, 404)], "created"),
    ([(2, 404), (3, 200), (4, 404)], "created"),
    ([(2, 404), (3, 304), (4, 404)], "created"),
    ([(2, 410), (3, 200)], "created"),
    ([(-3, 410)], "created"),
    ([(90, 410)], "created"),
)


@pytest.mark.parametrize("order", [1, -1])
def test_what_proves_an_article_gone_whatever_the_order(bantin, order):
    shown = [(article, 1, 200) for article in bantin.server.portal]
    articles = _articles(bantin, len(LOOKS))
    looks = [(a, *look) for a, (said, _) in zip(articles, LOOKS, strict=True) for look in said]
    _replay(bantin, *[*shown, *looks][::order])
    told = [_simple(bantin.records(), article) for article in articles]
    assert told == [after for _, after in LOOKS]
    assert bantin.problems() == []


def test_a_tombstone_has_the_time_of_the_capture_and_a_later_capture_ends_it(bantin):
    (article,) = _articles(bantin, 1)
    assert _replay(bantin, (article, 2, 404), (article, 5, 404), (article, 9, 410))["articles"]["gone"] == 1
    with open_store(bantin.store_url, create=False) as store:
        deleted_at: datetime = store.article(SITE, article.id).deleted_at
    assert deleted_at == (NOW + timedelta(days=5)).replace(microsecond=0)
    _replay(bantin, (article, 4, 200), (article, 3, 410))  # older than the removal
    assert _operations(bantin, article) == "created deleted"
    _replay(bantin, (article, 11, 200), (article, 9, 410))
    assert _operations(bantin, article) == "created deleted restored"
    assert bantin.problems() == []


def test_two_files_in_two_crawls_are_two_looks(bantin):
    (article,) = _articles(bantin, 1)
    _replay(bantin, (article, 2, 404))
    assert _replay(bantin, (article, 4, 404))["articles"]["gone"] == 1


def test_a_portal_captured_while_it_was_down_deletes_nothing(bantin):
    articles = _articles(bantin, 4)
    report = _replay(bantin, *((article, 2, 410) for article in articles), expect=7)
    assert report["refused"] == {"absences-doubted": 4}
    assert {record["op"] for record in bantin.records()} == {"created"}


def test_another_address_of_an_article_says_nothing_of_it(bantin):
    (article,) = _articles(bantin, 1)
    path = f"/mot-dia-chi-khac-{article.id}.aspx"
    other = type("Elsewhere", (), {"path": path})
    _replay(bantin, (other, 2, 410))
    assert _operations(bantin, article) == "created"


def test_our_own_captures_of_several_days_make_the_same_tombstones(bantin):
    final, missing, back = _articles(bantin, 3)
    paths = bantin.server.faults.paths
    for day, missed in ((1, {final: 410, missing: 404, back: 404}), (2, {missing: 404}), (3, {})):
        paths.clear()
        paths.update({f"*-{article.id}.aspx": fault.status(code) for article, code in missed.items()})
        paths.update({f"*-{final.id}.aspx": fault.status(410)})
        paths.update({f"*-{missing.id}.aspx": fault.status(404)})
        bantin.now = NOW + timedelta(days=day)
        bantin.run("crawl", "--full", "-q")
    live = sorted((record["id"], record["op"]) for record in bantin.records())
    store = f"sqlite:///{bantin.folder}/second.sqlite"
    ended = bantin.run("--store", store, "crawl", "-q", "--from", "var/captures")
    assert ended.code == 0, ended.err
    assert sorted((r["id"], r["op"]) for r in bantin.records("--store", store)) == live
    assert [op for _, op in live].count("deleted") == 2
