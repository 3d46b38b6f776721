"""A store that is filled as a crawl fills it, and the pages made of it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.store import open_store
from tests.feeds.portal import Portal


@pytest.fixture(scope="session", autouse=True)
def no_waiting_for_the_disk() -> Iterator[None]:
    """Tests lose nothing in a power cut, and a busy disk makes each fsync take long."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda handle: None)
        yield


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[Portal]:
    with open_store(f"sqlite:///{tmp_path / 'store.sqlite'}") as store:
        yield Portal(store, tmp_path / "public")
