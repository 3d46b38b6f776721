"""A feed around given entries, without a store."""

from collections.abc import Collection

from feeds.values import Entry, Feed, FeedPlan
from tests.feeds.memory import NOW, SITE


def feed_of(entries: Collection[Entry]) -> Feed:
    """A feed that holds just these."""
    return Feed(
        plan=FeedPlan("all", "Tất cả bài viết", "all"),
        id="tag:cong.example.vn,2016:feed/all",
        title=SITE.title,
        subtitle="Bài viết mới",
        base_url="https://tin.example.org/all/",
        author=SITE.title,
        author_url=SITE.home,
        icon_url="https://tin.example.org/icon.png",
        updated=NOW,
        newest=None,
        removals=(),
        count=len(entries),
        entries=entries,
    )
