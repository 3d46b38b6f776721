"""What a page calls itself: heading, breadcrumb, document title, menu entry. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from crawler.extract.known import folded
from crawler.extract.listing_addresses import starts
from crawler.extract.listing_runs import PageText, Run
from crawler.extract.listing_words import is_heading
from crawler.normalize import clean_text

_PARTS = re.compile(r"\s+[-–—|»>:/\\•·]+\s+|\s*[|»]\s*|\s*::\s*")
_PAGE = re.compile(r"(?:trang|page) ?[0-9]+")
_HOME = frozenset({"trang chu", "home", "trang nhat", "homepage", "trang chinh"})
_PORTAL = re.compile(r"\b(?:cong|trang) (?:thong tin|tin|ttdt)\b|\b(?:website|portal)\b")
STRIP = " \t|/\\·•-–—:>»›→▸►<«‹,;"
#: What parts the steps of a trail; menus have bars.
_SIGNS = "»>›→▸►/\\"
_MOST_STEPS = 4
_LONGEST = 120


@dataclass(frozen=True, slots=True)
class Names:
    """Texts by which a page may call itself, best first: rule -> text; and all of them folded."""

    by_rule: dict[str, str]
    folded: frozenset[str]

    def fits(self, run: Run) -> bool:
        """Whether a heading is this page's own name."""
        return run.folded.strip(STRIP) in self.folded


def names_of(page: PageText, pager_runs: frozenset[int]) -> Names:
    """Everything on the page that names it."""
    found: dict[str, str] = {}
    tops = _headings(page, 1)
    if len(tops) == 1:
        found["h1"] = tops[0]
    if crumb := _breadcrumb(page):
        found["breadcrumb"] = crumb
    if menu := _menu_entry(page, pager_runs):
        found["menu"] = menu
    head = page.document
    for rule, text in (("title", head.title_tag), ("og:title", head.og_title)):
        if part := _own_part(page, text):
            found[rule] = part
    known = {rule: clean_text(text).strip(STRIP) for rule, text in found.items()}
    return Names(known, frozenset(folded(text) for text in known.values() if text))


def _headings(page: PageText, level: int) -> list[str]:
    """Texts of the headings of one level that name the page, not the site or an article."""
    texts: dict[int, list[str]] = {}
    for run in page.runs:
        if run.frame.heading == level and not (run.link and run.link.ident):
            texts.setdefault(run.frame.index, []).append(run.text)
    joined = (" ".join(parts) for parts in texts.values())
    return [text for text in joined if len(text) <= _LONGEST and not _is_site(page, text)]


def _is_site(page: PageText, text: str) -> bool:
    name = folded(text)
    site = folded(page.site.title)
    return name in _HOME or site in name or (len(name) >= 12 and name in site) or bool(_PORTAL.search(name))


def _own_part(page: PageText, text: str) -> str | None:
    """The part of a document title that names the page, not the site: as long as the page itself prints it."""
    ends = [match.start() for match in _PARTS.finditer(text)]
    wholes = [text[:end].strip(STRIP) for end in (*reversed(ends), len(text))]
    parts = [part.strip(STRIP) for part in _PARTS.split(text)]
    own = [part for part in parts if _may_name(page, part)]
    printed = {run.folded.strip(STRIP) for run in page.runs}
    wholes = [whole for whole in wholes if _may_name(page, whole) and folded(whole) in printed]
    return max(wholes, key=len, default=own[0] if own else None)


def _may_name(page: PageText, text: str) -> bool:
    return 0 < len(text) <= _LONGEST and not _is_site(page, text) and not _PAGE.fullmatch(folded(text))


def _breadcrumb(page: PageText) -> str | None:
    """The last step of a row `Trang chủ » … » Tên mục`."""
    for run in page.runs:
        if run.folded.strip(STRIP) in _HOME or run.folded.startswith("trang chu "):
            steps = _steps(page, run)
            if steps:
                return steps[-1]
    return None


def _steps(page: PageText, home: Run) -> list[str]:
    """The texts after `Trang chủ` that separators join; empty where the row is a menu."""
    whole = _PARTS.split(home.text)
    if len(whole) > 1 and not home.link:
        return [part.strip(STRIP) for part in whole[1:] if part.strip(STRIP)]
    steps: list[str] = []
    row = (home.frame, home.frame.parent) if home.frame.tag in ("li", "td", "p", "div") else (home.frame,)
    marked = any("crumb" in frame.hint or "duongdan" in frame.hint for frame in home.frame.lineage()[:4])
    separated = marked or home.text[-1] in _SIGNS
    for run in page.runs[home.index + 1 : home.index + 12]:
        core = run.text.strip(STRIP)
        if (run.link and run.link.ident) or page.common(home.frame, run.frame) not in row:
            break
        if not core:
            separated = separated or any(sign in run.text for sign in _SIGNS)
        elif (separated or run.text[0] in _SIGNS) and len(core) <= _LONGEST and run.frame.heading == 0:
            steps.append(core)
            separated = marked or run.text[-1] in _SIGNS
        else:
            break
    return steps if len(steps) <= _MOST_STEPS else []


def _menu_entry(page: PageText, pager_runs: frozenset[int]) -> str | None:
    """What links to this very listing say."""
    for link in page.links:
        if not link.url or not link.runs or link.runs[0].index in pager_runs:
            continue
        if starts(link.url, page.url) and is_heading(link.runs[0]) and not _is_site(page, link.text):
            return link.text
    return None
