"""Signs that an article is over: comments, tags, a source, a sidebar's heading, the foot of the page. Pure."""

import re
from collections.abc import Sequence

from crawler.extract.blocks import Block
from crawler.extract.vocabulary import Words, bare, is_comments, is_contact, is_footer
from crawler.normalize import fold

_SIDE_HINT = re.compile(
    r"sidebar|right-?col|col-?right|left-?col|menu|footer|banner|breadcrumb|widget|comment|quangcao"
)
_TAGS = re.compile(r"(?:tags?|tu khoa|chu de)\s*:?")
_PROSE = 40


def any_prose(found: Sequence[Block]) -> bool:
    """Whether the lines taken so far hold a sentence."""
    return any(len(line.text) >= _PROSE for line in found)


def stand_alike(line: Block, other: Block) -> bool:
    """Whether two lines are paragraphs of the same box."""
    if line.frame is other.frame:
        return True
    return line.frame.parent is other.frame.parent and line.frame.tag == other.frame.tag


def is_beside(line: Block) -> bool:
    """A short line in a box that calls itself a sidebar, a menu, a banner: a weak hint, for short lines only."""
    hint = line.frame.hint
    return bool(hint) and len(line.text) < 60 and "content" not in hint and bool(_SIDE_HINT.search(hint))


def is_foot(line: Block) -> bool:
    """Whether a line reads like the foot of a portal's page."""
    label = bare(line.folded)
    return is_footer(label) or is_contact(label)


def ends_article(line: Block, words: Words, found: Sequence[Block], after: Block | None) -> bool:
    """Whether a line says that the article is over; `found` is its body so far, `after` the next line.

    Before the first sentence nothing ends. What stands among the article's own paragraphs needs a clearer sign:
    notices have addresses and headings such as `THÔNG BÁO` themselves.
    """
    if not line.text or len(line.text) > 200 or not any_prose(found):
        return False
    folded = line.folded
    if line.linked > 0.5 and _TAGS.fullmatch(fold(line.pieces[0].text)):
        return True
    if folded.startswith(words.source) and len(folded) <= 160:
        return True
    label = bare(folded)
    if is_footer(label) and len(label) < 160:
        return True
    inside = any(stand_alike(line, above) for above in found[-8:] if len(above.text) >= _PROSE)
    if is_contact(label) or is_beside(line):
        return not inside
    if len(label) > 45:
        return False
    if label in words.end or is_comments(label):
        return True
    leads_on = after is not None and after.linked > 0.6
    return label in words.sidebar and (not inside or leads_on)
