"""`bantin export`: JSON lines for archives, as a stream, a file, or a folder of sealed segments."""

import os
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

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
    from crawler.export.append import Appended, Read, Record
    from crawler.export.kinds import Kind
    from crawler.store import Reader


@click.command(cls=GlobalCommand)
@click.option(
    "--since",
    envvar="BANTIN_SINCE_SEQ",  # BANTIN_SINCE is a day, for `crawl`
    type=click.IntRange(0, 2**53),
    metavar="SEQ",
    help="Only what came after this number (a folder goes on where it ends by itself).  [default: 0]",
)
@click.option(
    "--to",
    "target",
    envvar="BANTIN_TO",
    default="-",
    show_default=True,
    metavar="FILE|DIR|-",
    help="A file (*.gz: packed), a folder of sealed segments (existing, ending in /, or without a dot), "
    "or -: stdout.",
)
@click.option("--views", is_flag=True, envvar="BANTIN_VIEWS", help="View observations instead of articles.")
@click.option(
    "--wacz",
    envvar="BANTIN_WACZ",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Pack the captures instead, for ReplayWeb.page or pywb.",
)
@pass_invocation
def export(invocation: Invocation, since: int | None, target: str, *, views: bool, wacz: Path | None) -> None:
    """Write one JSON object a line for every change of one site, in order of seq.

    Into a folder: sealed, hashed segments and a manifest; the same folder again gets what is new.
    `bantin verify DIR` finds any change to it.
    """
    from crawler.export.kinds import ARTICLES, VIEWS

    config = invocation.config()
    site = invocation.one_site(config)
    if wacz is not None:
        if views or since is not None or target != "-":
            fail(2, "--wacz packs all captures into its own file; leave --since, --to and --views out")
        from crawler.cli.wacz import pack

        pack(invocation, config, site, wacz)
        return
    kind = VIEWS if views else ARTICLES
    with reader(config) as store:
        mended: Counter[str] = Counter()
        read = partial(_records, store, site.id, kind, mended)
        if target == "-":
            _to_stdout(read(since or 0))
        elif not is_folder(target):
            _to_file(read(since or 0), Path(target))
        else:
            done = _to_folder(Path(target), kind, site.id, read, since=since, now=config.clock())
            _tell(invocation, Path(target), site.id, kind, done)
    _warn(mended)


def is_folder(target: str) -> bool:
    """Whether the name means a folder: it is one, ends as one, or is new and has no dot as files have."""
    path = Path(target)
    return target.endswith("/") or path.is_dir() or not (path.exists() or path.suffix)


def _records(
    store: "Reader", site: str, kind: "Kind", mended: Counter[str], since: int
) -> "Iterator[Record]":
    from crawler.export.safe import safe_records

    if kind.name == "views":
        return store.view_records(site, since=since)
    return safe_records(store.records(site, since=since), mended)


def _warn(mended: Counter[str]) -> None:
    """The records themselves no longer fit their digests; `bantin verify` names each."""
    for name, count in mended.items():
        click.echo(
            f"bantin: {count} record(s) held unsafe {name}, which were left out; the store was tampered with",
            err=True,
        )


def _to_stdout(records: "Iterator[Record]") -> None:
    from crawler.export import write_lines

    try:
        write_lines(records, sys.stdout)
        sys.stdout.flush()
    except BrokenPipeError:  # nobody reads any more, which is no error; what is still buffered goes nowhere
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _to_file(records: "Iterator[Record]", path: Path) -> None:
    """A regular file appears whole; a device or pipe is written to as it is."""
    from crawler.export.lines import write_file

    try:
        write_file(records, path)
    except OSError as error:
        fail(3, f"--to {path}: {error.strerror}")


def _to_folder(
    folder: Path, kind: "Kind", site: str, read: "Read", *, since: int | None, now: datetime
) -> "Appended":
    from crawler.export.append import append, last_number
    from crawler.export.errors import BusyError, DamagedError, ExportError, RefusedError

    codes: dict[type[ExportError], int] = {RefusedError: 2, DamagedError: 3, BusyError: 5}
    try:
        if since is not None and since != (last := last_number(folder, kind)):
            fail(2, f"--since {since}: {folder} goes on after {last} by itself; leave --since out")
        return append(folder, kind, site, read, created=now)
    except ExportError as error:
        fail(codes.get(type(error), 4), str(error))
    except OSError as error:
        fail(3, f"{error.filename or folder}: {error.strerror}; nothing was added to {folder}")


def _tell(invocation: Invocation, folder: Path, site: str, kind: "Kind", done: "Appended") -> None:
    number, digest = done.manifest or (0, None)
    if invocation.json:
        print_json(
            {
                "site": site,
                "kind": kind.name,
                "folder": str(folder),
                "added": done.count,
                "segments": [segment.file for segment in done.segments],
                f"last_{kind.cursor}": done.last,
                "manifest": {"number": number, "sha256": digest} if digest else None,
            }
        )
    elif invocation.verbosity >= 0:
        if not done.count:
            click.echo(f"{site}: no new {kind.lines} after {kind.cursor} {done.last}; nothing written")
            return
        told = (
            f"{done.count} {kind.lines} in {len(done.segments)} new segment(s), to {kind.cursor} {done.last}"
        )
        click.echo(printable(f"{site}: {told}; manifest {number} of {folder} has SHA-256 {digest}"))
