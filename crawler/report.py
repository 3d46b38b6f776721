"""The run report: counts what one run saw and judges its outcome. Pure: no clock, no store."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

from crawler.items import Article, Operation

Outcome = Literal["complete", "partial", "held", "blocked", "budget", "interrupted"]

#: Fields of an article whose filling is watched, in the order of the record.
FIELDS = (
    "title",
    "sections",
    "series",
    "published",
    "views",
    "lead",
    "author",
    "organization",
    "text",
    "event",
    "images",
    "attachments",
    "related",
)

EXIT_CODES: Mapping[Outcome, int] = {
    "complete": 0,
    "partial": 7,
    "held": 8,
    "blocked": 6,
    "budget": 9,
    "interrupted": 130,
}

#: When several exit codes apply, the one that stands first here is told (contract, "Exit codes").
_GRAVITY = (130, 143, 1, 2, 3, 4, 5, 6, 8, 9, 7, 0)


def worst(codes: Iterable[int]) -> int:
    """The exit code of several sites or steps together; 0 when there are none."""
    return min(codes, key=_GRAVITY.index, default=0)


@dataclass(slots=True)
class ListingProgress:
    """How far one listing was walked in this run."""

    pages: int = 0
    complete: bool = False


@dataclass(slots=True)
class AssetProgress:
    """What a run kept of the files that articles offer or show."""

    #: Which files are kept: `none`, `attachments`, `all`.
    policy: str = "none"
    kept: int = 0
    bytes: int = 0
    #: Reason -> number of files that could not be had.
    missing: Counter[str] = field(default_factory=Counter)
    #: Whether no wanted file is left for another run.
    complete: bool = False
    #: Whether the files of every stored article are in the ledger.
    entered: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Its part of the report."""
        return {
            "policy": self.policy,
            "kept": self.kept,
            "bytes": self.bytes,
            "missing": dict(sorted(self.missing.items())),
            "complete": self.complete,
            "entered": self.entered,
        }


@dataclass(slots=True)
class RunReport:
    """Counts of one run of one site. `outcome` judges them; `to_dict` is the contract's run report."""

    site: str
    source: str
    started: datetime
    finished: datetime | None = None
    requests: int = 0
    responses: Counter[str] = field(default_factory=Counter)
    articles: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    listings: dict[str, ListingProgress] = field(default_factory=dict)
    filled: Counter[str] = field(default_factory=Counter)
    rules: dict[str, Counter[str]] = field(default_factory=dict)
    views_observed: int = 0
    assets: AssetProgress = field(default_factory=AssetProgress)
    seq: int = 0
    #: Why the portal as a whole could not be read, for people; None when it could.
    blocked: str | None = None
    #: Whether no later crawl can change that; then `blocked` says what to do instead.
    blocked_for_good: bool = False
    #: What people are told of a run that is complete; None when its counts tell all.
    note: str | None = None
    #: Start of the first of the blocked runs on end, this one included.
    blocked_since: datetime | None = None
    #: The last error of the program itself that cost a page; None while there was none.
    internal_error: str | None = None
    budget_reached: bool = False
    interrupted: bool = False

    def count_article(self, article: Article, operation: Operation | None) -> None:
        """Counts an article that was read, and which of its fields the page gave by which rule."""
        kind = {None: "unchanged", "created": "new"}.get(operation, "changed")
        self.articles[kind] += 1
        self.views_observed += article.views is not None
        for name in FIELDS:
            if getattr(article, name):
                self.filled[name] += 1
                rule = article.rules.get(name)
                if rule:
                    self.rules.setdefault(name, Counter())[rule] += 1

    def refuse(self, reason: str) -> None:
        """Counts an article that was refused or could not be fetched."""
        self.articles["refused"] += 1
        self.refused[reason] += 1

    def listing(self, section_id: str) -> ListingProgress:
        """The progress of one listing, made on first use."""
        return self.listings.setdefault(section_id, ListingProgress())

    @property
    def outcome(self) -> Outcome:
        """The gravest thing that happened, by the contract's order."""
        if self.interrupted:
            return "interrupted"
        if self.blocked:
            return "blocked"
        if self.budget_reached:
            return "budget"
        whole = all(progress.complete for progress in self.listings.values())
        return "complete" if whole and not self.refused else "partial"

    def to_dict(self) -> dict[str, Any]:
        """The report of the contract, ready for JSON; `assets` only where files are kept."""
        files = {} if self.assets.policy == "none" else {"assets": self.assets.to_dict()}
        return {
            "site": self.site,
            "source": self.source,
            "started": _utc(self.started),
            "finished": _utc(self.finished) if self.finished else None,
            "outcome": self.outcome,
            "requests": self.requests,
            "responses": dict(sorted(self.responses.items())),
            "articles": {
                kind: self.articles[kind] for kind in ("new", "changed", "unchanged", "gone", "refused")
            },
            "refused": dict(sorted(self.refused.items())),
            "listings": {
                name: {"pages": progress.pages, "complete": progress.complete}
                for name, progress in self.listings.items()
            },
            "fields": {
                name: {"filled": self.filled[name], "rules": dict(sorted(self.rules.get(name, {}).items()))}
                for name in FIELDS
            },
            "views_observed": self.views_observed,
            "seq": self.seq,
            **files,
        }


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
