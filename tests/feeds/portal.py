"""A store that is filled as a crawl fills it, and the output folder made of it."""

import hashlib
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from crawler.items import Article, Capture, ListedArticle, Published, ViewCount
from crawler.sites.model import Site
from feeds.check import check_site
from feeds.site import BuildResult, build_site
from tests.feeds.memory import SITE
from tests.feeds.oracles import atom_errors

START = datetime(2021, 10, 26, 3, 0, tzinfo=UTC)
STATUS = {"status.json", "status.html"}
PUBLIC = "https://tin.example.org/"


class Portal:
    """A store that is filled as a crawl fills it, and the output folder made of it."""

    def __init__(self, store: Any, out: Path, site: Site = SITE) -> None:
        self.store, self.out, self.site = store, out, site

    def crawl(
        self, *articles: Article, day: float = 0, section: str | None = "Tin tức", gone: str = ""
    ) -> None:
        now = START + timedelta(days=day)
        with self.store.writer(SITE.id, "test", now, reserved=[s.id for s in SITE.series]) as writer:
            run = writer.begin_run("live", now, full=False)
            for article in articles:
                listed = (ListedArticle(str(article.id), article.url, article.title),)
                place = section and writer.add_section(section, SITE.home + section, now).section.id
                writer.sight(listed, now, run=run, section_id=place)
                capture = capture_of(article)
                writer.add_capture(capture)
                writer.add_article(article, capture, run=run)
            if gone:
                writer.settle(gone, "gone", now, reason="410")
            writer.finish_run(run, now, "complete", {"requests": len(articles)})
            writer.commit()

    def build(self, **options: Any) -> BuildResult:
        told = {"out": self.out, "public": PUBLIC, "now": START + timedelta(days=400)} | options
        result: BuildResult = self.store.transaction(lambda reader: build_site(reader, self.site, **told))
        told = {name: value for name, value in told.items() if name not in {"whole", "captures"}}
        assert self.store.transaction(lambda reader: check_site(reader, self.site, **told)) == ()
        return result

    def items(self, feed: str = "all") -> dict[str, Any]:
        assert atom_errors(self.out / feed / "atom.xml") == []
        read = json.loads((self.out / feed / "feed.json").read_bytes())
        return {item["_bantin"]["article"]: item for item in read["items"]}


def page(number: int, day: float = 0, **fields: Any) -> Article:
    values = {
        "site": SITE.id,
        "id": f"abc{number}",
        "url": f"http://cong.example.vn/bai-abc{number}",
        "fetched_at": START + timedelta(days=day),
        "title": f"Bài số {number}",
        "published": Published(date(2021, 10, 1) + timedelta(days=number), "day", "…"),
        "views": ViewCount(10, exact=True),
        "lead": "Lời dẫn.",
        "text": "Một.",
        "html": "<p>Một.</p>",
    }
    return Article(**values | fields)


def capture_of(article: Article) -> Capture:
    digest = hashlib.sha256(repr(article).encode()).hexdigest()
    return Capture(
        "live", article.url, article.fetched_at, 200, f"sha256:{digest}", "a.warc.gz", int(digest[:6], 16)
    )
