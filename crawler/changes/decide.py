"""Old state + one more capture -> new state and the change it makes. Pure; order of reading never matters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from crawler.changes.digest import Fragments, digest, fragments
from crawler.changes.readings import (
    Reading,
    aliases,
    carried,
    inserted,
    marked,
    pages,
    reading_of,
    revision,
    same_capture,
)
from crawler.changes.shapes import attachment_shape, content_shape, published_shape, series_shape
from crawler.items import (
    Article,
    ArticleState,
    Asset,
    Attachment,
    Capture,
    Operation,
    Section,
    ViewObservation,
)


@dataclass(frozen=True, slots=True)
class Memory:
    """What is remembered of an article beside its state and readings."""

    #: When the portal was last seen without it: no older capture brings it back.
    absent_at: datetime | None = None
    #: What feeds may have shown as `updated`, which never falls below.
    floor: datetime | None = None


NOTHING: Final = Memory()


@dataclass(frozen=True, slots=True)
class _Past:
    """All that is known of an article before one more capture of it is read."""

    state: ArticleState | None
    readings: Sequence[Reading]
    memory: Memory


@dataclass(frozen=True, slots=True)
class Decision:
    """What one more capture does to an article."""

    op: Operation | None
    state: ArticleState
    #: All readings now, by capture time; among equal times the one read later stands last.
    readings: tuple[Reading, ...]
    memory: Memory
    reading: Reading
    #: The reading is new, or replaces an older reading of the same capture.
    learnt: bool
    #: A feed's `updated` moves.
    reader_visible: bool
    #: Canonical JSON of the page's content by field.
    content: Fragments


def decide(
    old: ArticleState | None,
    article: Article,
    capture: Capture,
    sections: tuple[Section, ...],
    readings: Sequence[Reading] = (),
    *,
    memory: Memory = NOTHING,
    kept: Mapping[str, Asset] | None = None,
    reextracted_at: datetime | None = None,
) -> Decision:
    """Takes one more capture of an article into account.

    `readings` are the article's earlier ones by capture time, `sections` all it belongs to by now, `kept` the
    files by the address that attachments name. The newest state is that of the newest capture; what older
    captures add (former addresses, an earlier first sight, a date that the newest page lacks) is carried into
    it, so the captures of an article end in the same state and revisions in whatever order they are read.
    With `reextracted_at` the capture was read before, by older rules. Raises ValueError for a page that is no
    article.

    `updated` is the time of the capture that first showed what readers see now. A capture that is read later
    but is older can only say that this was earlier than believed. Captures of archives and files do say so:
    read in any order, they make equal feeds. But what a live crawl has put out, or a re-extraction, was
    published and never goes back (`Memory.floor`), not even when the clock does.
    """
    if article.id is None or not article.title or article.refusal is not None:
        raise ValueError(f"{article.url} is no article: {article.refusal or 'no identity or title'}")
    past, content = _Past(old, readings, memory), fragments(content_shape(article))
    reading = reading_of(article, capture, content)
    known = same_capture(readings, reading)
    reading = marked(reading, known, reextracted_at)
    after = inserted(readings, reading, known)
    # What is read again by the same rules changes nothing; newer ones may have found another related list.
    newest = after[-1] is reading and (reading != known or reextracted_at is not None)
    present, updated = revision(after)
    memory = _memory(past, after, capture, updated, reextracted_at)
    base = old if old is not None and not newest else _page_state(article, capture)
    published, series = carried(after)
    state = replace(
        base,
        url=after[-1].url,
        aliases=aliases(after),
        sections=sections,
        published=published,
        series=series,
        attachments=filed(base.attachments, kept or {}),
        views=_newer_views(old, article, capture),
        first_seen=after[0].at,
        last_seen=after[-1].at,
        revision=present,
        updated=_latest(updated, memory.floor),
        **_history(old),
    )
    if old is None or not _same_record(old, state, readings, after):
        state = replace(state, digest=digest(state, _lent(state, article, content) if newest else None))
    op, deleted_at = _operation(past, state, after, reading, is_new=known is None)
    return Decision(
        op=op,
        state=state if state.deleted_at == deleted_at else replace(state, deleted_at=deleted_at),
        readings=after,
        memory=memory,
        reading=reading,
        learnt=reading != known,
        reader_visible=old is not None and state.updated != old.updated,
        content=content,
    )


def with_sections(state: ArticleState, sections: tuple[Section, ...]) -> ArticleState:
    """The state as a member of these sections."""
    moved = replace(state, sections=sections)
    return replace(moved, digest=digest(moved))


def with_files(state: ArticleState, kept: Mapping[str, Asset]) -> ArticleState:
    """The state with the length and hash of its kept attachments; readers' `updated` stays."""
    told = replace(state, attachments=filed(state.attachments, kept))
    return state if told == state else replace(told, digest=digest(told))


