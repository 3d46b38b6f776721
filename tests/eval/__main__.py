"""`python -m tests.eval [--seed N] [--skins N] [--crawls N] [--failures N]`: what is read right on unseen markups."""

import argparse
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.eval import crawls, listings, score
from tests.eval.articles import Verdict, verdicts
from tests.eval.crawls import crawl_verdicts
from tests.eval.listings import listing_verdicts
from tests.eval.table import FLOOR, FLOOR_FIELD, Table
from tests.eval.texts import articles


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")


def _crawled(seeds: Iterable[str]) -> Iterator[Verdict]:
    for seed in seeds:
        with tempfile.TemporaryDirectory() as folder:
            yield from crawl_verdicts(seed, articles(), Path(folder))


def _report(title: str, table: Table, names: Iterable[str], failures: int) -> bool:
    """Prints a table and some of its failures; whether the floors hold."""
    _say(f"\n{title}\n{table.by_skin(names)}\n\n{table.by_field(names)}")
    for line in table.failures(failures):
        _say(line)
    return table.holds()


def main() -> int:
    """Measures; returns 1 when a floor is missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.eval", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="first seed (default 1)")
    parser.add_argument("--skins", type=int, default=60, help="how many skins (default 60)")
    parser.add_argument(
        "--crawls", type=int, default=6, help="how many of them are crawled whole (default 6)"
    )
    parser.add_argument("--failures", type=int, default=0, help="failures to show per field")
    options = parser.parse_args()
    seeds = [str(k) for k in range(options.seed, options.seed + options.skins)]
    pages, lists, walks = Table(), Table(), Table()
    for seed in seeds:
        pages.add(verdicts(seed))
        lists.add(listing_verdicts(seed))
    walks.add(_crawled(seeds[: options.crawls]))
    holds = [
        _report("Article pages", pages, score.FIELDS, options.failures),
        _report("Listings", lists, listings.FIELDS, options.failures),
        _report("Whole crawls", walks, crawls.FIELDS, options.failures),
    ]
    _say(f"\n{'all floors hold' if all(holds) else f'a floor is missed: {FLOOR:.1%} of all, '}"
         f"{'' if all(holds) else f'{FLOOR_FIELD:.0%} of a field of a skin'}")  # fmt: skip
    return 0 if all(holds) else 1


if __name__ == "__main__":
    sys.exit(main())
