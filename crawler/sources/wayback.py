"""The Wayback Machine's index (CDX server): what it is asked, and what its answers say. Pure."""

import json
import re
from collections.abc import Sequence
from datetime import date
from urllib.parse import quote, urlencode

from crawler.captures.coding import CodingError, decode_payload
from crawler.sources.answers import Answer, Trouble, overload
from crawler.sources.entries import BrokenIndexError, Entry, IndexPage, entry, timestamp

#: `urlkey` is among them because the resume key is broken without it.
FIELDS = ("urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length")
#: Rows of one answer: some 2 MB, well below the server's own caps.
ROWS = 10_000
#: No index answer is longer, in bytes after decompression.
MAX_INDEX = 64 * 1024 * 1024
#: Both keep revisits, whose status is `-`. Pictures, scripts and the like are most of what an archive holds of a host.
FILTERS = ("!statuscode:[345]..", "!mimetype:(image|audio|video|font)/.*")

#: Cause of the one trouble that stays: the site's owner has asked the archive not to show it.
EXCLUDED = "excluded"
_ENCODED = re.compile(r"[A-Za-z0-9._*~+-]*%[A-Za-z0-9._*~+%-]*")
_EXCLUDED = b"AdministrativeAccessControl"


def cdx_url(base: str, prefix: str, *, since: date | None = None, resume: str | None = None) -> str:
    """The address of one index answer for everything whose address begins with `prefix` (`host/path`).

    `base` is the archive's address with a final slash; `since` leaves out older captures; `resume` is the key
    that the answer before has printed.
    """
    wanted: list[tuple[str, str]] = [("url", prefix), ("matchType", "prefix"), ("output", "json")]
    wanted += [("fl", ",".join(FIELDS)), ("limit", str(ROWS)), ("showResumeKey", "true")]
    wanted += [("filter", condition) for condition in FILTERS]
    wanted += [("from", since.strftime("%Y%m%d"))] if since else []
    url = f"{base}cdx/search/cdx?{urlencode(wanted)}"
    return f"{url}&resumeKey={_sent_back(resume)}" if resume else url


def _sent_back(key: str) -> str:
    """A resume key as it is sent: one that is printed URL-encoded goes back as it was printed."""
    return key if _ENCODED.fullmatch(key) else quote(key, safe="")


def judge_index(answer: Answer) -> Trouble | None:
    """Why an answer is no index; None when it has the status of one. `cause` EXCLUDED is final."""
    if answer.status == 403 and (_EXCLUDED in answer.body or "Access" in _runtime_error(answer)):
        return Trouble(EXCLUDED, again=False)
    trouble = overload(answer, frozenset({403}))
    if trouble or (answer.status == 200 and not answer.is_html):
        return trouble
    if answer.status == 404 and b"No Captures" in answer.body[:500]:
        return None  # as mirrors that run pywb say it
    if answer.status == 200:
        return Trouble("a page instead of index rows", whole=True)
    return Trouble(answer.told, whole=answer.status >= 500, again=False)


def _runtime_error(answer: Answer) -> str:
    return answer.header("x-archive-wayback-runtime-error")


def read_index(body: bytes, fields: Sequence[str] = FIELDS) -> IndexPage:
    """The rows of one answer: json (rows, or an object a line), or text with the fields asked for.

    BrokenIndexError for anything else (a page of HTML, half an answer): that is never "no captures".
    """
    text = body.decode("utf-8", "replace").strip("\ufeff")
    if not text.strip():
        return IndexPage(())
    if text.lstrip()[:1] == "[":
        return _from_json(text, fields)
    if text.lstrip()[:1] == "{":
        return from_lines(text)
    return _from_text(text, fields)


def _from_json(text: str, fields: Sequence[str]) -> IndexPage:
    """The first row names the fields, where it is not a row already; the key stands behind an empty one."""
    try:
        rows = json.loads(text)
    except ValueError:
        raise BrokenIndexError("half an answer instead of index rows") from None
    if not all(isinstance(row, list) for row in rows):
        raise BrokenIndexError("no index rows")
    resume = None
    if len(rows) >= 2 and rows[-2] == [] and len(rows[-1]) == 1:
        resume = str(rows[-1][0])
        rows = rows[:-2]
    if not rows or rows == [[]]:
        return IndexPage((), resume=resume)
    names, *rest = rows
    if "timestamp" not in names:
        if (
            len(names) != len(fields)
            or timestamp(str(dict(zip(fields, names, strict=True))["timestamp"])) is None
        ):
            raise BrokenIndexError("index rows without their header")
        names, rest = list(fields), rows
    return _page([entry(dict(zip(names, row, strict=False))) for row in rest], resume)


def from_lines(text: str) -> IndexPage:
    """An object a line, as pywb and Common Crawl answer; a line cut off is half an answer."""
    entries = []
    for line in text.splitlines():
        if not line.strip():
            continue
        try:
            fields = json.loads(line)
        except ValueError:
            raise BrokenIndexError("half a line instead of an index row") from None
        if not isinstance(fields, dict):
            raise BrokenIndexError("no index rows")
        entries.append(entry(fields))
    return _page(entries, None)


def _from_text(text: str, fields: Sequence[str]) -> IndexPage:
    lines = text.rstrip("\n").split("\n")
    resume = None
    if len(lines) >= 2 and not lines[-2].strip():
        resume = lines[-1].strip() or None
        lines = lines[:-2]
    rows = [line.split(" ") for line in lines if line.strip()]
    if any(len(row) != len(fields) for row in rows):
        raise BrokenIndexError("no index rows")
    return _page([entry(dict(zip(fields, row, strict=True))) for row in rows], resume)


def _page(entries: Sequence[Entry | None], resume: str | None) -> IndexPage:
    good = tuple(found for found in entries if found is not None)
    return IndexPage(good, rubbish=len(entries) - len(good), resume=resume)


def index_page(answer: Answer) -> IndexPage | Trouble:
    """What an answer to `cdx_url` says; Trouble for whatever is no index."""
    trouble = judge_index(answer)
    if trouble is not None:
        return trouble
    if answer.status == 404:
        return IndexPage(())
    try:
        return read_index(decode_payload(answer.body, answer.headers, limit=MAX_INDEX))
    except (BrokenIndexError, CodingError) as error:
        return Trouble(str(error))