def filed(attachments: tuple[Attachment, ...], kept: Mapping[str, Asset]) -> tuple[Attachment, ...]:
    """Attachments with what is known of the files themselves, by address."""
    return tuple(
        replace(attachment, bytes=kept[attachment.url].bytes, sha256=kept[attachment.url].sha256)
        if attachment.url in kept
        else attachment
        for attachment in attachments
    )


def _history(old: ArticleState | None) -> dict[str, Any]:
    """What the state keeps until a change is written."""
    if old is None:
        return {}
    return {
        "digest": old.digest,
        "seq": old.seq,
        "changed_at": old.changed_at,
        "deleted_at": old.deleted_at,
    }


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


def _memory(
    past: _Past,
    after: Sequence[Reading],
    capture: Capture,
    updated: datetime | None,
    reextracted_at: datetime | None,
) -> Memory:
    """Raises the floor to what a live crawl or a re-extraction shows, or has shown."""
    old, floor = past.state, past.memory.floor
    if old is None or (capture.source != "live" and reextracted_at is None):
        return past.memory
    if reextracted_at is None:
        return replace(past.memory, floor=_latest(floor, old.updated, updated))
    reader_sees = past.readings[-1].reader != after[-1].reader
    return replace(past.memory, floor=_latest(floor, old.updated, reextracted_at if reader_sees else None))


def _latest(*moments: datetime | None) -> datetime | None:
    return max((moment for moment in moments if moment is not None), default=None)


def _same_record(
    old: ArticleState, state: ArticleState, before: Sequence[Reading], after: Sequence[Reading]
) -> bool:
    """Whether the digest cannot have changed, which spares it for pages that are read again and again."""
    return (
        bool(before)
        and before[-1].page == after[-1].page
        and (old.aliases, old.sections) == (state.aliases, state.sections)
        and (old.published, old.series) == (state.published, state.series)
        and old.attachments == state.attachments
    )


def _lent(state: ArticleState, article: Article, content: Fragments) -> Fragments:
    """The content of the page just read with what older pages and kept files lent it."""
    lent: dict[str, Any] = {}
    if (state.published, state.series) != (article.published, article.series):
        lent = {"published": published_shape(state.published), "series": series_shape(state.series)}
    if state.attachments != article.attachments:
        lent["attachments"] = [attachment_shape(attachment) for attachment in state.attachments]
    return {**content, **fragments(lent)}


def _newer_views(old: ArticleState | None, article: Article, capture: Capture) -> ViewObservation | None:
    known = None if old is None else old.views
    if article.views is None or (known is not None and known.observed_at >= capture.fetched_at):
        return known
    return ViewObservation(article.views.views, capture.fetched_at)


def _operation(
    past: _Past, state: ArticleState, after: Sequence[Reading], reading: Reading, *, is_new: bool
) -> tuple[Operation | None, datetime | None]:
    """The change, and since when the portal does not have the article."""
    old = past.state
    if old is None:
        return "created", None
    if old.deleted_at is not None:
        return _return(old.deleted_at, past.memory.absent_at or old.deleted_at, reading, is_new=is_new)
    if after[-1] is reading:
        return ("updated" if state.digest != old.digest else None), None
    same = (state.digest, state.first_seen, state.revision) == (old.digest, old.first_seen, old.revision)
    return (None if same and pages(past.readings) == pages(after) else "revised"), None


def _return(
    deleted_at: datetime, absent_at: datetime, reading: Reading, *, is_new: bool
) -> tuple[Operation | None, datetime | None]:
    """A removed article is back when a capture shows it after the portal was last seen without it.

    One from before that time, but after the removal, makes the removal a later one.
    """
    if not is_new or reading.at < deleted_at:
        return None, deleted_at
    return ("restored", None) if reading.at >= absent_at else ("deleted", absent_at)
