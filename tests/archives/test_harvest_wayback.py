"""`bantin crawl --from wayback` against a stand-in: complete, resumable, polite, nothing doubled."""

from datetime import datetime, timedelta

import pytest

from fixtures.archives import Held, WaybackServer, captures_of
from fixtures.portal import scaled_portal

CAPTURED = datetime.fromisoformat("2020-03-24T09:00:00+07:00")


@pytest.fixture
def portal():
    return scaled_portal(12, sections=2, page_size=4)


def test_what_the_archive_holds_is_read(portal, install):
    with WaybackServer(captures_of(portal, CAPTURED)) as server:
        bantin = install(server)
        report = bantin.harvest()
    assert report["source"] == "wayback"
    assert report["articles"]["new"] == 12
    assert report["outcome"] == "complete"
    newest = bantin.newest()
    assert set(newest) == {article.id for article in portal}
    record = newest[next(iter(portal)).id]
    assert record["capture"]["source"] == "wayback"
    assert record["capture"]["fetched_at"] == "2020-03-24T02:00:00Z"
    assert record["sections"]
    assert bantin.problems() == []
