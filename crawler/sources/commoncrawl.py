"""Common Crawl's list of crawls and its index: what is asked, and what the answers say. Pure."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from urllib.parse import urlencode

from crawler.captures.coding import CodingError, decode_payload
from crawler.sources.answers import Answer, Trouble, overload
from crawler.sources.entries import BrokenIndexError, IndexPage
from crawler.sources.wayback import MAX_INDEX, from_lines

#: "Back off and slow down at every 403, 429, 5xx" (ARCHIVES, part B).
BACK_OFF = frozenset({403, 500, 520, 522, 523, 524, 525, 526, 527, 530})
_WEEKLY = re.compile(r"CC-MAIN-[0-9]{4}-[0-9]{2}")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


class UnknownCrawlError(Exception):
    """A crawl that the list does not have; the message names some that it has."""


@dataclass(frozen=True, slots=True)
class Crawl:
    """One of Common Crawl's crawls."""

    id: str
    #: When it ended, where the list says so.
    ended: datetime | None


def wanted_ids(source: str) -> tuple[str, ...]:
    """The crawls that `commoncrawl:A,B` names; none in `commoncrawl`, which means the newest.

    ValueError for what can be no crawl's id.
    """
    _, colon, names = source.partition(":")
    ids = tuple(dict.fromkeys(name.strip() for name in names.split(","))) if colon else ()
    bad = next((name for name in ids if not _ID.fullmatch(name)), None)
    if bad is not None:
        raise ValueError(f"{bad!r} is no crawl; write commoncrawl:CC-MAIN-2020-10, several with commas")
    return ids


def read_crawls(answer: Answer) -> tuple[Crawl, ...] | Trouble:
    """The crawls of `collinfo.json`, in its order; an empty list is an outage, for there are always some."""
    trouble = _trouble(answer)
    if trouble is not None:
        return trouble
    try:
        rows = json.loads(decode_payload(answer.body, answer.headers, limit=MAX_INDEX))
    except (ValueError, CodingError):
        return Trouble("no list of crawls", whole=True)
    found = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    crawls = tuple(Crawl(row["id"], _ended(row)) for row in found if _ID.fullmatch(str(row.get("id", ""))))
    return crawls or Trouble("an empty list of crawls", whole=True)


def _ended(row: dict[str, object]) -> datetime | None:
    """UTC; the list writes it without a zone."""
    try:
        moment = datetime.fromisoformat(str(row.get("to", "")))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def chosen_crawls(crawls: Sequence[Crawl], ids: Sequence[str]) -> tuple[Crawl, ...]:
    """The crawls named, or the newest alone when none is; UnknownCrawlError."""
    if not ids:
        weekly = [crawl for crawl in crawls if _WEEKLY.fullmatch(crawl.id)]
        return (max(weekly, key=lambda crawl: crawl.id) if weekly else crawls[0],)
    known = {crawl.id.lower(): crawl for crawl in crawls}
    unknown = next((name for name in ids if name.lower() not in known), None)
    if unknown is not None:
        some = ", ".join(crawl.id for crawl in crawls[:3])
        raise UnknownCrawlError(f"there is no crawl {unknown}; {len(crawls)} are known: {some} …")
    return tuple(known[name.lower()] for name in ids)


def index_url(base: str, crawl: str, prefix: str, *, page: int | None, since: date | None = None) -> str:
    """The address of one page of the index for everything below `prefix` (`host/path/`).

    With `page` None: of the number of pages. `base` ends in a slash.
    """
    wanted = [("url", f"{prefix}*"), ("output", "json"), ("filter", "=status:200")]
    wanted += [("from", since.strftime("%Y%m%d"))] if since else []
    wanted += [("showNumPages", "true")] if page is None else [("page", str(page))]
    return f"{base}{crawl}-index?{urlencode(wanted)}"


def read_page_count(answer: Answer) -> int | Trouble:
    """How many pages an answer to `index_url` without a page promises."""
    trouble = _trouble(answer)
    if trouble is not None:
        return 0 if is_empty(answer) else trouble
    try:
        told = json.loads(decode_payload(answer.body, answer.headers, limit=MAX_INDEX))
    except (ValueError, CodingError):
        return Trouble("no number of pages")
    pages = told.get("pages") if isinstance(told, dict) else told
    return pages if isinstance(pages, int) and 0 <= pages < 1_000_000 else Trouble("no number of pages")


def read_page(answer: Answer) -> IndexPage | Trouble:
    """The rows of one page; no captures (404) and a page beyond the last (400) are empty, not failures."""
    trouble = _trouble(answer)
    if trouble is not None:
        return IndexPage(()) if is_empty(answer) else trouble
    try:
        body = decode_payload(answer.body, answer.headers, limit=MAX_INDEX)
        return from_lines(body.decode("utf-8", "replace"))
    except (BrokenIndexError, CodingError) as error:
        return Trouble(str(error))


def is_empty(answer: Answer) -> bool:
    """Whether an answer says in its own words that there is nothing, rather than that something is wrong."""
    if answer.status not in (400, 404) or answer.is_html:
        return False
    try:
        told = json.loads(answer.body or b"null")
    except ValueError:
        return False
    said = str(told.get("message") or told.get("error") or "") if isinstance(told, dict) else ""
    return "No Captures" in said if answer.status == 404 else "invalid" in said and "Page" in said


def _trouble(answer: Answer) -> Trouble | None:
    if answer.status == 200 and not answer.is_html:
        return None
    if answer.status == 200:
        return Trouble("a page instead of index rows", whole=True)
    return overload(answer, BACK_OFF) or Trouble(answer.told, again=answer.status >= 500)
