"""Title and header line of an article, chosen together: the pair that agrees best wins. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from crawler.extract.blocks import Block
from crawler.extract.header import Header, day_of, is_scrap
from crawler.extract.known import remembered
from crawler.extract.names import Names
from crawler.extract.reading import Reading
from crawler.extract.vocabulary import bare, is_comments
from crawler.items import Candidate
from crawler.normalize import fold

_TITLE_HINT = re.compile(r"title|headline|tieu-?de|tieude|heading|\bh1\b|chitiet-?ten|lbltitle|newsname")
_LONGEST = 400
#: A claim of this length is no name of a portal or a section.
_SURELY_LONG = 40
#: What a heading is worth by its level; 0 is none.
_BY_LEVEL = (0.0, 3.0, 2.0, 1.5, 1.0, 1.0, 1.0)
#: What an `<h1>` earns that nothing else confirms.
_LEAST_SCORE = 3
_FORMS = {"date | views": 6.0, "labelled": 4.0, "date time": 3.0, "date": 2.0, "views": 1.0}
#: How many lines a header stands away from its title at most: tools, an icon, a lead may stand between.
_AFTER, _BEFORE = 9, 4


class TitleLine(NamedTuple):
    """Lines that may be the title."""

    #: Positions of the first and the last among the lines of the page.
    first: int
    last: int
    #: Number of the first among the blocks of the page.
    block_index: int
    text: str
    score: float
    rule: str


@dataclass(frozen=True, slots=True)
class Heading:
    """What was chosen. `title_line` is None when the title stands in the head of the page alone."""

    title: str | None
    rule: str
    title_line: TitleLine | None
    header: Header | None
    #: A header that only counts views, apart from the one that dates.
    views_header: Header | None
    runners_up: tuple[Candidate, ...]


def find_heading(
    lines: Sequence[Block],
    headers: Sequence[Header],
    names: Names,
    reading: Reading,
) -> Heading:
    """The title line and the header line that fit each other best."""
    titles = _title_lines(lines, headers, names, reading)
    promised = [title for title in titles if names.is_promised(title.text)]
    titles = _without_links(promised or titles, lines)
    best: tuple[float, TitleLine, Header | None] | None = None
    for title in titles[:8]:
        header, fit = _nearest(title, headers, lines, reading)
        if best is None or title.score + fit > best[0]:
            best = (title.score + fit, title, header)
    runners = tuple(Candidate(t.rule, t.text) for t in titles[:6] if best and t.text != best[1].text)[:4]
    if best is not None and best[0] >= _LEAST_SCORE:
        _, title, header = best
        counted = None if header and header.views else _count_alone(title, header, headers, lines, reading)
        return Heading(title.text, title.rule, title, header, counted, runners)
    fallback = names.alone()
    if fallback is None:
        return Heading(None, "", None, None, None, runners)
    rule = fallback.rule.removeprefix("agrees-") + "-only"
    return Heading(fallback.text, rule, None, _strongest(headers), None, runners)


def _title_lines(
    lines: Sequence[Block], headers: Sequence[Header], names: Names, reading: Reading
) -> list[TitleLine]:
    """Candidates, best first."""
    sure = _surely(lines, names)
    if sure:
        chosen = [title for at in sure for title in _judge(lines[at : at + 1], at, names, reading, near=True)]
        return sorted(chosen, key=lambda title: (-title.score, title.first))
    near = {at for header in headers for at in range(header.first - 3, header.last + 4)}
    scraps = {at for header in headers if not header.rest for at in range(header.first, header.last + 1)}
    found: list[TitleLine] = []
    soft = [*(line.soft for line in lines), False]
    at = 0
    while at < len(lines):
        line = lines[at]
        end = _end_of_title(lines, at, scraps) if line.heading or soft[at + 1] else at + 1
        if line.text and at not in scraps and len(line.text) <= _LONGEST and not _is_elsewhere(line, reading):
            found += _judge(lines[at:end], at, names, reading, at in near)
        at = end if line.heading else at + 1
    found.sort(key=lambda title: (-title.score, title.first))
    return found


def _without_links(titles: list[TitleLine], lines: Sequence[Block]) -> list[TitleLine]:
    """Where the title stands as plain text, a box that links to the article with the same words is none."""
    plain = {title.text for title in titles if lines[title.first].linked < 0.6}
    return [
        title
        for title in titles
        if lines[title.first].linked < 0.6 or title.text not in plain or 1 <= lines[title.first].heading <= 2
    ]


def _surely(lines: Sequence[Block], names: Names) -> list[int]:
    """Lines that are, letter by letter, what the head of the page claims as its title; none while that is in doubt.

    A claim that is repeated only in links (a menu, a section's name) is no title.
    """
    wholes = {name.text for name in names.names if not name.cut and len(name.text) >= _SURELY_LONG}
    at_most = max(map(len, wholes), default=0)
    found = [n for n, line in enumerate(lines) if len(line.text) <= at_most and line.text in wholes]
    return found if any(lines[n].linked < 0.6 for n in found) else []


def _is_elsewhere(line: Block, reading: Reading) -> bool:
    """Links to other articles are never the title; most lines of a page are such links."""
    return line.linked >= 0.6 and reading.other_article(line) is not None


def _end_of_title(lines: Sequence[Block], at: int, scraps: set[int]) -> int:
    """A title broken by `<br>` is several lines of one heading, or softly parted lines."""
    end = at + 1
    frame = lines[at].frame
    while end < len(lines) and end not in scraps and end - at < 5 and lines[end].frame is frame:
        if not (frame.heading or lines[end].soft):
            break
        end += 1
    return end


def _judge(group: Sequence[Block], at: int, names: Names, reading: Reading, near: bool) -> list[TitleLine]:
    """The line alone, and joined with those that go on from it."""
    line = group[0]
    interesting = line.heading or near or _is_named_title(line.frame.hint)
    found: list[TitleLine] = []
    for count in range(1, len(group) + 1):
        text = line.text if count == 1 else " ".join([part.text for part in group[:count] if part.text])
        if len(text) > _LONGEST:
            break
        folded = line.folded if count == 1 else fold(text)
        agreement, rule = names.agreement(folded)
        if not agreement and not interesting:
            continue
        score = agreement + _looks(line, text) + _belongs(line, reading)
        if line.heading and count == len(group):
            score += 0.5  # the whole heading rather than its first line
        found.append(
            TitleLine(
                at,
                at + count - 1,
                line.index,
                text,
                score,
                rule or ("heading" if line.heading else "near-header"),
            )
        )
    return found


@remembered
def _is_named_title(hint: str) -> bool:
    return _TITLE_HINT.search(hint) is not None


def _looks(line: Block, text: str) -> float:
    score = _BY_LEVEL[line.heading]
    if _is_named_title(line.frame.hint) or any(_is_named_title(p.hint) for p in line.pieces if p.hint):
        score += 1
    if not line.heading and line.bold:
        score += 0.7
    length = len(text)
    if length < 8 or ":" in text[-1:]:
        score -= 4
    elif length < 20 and not line.heading:
        score -= 1
    return score - (length - 220) / 60 if length > 220 else score


def _belongs(line: Block, reading: Reading) -> float:
    """Titles of other articles are links to them; the article's own title is none, or one to itself."""
    if line.linked < 0.6:
        return -3.0 if line.noise == "aside" else 0.0
    own = any(reading.article_of(anchor) is not None for anchor in line.anchors)
    return -1.0 if own else -6.0


def _nearest(
    title: TitleLine,
    headers: Sequence[Header],
    lines: Sequence[Block],
    reading: Reading,
) -> tuple[Header | None, float]:
    """The header that belongs to a title, and how well; those far above or below it are not looked at."""
    best: Header | None = None
    fit = 0.0
    for header in headers:
        if header.last < title.first - _BEFORE - 1 or header.first > title.last + _AFTER + 1:
            continue
        if header.span is None or title.first <= header.first <= title.last:
            continue
        score = _fit(title, header, lines, reading)
        if score > fit:
            best, fit = header, score
    return best, fit


def _fit(
    title: TitleLine,
    header: Header,
    lines: Sequence[Block],
    reading: Reading,
) -> float:
    after = header.first > title.last
    between = lines[title.last + 1 : header.first] if after else lines[header.last + 1 : title.first]
    if sum(len(block.text) for block in between) > 900:
        return 0.0
    if _is_of_other_article(header, title, lines, reading):
        return 0.0
    if any(is_comments(bare(block.folded)) for block in between if len(block.text) <= 60):
        return 0.0
    clock = not after and _may_be_clock(header, reading.fetched_at)
    if clock and not _is_right_above(header, title, lines, reading.fetched_at):
        return 0.0
    score = _FORMS[header.form] + 4 - 0.5 * len(between) - (0.0 if after else 1.5)
    score -= 0.004 * sum(len(block.text) for block in between)
    if header.rest:
        score -= 1.5
    if header.weekday and header.views is None and _is_of_today(header, reading.fetched_at):
        score -= 2.5
    return score


def _may_be_clock(header: Header, fetched_at: datetime) -> bool:
    """A page's clock stands above the article and shows the day of the fetch."""
    if header.span is None or header.form in ("date | views", "labelled"):
        return False
    return header.weekday or _is_of_today(header, fetched_at)


def _is_of_today(header: Header, fetched_at: datetime) -> bool:
    return header.span is not None and abs(day_of(header.span.start) - fetched_at.date()) <= timedelta(days=1)


def _is_right_above(header: Header, title: TitleLine, lines: Sequence[Block], fetched_at: datetime) -> bool:
    """`Thứ Hai, 16/07/2018 10:07` on the line above the title, in the same box, is no page's clock."""
    above, below = lines[header.last].frame, lines[title.first].frame
    beside = above.encloses(below) or above.parent in (below, below.parent)
    return beside and header.last + 1 == title.first and not _is_of_today(header, fetched_at)


def _is_of_other_article(header: Header, title: TitleLine, lines: Sequence[Block], reading: Reading) -> bool:
    """Items of sidebars and lists carry their own `date | number`, right below or above their link."""
    above = header.first - 1
    if title.first <= above <= title.last:
        return False
    own = lines[header.first].frame.shared_depth(lines[title.first].frame)
    return any(
        0 <= at < len(lines)
        and _is_item(lines[at], reading)
        and lines[header.first].frame.shared_depth(lines[at].frame) >= own
        for at in range(above, header.last + 1)
    )


def _is_item(line: Block, reading: Reading) -> bool:
    """Whether a line is a link to an article, this one included, as lists have them."""
    if reading.other_article(line) is not None:
        return True
    own = any(reading.article_of(anchor) is not None for anchor in line.anchors)
    return own and line.linked > 0.5 and not is_scrap(line.folded)


def _count_alone(
    title: TitleLine,
    chosen: Header | None,
    headers: Sequence[Header],
    lines: Sequence[Block],
    reading: Reading,
) -> Header | None:
    """A labelled count near the title that stands apart from the date."""
    near = [
        header
        for header in headers
        if header.views and header is not chosen and header.span is None
        and title.first - 3 <= header.first <= title.last + 12
        and not _is_of_other_article(header, title, lines, reading)
    ]  # fmt: skip
    return near[0] if near else None


def _strongest(headers: Sequence[Header]) -> Header | None:
    """Without a title line only a header in the portal's full form is trusted, and only when it is alone."""
    full = [header for header in headers if header.form == "date | views" and not header.rest]
    return full[0] if len(full) == 1 else None
