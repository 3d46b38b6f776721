"""One article page to one value: bytes, address, site and time of the fetch to an Article. Pure."""

import re
from datetime import datetime

from crawler.extract.document import Document, read_document
from crawler.extract.encoding import decode
from crawler.items import Article, Published
from crawler.normalize import fold, parse_date, parse_views
from crawler.sites import Site

_HEADER = re.compile(r"\d{1,2}/\d{1,2}/\d{4} \| \d+")


def extract_article(
    body: bytes, *, url: str, site: Site, fetched_at: datetime, encoding: str | None = None
) -> Article:
    """Everything that one article page says.

    `encoding` is the charset of the Content-Type header. Never raises on what a page holds: a page that is no
    article has `refusal` set.
    """
    decoded = decode(body, encoding)
    if decoded is None:
        return Article(site.id, site.article_id(url), url, fetched_at, refusal="unreadable")
    return article_from_document(read_document(decoded.text, url), site, fetched_at)


def article_from_document(document: Document, site: Site, fetched_at: datetime) -> Article:
    """As `extract_article`, of a page already parsed."""
    ident = site.article_id(document.url)
    blocks = [block for block in document.blocks if block.text]
    at = next((n for n, block in enumerate(blocks) if _HEADER.fullmatch(block.text)), None)
    if at is None or at == 0:
        return Article(site.id, ident, document.url, fetched_at, refusal="no-title")
    header = blocks[at].text
    span, views = parse_date(header, now=fetched_at), parse_views(header)
    heads = {fold(label) for label in site.labels.related}
    end = next((n for n in range(at, len(blocks)) if fold(blocks[n].text) in heads), len(blocks))
    texts = [block.text for block in blocks[at + 1 : end]]
    return Article(
        site.id,
        ident,
        document.url,
        fetched_at,
        title=blocks[at - 1].text,
        published=Published(span.start, span.precision, header) if span else None,
        views=views,
        lead=texts[0] if texts else None,
        text="\n\n".join(texts[1:]),
    )
