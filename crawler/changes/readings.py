"""What is remembered of every good capture of an article, and what follows from all of them. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from operator import attrgetter

from crawler.changes.digest import Fragments, page_digest, reader_digest
from crawler.items import Article, Capture, Published, SeriesPeriod


@dataclass(frozen=True, slots=True)
class Reading:
    """One good capture, so that captures may be read in any order."""

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
    #: When newer rules read the payload differently; None while the first reading stands.
    reextracted_at: datetime | None = None


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


def marked(reading: Reading, known: Reading | None, reextracted_at: datetime | None) -> Reading:
    """The reading with the mark of its last re-extraction: one that read the same leaves the old mark."""
    if reextracted_at is not None and (known is None or known.page != reading.page):
        return replace(reading, reextracted_at=reextracted_at)
    return reading if known is None else replace(reading, reextracted_at=known.reextracted_at)


def same_capture(readings: Sequence[Reading], reading: Reading) -> Reading | None:
    """An earlier reading of the same capture."""
    return next((r for r in readings if (r.at, r.payload) == (reading.at, reading.payload)), None)


def inserted(readings: Sequence[Reading], reading: Reading, known: Reading | None) -> tuple[Reading, ...]:
    """The readings with one more, by capture time; it takes the place of one of the same capture."""
    if known is not None:
        return tuple(reading if r is known else r for r in readings)
    place = sum(r.at <= reading.at for r in readings)
    return (*readings[:place], reading, *readings[place:])


def carried(readings: Sequence[Reading]) -> tuple[Published | None, SeriesPeriod | None]:
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


def revision(readings: Sequence[Reading]) -> tuple[datetime, datetime | None]:
    """First sight of what readers see now, and the same again where it is not the first they saw."""
    runs = [next(run) for _, run in groupby(readings, key=attrgetter("reader"))]
    return runs[-1].at, runs[-1].at if len(runs) > 1 else None


def aliases(readings: Sequence[Reading]) -> tuple[str, ...]:
    """Every other address the article was seen under, in order of first sight."""
    return tuple(dict.fromkeys(r.url for r in readings if r.url != readings[-1].url))


def pages(readings: Sequence[Reading]) -> list[str]:
    """The revisions, oldest first: what the pages said, without repetition."""
    return [page for page, _ in groupby(readings, key=attrgetter("page"))]
