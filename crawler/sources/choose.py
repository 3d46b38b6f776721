"""Which captures of an index can tell something new, and what of a site an index is asked. Pure."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from posixpath import splitext
from urllib.parse import urlsplit

from crawler.captures.surt import surt
from crawler.sites import Site
from crawler.sources.entries import Entry
from crawler.store.rows import Holding

#: Types of pages; a revisit has the type of what it repeats, which its line does not name.
_PAGES = frozenset({"text/html", "application/xhtml+xml", "warc/revisit", "unk", None})
#: Addresses of files that servers like to call HTML.
_FILES = re.compile(
    r"\.(?:jpe?g|png|gif|ico|svg|webp|bmp|css|js|json|xml|rss|axd|ashx|asmx|txt|pdf|docx?|xlsx?|pptx?|zip|rar|7z"
    r"|mp[34]|flv|swf|wmv|woff2?|ttf|eot|map)",
    re.IGNORECASE,
)
#: Links that are no addresses, and that crawlers have taken for some.
_NO_PAGES = re.compile(r"/(?:mailto|javascript|tel):", re.IGNORECASE)
#: The clock of a capture's machine may go before ours.
_AHEAD = timedelta(days=1)


def prefixes(site: Site) -> tuple[str, ...]:
    """What an index is asked for: `host/` or `host/scope/`, once for all hosts that it does not tell apart."""
    asked: dict[str, str] = {}
    for host in site.hosts:
        prefix = f"{host}{site.scope if site.scope.endswith('/') else site.scope + '/'}"
        asked.setdefault(surt(f"http://{prefix}"), prefix)
    return tuple(asked.values())


def chosen(entries: Iterable[Entry], site: Site, now: datetime) -> list[Holding]:
    """The captures of one answer to fetch: pages of the site that were there (status 200) when they were captured.

    Of an article all of them: each is an observation. Of any other page the newest of each month: a listing
    tells in which section articles stand, and the articles themselves the index names. A capture under several
    spellings of one address counts once.
    """
    found: dict[tuple[str, datetime | str], Holding] = {}
    for entry in entries:
        holding = _holding(entry, site, now)
        if holding is None:
            continue
        if holding.article:
            found.setdefault((surt(entry.url), entry.at), holding)
            continue
        month = (site.canonical(entry.url) or "", entry.at.strftime("%Y-%m"))
        if month not in found or found[month].at < entry.at:
            found[month] = holding
    return list(found.values())


def _holding(entry: Entry, site: Site, now: datetime) -> Holding | None:
    """The entry as a holding; None where it can tell nothing."""
    if entry.status not in (200, None) or entry.media_type not in _PAGES or entry.at > now + _AHEAD:
        return None
    if not site.in_site(entry.url):
        return None
    article = site.article_id(entry.url)
    path = urlsplit(entry.url).path
    if article is None and (_FILES.fullmatch(splitext(path)[1]) or _NO_PAGES.search(path)):
        return None
    return Holding(
        url=entry.url,
        at=entry.at,
        digest=entry.digest,
        status=entry.status,
        media_type=entry.media_type,
        length=entry.length,
        file=entry.file,
        offset=entry.offset,
        article=article,
    )
