"""What the rules know beside the lines of a page: its site, its address, the time of the fetch. Values only."""

from dataclasses import dataclass, field
from datetime import datetime

from crawler.extract.blocks import Anchor, Block
from crawler.extract.vocabulary import Words, words_of
from crawler.sites import Site


@dataclass(frozen=True, slots=True)
class Reading:
    """The reading of one page."""

    site: Site
    words: Words
    url: str
    #: Identity that the address carries.
    own: str | None
    #: When the page was fetched or captured, aware; relative dates count from here.
    fetched_at: datetime
    #: Address -> identity, for links that several rules look at.
    known: dict[str, str | None] = field(default_factory=dict)

    def article_of(self, anchor: Anchor) -> str | None:
        """Identity of the article that a link leads to; None for any other page."""
        url = anchor.url
        if url is None:
            return None
        if url not in self.known:
            self.known[url] = self.site.article_id(url)
        return self.known[url]

    def other_article(self, line: Block) -> str | None:
        """Identity of the first other article that a line links to."""
        for anchor in line.anchors:
            target = self.article_of(anchor)
            if target is not None and target != self.own:
                return target
        return None


def begin_reading(site: Site, url: str, fetched_at: datetime) -> Reading:
    """The reading of the page at `url`."""
    return Reading(site, words_of(site), url, site.article_id(url), fetched_at)
