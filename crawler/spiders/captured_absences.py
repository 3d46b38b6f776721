"""Articles that captured answers say are gone: collected while files are replayed, judged when all pages are read.

The order of records and files says nothing, so nothing is noted before the end: only then is it known which
answer is the newest. What counts as gone is what counts in a live crawl: a 410, or 404 on two days (+07:00).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from scrapy.http import Response

from crawler.changes.plan import day_of
from crawler.spiders.absences import FEW, SHARE
from crawler.spiders.answers import GONE, capture_of
from crawler.spiders.parts import Parts

#: So many days on which it was missing are remembered of one article, the newest.
MOST_DAYS = 32


@dataclass(frozen=True, slots=True, order=True)
class CapturedAbsence:
    """One answer by which the portal said that it does not have an article."""

    at: datetime
    status: int
    #: The address asked for, in the site's own spelling.
    url: str


class CapturedAbsences:
    """The absences among the captures of one replay."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.site = parts.site
        self.session = parts.session
        self._shown: dict[str, datetime] = {}
        self._absent: dict[str, list[CapturedAbsence]] = {}

    def shown(self, article_id: str, at: datetime) -> None:
        """A capture shows the article, or says that it is unchanged (304)."""
        self._shown[article_id] = max(at, self._shown.get(article_id, at))

    def look(self, response: Response) -> None:
        """Takes an answer without a page: that an article is gone, or that it is as it was."""
        article_id, url = self.site.article_id(response.url), self.site.canonical(response.url)
        if article_id is None or url is None:
            return
        at = capture_of(response).fetched_at
        if response.status == 304:
            self.shown(article_id, at)
        elif response.status in GONE:
            known = self._absent.get(article_id, [])
            self._absent[article_id] = thinned([*known, CapturedAbsence(at, response.status, url)])

    def judge(self) -> None:
        """Enters what the captures prove into the ledger; too large a share at once proves nothing."""
        standing = {article_id: self._standing(article_id) for article_id in self._absent}
        standing = {article_id: absences for article_id, absences in standing.items() if absences}
        if len(standing) > max(FEW, SHARE * len(self._shown.keys() | standing.keys())):
            self.session.report.refused["absences-doubted"] += len(standing)
            return
        for article_id, absences in standing.items():
            self._note(article_id, absences)

    def _standing(self, article_id: str) -> list[CapturedAbsence]:
        """Absences of a stored article at its present address that no capture is newer than, the oldest first."""
        state = self.session.writer.article(self.site.id, article_id)
        if state is None or state.last_seen is None:
            return []
        here = self.parts.here(state.url)
        known = max(filter(None, (state.last_seen, state.deleted_at, self._shown.get(article_id))))
        return [absence for absence in self._absent[article_id] if absence.at > known and absence.url == here]

    def _note(self, article_id: str, absences: Sequence[CapturedAbsence]) -> None:
        """Notes the absence that decided, else the first; and the last, up to which the article stayed away."""
        decisive = deciding(absences)
        first, last = decisive or absences[0], absences[-1]
        if self._note_absence(article_id, first, final=decisive is not None):
            self.session.report.articles["gone"] += 1
        if decisive is not None and last.at > first.at:
            self._note_absence(article_id, last, final=False)

    def _note_absence(self, article_id: str, absence: CapturedAbsence, *, final: bool) -> bool:
        reason = f"http-{absence.status}"
        return self.session.writer.note_absence(article_id, absence.at, reason=reason, final=final)


def deciding(absences: Sequence[CapturedAbsence]) -> CapturedAbsence | None:
    """Of absences on end, the oldest first, the one that proves an article gone; None when none does."""
    first = day_of(absences[0].at)
    return next((a for a in absences if a.status == 410 or day_of(a.at) != first), None)


def thinned(absences: Sequence[CapturedAbsence]) -> list[CapturedAbsence]:
    """The oldest first; of each day, status and address one, and of many days the newest."""
    newest_first = sorted(absences, reverse=True)
    kept = {(day_of(a.at), a.status, a.url): a for a in newest_first}
    return sorted(kept.values())[-MOST_DAYS:]
