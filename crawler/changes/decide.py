"""Old state + one more capture -> new state and the change it makes. Pure; order of reading never matters."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from operator import attrgetter

from crawler.changes.digest import Fragments, digest, fragments, page_digest, reader_digest
from crawler.changes.shapes import content_shape, published_shape, series_shape
from crawler.items import (
    Article,
    ArticleState,
    Capture,
    Operation,
    Published,
    Section,
    SeriesPeriod,
    ViewObservation,
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What is remembered of every good capture of an article, so that captures may be read in any order."""

    #: Capture time.
    at: datetime
    #: Digest of the capture's payload: tells a second reading of one capture from another capture.
    payload: str
    #: `page_digest` and `reader_digest` of what the page said.
    page: str
    reader: str
    url: str
    published: Published | None
    series: SeriesPeriod | None


@dataclass(frozen=True, slots=True)
class Decision:
    """What one more capture does to an article."""

    op: Operation | None
    state: ArticleState
    #: All readings now, by capture time; among equal times the one read later stands last.
    readings: tuple[Reading, ...]
    reading: Reading
    #: The reading is new, or replaces an older reading of the same capture.
    learnt: bool
    #: A feed's `updated` moves.
    reader_visible: bool
    #: Canonical JSON of the page's content by field.
    content: Fragments


def reading_of(article: Article, capture: Capture, content: Fragments) -> Reading:
    """What is to be remembered of this capture."""
    return Reading(
        at=capture.fetched_at,
        payload=capture.digest,
        page=page_digest(article.url, content),
        reader=reader_digest(article, content),
        url=article.url,
        published=article.published,
        series=article.series,
    )


def decide(
    old: ArticleState | None,
    article: Article,
    capture: Capture,
    sections: tuple[Section, ...],
    readings: Sequence[Reading] = (),
) -> Decision:
    """Takes one more capture of an article into account.

    `readings` are the article's earlier ones by capture time, `sections` all it belongs to by now. The newest
    state is that of the newest capture; what older captures add (former addresses, an earlier first sight, a
    date that the newest page lacks) is carried into it, so the captures of an article end in the same state,
    revisions and `updated` in whatever order they are read. Raises ValueError for a page that is no article.
    """
    if article.id is None or not article.title or article.refusal is not None:
        raise ValueError(f"{article.url} is no article: {article.refusal or 'no identity or title'}")
    content = fragments(content_shape(article))
    reading = reading_of(article, capture, content)
    after = _inserted(readings, reading)
    learnt = reading not in readings
    newest = learnt and after[-1] is reading
    state = _state(old, article, capture, sections, after, newest=newest)
    if old is None or not _same_record(old, state, readings, after):
        state = replace(state, digest=digest(state, _lent(state, article, content) if newest else None))
    op = _operation(old, state, readings, after, reading)
    return Decision(
        op=op,
        state=replace(state, deleted_at=None) if op == "restored" else state,
        readings=after,
        reading=reading,
        learnt=learnt,
        reader_visible=old is not None and state.updated != old.updated,
        content=content,
    )


def with_sections(state: ArticleState, sections: tuple[Section, ...]) -> ArticleState:
    """The state as a member of these sections."""
    moved = replace(state, sections=sections)
    return replace(moved, digest=digest(moved))


def _inserted(readings: Sequence[Reading], reading: Reading) -> tuple[Reading, ...]:
    """The readings with one more, by capture time; another reading of the same capture takes its place."""
    kept = [r for r in readings if (r.at, r.payload) != (reading.at, reading.payload)]
    if len(kept) < len(readings):
        place = next(i for i, r in enumerate(readings) if (r.at, r.payload) == (reading.at, reading.payload))
    else:
        place = sum(r.at <= reading.at for r in kept)
    return (*kept[:place], reading, *kept[place:])


