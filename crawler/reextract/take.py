"""Takes what workers found into the report and, when it is applied, into the store."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from crawler.reextract.compare import FieldChange, field_changes
from crawler.reextract.examine import Examined, Finding
from crawler.reextract.report import Difference, Reextraction
from crawler.store import Reader, Writer


class Taker:
    """Counts findings, keeps the first differences, and writes what may be written."""

    def __init__(
        self, reader: Reader, writer: Writer | None, report: Reextraction, *, limit: int, now: datetime
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._report = report
        self._limit = limit
        self._now = now

    def take(self, examined: Examined) -> None:
        """One batch of captures."""
        self._report.counts += examined.counts
        for finding in examined.findings:
            self._take(finding)

    def _take(self, finding: Finding) -> None:
        changes = self._changes(finding)
        self._report.visible += finding.visible
        self._report.fields.update(change.field for change in changes)
        if finding.kind == "unreadable":
            self._report.refused[str(finding.reason)] += 1
        for difference in _differences(finding, changes):
            self._tell(difference)
        if self._writer is not None and _is_news(finding, changes):
            self._apply(self._writer, finding)

    def _changes(self, finding: Finding) -> tuple[FieldChange, ...]:
        row, article = finding.row, finding.article
        if finding.kind != "changed" or finding.same_page or not (article and row.article and row.page):
            return finding.beside
        return field_changes(self._reader.said(article.site, row.article, row.page), article) + finding.beside

    def _tell(self, difference: Difference) -> None:
        if len(self._report.differences) < self._limit:
            self._report.differences.append(difference)
        else:
            self._report.left_out += 1

    def _apply(self, writer: Writer, finding: Finding) -> None:
        if finding.article is not None:
            done = writer.reextracted(finding.article, finding.row.capture, at=self._now)
            self._report.operations[done or "without a change of the record"] += 1


def _is_news(finding: Finding, changes: tuple[FieldChange, ...]) -> bool:
    """Whether the store can learn something: a view count that was observed once is never unsaid."""
    if finding.kind == "readable":
        return True
    return any(change.field != "views" or change.old is None for change in changes)


def _differences(finding: Finding, changes: tuple[FieldChange, ...]) -> Iterator[Difference]:
    """One for each field, or one for the whole capture."""
    row, article = finding.row, finding.article
    whole = Difference(
        finding.kind,
        row.article or (article.id if article else None),
        row.capture.url,
        row.capture.fetched_at,
        reason=finding.reason,
    )
    if finding.kind == "changed":
        for change in changes:
            yield replace(whole, field=change.field, old=change.old, new=change.new, rule=change.rule)
    elif finding.kind == "readable" and article is not None:
        yield replace(whole, field="title", new=article.title, rule=article.rules.get("title"))
    else:
        yield whole
