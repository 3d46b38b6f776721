"""The `bantin` command: what needs feeds, and the crawler's commands."""

import signal
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from crawler import __version__
from crawler.cli import COMMANDS
from crawler.cli.crawl import crawl_options, exit_code, perform
from crawler.cli.options import (
    GlobalCommand,
    GlobalGroup,
    Invocation,
    fail,
    pass_invocation,
    print_json,
    printable,
    reader,
)
from feeds.server.command import serve

if TYPE_CHECKING:
    from crawler.config import Config
    from crawler.store import Reader
    from feeds.site import BuildResult


@click.group(
    cls=GlobalGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(__version__, "-V", "--version", prog_name="bantin")
def main() -> None:
    """Crawl a Vietnamese Party committee's portal; publish feeds, keep an archive.

    `bantin run` does everything once and is what a timer calls. Every option has an environment variable
    BANTIN_<OPTION>; `bantin config` prints a sample file with every setting.
    """


for command in (*COMMANDS, serve):
    main.add_command(command)


def entry() -> NoReturn:
    """The `bantin` program: every way out is an exit code and at most one line on stderr."""
    signal.signal(signal.SIGTERM, _terminated)  # Scrapy takes it over while it crawls
    try:
        main(prog_name="bantin", standalone_mode=False)
    except click.UsageError as error:
        path = error.ctx.command_path if error.ctx else "bantin"
        fail(2, f"{error.format_message()}; see {path} --help")
    except click.ClickException as error:
        fail(error.exit_code, error.format_message())
    except (click.Abort, KeyboardInterrupt):
        fail(130, "interrupted")
    except BrokenPipeError:
        sys.stdout = None  # nobody reads any more, which is no error
        sys.exit(0)
    except OSError as error:
        sys.stdout = None  # closing it at exit would fail again
        fail(3, f"{error.filename or 'output'}: {error.strerror or error}")
    sys.exit(0)


def _terminated(signum: int, _frame: object) -> NoReturn:
    fail(128 + signum, "interrupted")


@main.command(cls=GlobalCommand)
@click.option("--full", is_flag=True, help="Make everything again, not only what changes can touch.")
@pass_invocation
def build(invocation: Invocation, *, full: bool) -> None:
    """Write feeds, pages and OPML from the store; only files whose bytes change."""
    config = invocation.config()
    results = _build(invocation, config, whole=full)
    if invocation.json:
        print_json({name: _counts(result) for name, result in results.items()})
    elif invocation.verbosity >= 0:
        _tell_build(config, results)


@main.command(cls=GlobalCommand)
@crawl_options
@pass_invocation
def run(invocation: Invocation, /, **arguments: Any) -> None:
    """Crawl, build (also when the crawl failed), tell the hub of changed feeds: what a timer calls."""
    from crawler.report import worst

    crawled = exit_code(perform(invocation, **arguments))
    config = invocation.config()
    if crawled == 2 or not _has_store(config):
        sys.exit(crawled)
    try:
        built = _build(invocation, config)
    except SystemExit as error:  # told already; the graver code of the two counts
        sys.exit(worst((crawled, int(error.code or 0))))
    if not invocation.json and invocation.verbosity >= 0:
        _tell_build(config, built)
    if config.hub:
        _tell_hub(config, config.hub, built)
    sys.exit(crawled)


@main.command(cls=GlobalCommand)
@pass_invocation
def feeds(invocation: Invocation) -> None:
    """List the feeds of the chosen sites with their addresses."""
    from feeds.current import list_feeds

    config = invocation.config()
    rows: list[dict[str, Any]] = []
    with reader(config) as store:
        for number, site in enumerate(invocation.sites(config)):
            prefix = "" if number == 0 else f"{site.path or site.id}/"
            for info in list_feeds(store, site, feed_size=config.feed_size):
                address = f"{config.public}{prefix}{info.id}/"
                rows.append(
                    {
                        "site": site.id,
                        "id": info.id,
                        "title": info.title,
                        "entries": info.entries,
                        "url": address,
                    }
                )
    if invocation.json:
        print_json(rows)
        return
    for row in rows:
        click.echo(f"{row['entries']:6}  {row['id']:32} {printable(row['title'])}  {row['url']}")


@main.command(cls=GlobalCommand)
@pass_invocation
def status(invocation: Invocation) -> None:
    """Show the last runs, how fresh each section is, and which periods of each series are missing."""
    from feeds.status import site_status

    config = invocation.config()
    with reader(config) as store:
        told = [
            {
                **site_status(store, site, (), now=config.clock()),
                "archived": dict(store.holding_counts(site.id)),
            }
            for site in invocation.sites(config)
        ]
    if invocation.json:
        print_json(told)
        return
    for one in told:
        for line in _status_lines(one):
            click.echo(printable(line))


@main.command(cls=GlobalCommand)
@pass_invocation
def check(invocation: Invocation) -> None:
    """Read back what was published and the store; say what is not valid, whole or consistent."""
    from feeds.check import check_site

    config = invocation.config()
    with reader(config) as store:
        broken_store = list(store.problems())
        broken_files = [
            problem
            for number, site in enumerate(invocation.sites(config))
            for problem in check_site(
                store,
                site,
                out=config.out,
                public=config.public,
                feed_size=config.feed_size,
                root=number == 0,
                now=config.clock(),
            )
        ]
    problems = broken_store + broken_files
    if invocation.json:
        print_json({"problems": problems})
    else:
        for problem in problems:
            click.echo(printable(problem), err=True)
        if not problems and invocation.verbosity >= 0:
            click.echo("store and output are sound")
    sys.exit(4 if broken_store else 3 if broken_files else 0)


def _status_lines(told: Mapping[str, Any]) -> Iterator[str]:
    counts = told["counts"]
    yield f"{told['site']['id']}: {counts.get('articles', 0)} articles, newest change {told['newest_change'] or 'none'}"
    for run in told["runs"]:
        articles = run["articles"] or {}
        numbers = ", ".join(f"{count} {kind}" for kind, count in articles.items() if count) or "nothing new"
        yield f"  run {run['run']} of {run['started']}: {run['outcome'] or 'unfinished'}; {numbers}"
    waiting = told["archived"].get("new", 0) + told["archived"].get("failed", 0)
    if waiting:
        yield f"  web archives: {waiting} captures are not fetched yet; the same crawl --from an archive goes on"
    for section in told["sections"]:
        state = "complete" if section["complete"] else "its older pages are not all read"
        yield f"  section {section['id']}: {state}"
    for series in told["series"]:
        present = series["present"]
        span = f"{present[0]} .. {present[-1]}, {len(present)} periods" if present else "no period"
        yield f"  series {series['id']}: {series['articles']} articles, {span}"
        yield from (f"    {period}: no session found" for period in series["missing"])


def _has_store(config: "Config") -> bool:
    from crawler.store import StoreError, open_store

    try:
        open_store(config.store, create=False).close()
    except StoreError:
        return False
    return True


def _build(invocation: Invocation, config: "Config", *, whole: bool = False) -> "dict[str, BuildResult]":
    from feeds.publish import PublishError
    from feeds.site import build_site

    if config.public == type(config).model_fields["public"].default and not config.demo:
        click.echo(
            f"bantin: feeds name {config.public} as their own address; set `public` to the real one", err=True
        )
    sites = invocation.sites(config)

    def build_all(snapshot: "Reader") -> "dict[str, BuildResult]":
        return {
            site.id: build_site(
                snapshot,
                site,
                out=config.out,
                public=config.public,
                feed_size=config.feed_size,
                root=number == 0,
                now=config.clock(),
                demo=config.demo,
                whole=whole,
                captures=config.captures,
                hub=config.hub,
            )
            for number, site in enumerate(sites)
        }

    with reader(config) as store:
        if (store.note("kind") == "demo") != config.demo:
            kind = "a real archive" if config.demo else "the demonstration"
            fail(2, f"the store holds {kind}; name another store with --store")
        try:
            built: dict[str, BuildResult] = store.transaction(build_all)
        except PublishError as error:
            fail(3, str(error))
    return built


def _tell_hub(config: "Config", hub: str, results: "dict[str, BuildResult]") -> None:
    """A hub that fails is told of, and fails no run."""
    from feeds.websub import is_feed, tell_hub

    changed = [
        config.public + name for result in results.values() for name in result.written if is_feed(name)
    ]
    with reader(config) as store:
        problem = tell_hub(store, hub, changed)
    if problem:
        click.echo(f"bantin: {printable(problem)}", err=True)


def _counts(result: "BuildResult") -> dict[str, Any]:
    return {
        "feeds": len(result.feeds),
        "written": list(result.written),
        "unchanged": len(result.unchanged),
        "refused": dict(result.refused),
    }


def _tell_build(config: "Config", results: "dict[str, BuildResult]") -> None:
    for name, result in results.items():
        click.echo(
            f"{name}: {len(result.feeds)} feeds in {Path(config.out)}: "
            f"{len(result.written)} files written, {len(result.unchanged)} unchanged"
        )
