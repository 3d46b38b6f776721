"""`bantin export`: JSON lines for archives."""

import sys
from pathlib import Path

import click

from crawler.cli.options import GlobalCommand, Invocation, fail, pass_invocation, reader


@click.command(cls=GlobalCommand)
@click.option(
    "--since",
    envvar="BANTIN_SINCE",
    type=click.IntRange(0, 2**53),
    default=0,
    show_default=True,
    metavar="SEQ",
    help="Only what came after this number.",
)
@click.option(
    "--to",
    "target",
    envvar="BANTIN_TO",
    default="-",
    show_default=True,
    metavar="FILE|-",
    help="Where to write; -: stdout.",
)
@click.option("--views", is_flag=True, envvar="BANTIN_VIEWS", help="View observations instead of articles.")
@pass_invocation
def export(invocation: Invocation, since: int, target: str, *, views: bool) -> None:
    """Write one JSON object a line for every change of one site, in order of seq."""
    from crawler.export import write_lines
    from crawler.files import replacing

    config = invocation.config()
    site = invocation.one_site(config)
    if target != "-" and Path(target).is_dir():
        fail(2, f"--to {target}: give a file or -")
    with reader(config) as store:
        records = store.view_records(site.id, since=since) if views else store.records(site.id, since=since)
        if target == "-":
            write_lines(records, sys.stdout)
            return
        try:
            with replacing(Path(target)) as stream:
                write_lines(records, stream)
        except OSError as error:
            fail(3, f"--to {target}: {error.strerror}")
