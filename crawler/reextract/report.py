"""What re-extraction found and did: counts and differences, for people and for programs. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from crawler.changes.shapes import utc
from crawler.reextract.compare import shortened
from crawler.reextract.examine import Kind

#: Kinds of findings that are a loss: the program then ends with "partial".
_LOSSES: Final = ("unreadable", "renamed", "missing", "damaged", "failed")
_WIDTH: Final = 72


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that a capture says now or no longer says; `field` is set for the kind `changed` alone."""

    kind: Kind
    #: None where no identity is known.
    id: str | None
    url: str
    captured_at: datetime
    field: str | None = None
    #: In the shapes of the contract's record.
    old: Any = None
    new: Any = None
    #: The rule that finds the value now.
    rule: str | None = None
    reason: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Ready for JSON, values in full."""
        return {
            "kind": self.kind,
            "id": self.id,
            "url": self.url,
            "captured_at": utc(self.captured_at),
            "field": self.field,
            "old": self.old,
            "new": self.new,
            "rule": self.rule,
            "reason": self.reason,
        }

    def line(self) -> str:
        """One line for people, values shortened."""
        head = f"{self.id or self.url} {utc(self.captured_at)}"
        if self.kind == "changed":
            old, new = shortened(self.old, self.new, _WIDTH)
            return f"{head} {self.field}: {old} -> {new} [{self.rule or 'no rule'}]"
        if self.kind == "readable":
            return f"{head} now readable: {shortened(None, self.new, _WIDTH)[1]} [{self.rule or 'no rule'}]"
        return f"{head} {_TELLING[self.kind]}: {self.reason}"


_TELLING: Final[Mapping[str, str]] = {
    "unreadable": "no longer readable, kept as it was read",
    "renamed": "has another identity, kept as it was read",
    "missing": "its capture is missing",
    "damaged": "its capture is damaged",
    "failed": "not read, by an error of the program",
}


@dataclass(slots=True)
class Reextraction:
    """What one run over a site's captures found, and did where it applied it."""

    site: str
    applied: bool
    #: Captures by what became of them (`examine.Examined.counts`).
    counts: Counter[str] = field(default_factory=Counter)
    #: Changed captures by field, `views` among them.
    fields: Counter[str] = field(default_factory=Counter)
    #: Why pages are no longer readable.
    refused: Counter[str] = field(default_factory=Counter)
    #: Changed captures of which readers see something else.
    visible: int = 0
    #: What was applied, by operation.
    operations: Counter[str] = field(default_factory=Counter)
    #: The first differences, and how many are not among them.
    differences: list[Difference] = field(default_factory=list)
    left_out: int = 0

    @property
    def captures(self) -> int:
        """How many were looked at."""
        return self.counts.total()

    @property
    def partial(self) -> bool:
        """Whether something could not be read again."""
        return any(self.counts[kind] for kind in _LOSSES)

    @property
    def failed(self) -> bool:
        """Whether an error of the program's own cost a page."""
        return bool(self.counts["failed"])

    def to_dict(self) -> dict[str, Any]:
        """Ready for JSON."""
        kinds = ("same", "changed", "readable", *_LOSSES, "other")
        return {
            "site": self.site,
            "applied": self.applied,
            "captures": self.captures,
            **{kind: self.counts[kind] for kind in kinds},
            "visible": self.visible,
            "fields": dict(self.fields.most_common()),
            "refused": dict(self.refused.most_common()),
            "operations": dict(sorted(self.operations.items())),
            "differences": [difference.to_dict() for difference in self.differences],
            "left_out": self.left_out,
        }

    def lines(self) -> Iterator[str]:
        """The differences kept and the summary, for people."""
        yield from (difference.line() for difference in self.differences)
        if self.left_out:
            yield f"... and {self.left_out} more; --limit {self.left_out + len(self.differences)} shows all"
        yield f"{self.site}: {self.captures} captures read again: {self._summary()}"
        if self.fields:
            told = ", ".join(f"{name} {count}" for name, count in self.fields.most_common())
            yield f"{self.site}: changed fields: {told}; readers see {self.visible} of the {self.counts['changed']}"
        if self.refused:
            told = ", ".join(f"{reason} {count}" for reason, count in self.refused.most_common())
            yield f"{self.site}: no longer readable: {told}"
        yield self._outcome()

    def _summary(self) -> str:
        words = {
            "same": "same",
            "changed": "changed",
            "readable": "newly readable",
            "unreadable": "no longer readable",
            "renamed": "of another identity",
            "missing": "missing",
            "damaged": "damaged",
            "failed": "failed",
            "other": "no article",
        }
        told = [f"{self.counts[kind]} {word}" for kind, word in words.items() if self.counts[kind]]
        return ", ".join(told) or "none are kept"

    def _outcome(self) -> str:
        if self.applied:
            done = ", ".join(f"{count} {name}" for name, count in sorted(self.operations.items()))
            return f"{self.site}: applied: {done}" if done else f"{self.site}: nothing to apply"
        if self.counts["changed"] or self.counts["readable"]:
            return f"{self.site}: nothing written; `bantin reextract --apply` takes it into the store"
        return f"{self.site}: nothing to {'apply' if self.partial else 'do'}"

    def loss(self) -> str | None:
        """One line that says what could not be read again and what became of it; None when nothing was lost."""
        if not self.partial:
            return None
        told = ", ".join(f"{self.counts[kind]} {kind}" for kind in _LOSSES if self.counts[kind])
        return f"{self.site}: partial: {told}; the store keeps what was read from them before"
