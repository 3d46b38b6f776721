"""The evaluation's floors on a small fixed set of skins; `python -m tests.eval` measures more of them."""

from datetime import date
from pathlib import Path

import pytest

from tests.eval.articles import verdicts
from tests.eval.crawls import crawl_verdicts
from tests.eval.dice import Dice
from tests.eval.listings import listing_verdicts
from tests.eval.table import Table
from tests.eval.texts import OWN, articles

SEEDS = ("1", "2", "3", "4", "5", "6", "7", "8")


def _missed(table: Table) -> str:
    return "\n".join([f"{table.share():.2%}", *map(str, table.misses()), *table.failures(3)])


def test_articles_in_unseen_skins() -> None:
    table = Table()
    for seed in SEEDS:
        table.add(verdicts(seed, size=4))
    assert table.holds(), _missed(table)


def test_listings_in_unseen_skins() -> None:
    table = Table()
    for seed in SEEDS[:5]:
        table.add(listing_verdicts(seed))
    assert table.holds(), _missed(table)


def test_whole_crawl_of_an_unseen_skin(tmp_path: Path) -> None:
    recent = [article for article in articles() if article.published >= date(2019, 12, 1)]
    table = Table()
    table.add(crawl_verdicts("16", recent, tmp_path))
    assert table.holds(), _missed(table)


def test_a_skin_is_the_same_each_time_and_differs_from_others() -> None:
    names = [f"question {k}" for k in range(40)]
    answers = {seed: [Dice(seed).number(name, 1, 9) for name in names] for seed in ("1", "1", "2")}
    assert answers["1"] == [Dice("1").number(name, 1, 9) for name in reversed(names)][::-1]
    assert answers["1"] != answers["2"]


@pytest.mark.parametrize("field", ["lead", "author", "organization", "attachments", "series"])
def test_texts_of_our_own_have_and_lack_each_field(field: str) -> None:
    present = [bool(getattr(article, field)) for article in OWN]
    assert any(present)
    assert not all(present)
