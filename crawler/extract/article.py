"""One article page to one value: bytes, address, site and time of the fetch to an Article. Pure."""

from collections.abc import Sequence
from datetime import datetime

from crawler.extract.attachments import take_attachments
from crawler.extract.blocks import Block
from crawler.extract.body import body_lines
from crawler.extract.breadcrumb import find_sections
from crawler.extract.captions import mark_captions, read_images
from crawler.extract.classify import (
    is_challenge,
    is_truncated,
    message_of_title,
    refusal_of_bytes,
    refusal_of_message,
)
from crawler.extract.document import Document, read_document
from crawler.extract.encoding import decode
from crawler.extract.event import find_event
from crawler.extract.fields import Fields
from crawler.extract.header import day_of, find_headers
from crawler.extract.heading import Heading, find_heading
from crawler.extract.lead import take_lead
from crawler.extract.lines import read_lines
from crawler.extract.markup import write_html
from crawler.extract.metadata import published_in_head
from crawler.extract.names import Names, read_names
from crawler.extract.paragraphs import Paragraph, read_paragraphs, text_of
from crawler.extract.plausible import is_readable
from crawler.extract.reading import Reading, begin_reading
from crawler.extract.related import RelatedBlock, find_related
from crawler.extract.selectors import put_selected, selected_body
from crawler.extract.signature import take_signature
from crawler.extract.vocabulary import Words
from crawler.items import Article, Published, Related
from crawler.sites import Site, series_of

#: An article without a date is one only when it says at least this much, in characters.
_LEAST_TEXT = 200
#: A paragraph of this length is prose, not a label or a link.
_PROSE = 60


def extract_article(
    body: bytes, *, url: str, site: Site, fetched_at: datetime, encoding: str | None = None
) -> Article:
    """Everything that one article page says.

    `encoding` is the charset of the Content-Type header; ages count from `fetched_at` (aware). Never raises on
    what a page holds: a page that is no article has `refusal` set, beside what could be read.
    """
    document = document_of(body, url, encoding)
    if isinstance(document, str):
        return Article(
            site.id, site.article_id(url), site.canonical(url) or url, fetched_at, refusal=document
        )
    return article_from_document(document, site, fetched_at)


def document_of(body: bytes, url: str, encoding: str | None) -> Document | str:
    """The parsed page, or the reason why it cannot be read at all."""
    refusal = refusal_of_bytes(body)
    if refusal is not None:
        return refusal
    decoded = decode(body, encoding)
    return "unreadable" if decoded is None else read_document(decoded.text, url)


def article_from_document(document: Document, site: Site, fetched_at: datetime) -> Article:
    """As `extract_article`, of a page already parsed."""
    url = address_of(document, site)
    names = read_names(document, site)
    lines = read_lines(document, names)
    headers = find_headers(lines, fetched_at, site.header)
    reading = begin_reading(site, url, fetched_at)
    heading = find_heading(lines, headers, names, reading)
    fields = Fields()
    _put_heading(fields, heading, document, fetched_at)
    related = find_related(lines, _below(heading), reading)
    chosen = selected_body(document, site) or body_lines(lines, heading, related, reading)
    paragraphs = read_paragraphs(chosen)
    _put_body(fields, paragraphs, _foot(lines, chosen, related), document, reading.words)
    _put_related(fields, related)
    put_selected(fields, document, site, fetched_at)
    _put_derived(fields, paragraphs, document, heading, site)
    refusal = (
        _message_without_prose(document, fields, chosen)
        or _refusal(document, fields, _between(lines, chosen, related), reading)
        or _message_for_title(fields, names)
    )
    return Article(
        site.id,
        reading.own,
        site.canonical(url) or url,
        fetched_at,
        **fields.values,
        rules=fields.rules,
        runners_up=fields.runners_up,
        refusal=refusal,
    )


def address_of(document: Document, site: Site) -> str:
    """The page's own address, or the canonical one it names when only that one is an article's."""
    if site.article_id(document.url) is None:
        for named in (document.canonical, document.head.meta.get("og:url")):
            if named and site.article_id(named) is not None:
                return named
    return document.url


def _below(heading: Heading) -> int:
    last = heading.title_line.last if heading.title_line else -1
    return max(last, heading.header.last if heading.header and heading.header.first > last else -1) + 1


def _put_heading(fields: Fields, heading: Heading, document: Document, fetched_at: datetime) -> None:
    fields.put("title", heading.title, heading.rule, heading.runners_up)
    header = heading.header
    if header is not None and header.late:
        pass  # a date in the future is set aside (THREATS 14)
    elif header is not None and header.span is not None:
        published = Published(header.span.start, header.span.precision, header.text)
        fields.put("published", published, f"header-{header.form.replace(' | ', '-').replace(' ', '-')}")
    else:
        found = published_in_head(document, fetched_at)
        if found is not None:
            fields.put("published", found[0], found[1])
    if header is not None and header.views is not None:
        fields.put("views", header.views, "header-line")
    elif heading.views_header is not None:
        fields.put("views", heading.views_header.views, "labelled-count")


