"""The headings above a box: what its articles are called together. Pure."""

from collections.abc import Iterator, Sequence

from crawler.extract.listing_boxes import Box
from crawler.extract.listing_runs import PageText, Run
from crawler.extract.listing_words import is_heading


def find_headings(page: PageText, boxes: Sequence[Box], pager_runs: frozenset[int]) -> None:
    """Sets the headings of boxes."""
    inside = {
        n
        for box in boxes
        for item in box.items
        for n in range(max(item.first, item.links[0].first), item.end)
    }
    for box in boxes:
        box.headings = list(_headings(page, box, inside, pager_runs))


def _headings(page: PageText, box: Box, inside: set[int], pager_runs: frozenset[int]) -> Iterator[Run]:
    """Up to three heading-like texts before a box, nearest first, back to the next item or pager."""
    found = 0
    start = box.first if _opens_like_others(page, box) else box.start
    for run in reversed(page.runs[max(0, start - 12) : start]):
        if run.index in inside or run.index in pager_runs or found == 3 or _in_menu(page, run):
            return
        if is_heading(run) and not _in_other_list(page, run, box):
            found += 1
            yield run


def _opens_like_others(page: PageText, box: Box) -> bool:
    """Whether what stands in the first item before its link (a label, a title) stands in the others too."""
    openings = [
        {(run.frame.tag, run.frame.hint, run.hint) for run in page.runs[item.first : item.links[0].first]}
        for item in box.items[:3]
    ]
    return len(openings) > 1 and openings[0] == openings[1]


def _in_other_list(page: PageText, run: Run, box: Box) -> bool:
    """Whether a text is an entry of a list that ends before the box."""
    entry = run.frame.within("li")
    return entry is not None and not page.encloses(entry, box.container)


def _in_menu(page: PageText, run: Run) -> bool:
    """Whether a text is a link in line with another that names no article: the end of a menu."""
    if run.link is None or run.link.ident or run.index == 0 or run.frame.heading or page.label(run):
        return False
    before = page.runs[run.index - 1]
    if before.link is None or before.link is run.link or before.link.ident:
        return False
    one, other = before.frame, run.frame
    for _ in range(4):
        if one is other:
            return True
        if one.tag != other.tag or one.parent is None or other.parent is None:
            return False
        one, other = one.parent, other.parent
    return False
