"""Reads back what lies by months: each article has its page, each archive leads to all of its feed. Writes nothing."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree

from feeds.archives import archive_url
from feeds.context import Build
from feeds.entry import make_entry
from feeds.readback import ATOM, content_of, ends_whole, parse_xml
from feeds.values import FeedPlan

_AGAIN = "run `bantin build --full`"


@dataclass(slots=True)
class _Wanted:
    """What the store says should lie there."""

    #: Feed -> entry ids of its archive.
    entries: dict[str, set[str]] = field(default_factory=dict)
    #: Pages, relative to the site's folder.
    pages: list[str] = field(default_factory=list)


def check_archives(build: Build, folder: Path) -> Iterator[str]:
    """What is wrong with pages and archive documents, one sentence each."""
    wanted = _wanted(build)
    missing = [page for page in wanted.pages if not ends_whole(folder / page)]
    if missing:
        yield f"{folder / missing[0]} and {len(missing) - 1} more pages of articles are missing or cut off; {_AGAIN}"
    for plan in build.plans:
        if plan.is_archived:
            yield from _check_chain(build, folder, plan, wanted.entries.get(plan.id, set()))


def _wanted(build: Build) -> _Wanted:
    wanted = _Wanted()
    for state in build.reader.articles(build.site.id, with_deleted=True):
        try:
            entry = make_entry(state, build.site)
        except ValueError:  # a build tells of it and leaves it out
            continue
        wanted.pages.append(entry.page)
        if state.deleted_at is None:
            feeds = {"all", *(s.id for s in state.sections), *({state.series.id} if state.series else ())}
            for feed in feeds:
                wanted.entries.setdefault(feed, set()).add(entry.id)
    return wanted


def _check_chain(build: Build, folder: Path, plan: FeedPlan, wanted: set[str]) -> Iterator[str]:
    """Walks from the newest document to the oldest, as a feed reader does."""
    feed = build.empty_feed(plan)
    newest = max(build.months(plan), default=None)
    url, ids, seen = newest and archive_url(feed, newest), Counter[str](), set[str]()
    while url and url not in seen:
        seen.add(url)
        path = folder / url.removeprefix(build.base_url)
        content, problem = content_of(path)
        if content is None:
            yield problem
            return
        try:
            document = parse_xml(content)
        except etree.XMLSyntaxError as error:
            yield f"{path} is not valid: {error}; {_AGAIN}"
            return
        ids.update(entry.findtext(ATOM + "id", "") for entry in document.iter(ATOM + "entry"))
        url = _links(document).get("prev-archive")
    twice = sum(number > 1 for number in ids.values())
    lost, other = len(wanted - set(ids)), len(set(ids) - wanted)
    if twice or lost or other:
        place = folder / plan.id / "archive"
        yield f"{place} lacks {lost} entries of the store, holds {other} others and {twice} twice; {_AGAIN}"


def _links(document: etree._Element) -> Mapping[str | None, str | None]:
    return {link.get("rel"): link.get("href") for link in document.findall(ATOM + "link")}
