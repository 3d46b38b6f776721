"""Which page of a listing comes next. Pure.

A next page is offered only when it is the true one: a step that could lead back, to the last page or round in
a circle is none. The page that is shown is the number without a link, or the one that the address tells.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from crawler.extract.blocks import Frame
from crawler.extract.listing_addresses import form_of, is_further, is_kin
from crawler.extract.listing_pager import WEAK_NEXT, Mark, Pager, find_pagers, textless_next
from crawler.extract.listing_runs import PageText, ShownLink
from crawler.items import Link


@dataclass(frozen=True, slots=True)
class Paging:
    """What the pagers of a page offer."""

    next_page: Link | None
    #: Name of the rule that chose the next page; empty without one.
    rule: str
    pages: tuple[Link, ...]
    #: Runs that belong to pagers: (first, last).
    extents: tuple[tuple[int, int], ...]
    #: Addresses of paging links: they are neither articles nor sections.
    urls: frozenset[str]
    #: The links of all rows, as shown.
    links: frozenset[ShownLink]
    #: Run at which the last row begins that turns this listing's pages, be it by script; and its frame.
    turner: tuple[int, Frame] | None
    #: Whether its addresses resemble that of the page.
    kin: bool


@dataclass(frozen=True, slots=True)
class Scale:
    """How addresses carry page numbers: value = step * number + base, in one place of one address form."""

    form: str
    slot: int
    step: int
    base: int

    def number(self, url: str) -> int | None:
        """The page number of an address of this form, else None."""
        form, values = form_of(url)
        if form != self.form:
            return None
        number, rest = divmod(values[self.slot] - self.base, self.step)
        return number if rest == 0 and number >= 0 else None


def find_paging(page: PageText) -> Paging:
    """Next page and all paging links; no next page rather than a doubtful one."""
    rows = find_pagers(page)
    pagers, kin = _own_pagers(page.url, rows)
    marks = [mark for pager in pagers for mark in pager.marks]
    next_page, rule = _next(page, marks)
    pages = _links(page.url, marks)
    if next_page is not None and all(next_page.url != link.url for link in pages):
        pages = (*pages, next_page)
    urls = frozenset(mark.url for mark in marks if mark.url) | frozenset(link.url for link in pages)
    shown = frozenset(mark.link for row in rows for mark in row.marks if mark.link)
    scripted = [row for row in rows if sum(mark.kind == "number" for mark in row.marks) >= 2]
    last = max(pagers or scripted, key=lambda row: row.first, default=None)
    turner = (last.first, _frame(page, last)) if last else None
    return Paging(
        next_page, rule, pages, tuple((row.first, row.last) for row in rows), urls, shown, turner, kin
    )


def without_pages(paging: Paging) -> Paging:
    """The same links, none of which turns the pages of this listing."""
    return replace(paging, next_page=None, rule="", pages=())


def _frame(page: PageText, row: Pager) -> Frame:
    link = row.marks[0].link
    return link.frame if link and row.last < row.first else page.runs[row.first].frame


def _own_pagers(url: str, rows: Sequence[Pager]) -> tuple[list[Pager], bool]:
    """The rows that turn the pages of this listing, not those of a comment box or a gallery."""
    kin = [row for row in rows if any(mark.url and is_kin(url, mark.url) for mark in row.marks)]
    if kin:
        return kin, True
    numbered = [row for row in rows if sum(mark.kind == "number" for mark in row.marks) >= 2]
    named = [row for row in rows if any(_is_plain_next(mark) for mark in row.marks)]
    return numbered[-1:] or named[-1:], False


def _is_plain_next(mark: Mark) -> bool:
    return mark.kind == "next" and mark.url is not None and mark.word not in WEAK_NEXT


def _links(url: str, marks: Iterable[Mark]) -> tuple[Link, ...]:
    """Every other page that is offered, once, in page order."""
    found: dict[str, str] = {}
    for mark in marks:
        if mark.link and mark.url and mark.url != url and mark.kind != "filler":
            found.setdefault(mark.url, mark.link.label)
    return tuple(Link(address, text) for address, text in found.items())


# -- the next page ------------------------------------------------------------------------------------------


def _next(page: PageText, marks: Sequence[Mark]) -> tuple[Link | None, str]:
    scale = _scale(marks)
    current = _current(page.url, marks, scale)
    numbered = [mark for mark in marks if mark.kind == "number" and mark.url]
    if current is not None:
        for mark in numbered:
            if mark.number == current + 1 and mark.link and mark.url and mark.url != page.url:
                return Link(mark.url, mark.link.label), "number"
    total = next((int(mark.word) for mark in marks if mark.kind == "of"), None)
    if current is not None and total is not None and current >= total:
        return None, ""
    behind = {mark.url for mark in numbered if current is not None and (mark.number or 0) <= current}
    behind |= {mark.url for mark in marks if mark.kind == "back"}
    for link, rule in _offers(page, marks):
        if link.url not in behind and _leads_on(page.url, link.url, scale, current):
            return link, rule
    return None, ""


def _offers(page: PageText, marks: Sequence[Mark]) -> Iterator[tuple[Link, str]]:
    """What calls itself the next page, best first."""
    head = page.document.head.next_page
    if head and (url := page.site.canonical(head)):
        yield Link(url, "next"), "link rel=next"
    rel = {
        mark.url: mark for mark in marks if mark.link and mark.url and "next" in mark.link.anchor.rel.split()
    }
    if len(rel) == 1:
        yield from _as_links(rel.values(), "rel=next")
    yield from _as_links((mark for mark in marks if mark.kind == "next"), "word")
    yield from ((Link(url, "next"), "class next") for url in textless_next(page))
    yield from _as_links((mark for mark in marks if mark.kind == "step"), "sign")
    if not any(mark.kind in ("step", "next") for mark in marks):
        yield from _as_links((mark for mark in marks if mark.kind == "leap"), "sign")
    yield from _as_links((mark for mark in marks if mark.kind == "more"), "word")


def _as_links(marks: Iterable[Mark], rule: str) -> Iterator[tuple[Link, str]]:
    for mark in marks:
        if mark.link and mark.url:
            yield Link(mark.url, mark.link.label), rule


def _leads_on(here: str, there: str, scale: Scale | None, current: int | None) -> bool:
    """Whether an address is one page further and not behind, at the end, or elsewhere."""
    if there == here:
        return False
    number = scale.number(there) if scale else None
    if number is not None and current is not None:
        return number == current + 1
    return is_kin(here, there) and is_further(here, there)


# -- the page that is shown ---------------------------------------------------------------------------------


def _current(url: str, marks: Sequence[Mark], scale: Scale | None) -> int | None:
    told = scale.number(url) if scale else None
    if told is not None:
        return told
    numbers = [(mark, mark.number) for mark in marks if mark.kind == "number" and mark.number is not None]
    for candidates in (
        {number for mark, number in numbers if mark.url == url},
        {mark.number for mark in marks if mark.kind == "of" and mark.number},
        {number for mark, number in numbers if mark.active},
        {number for mark, number in numbers if mark.link is None},
        {number for mark, number in numbers if mark.url is None},
        _missing({number for _, number in numbers}),
    ):
        if len(candidates) == 1:
            return next(iter(candidates))
    return None


def _missing(numbers: set[int]) -> set[int]:
    """The one number that a row of links leaves out."""
    if not numbers:
        return set()
    left_out = set(range(1, max(numbers) + 1)) - numbers
    return {1} if min(numbers) == 2 else left_out


def _scale(marks: Sequence[Mark]) -> Scale | None:
    """How the numbered links carry their numbers: `page=2`, `/trang-2`, from zero (`page=1`), `start=20`."""
    forms: dict[str, list[tuple[int, tuple[int, ...]]]] = {}
    for mark in marks:
        if mark.kind == "number" and mark.number is not None and mark.url:
            form, values = form_of(mark.url)
            forms.setdefault(form, []).append((mark.number, values))
    ordered = sorted(forms.items(), key=lambda entry: -len({number for number, _ in entry[1]}))
    for fit in (_fit, _fit_offset):
        for form, seen in ordered:
            for slot in reversed(range(len(seen[0][1]))):
                if (line := fit([(number, values[slot]) for number, values in seen])) is not None:
                    return Scale(form, slot, *line)
    return None


def _fit_offset(points: list[tuple[int, int]]) -> tuple[int, int] | None:
    """As `_fit`, from one link alone that counts articles (`start=20` for page 2 or 3)."""
    number, value = points[0]
    step, rest = divmod(value, number - 1) if number > 1 else (0, 0)
    return (step, -step) if step >= 5 and rest == 0 and number == max(points)[0] else None


def _fit(points: list[tuple[int, int]]) -> tuple[int, int] | None:
    """Step and base of value = step * number + base over all points; None when no line fits."""
    (number, value), (other, farther) = min(points), max(points)
    if number == other:
        return (1, value - number) if value in (number, number - 1) else None
    step = (farther - value) // (other - number)
    base = value - step * number
    return (step, base) if step > 0 and all(v == step * n + base for n, v in points) else None