def _state(
    old: ArticleState | None,
    article: Article,
    capture: Capture,
    sections: tuple[Section, ...],
    readings: Sequence[Reading],
    *,
    newest: bool,
) -> ArticleState:
    base = old if old is not None and not newest else _page_state(article, capture)
    published, series = _carried(readings)
    revision, updated = _revision(readings)
    return replace(
        base,
        url=readings[-1].url,
        aliases=_aliases(readings),
        sections=sections,
        published=published,
        series=series,
        views=_newer_views(old, article, capture),
        first_seen=readings[0].at,
        last_seen=readings[-1].at,
        revision=revision,
        updated=updated,
        digest="" if old is None else old.digest,
        seq=0 if old is None else old.seq,
        changed_at=None if old is None else old.changed_at,
        deleted_at=None if old is None else old.deleted_at,
    )


def _page_state(article: Article, capture: Capture) -> ArticleState:
    return ArticleState(
        site=article.site,
        id=article.id or "",
        url=article.url,
        title=article.title or "",
        lead=article.lead,
        author=article.author,
        organization=article.organization,
        text=article.text,
        html=article.html,
        event=article.event,
        images=article.images,
        attachments=article.attachments,
        related=article.related,
        capture=capture,
    )


def _carried(readings: Sequence[Reading]) -> tuple[Published | None, SeriesPeriod | None]:
    """Date and series: a page that lacks the date does not unsay it, nor the period that hung on it."""
    newest = readings[-1]
    if newest.published is not None:
        return newest.published, newest.series
    donor = next((r for r in reversed(readings) if r.published is not None), None)
    if donor is None:
        return None, newest.series
    series = newest.series
    if series and series.period is None and donor.series and donor.series.id == series.id:
        series = donor.series
    return donor.published, series


def _same_record(
    old: ArticleState, state: ArticleState, before: Sequence[Reading], after: Sequence[Reading]
) -> bool:
    """Whether the digest cannot have changed, which spares it for pages that are read again and again."""
    return (
        bool(before)
        and before[-1].page == after[-1].page
        and (old.aliases, old.sections) == (state.aliases, state.sections)
        and (old.published, old.series) == (state.published, state.series)
    )


def _lent(state: ArticleState, article: Article, content: Fragments) -> Fragments:
    """The content of the page just read with what older pages lent it."""
    if (state.published, state.series) == (article.published, article.series):
        return content
    lent = {"published": published_shape(state.published), "series": series_shape(state.series)}
    return {**content, **fragments(lent)}


def _revision(readings: Sequence[Reading]) -> tuple[datetime, datetime | None]:
    """First sight of what readers see now, and the same again where it is not the first they saw."""
    runs = [next(run) for _, run in groupby(readings, key=attrgetter("reader"))]
    return runs[-1].at, runs[-1].at if len(runs) > 1 else None


def _aliases(readings: Sequence[Reading]) -> tuple[str, ...]:
    """Every other address the article was seen under, in order of first sight."""
    return tuple(dict.fromkeys(r.url for r in readings if r.url != readings[-1].url))


def _newer_views(old: ArticleState | None, article: Article, capture: Capture) -> ViewObservation | None:
    known = None if old is None else old.views
    if article.views is None or (known is not None and known.observed_at >= capture.fetched_at):
        return known
    return ViewObservation(article.views.views, capture.fetched_at)


def _operation(
    old: ArticleState | None,
    state: ArticleState,
    before: Sequence[Reading],
    after: Sequence[Reading],
    reading: Reading,
) -> Operation | None:
    if old is None:
        return "created"
    if old.deleted_at is not None:
        back = reading not in before and reading.at >= old.deleted_at
        return "restored" if back else None
    if after[-1] is reading:
        return "updated" if state.digest != old.digest else None
    same = (state.digest, state.first_seen, state.revision) == (old.digest, old.first_seen, old.revision)
    return None if same and _pages(before) == _pages(after) else "revised"


def _pages(readings: Sequence[Reading]) -> list[str]:
    """The revisions, oldest first: what the pages said, without repetition."""
    return [page for page, _ in groupby(readings, key=attrgetter("page"))]