def _put_body(
    fields: Fields, paragraphs: list[Paragraph], foot: Sequence[Block], document: Document, words: Words
) -> None:
    attachments = take_attachments(paragraphs, foot, words, document.base)
    mark_captions(paragraphs, words)
    signature = take_signature(paragraphs, words)
    lead, rule = take_lead(paragraphs, document.head.meta)
    fields.put("attachments", attachments, "file-links")
    fields.put("author", signature.author, signature.rule)
    fields.put("organization", signature.organization, signature.rule)
    fields.put("lead", lead, rule)
    fields.put("images", read_images(paragraphs), "pictures-and-captions")
    fields.put("text", text_of(paragraphs), "header-to-end")
    fields.put("html", write_html(paragraphs), "header-to-end")


def _foot(lines: Sequence[Block], chosen: Sequence[Block], related: Sequence[RelatedBlock]) -> list[Block]:
    """A few lines below the body, where portals put files; what belongs to a related list is left out."""
    if not chosen:
        return []
    start = next((at for at, line in enumerate(lines) if line is chosen[-1]), len(lines)) + 1
    listed = {at for block in related for at in range(block.first, block.last)}
    return [lines[at] for at in range(start, min(start + 15, len(lines))) if at not in listed]


def _put_related(fields: Fields, blocks: Sequence[RelatedBlock]) -> None:
    found: dict[str, Related] = {}
    for block in blocks:
        for item in block.items:
            found.setdefault(item.id or item.url or item.title, item)
    rule = next((block.rule for block in blocks if block.items), "")
    fields.put("related", tuple(found.values()), rule)


def _put_derived(
    fields: Fields, paragraphs: Sequence[Paragraph], document: Document, heading: Heading, site: Site
) -> None:
    """What follows from the other fields: section, series, event."""
    title, published = fields.values.get("title"), fields.values.get("published")
    line = heading.title_line
    if line is not None:
        sections = find_sections(document.blocks, line.block_index, title, site)
        fields.put("sections", sections, "breadcrumb")
    if title:
        fields.put("series", series_of(site, title, day_of(published.date) if published else None), "title")
    texts = [p.text for p in paragraphs if p.role == "text" and p.text]
    event = find_event(fields.values.get("lead"), texts, published)
    if event is not None:
        fields.put("event", event[0], event[1])


def _refusal(document: Document, fields: Fields, between: Sequence[Block], reading: Reading) -> str | None:
    """Why the page is not taken for an article; None when it is one."""
    values = fields.values
    text = values.get("text", "") or values.get("lead", "") or ""
    if is_challenge(document):
        return refusal_of_message(document) or "blocked"
    if not is_readable(f"{values.get('title', '')} {values.get('lead', '')} {text[:200]}"):
        return "unreadable"
    dated = "published" in values
    solid = "title" in values and (dated or len(text) >= _LEAST_TEXT or _is_signed(fields))
    if not solid or not (text or "attachments" in values or "images" in values):
        message = refusal_of_message(document)
        if message is not None:
            return message
        if is_truncated(document):
            return "truncated"
        return "no-title" if "title" not in values else "no-body" if not text else "no-article"
    if is_truncated(document):
        return "truncated"
    if not dated and _is_list(between, reading):
        return "listing"
    return None if reading.own is not None else "no-identity"


def _is_signed(fields: Fields) -> bool:
    """Whether a short page without a date is an article's: it has the promised title, and a signature or a file."""
    ends = ("author", "organization", "attachments")
    promised = fields.rules.get("title", "").startswith("agrees-")
    return promised and _has_body(fields, ()) and any(name in fields.values for name in ends)


def _has_body(fields: Fields, chosen: Sequence[Block]) -> bool:
    """Whether there is prose that is no link, a file or a picture."""
    texts = (
        [line.text for line in chosen if line.linked < 0.5]
        if chosen
        else [fields.values.get(name) or "" for name in ("lead", "text")]
    )
    prose = any(len(text) >= _PROSE for text in texts)
    return prose or "attachments" in fields.values or "images" in fields.values


def _message_without_prose(document: Document, fields: Fields, chosen: Sequence[Block]) -> str | None:
    """The reason when the page is a message: its skin offers links, dates and counts, but no body."""
    return None if _has_body(fields, chosen) else refusal_of_message(document)


def _message_for_title(fields: Fields, names: Names) -> str | None:
    """The reason when a message stands where the address promises another title.

    The portal's full skin around it offers dates, counts and lists that would pass for an article's.
    """
    title = fields.values.get("title", "")
    return None if names.fits_address(title) else message_of_title(title)


def _between(lines: Sequence[Block], chosen: Sequence[Block], related: Sequence[RelatedBlock]) -> list[Block]:
    """All lines from the first to the last of a body but for lists of related articles."""
    if not chosen:
        return []
    listed = {at for block in related for at in range(block.first, block.last)}
    bounds = range(chosen[0].index, chosen[-1].index + 1)
    return [line for at, line in enumerate(lines) if line.index in bounds and at not in listed]


def _is_list(between: Sequence[Block], reading: Reading) -> bool:
    """Whether what was taken for a body is a list of other articles, each with a few words on it."""
    targets = {reading.other_article(line) for line in between if line.linked > 0.8}
    return len(targets - {None}) >= 3
