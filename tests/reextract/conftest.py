"""A portal's pages kept and read as a crawl does, on two days, and copies of that for every test to spoil."""

import shutil
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.captures import CaptureWriter
from crawler.extract import read_page
from crawler.items import Article
from crawler.sites import load_site
from crawler.store import open_store
from fixtures.portal import Pages, Portal, demo_portal
from tests.crawl.conftest import NOW, ROOT
from tests.store.conftest import postgres, server_url  # noqa: F401 (fixtures)

#: Edited between the two days: it has two revisions.
EDITED = "duk4736"
#: About so many articles are kept.
ARTICLES = 20
LATER = NOW + timedelta(days=40)
#: When captures are read again.
AGAIN = LATER + timedelta(days=10)
HTML = ((b"Content-Type", b"text/html; charset=utf-8"),)
SITE_FILE = (ROOT / "crawler/sites/dukcqtw.toml").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Kept:
    """Captures and a store, as a crawl leaves them."""

    folder: Path
    #: Where the store is when it is not in the folder.
    server: str | None = None

    @property
    def captures(self) -> Path:
        return self.folder / "captures"

    @property
    def store_url(self) -> str:
        return self.server or f"sqlite:///{self.folder / 'store.sqlite'}"

    def arguments(self, *arguments: str) -> list[str]:
        return ["reextract", "--store", self.store_url, "--captures", str(self.captures), *arguments]

    def copy(self, folder: Path) -> "Kept":
        shutil.copytree(self.folder, folder)
        return Kept(folder)


@pytest.fixture(scope="session")
def original(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """A part of the demo portal as read on two days; the portal is gone when tests begin."""
    portal = demo_portal()
    chosen = {EDITED, *[article.id for article in portal if article.id != EDITED][:: len(portal) // ARTICLES]}
    for article in list(portal):
        if article.id not in chosen:
            portal.remove(article.id)
    kept = Kept(tmp_path_factory.mktemp("original"))
    fill(kept, portal, NOW)
    portal.edit(EDITED, lead="Sáng nay, hội nghị đã diễn ra tại một nơi khác.")
    fill(kept, portal, LATER)
    return kept


@pytest.fixture
def kept(original: Kept, tmp_path: Path) -> Kept:
    """A copy to be spoiled."""
    return original.copy(tmp_path / "kept")


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


def fill(
    kept: Kept, portal: Portal, now: datetime, stored: Callable[[Article], Article | None] = lambda page: page
) -> None:
    """Every page of a portal captured; `stored` says what of an article the store takes (None: it is refused)."""
    site, pages = load_site("dukcqtw"), Pages(portal, now)
    with closing(open_store(kept.store_url)) as store, store.writer(site.id, "test", now) as writer:
        run = writer.begin_run("live", now, full=False)
        with CaptureWriter(
            kept.captures, site=site.id, run=run, software="test", previous=writer.payload
        ) as to:
            for path in pages.addresses():
                url, body = f"http://{portal.host}{path}", pages.get(path).body
                capture = to.write(
                    url=url, status=200, reason="OK", http_version="HTTP/1.1", headers=HTML,
                    body=body, fetched_at=now.astimezone(UTC), source="live",
                )  # fmt: skip
                writer.add_capture(capture)
                page = read_page(body, url=url, site=site, fetched_at=capture.fetched_at)
                article = stored(page.article) if page.kind == "article" and page.article else None
                if article is not None:
                    writer.add_article(article, capture, run=run)
            to.flush()
            writer.finish_run(run, now, "complete", {})
            writer.commit()
