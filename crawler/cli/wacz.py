"""`bantin export --wacz FILE`: the captures of one site as one file that replay tools open."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from crawler.cli.options import Invocation, fail, print_json, printable

if TYPE_CHECKING:
    from crawler.captures.wacz import WaczSummary
    from crawler.config import Config
    from crawler.sites import Site


def pack(invocation: Invocation, config: "Config", site: "Site", file: Path) -> None:
    """Writes the file and tells what is in it; ends the program when that cannot be done."""
    from crawler import __version__
    from crawler.captures import CaptureDiskError, CaptureError
    from crawler.captures.wacz import write_wacz
    from crawler.files import is_stream

    if is_stream(file):
        fail(2, f"--wacz {file}: a package cannot be written to a device or pipe; name a file")
    try:
        packed = write_wacz(
            config.captures,
            site.id,
            file,
            title=site.title,
            software=f"bantin {__version__}",
            created=config.clock(),
        )
    except CaptureDiskError as error:
        fail(3, str(error))
    except CaptureError as error:
        fail(2, f"--wacz: {error}")
    _tell(invocation, site.id, file, packed)


def _tell(invocation: Invocation, site: str, file: Path, packed: "WaczSummary") -> None:
    for name in packed.left_out:
        click.echo(printable(f"bantin: {name} is still being written and was left out"), err=True)
    for reason, count in packed.problems.items():
        click.echo(f"bantin: {count} {reason} record(s) are in the package but not in its index", err=True)
    if invocation.json:
        shape = {
            "files": packed.files,
            "records": packed.records,
            "pages": packed.pages,
            "bytes": packed.bytes,
        }
        left = {"left_out": packed.left_out, "problems": dict(packed.problems)}
        print_json({"site": site, "file": str(file), **shape, **left})
    elif invocation.verbosity >= 0:
        held = f"{packed.records} records, {packed.pages} pages of {len(packed.files)} capture file(s)"
        click.echo(printable(f"{site}: {held} in {file}, {packed.bytes} bytes"))
