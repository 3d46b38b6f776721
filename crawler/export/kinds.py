"""The two kinds of lines that a folder holds, and how large a segment of each grows. Values only."""

from dataclasses import dataclass
from typing import Final

from crawler.export.records import ARTICLE_SCHEMA, VIEWS_SCHEMA


@dataclass(frozen=True, slots=True)
class Kind:
    """Articles or views: the word in file names, the member that numbers the lines, their schema."""

    name: str
    cursor: str
    schema: str
    #: Members that never change for one number, whatever a store learns or withholds later.
    identity: tuple[str, ...]
    #: What its lines are, for people: an article has a line for each of its changes.
    lines: str


@dataclass(frozen=True, slots=True)
class Limits:
    """Where a segment ends, whichever comes first; one long line may go beyond."""

    lines: int
    #: Bytes before compression.
    content: int


ARTICLES: Final = Kind("articles", "seq", ARTICLE_SCHEMA, ("seq", "at", "site", "id", "digest"), "records")
VIEWS: Final = Kind("views", "n", VIEWS_SCHEMA, ("n", "site", "id", "count", "observed_at"), "views")
KINDS: Final = {kind.name: kind for kind in (ARTICLES, VIEWS)}

#: A file that any tool opens at once: some 5 MB of articles compressed.
LIMITS: Final = Limits(lines=10_000, content=32 << 20)
