"""Extraction of article pages over many skins: fields right, and the failures to look at."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from crawler.export import page_record
from crawler.extract import extract_article
from crawler.sites import Site, load_site
from fixtures.portal import PortalArticle
from tests.eval.after import others
from tests.eval.article import HOST, article_html, expected
from tests.eval.chrome import NOW
from tests.eval.coding import CODINGS, coding, encode
from tests.eval.dice import Dice
from tests.eval.score import judge
from tests.eval.texts import OWN, SECTIONS, articles


@cache
def bundled_site() -> Site:
    return load_site("dukcqtw")


#: Articles of the demo portal read in each skin, beside all of our own.
SAMPLE = 12


@dataclass(frozen=True, slots=True)
class Verdict:
    """One field of one page of one skin."""

    seed: str
    article: str
    field: str
    right: bool
    truth: Any
    found: Any


def sample(seed: str, stock: list[PortalArticle], size: int = SAMPLE) -> list[PortalArticle]:
    """The articles that are read in a skin."""
    own = {article.id for article in OWN}
    others_ = [article for article in stock if article.id not in own]
    return [*OWN, *random.Random(seed).sample(others_, size)]


def render(skin: Dice, article: PortalArticle, stock: list[PortalArticle]) -> bytes:
    """The bytes of an article's page."""
    name = coding(skin)
    text = article_html(
        skin, article, stock, tuple(SECTIONS.values()), SECTIONS[article.sections[0]], CODINGS[name]
    )
    return encode(name, text)


def read(skin: Dice, article: PortalArticle, stock: list[PortalArticle]) -> tuple[dict[str, Any], Any]:
    """The record of an article's page, and the article as extracted."""
    body = render(skin, article, stock)
    found = extract_article(body, url=HOST + article.path, site=bundled_site(), fetched_at=NOW)
    return page_record(found), found


def verdicts(seed: str, size: int = SAMPLE) -> Iterator[Verdict]:
    """Every field of the sampled articles in one skin; a refused page has every field wrong."""
    skin, stock = Dice(seed), articles()
    for article in sample(seed, stock, size):
        record, found = read(skin, article, stock)
        truth = expected(skin, article, stock, SECTIONS[article.sections[0]])
        if truth["views"] is None and found.views and found.views.views == article.views:
            truth["views"] = article.views  # a side box may tell it
        own = " ".join([article.lead or "", *truth["text"], article.title])
        titles = [a.title for a in others(skin, article, stock) if a.title not in own]
        for name, (right, true, got) in judge(truth, record, titles).items():
            refused = found.refusal is not None
            yield Verdict(
                seed, article.id, name, right and not refused, true, found.refusal if refused else got
            )
