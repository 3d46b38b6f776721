"""`bantin crawl`: one crawl of each site, into the store."""

import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crawler.cli.options import (
    GlobalCommand,
    Invocation,
    fail,
    pass_invocation,
    print_json,
    printable,
    reader,
)

if TYPE_CHECKING:
    from crawler.config import Config
    from crawler.report import RunReport
    from crawler.runner import CrawlResult

_ARCHIVES = ("wayback", "commoncrawl")
_SOURCES = "live, wayback, commoncrawl[:CRAWL-ID], a WARC, WACZ or .html file, or a folder of them"


def crawl_options(function: Callable[..., None]) -> Callable[..., None]:
    """The options of a crawl, for `crawl` and `run`."""
    options = (
        click.option(
            "--full", is_flag=True, envvar="BANTIN_FULL", help="Walk every listing, read every article again."
        ),
        click.option(
            "--from",
            "source",
            default="live",
            show_default=True,
            envvar="BANTIN_FROM",
            metavar="live|wayback|commoncrawl[:ID]|FILE|DIR",
            help="Where pages come from: portal, web archive, WARC or WACZ file, saved page, folder of them.",
        ),
        click.option(
            "--since",
            type=click.DateTime(["%Y-%m-%d"]),
            envvar="BANTIN_SINCE",
            metavar="YYYY-MM-DD",
            help="Leave listings where they become older than this day.",
        ),
        click.option("--section", envvar="BANTIN_SECTION", metavar="ID", help="Only this section."),
        click.option(
            "--max-requests", type=click.IntRange(1), metavar="N", help="End after so many requests."
        ),
        click.option(
            "--delay",
            type=click.FloatRange(0),
            metavar="S",
            help="Seconds between requests; 0: no AutoThrottle.",
        ),
        click.option(
            "--assets",
            type=click.Choice(["none", "attachments", "all"]),
            help="Keep files that articles offer; all: pictures too.  [default: none]",
        ),
        click.option(
            "--report",
            type=click.Path(path_type=Path, dir_okay=False),
            envvar="BANTIN_REPORT",
            metavar="FILE",
            help="Write the run report as JSON.",
        ),
    )
    for option in reversed(options):
        function = option(function)
    return function


@click.command(cls=GlobalCommand)
@crawl_options
@pass_invocation
def crawl(invocation: Invocation, /, **arguments: Any) -> None:
    """Crawl the portal once: new articles, into the store.

    Listings are walked until they reach what is known already; a crawl that was interrupted is completed.
    """
    results = perform(invocation, **arguments)
    sys.exit(exit_code(results))


def perform(
    invocation: Invocation,
    *,
    full: bool,
    source: str,
    since: datetime | None,
    section: str | None,
    max_requests: int | None,
    delay: float | None,
    assets: str | None,
    report: Path | None,
) -> "list[CrawlResult]":
    """Crawls, prints the outcome and writes the report; ends the program on usage errors."""
    overrides = {"delay": delay, "max_requests": max_requests, "assets": assets}
    invocation.overrides |= {key: value for key, value in overrides.items() if value is not None}
    config = invocation.config()
    invocation.sites(config)
    _check_source(source, section)
    _check_section(config, invocation, section)
    asked = "the portal" if source == "live" else "the archive"
    if source.partition(":")[0] in ("live", *_ARCHIVES) and not config.contact:
        click.echo(f"bantin: no contact is configured; set `contact` so that {asked} can reach you", err=True)

    from crawler.crawling.session import CrawlOptions
    from crawler.runner import crawl_sites

    options = CrawlOptions(source=source, full=full, since=since.date() if since else None, section=section)
    quiet = invocation.json or invocation.verbosity < 0
    results = crawl_sites(config, config.site, options, log_level=invocation.log_level, progress=not quiet)
    _tell(invocation, results, report)
    return results


def exit_code(results: "list[CrawlResult]") -> int:
    """The exit code of all sites together."""
    from crawler.report import worst

    return worst(result.exit_code for result in results)


def _check_source(source: str, section: str | None) -> None:
    if source.partition(":")[0] in _ARCHIVES:
        _check_archive(source, section)
    elif not source:
        fail(2, f"--from: give {_SOURCES}")
    elif source != "live" and not Path(source).exists():
        fail(2, f"--from {source}: no such file or folder; give {_SOURCES}")


def _check_archive(source: str, section: str | None) -> None:
    """What is wrong with the name of an archive can be told before it is asked."""
    from crawler.sources.commoncrawl import wanted_ids

    if source.startswith("wayback:"):
        fail(2, f"--from {source}: the Wayback Machine has no parts; give wayback")
    try:
        wanted_ids(source)
    except ValueError as error:
        fail(2, f"--from {source}: {error}")
    if section is not None:
        fail(2, f"--section {section}: an archive's index knows no sections; leave it out")


def _check_section(config: "Config", invocation: Invocation, section: str | None) -> None:
    """A section that is not known yet cannot be chosen."""
    if section is None:
        return
    with reader(config) as store:
        known = {row.section.id for site in invocation.sites(config) for row in store.sections(site.id)}
    if section not in known:
        names = ", ".join(sorted(known)) or "none yet: crawl once without --section"
        fail(2, f"--section {section}: no such section; known are {names}")


def _tell(invocation: Invocation, results: "list[CrawlResult]", file: Path | None) -> None:
    reports = [result.report.to_dict() for result in results if result.report]
    told = reports or [{"site": result.site, "error": result.message} for result in results]
    document = told[0] if len(results) == 1 else told
    if file is not None and reports:  # the last good report is not replaced by none
        from crawler.files import write_text

        try:
            write_text(file, _json(document))
        except OSError as error:
            fail(3, f"--report {file}: {error.strerror}")
    for result in results:
        if result.message and (result.exit_code or invocation.verbosity >= 0):
            click.echo(f"bantin: {printable(result.message)}", err=True)
    if invocation.json:
        print_json(document)
    elif invocation.verbosity >= 0:
        for result in results:
            if result.report:
                click.echo(summary(result.report))


def _json(document: Any) -> str:
    import json

    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def summary(report: "RunReport") -> str:
    """One line for people."""
    articles = report.articles
    told = [
        f"{articles[kind]} {kind}"
        for kind in ("new", "changed", "unchanged", "gone", "refused")
        if articles[kind]
    ]
    return (
        f"{report.site}: {report.outcome}; {report.requests} requests, "
        f"{len(report.listings)} sections, articles: {', '.join(told) or 'nothing new'}{files_kept(report)}"
    )


def files_kept(report: "RunReport") -> str:
    """What a run kept of files, for people; empty where none are wanted."""
    files = report.assets
    if files.policy == "none":
        return ""
    missing = ", ".join(f"{reason} {count}" for reason, count in sorted(files.missing.items()))
    left = "" if files.complete else ", the rest in the next crawl"
    return f"; files: {files.kept} kept" + (f", not had: {missing}" if missing else "") + left
