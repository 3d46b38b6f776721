"""One history of crawls in SQLite and in PostgreSQL gives the same files, built step by step or at once."""

import random
from pathlib import Path
from typing import Any

from crawler.store import open_store
from tests.feeds.portal import Portal
from tests.feeds.test_feed_incremental import contents, one_day

DAYS = range(1, 30, 4)


def test_the_same_bytes_from_both(server_url: str, tmp_path: Path) -> None:
    files = []
    for url, at_once in ((server_url, False), (f"sqlite:///{tmp_path}/store.sqlite", True)):
        luck, known = random.Random(3), dict[int, dict[str, Any]]()
        with open_store(url) as store:
            portal = Portal(store, tmp_path / f"public-{at_once}")
            for day in DAYS:
                one_day(portal, luck, day, known)
                if day == DAYS[-1] or not at_once:
                    portal.build(feed_size=3)
        files.append(contents(portal.out))
    assert files[0].keys() == files[1].keys()
    assert [name for name in files[0] if files[0][name] != files[1][name]] == []
    assert len(files[0]) > 60
