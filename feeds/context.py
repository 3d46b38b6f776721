"""What every step of one build shares: the store, the site, entries made once. Writes nothing."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from crawler.items import ArticleState
from crawler.sites.model import Site
from crawler.store.api import Reader
from feeds.entry import make_entry, tag_uri
from feeds.kept import KeptFiles
from feeds.popular import Popular
from feeds.select import section_of, series_of
from feeds.text import local
from feeds.values import Entry, Feed, FeedPlan

#: Entries kept for the next file that holds them; the newest stand in `all` and in their section.
_REMEMBERED = 1000
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Build:
    """One build of one site."""

    reader: Reader
    site: Site
    #: Address of the site's folder, ending in a slash.
    base_url: str
    plans: tuple[FeedPlan, ...]
    feed_size: int
    demo: bool
    #: Our own copies of pictures and attachments, for a site whose entries lead to our pages.
    files: KeptFiles | None = None
    #: The WebSub hub that feeds name.
    hub: str | None = None
    #: Articles that stand nowhere, with the reason.
    refused: dict[str, str] = field(default_factory=dict)
    #: What is read most, once it was asked for.
    popular: tuple[Popular, ...] | None = None
    _entries: dict[tuple[str, int], Entry] = field(default_factory=dict)
    _months: dict[str, Mapping[str, int]] = field(default_factory=dict)

    def entry(self, state: ArticleState) -> Entry | None:
        """The article's entry, made once however many files hold it; None for one that cannot be shown.

        One bad article must never cost a feed; it is counted and told instead.
        """
        key = (state.id, state.seq)
        if key not in self._entries:
            if len(self._entries) >= _REMEMBERED:
                self._entries.clear()
            try:
                self._entries[key] = make_entry(state, self.site, self.base_url, self.kept(state))
            except ValueError as error:
                self._refuse(state.id, str(error))
                return None
        return self._entries[key]

    def kept(self, state: ArticleState, up: str | None = None) -> Mapping[str, str]:
        """Addresses of the portal -> of our own copies; relative with `up`, the way to the site's folder."""
        if self.files is None:
            return {}
        base = self.base_url if up is None else up
        return {url: base + path for url, path in self.files.places(state.id).items()}

    def months(self, plan: FeedPlan) -> Mapping[str, int]:
        """Month -> number of articles in a feed's archive, removed ones too; oldest first."""
        if plan.id not in self._months:
            section, series = section_of(plan), series_of(plan)
            self._months[plan.id] = self.reader.months(self.site.id, section=section, series=series)
        return self._months[plan.id]

    def _refuse(self, article: str, reason: str) -> None:
        if article not in self.refused:
            _log.warning("article %s of site %s is published nowhere: %s", article, self.site.id, reason)
        self.refused[article] = reason

    @property
    def title(self) -> str:
        """The site's title as feeds show it."""
        return f"{self.site.title} (bản trình diễn)" if self.demo else self.site.title

    @property
    def about(self) -> Mapping[str, Any]:
        """What every page says of the site."""
        return {"site_title": self.site.title, "home": self.site.home, "demo": self.demo}

    @property
    def linked(self) -> Mapping[str, str]:
        """Folder and title of every section and series."""
        return {plan.id: plan.title for plan in self.plans if plan.kind in {"section", "series"}}

    def empty_feed(self, plan: FeedPlan) -> Feed:
        """A feed before anything is in it."""
        return Feed(
            plan=plan,
            id=tag_uri(self.site, f"feed/{plan.id}"),
            title=self.title if plan.kind == "all" else f"{plan.title} – {self.title}",
            subtitle=_subtitle(plan, self.site),
            base_url=f"{self.base_url}{plan.id}/",
            author=self.site.title,
            author_url=self.site.home,
            icon_url=self.base_url + "icon.png",
            updated=local(_beginning(self.site)),
            newest=None,
            removals=(),
            count=0,
            entries=(),
            hub=self.hub,
        )


def _beginning(site: Site) -> datetime:
    """The `updated` of a feed that holds nothing yet: the date of the site's tag URIs, which never moves."""
    year, month, day = (int(part) for part in (*site.tag_date.split("-"), "1", "1")[:3])
    return datetime(year, month, day, tzinfo=UTC)


def _subtitle(plan: FeedPlan, site: Site) -> str:
    match plan.kind:
        case "all":
            return f"Bài viết mới trên cổng thông tin {site.title}"
        case "section":
            return f"Bài viết trong chuyên mục “{plan.title}” của cổng thông tin {site.title}"
        case "series":
            return f"Loạt bài định kỳ “{plan.title}” trên cổng thông tin {site.title}"
        case "most-read":
            return f"Bài viết được đọc nhiều trong 30 ngày trên cổng thông tin {site.title}"
        case "corrections":
            return f"Bài viết đã sửa sau khi đăng trên cổng thông tin {site.title}, với những gì đã đổi"
