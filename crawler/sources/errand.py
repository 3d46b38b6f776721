"""What a request asks of an archive, carried by the request itself."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from crawler.sources.answers import Answer
from crawler.sources.limits import Kind

#: Keys of `request.meta`: the errand; what came of it; how often it was tried.
ERRAND = "errand"
RESULT = "result"
TRIES = "archive_tries"


@dataclass(frozen=True, slots=True)
class Errand:
    """One question to an archive."""

    archive: Literal["wayback", "commoncrawl"]
    kind: Kind
    #: What an answer says; a `Trouble` makes the question be asked again, a `Given` is kept like a page.
    read: Callable[[Answer], Any]
