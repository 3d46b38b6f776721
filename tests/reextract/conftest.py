"""A portal crawled by the real command on two days, and copies of what that left for every test to spoil."""

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from fixtures.portal import PortalServer, demo_portal
from tests.crawl.conftest import NOW, ROOT, Bantin

#: Edited between the crawls: it has two revisions.
EDITED = "duk4736"
LATER = NOW + timedelta(days=40)
SITE_FILE = (ROOT / "crawler/sites/dukcqtw.toml").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Bantin:
    """Two crawls; the portal is gone when tests begin, so nothing can be fetched."""
    portal = demo_portal()
    for article in list(portal)[:-40]:
        portal.remove(article.id)
    with PortalServer(portal, now=NOW) as server:
        bantin = Bantin(tmp_path_factory.mktemp("crawled"), server)
        bantin.crawl()
        portal.edit(EDITED, lead="Sáng nay, hội nghị đã diễn ra tại một nơi khác.")
        bantin.now = server.now = LATER
        bantin.crawl("--full")
    return bantin


@pytest.fixture
def bantin(crawled: Bantin, tmp_path: Path) -> Bantin:
    """An installation of its own, as the crawls left it."""
    shutil.copytree(crawled.folder, tmp_path / "installation")
    return Bantin(tmp_path / "installation", crawled.server, LATER)


@pytest.fixture
def site_file(tmp_path: Path) -> Callable[..., str]:
    """Writes the site file with some lines changed and gives its path."""

    def write(*changes: tuple[str, str], more: str = "") -> str:
        text = SITE_FILE
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new)
        path = tmp_path / "changed.toml"
        path.write_text(text + more, encoding="utf-8")
        return str(path)

    return write
