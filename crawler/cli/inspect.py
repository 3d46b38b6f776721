"""`bantin inspect`: what is extracted from one page, field by field, with the rule that found it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crawler.cli.options import GlobalCommand, Invocation, fail, pass_invocation, print_json, printable

if TYPE_CHECKING:
    from crawler.config import Config
    from crawler.items import Article, Listing, Page
    from crawler.sites import Site

#: Longest value shown in a table cell.
_SHOWN = 160


@click.command(cls=GlobalCommand)
@click.argument("page", metavar="URL|FILE")
@click.option("--url", metavar="URL", help="Address of the page, for a FILE that does not name it.")
@pass_invocation
def inspect(invocation: Invocation, page: str, url: str | None) -> None:
    """Show what is read from one page, and by which rule."""
    from crawler.extract import read_page

    config = invocation.config()
    site = invocation.one_site(config)
    body, address, fetched_at, encoding, status = _load(config, site, page, url, invocation.log_level)
    found = read_page(body, url=address, site=site, fetched_at=fetched_at, encoding=encoding, status=status)
    if invocation.json:
        print_json(_document(found))
    else:
        _show(found, address)
    if found.refusal:
        fail(7, f"{page}: not taken for an article or a listing: {found.refusal}")


def _load(
    config: "Config", site: "Site", page: str, url: str | None, log_level: str
) -> tuple[bytes, str, datetime, str | None, int]:
    """Body, address, time, charset and status of the page."""
    if page.startswith(("http://", "https://")):
        from crawler.peek import PeekError, peek

        try:
            peeked = peek(config, site, page, log_level=log_level)
        except PeekError as error:
            fail(error.exit_code, f"{page}: {error}")
        return peeked.body, peeked.url, config.clock(), peeked.charset, peeked.status
    path = Path(page)
    try:
        body = path.read_bytes()
    except OSError as error:
        fail(2, f"{page}: {error.strerror}; give an address or a readable file")
    from crawler.extract.document import read_document
    from crawler.extract.encoding import decode

    decoded = decode(body)
    stated = read_document(decoded.text, site.home).canonical if decoded else None
    address = url or stated or site.home
    modified = config.now or datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return body, address, modified, None, 200


def _document(page: "Page") -> dict[str, Any]:
    from crawler.export import page_record

    document: dict[str, Any] = {"kind": page.kind, "refusal": page.refusal}
    if page.article:
        document["article"] = page_record(page.article)
        document["rules"] = dict(page.article.rules)
        document["runners_up"] = {
            name: [{"rule": item.rule, "value": item.value} for item in items]
            for name, items in page.article.runners_up.items()
        }
    if page.listing and page.kind != "article":
        document["listing"] = _listing(page.listing)
    return document


def _listing(listing: "Listing") -> dict[str, Any]:
    return {
        "title": listing.title,
        "articles": [{"id": item.id, "title": item.title, "url": item.url} for item in listing.articles],
        "elsewhere": [{"id": item.id, "title": item.title, "url": item.url} for item in listing.elsewhere],
        "sections": [{"title": link.text, "url": link.url} for link in listing.sections],
        "next": listing.next_page.url if listing.next_page else None,
        "pages": [link.url for link in listing.pages],
        "rules": dict(listing.rules),
    }


def _show(page: "Page", address: str) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console()
    console.print(Text(f"{address}: {page.kind}{f' ({page.refusal})' if page.refusal else ''}"))
    table = Table("field", "value", "rule", "runners-up", show_lines=False)
    rows = (
        _article_rows(page.article)
        if page.article and page.kind != "listing"
        else _listing_rows(page.listing)
    )
    for row in rows:
        table.add_row(*(Text(printable(cell)[:_SHOWN]) for cell in row))
    console.print(table)


def _article_rows(article: "Article | None") -> list[tuple[str, str, str, str]]:
    if article is None:
        return []
    from crawler.export import page_record

    rows = []
    for name, value in page_record(article).items():
        others = "; ".join(f"{item.rule}: {item.value}" for item in article.runners_up.get(name, ()))
        rows.append((name, _cell(value), article.rules.get(name, "-"), others))
    return rows


def _listing_rows(listing: "Listing | None") -> list[tuple[str, str, str, str]]:
    if listing is None:
        return []
    rows = [("title", listing.title or "-", listing.rules.get("title", "-"), "")]
    rows += [
        ("article", f"{item.id}  {item.title}", listing.rules.get("articles", "-"), "")
        for item in listing.articles
    ]
    rows += [("elsewhere", f"{item.id}  {item.title}", "", "") for item in listing.elsewhere]
    rows += [("section", f"{link.text}  {link.url}", "", "") for link in listing.sections]
    rows.append(
        ("next", listing.next_page.url if listing.next_page else "-", listing.rules.get("next_page", "-"), "")
    )
    return rows


def _cell(value: Any) -> str:
    import json

    if value is None or value in ([], ""):
        return "-"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
