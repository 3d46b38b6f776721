"""The same articles captured on three days by real crawls: in whatever order they are read, the end is the same."""

import shutil
from contextlib import closing
from datetime import timedelta
from itertools import permutations
from pathlib import Path

import pytest

from crawler.store import open_store
from fixtures.portal import PortalServer, scaled_portal
from fixtures.portal import faults as fault
from tests.crawl.conftest import NOW, Bantin

SITE = "dukcqtw"


def _edits(portal, day):
    """What the portal's editors did before the given day (0, 1, 2): text, title, views, and one edit undone."""
    first, second, third, fourth, *_ = [article.id for article in portal]
    for number, article in enumerate(list(portal)):
        portal.set_views(article.id, 100 + number + 10 * day)
    if day == 1:
        portal.edit(first, lead="Ngày 20/3/2020, tại Hà Nội, đoạn mở đầu đã được sửa.")
        portal.edit(second, title="Một tiêu đề khác và một địa chỉ khác")
        portal.edit(third, lead="Ngày 20/3/2020, tại Hà Nội, sửa rồi lại thôi.")
        portal.add_article("Tin mới của ngày thứ hai", NOW.date(), "muc-2")
    elif day == 2:
        portal.edit(first, lead="Ngày 20/3/2020, tại Hà Nội, đoạn mở đầu lại được sửa lần nữa.")
        portal.edit(third, lead=portal.before[third].lead)
        portal.edit(fourth, body=(*portal[fourth].body, "Đoạn thêm vào ngày thứ ba."))


@pytest.fixture(scope="module")
def captured(tmp_path_factory):
    """An installation that crawled everything on three days, one capture file a day."""
    folder = tmp_path_factory.mktemp("captured")
    portal = scaled_portal(12, sections=2)
    portal.before = {article.id: article for article in portal}
    with PortalServer(portal, now=NOW) as server:
        *_, oldest = portal
        same_bytes = server._current().get(oldest.path).body
        server.faults.paths[oldest.path] = fault.body(same_bytes)
        bantin = Bantin(folder, server)
        for day in range(3):
            _edits(portal, day)
            bantin.now = server.now = NOW + timedelta(days=4 * day)
            assert bantin.run("crawl", "--full", "-q").code == 0
        bantin.now += timedelta(days=1)
        yield bantin


def _files(captured):
    files = sorted((captured.folder / "var/captures").glob("*.warc.gz"))
    assert len(files) == 3
    return files


def _history(store_url):
    """Revisions, views in order and newest states of every article; where captures lie is left out."""
    with closing(open_store(store_url, create=False)) as store:
        assert list(store.problems()) == []
        told = {}
        for state in store.articles(SITE, with_deleted=True):
            revisions = [
                (r.first_seen, r.last_seen, r.url, r.title, r.lead, r.text, r.images, r.attachments)
                for r in store.revisions(SITE, state.id)
            ]
            views = store.views(SITE, state.id)
            told[state.id] = (
                revisions,
                views,
                state.digest,
                state.title,
                state.text,
                state.aliases,
                state.updated,
            )
        return told


def _last_records(store_url):
    """What a consumer has who keeps the last record of each id (a view count is no change and writes no record)."""
    with closing(open_store(store_url, create=False)) as store:
        last = {record["id"]: record for record in store.records(SITE)}
    return {
        article_id: {key: record[key] for key in ("title", "lead", "text", "digest", "revision", "aliases")}
        for article_id, record in last.items()
    }


@pytest.fixture(scope="module")
def expected(captured):
    return _history(captured.store_url), _last_records(captured.store_url)


def _replayed(captured, folder, *sources):
    """A new installation that reads these files one crawl after the other, and builds at last."""
    folder.mkdir()
    bantin = Bantin(folder, captured.server, now=captured.now)
    for source in sources:
        ended = bantin.run("run" if source is sources[-1] else "crawl", "-q", "--from", str(source))
        assert ended.code == 0, ended.err
    return bantin


def test_three_days_in_every_order(captured, expected, tmp_path):
    """In one folder, read in the order of names; feeds are compared among the orders."""
    outputs = []
    for number, order in enumerate(permutations(_files(captured))):
        source = tmp_path / f"order-{number}"
        source.mkdir()
        for place, file in enumerate(order):
            shutil.copy(file, source / f"{place}.warc.gz")
        bantin = _replayed(captured, tmp_path / f"read-{number}", source)
        assert (_history(bantin.store_url), _last_records(bantin.store_url)) == expected
        outputs.append(bantin.output())
    assert all(output == outputs[0] for output in outputs)


def test_each_day_by_itself_newest_first(captured, expected, tmp_path):
    """Pages that repeat an earlier day's bytes are found in the file beside."""
    bantin = _replayed(captured, tmp_path / "read", *reversed(_files(captured)))
    assert (_history(bantin.store_url), _last_records(bantin.store_url)) == expected
    assert {record["op"] for record in bantin.records()} >= {"created", "revised"}


def test_our_own_captures_into_a_new_store(captured, expected, tmp_path):
    """Nothing is copied: what lies in the captures folder is cited there."""
    captures = Path(captured.folder / "var/captures")
    store = f"sqlite:///{tmp_path}/second.sqlite"
    ended = captured.run("--store", store, "crawl", "-q", "--from", str(captures))
    assert ended.code == 0, ended.err
    assert (_history(store), _last_records(store)) == expected
    assert len(_files(captured)) == 3
