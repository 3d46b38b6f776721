"""The section of an article from the trail above its title: `Trang chủ › Tin tức › Công tác tuyên giáo`. Pure."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from crawler.extract.blocks import Anchor, Block
from crawler.extract.known import remembered
from crawler.extract.vocabulary import BREADCRUMB_HOME, bare
from crawler.items import Section
from crawler.normalize import fold, slug
from crawler.sites import Site

_HINTS = ("breadcrumb", "bread-crumb", "pathway", "duongdan", "sitemappath", "navigate-path", "crumb")
_MOST = 5
#: How many lines above the title a trail without signs stands at most; farther off it is a menu.
_NEAR = 8


def find_sections(blocks: Sequence[Block], before: int, title: str | None, site: Site) -> tuple[Section, ...]:
    """The deepest section of the trail that stands nearest above block `before`; none when there is no trail."""
    for at in range(min(before, len(blocks)) - 1, -1, -1):
        if not blocks[at].linked:
            continue
        steps = _trail(blocks, at, title, site, near=before - at <= _NEAR)
        if steps:
            text, anchor = steps[-1]
            ident = slug(text)
            url = site.canonical(anchor.url) if anchor and anchor.url and site.in_site(anchor.url) else None
            return (Section(ident, text, url),) if ident else ()
    return ()


def _trail(
    lines: Sequence[Block], at: int, title: str | None, site: Site, *, near: bool
) -> list[tuple[str, Anchor | None]]:
    """The steps behind the home page of a trail that begins on this line, `near` the title or farther off."""
    line = lines[at]
    if len(line.text) > 300 or line.linked < 0.08:
        return []
    first = next(iter(line.anchors), None)
    if first is None or not _is_home(line.anchor_text(first), first, site):
        return []
    group = _group(lines, at)
    steps = [
        (text, anchor)
        for member in group
        for anchor in member.anchors
        if (text := member.anchor_text(anchor).strip(" ›»>/|-")) and not _is_home(text, anchor, site)
    ]
    folded = fold(title or "")
    steps = [step for step in steps if fold(step[0]) != folded]
    marked = any(hint in frame.hint for frame in line.frame.lineage()[:4] for hint in _HINTS)
    if not steps or len(steps) > _MOST or any(len(text) > 80 for text, _ in steps):
        return []
    told = marked or _is_parted(group, len(steps)) or (near and _is_repeated(lines[:at], steps))
    return [*steps] if told else []


def _group(lines: Sequence[Block], at: int) -> list[Block]:
    """The lines of the trail: this one, or the items of its list."""
    line = lines[at]
    box = (
        line.frame.parent
        if line.frame.tag in ("li", "td", "div", "p") and len(line.anchors) == 1
        else line.frame
    )
    if box is None:
        return [line]
    group = []
    for member in lines[at : at + 8]:
        if not box.encloses(member.frame):
            break
        group.append(member)
    return group


def _is_parted(group: Sequence[Block], steps: int) -> bool:
    """Trails part their steps with signs; menus do not, or with bars."""
    between = "".join(piece.text for line in group for piece in line.pieces if piece.anchor is None)
    return steps <= _MOST and any(sign in between for sign in "›»>/→▸❯")


def _is_repeated(above: Sequence[Block], steps: Sequence[tuple[str, Anchor | None]]) -> bool:
    """A trail without signs between its steps: one or two of them, and a menu above leads to the last as well."""
    anchor = steps[-1][1]
    if len(steps) > 2 or anchor is None or anchor.url is None:
        return False
    return any(other.url == anchor.url for line in above if line.linked for other in line.anchors)


@remembered
def _says_home(text: str) -> bool:
    return BREADCRUMB_HOME.fullmatch(bare(fold(text))) is not None


def _is_home(text: str, anchor: Anchor, site: Site) -> bool:
    if _says_home(text):
        return True
    return not text and anchor.url is not None and urlsplit(anchor.url).path in ("", "/", site.scope)
