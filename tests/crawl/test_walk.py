"""Walking listings: whatever is killed and whatever is published in between, the next whole crawl knows everything."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.items import DateSpan, ListedArticle, Section
from crawler.spiders.walk import REPEATED_PAGES, Step, Walk
from crawler.store import SectionRow, Sighting

NOW = datetime(2020, 3, 25, tzinfo=UTC)
PAGE_SIZE = 4


@dataclass
class Ledger:
    """A listing on a portal, and what a store would remember of it."""

    articles: list[int] = field(default_factory=list)
    first_run: dict[str, int] = field(default_factory=dict)
    row: SectionRow = field(
        default_factory=lambda: SectionRow(Section("tin", "Tin", "p1"), NOW, None, None, backfilled=False)
    )
    requests: int = 0

    def publish(self, count: int) -> None:
        newest = self.articles[0] if self.articles else 0
        self.articles = [*range(newest + count, newest, -1), *self.articles]

    def page(self, number: int) -> tuple[list[ListedArticle], str | None]:
        shown = self.articles[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
        more = number * PAGE_SIZE < len(self.articles)
        return [ListedArticle(f"duk{n}", f"/{n}", None) for n in shown], f"p{number + 1}" if more else None

    def crawl(self, run: int, *, killed_after: int | None = None, full: bool = False) -> Step | None:
        """One run; `killed_after` pages it stops dead. Each page is one transaction, as in the spider."""
        walk, url, step = Walk(self.row, run, full=full), "p1", None
        while url is not None and killed_after != 0:
            killed_after = killed_after - 1 if killed_after is not None else None
            self.requests += 1
            listed, next_url = self.page(int(url[1:]))
            sightings = [Sighting(a.id, "new", self.first_run.get(a.id)) for a in listed]
            for article in listed:
                self.first_run.setdefault(article.id, run)
            step = walk.after_page(url, listed, sightings, next_url)
            self.row = replace(
                self.row, open_since=step.open_since, resume_url=step.resume_url, backfilled=step.backfilled
            )
            url = step.next_url
        return step

    @property
    def missing(self) -> set[str]:
        return {f"duk{n}" for n in self.articles} - self.first_run.keys()


HISTORY = st.lists(st.tuples(st.integers(0, 11), st.none() | st.integers(0, 6)), max_size=8)


@settings(max_examples=400)
@given(start=st.integers(0, 40), history=HISTORY)
def test_after_any_kills_one_whole_crawl_knows_every_article(start, history):
    ledger = Ledger()
    ledger.publish(start)
    for run, (published, killed_after) in enumerate(history, 1):
        ledger.publish(published)
        ledger.crawl(run, killed_after=killed_after)
    step = ledger.crawl(len(history) + 1)
    assert not ledger.missing
    assert step is not None
    assert step.complete


def test_a_second_crawl_of_an_unchanged_listing_costs_one_request():
    ledger = Ledger()
    ledger.publish(40)
    ledger.crawl(1)
    ledger.requests = 0
    ledger.crawl(2)
    assert ledger.requests == 1


def test_an_interrupted_backfill_goes_on_where_it_stopped():
    ledger = Ledger()
    ledger.publish(40)
    ledger.crawl(1, killed_after=6)
    ledger.requests = 0
    ledger.crawl(2)
    assert (
        ledger.requests == 1 + 5
    )  # the first page, the last one read before the kill, and the four below it


def test_a_full_crawl_walks_every_page_again():
    ledger = Ledger()
    ledger.publish(40)
    ledger.crawl(1)
    ledger.requests = 0
    ledger.crawl(2, full=True)
    assert ledger.requests == 10


def test_an_article_known_only_from_the_unfinished_walk_does_not_end_it():
    """Killed after a first page that was all new: the second page still holds news."""
    ledger = Ledger()
    ledger.publish(8)
    ledger.crawl(1)
    ledger.publish(PAGE_SIZE + 2)
    ledger.crawl(2, killed_after=1)
    ledger.crawl(3)
    assert not ledger.missing


def _page(first: int, day: date | None = None) -> list[ListedArticle]:
    span = DateSpan(day, "day", day, day) if day else None
    return [ListedArticle(f"duk{n}", f"/{n}", None, span) for n in range(first, first + PAGE_SIZE)]


def _unknown(listed: list[ListedArticle]) -> list[Sighting]:
    return [Sighting(article.id, "new", None) for article in listed]


def test_a_listing_that_repeats_itself_for_ever_ends():
    walk = Walk(Ledger().row, 1)
    listed = _page(1)
    for number in range(1, 50):
        step = walk.after_page(f"p{number}", listed, _unknown(listed), f"p{number + 1}")
        if step.next_url is None:
            break
    assert number == 1 + REPEATED_PAGES
    assert step.complete


def test_a_page_that_leads_back_ends_the_walk():
    walk = Walk(Ledger().row, 1)
    walk.after_page("p1", _page(1), _unknown(_page(1)), "p2")
    assert walk.after_page("p2", _page(9), _unknown(_page(9)), "p1").next_url is None


def test_since_leaves_a_listing_where_it_has_become_older_and_claims_nothing():
    walk = Walk(Ledger().row, 1, since=date(2020, 1, 1))
    newer, older = _page(1, date(2020, 2, 1)), _page(9, date(2019, 12, 31))
    assert walk.after_page("p1", newer, _unknown(newer), "p2").next_url == "p2"
    step = walk.after_page("p2", older, _unknown(older), "p3")
    assert step.next_url is None
    assert not step.complete
