"""Whole crawls of portals in unseen skins: every article found, each in its sections, nothing asked twice."""

from collections.abc import Iterator
from pathlib import Path

from crawler.normalize import fold
from fixtures.portal import PortalArticle
from tests.eval.articles import Verdict
from tests.eval.dice import Dice
from tests.eval.portal import SkinPortal
from tests.eval.served import crawl

FIELDS = ("crawl: exit code", "crawl: articles", "crawl: sections", "crawl: asked once", "crawl: requests")


def crawl_verdicts(seed: str, articles: list[PortalArticle], folder: Path) -> Iterator[Verdict]:
    """The verdicts on one crawl; articles and sections are judged one by one."""
    portal = SkinPortal(Dice(seed), articles)
    pages = portal.pages()
    code, errors, records, asked = crawl(folder, pages)
    yield Verdict(seed, "/", "crawl: exit code", code == 0, 0, f"{code}: {errors[-600:]}")
    found = {record["id"]: record for record in records}
    for article in articles:
        record = found.get(article.id)
        yield Verdict(seed, article.id, "crawl: articles", record is not None, article.path, None)
        if record is None:
            continue
        truth = sorted(fold(portal.sections[key][0]) for key in article.sections)
        got = sorted(fold(section["title"]) for section in record["sections"])
        yield Verdict(seed, article.id, "crawl: sections", truth == got, truth, got)
    twice = [path for path, times in asked.items() if times > 1]
    yield Verdict(seed, "/", "crawl: asked once", not twice, [], twice)
    extra = sorted(path for path in asked if path not in pages and path != "/robots.txt")
    yield Verdict(seed, "/", "crawl: requests", not extra, len(pages) + 1, (sum(asked.values()), extra[:5]))
