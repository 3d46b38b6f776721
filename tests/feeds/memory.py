"""A Reader over plain values, and makers of such values; for the tests of `feeds` only."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from crawler.export import state_record
from crawler.items import ArticleState, Published, Section, ViewObservation
from crawler.sites.model import Labels, Series, Site
from crawler.store.api import RevisionRow, RunRow, SectionRow
from feeds.text import VIETNAM, local

NO_LABELS = Labels((), (), (), (), (), (), (), (), ())
SITE = Site(
    id="thu",
    title="Cổng thử nghiệm",
    home="http://cong.example.vn/",
    hosts=("cong.example.vn",),
    article_url=(re.compile(r"/(?P<code>[a-z]+)(?P<number>\d+)$"),),
    identity="{code}{number}",
    tag_authority="cong.example.vn",
    tag_date="2016",
    labels=NO_LABELS,
    series=(
        Series("phien-thang", "Phiên thường kỳ hằng tháng", "month", ()),
        Series("tong-ket", "Tổng kết năm", "year", ()),
    ),
)
NEWS = Section("tin-tuc", "Tin tức", "http://cong.example.vn/tin-tuc.aspx")
NOTICES = Section("thong-bao", "Thông báo", "http://cong.example.vn/thong-bao.aspx")
SEEN = datetime(2021, 10, 26, 3, 0, tzinfo=UTC)


def article(number: int, day: date | None = date(2021, 10, 25), **fields: Any) -> ArticleState:
    """An article with everything that a reader looks at; `fields` replace what is made up here."""
    made: dict[str, Any] = {
        "site": SITE.id,
        "id": f"abc{number}",
        "url": f"http://cong.example.vn/bai-so-{number}-abc{number}.aspx",
        "title": f"Bài số {number}",
        "sections": (NEWS,),
        "published": day and Published(day, "day", f"{day:%d/%m/%Y}"),
        "lead": f"Ngày 25/10, lời dẫn của bài {number}.",
        "text": "Đoạn một.\n\nĐoạn hai./.",
        "html": "<p>Đoạn một.</p><p>Đoạn hai./.</p>",
        "author": "Nguyễn Văn A",
        "first_seen": SEEN,
        "last_seen": SEEN,
        "revision": SEEN,
        "changed_at": SEEN,
        "seq": number,
    }
    return ArticleState(**made | fields)


def _seen_changes(state: ArticleState) -> Iterator[datetime]:
    shown = local(state.published.date) if state.published else state.first_seen
    known = [time for time in (shown, state.changed_at) if time and time.tzinfo]
    told = state.updated or min(known, default=None)
    yield from (time for time in (told, state.deleted_at) if time and time.tzinfo)


def _order(state: ArticleState) -> tuple[datetime, int]:
    moment = state.published.date if state.published else state.first_seen
    assert moment is not None
    return local(moment), int(re.sub(r"\D", "", state.id) or 0)


@dataclass
class Memory:
    """The part of the store's Reader that feeds and pages use."""

    states: list[ArticleState]
    listings: tuple[Section, ...] = (NEWS, NOTICES)
    history: tuple[RunRow, ...] = ()
    numbers: Mapping[str, int] = field(default_factory=dict)
    #: Article -> when the portal was last seen without it.
    absent: Mapping[str, datetime] = field(default_factory=dict)

    def sites(self) -> tuple[str, ...]:
        return (SITE.id,)

    def article(self, site: str, article_id: str) -> ArticleState | None:
        return next((state for state in self.states if state.id == article_id), None)

    def articles(
        self,
        site: str,
        *,
        section: str | None = None,
        series: str | None = None,
        newest: int | None = None,
        published_since: date | None = None,
        published_before: date | None = None,
        changed_since: datetime | None = None,
        with_deleted: bool = False,
    ) -> Iterator[ArticleState]:
        rank = 0
        for state in sorted(self.states, key=_order, reverse=True):
            if state.deleted_at and not with_deleted:
                continue
            if section and section not in {s.id for s in state.sections}:
                continue
            if series and (state.series is None or state.series.id != series):
                continue
            if published_before and _order(state)[0].date() >= published_before:
                continue
            rank += 1
            times = [at for at in (state.updated, state.deleted_at) if at]
            recent = changed_since is not None and any(at >= changed_since for at in times)
            young = published_since is not None and _order(state)[0].date() >= published_since
            if newest is None or rank <= newest or recent or young:
                yield state

    def sections(self, site: str) -> tuple[SectionRow, ...]:
        return tuple(SectionRow(section, SEEN, None, None, True) for section in self.listings)

    def series(self, site: str) -> Mapping[str, Mapping[str | None, int]]:
        found: dict[str, dict[str | None, int]] = {}
        for state in self.states:
            if state.series:
                periods = found.setdefault(state.series.id, {})
                periods[state.series.period] = periods.get(state.series.period, 0) + 1
        return found

    def records(self, site: str, *, since: int = 0) -> Iterator[Mapping[str, Any]]:
        for state in sorted(self.states, key=lambda state: state.seq):
            if state.seq > since:
                yield state_record(state, "created", state.changed_at or SEEN)

    def view_records(self, site: str, *, since: int = 0) -> Iterator[Mapping[str, Any]]:
        return iter(())

    def runs(self, site: str, *, limit: int = 10) -> tuple[RunRow, ...]:
        return self.history[:limit]

    def last_seq(self, site: str) -> int:
        return max((state.seq for state in self.states), default=0)

    def newest_change(
        self, site: str, *, section: str | None = None, series: str | None = None
    ) -> datetime | None:
        states = [s for s in self.states if section is None or section in {own.id for own in s.sections}]
        states = [s for s in states if series is None or (s.series and s.series.id == series)]
        return max((state.changed_at for state in states if state.changed_at), default=None)

    def newest_update(
        self, site: str, *, section: str | None = None, series: str | None = None
    ) -> datetime | None:
        states = [s for s in self.states if section is None or section in {own.id for own in s.sections}]
        states = [s for s in states if series is None or (s.series and s.series.id == series)]
        away = [self.absent[state.id] for state in states if state.id in self.absent]
        return max((*away, *(time for state in states for time in _seen_changes(state))), default=None)

    def changed(self, site: str, *, since: int) -> Iterator[ArticleState]:
        yield from sorted((s for s in self.states if s.seq > since), key=lambda state: state.seq)

    def sketches(self, site: str, article_id: str | None = None) -> Iterator[Mapping[str, Any]]:
        for state in self.states:
            if state.id == article_id:
                yield state_record(state, "created", state.changed_at or SEEN)

    def months(self, site: str, *, section: str | None = None, series: str | None = None) -> dict[str, int]:
        found = self.articles(site, section=section, series=series, with_deleted=True)
        return dict(sorted(Counter(f"{_order(state)[0]:%Y-%m}" for state in found).items()))

    def corrected(self, site: str, *, newest: int, since: datetime | None) -> Iterator[ArticleState]:
        states = sorted((s.updated, s.id, s) for s in self.states if s.updated and not s.deleted_at)
        for rank, (when, _, state) in enumerate(reversed(states)):
            if rank < newest or (since and when >= since):
                yield state

    def revisions(self, site: str, article_id: str) -> tuple[RevisionRow, ...]:
        return ()

    def views(self, site: str, articles: Collection[str]) -> dict[str, tuple[ViewObservation, ...]]:
        return {s.id: (s.views,) for s in self.states if s.views and s.id in articles}

    def views_since(self, site: str, since: datetime) -> Iterator[tuple[str, ViewObservation]]:
        return iter(())

    def most_viewed(self, site: str, limit: int) -> tuple[str, ...]:
        seen = sorted(((s.views.count, s.id) for s in self.states if s.views), reverse=True)
        return tuple(article for _, article in seen[:limit])

    def last_view(self, site: str) -> tuple[int, datetime] | None:
        seen = [s.views.observed_at for s in self.states if s.views]
        return (len(seen), max(seen)) if seen else None

    def counts(self, site: str) -> Mapping[str, int]:
        return {"articles": len(self.states)} | dict(self.numbers)

    def problems(self) -> Iterator[str]:
        return iter(())


def months_of_articles(count: int) -> list[ArticleState]:
    """`count` articles, one a day backwards from 25/10/2021."""
    first = date(2021, 10, 25)
    return [article(count - n, first - timedelta(days=n)) for n in range(count)]


NOW = datetime(2021, 11, 1, 8, 0, tzinfo=VIETNAM)
