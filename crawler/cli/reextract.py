"""`bantin reextract`: every kept capture read again by the rules of today."""

import os
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from crawler.cli.options import GlobalCommand, Invocation, fail, pass_invocation, print_json, printable

if TYPE_CHECKING:
    from crawler.config import Config
    from crawler.reextract import Reextraction
    from crawler.sites import Site
    from crawler.store import Store

#: Fewer captures are read before another process has started.
_WORTH_PROCESSES = 400
_MOST_PROCESSES = 16


@dataclass(frozen=True, slots=True)
class _Wish:
    """What was asked for, for every site."""

    config: "Config"
    applied: bool
    limit: int
    #: None: as many as are worth their start.
    processes: int | None
    progress: bool


@click.command(cls=GlobalCommand)
@click.option(
    "--apply", "applied", is_flag=True, envvar="BANTIN_APPLY", help="Take what is different into the store."
)
@click.option(
    "--id",
    "only",
    envvar="BANTIN_ID",
    metavar="ID",
    help="Only the captures of this article, named as for `bantin diff`.",
)
@click.option(
    "--limit",
    envvar="BANTIN_LIMIT",
    type=click.IntRange(0),
    default=20,
    show_default=True,
    metavar="N",
    help="Show so many differences; all are counted.",
)
@click.option(
    "--processes",
    envvar="BANTIN_PROCESSES",
    type=click.IntRange(1, 256),
    metavar="N",
    help="Read in so many processes.  [default: one for each processor]",
)
@pass_invocation
def reextract(
    invocation: Invocation, *, applied: bool, only: str | None, limit: int, processes: int | None
) -> None:
    """Parse every kept capture again and show what is different, field by field; --apply takes it in.

    Nothing is fetched. Without --apply nothing is written, so that a changed site file or a new version can be
    judged first. What readers do not see (authors, dates, sections) changes records without moving a feed's
    `updated`. Pages that are not readable any more keep what was read from them.
    """
    config = invocation.config()
    sites = invocation.sites(config)
    if not config.captures.is_dir():
        fail(2, f"no captures folder at {config.captures}; name it with --captures")
    wish = _Wish(
        config, applied, limit, processes, progress=not invocation.json and invocation.verbosity >= 0
    )
    with _store(config) as store:
        chosen = [(site, None) for site in sites] if only is None else _named(store, sites, only)
        results = [result for site, article in chosen if (result := _one_site(store, site, article, wish))]
    if only is not None and not results:
        fail(2, f"--id {only}: no capture of it is kept; ids are those of `bantin export`")
    if invocation.json:
        told = [result.to_dict() for result in results]
        print_json(told[0] if len(told) == 1 else told)
    elif invocation.verbosity >= 0:
        for result in results:
            for line in result.lines():
                click.echo(printable(line))
    for loss in filter(None, (result.loss() for result in results)):
        click.echo(f"bantin: {printable(loss)}", err=True)
    if any(result.failed for result in results):
        sys.exit(1)
    if any(result.partial for result in results):
        sys.exit(7)


def _named(store: "Store", sites: "list[Site]", name: str) -> "list[tuple[Site, str | None]]":
    """The sites that can have the article, each with its id there."""
    from crawler.cli.versions import candidates

    found = dict(candidates(store, sites, name))
    return [(site, found[site.id]) for site in sites if site.id in found]


def _one_site(store: "Store", site: "Site", only: str | None, wish: _Wish) -> "Reextraction | None":
    """What one site gave; None where nothing is kept of the one article asked for."""
    from crawler.crawling.workers import WorkerLost
    from crawler.reextract import NoSuchCaptureError, reextract
    from crawler.store import Reader, Writer

    def work(reader: Reader, writer: Writer | None = None) -> "Reextraction":
        kept = reader.counts(site.id)["captures"]
        with _progress(site.id, kept, shown=wish.progress) as progress:
            return reextract(
                reader,
                site,
                wish.config.captures,
                processes=wish.processes or _processes(kept, only),
                now=wish.config.clock(),
                writer=writer,
                only=only,
                limit=wish.limit,
                progress=progress,
            )

    try:
        if not wish.applied:
            found: Reextraction = store.transaction(work)
            return found
        owner = f"{socket.gethostname()}:{os.getpid()}"
        reserved = [series.id for series in site.series]
        lease = store.writer(site.id, owner, wish.config.clock(), reserved=reserved, canonical=site.canonical)
        with lease as writer:
            return work(writer, writer)
    except NoSuchCaptureError:
        return None
    except WorkerLost:
        fail(1, "a process that reads captures was killed (memory?); run it again with --processes 1")


def _processes(kept: int, only: str | None) -> int:
    if only is not None or kept < _WORTH_PROCESSES:
        return 1
    return min(os.cpu_count() or 1, _MOST_PROCESSES)


@contextmanager
def _store(config: "Config") -> "Iterator[Store]":
    """The open store; ends the program with the contract's exit code when it cannot be used."""
    from crawler.store import DiskError, SiteLockedError, StoreError, open_store

    try:
        store = open_store(config.store, create=False)
        try:
            yield store
        finally:
            store.close()
    except SiteLockedError as error:
        fail(5, str(error))
    except DiskError as error:
        fail(3, str(error))
    except StoreError as error:
        fail(4, str(error))


@contextmanager
def _progress(name: str, total: int, *, shown: bool) -> "Iterator[Callable[[int], None]]":
    """Shows on a terminal how many captures were read."""
    if not shown or not sys.stderr.isatty():
        yield lambda count: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(name, total=total)
        yield lambda count: progress.advance(task, count)
