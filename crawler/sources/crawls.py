"""Keeps Common Crawl's list of crawls for a day, so that it is not asked for at every run."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from crawler.files import write_text
from crawler.sources.commoncrawl import Crawl

_FRESH = timedelta(days=1)
_NAME = "commoncrawl-crawls.json"


def remembered_crawls(folder: Path, base: str, now: datetime) -> tuple[Crawl, ...]:
    """The list as it was read within a day of `now`; empty when there is none, or of another service."""
    try:
        noted = json.loads((folder / _NAME).read_text(encoding="utf-8"))
        fresh = noted["base"] == base and abs(now - datetime.fromisoformat(noted["read_at"])) < _FRESH
        return tuple(Crawl(str(name), None) for name in noted["ids"]) if fresh else ()
    except (OSError, ValueError, KeyError, TypeError):
        return ()


def remember_crawls(folder: Path, base: str, now: datetime, crawls: Sequence[Crawl]) -> None:
    """Notes the list. OSError when the folder refuses."""
    noted = {"base": base, "read_at": now.isoformat(), "ids": [crawl.id for crawl in crawls]}
    folder.mkdir(parents=True, exist_ok=True)
    write_text(folder / _NAME, json.dumps(noted))
