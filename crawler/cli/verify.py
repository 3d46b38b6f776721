"""`bantin verify`: whether a folder of sealed segments is as it was sealed."""

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crawler.cli.options import GlobalCommand, Invocation, fail, pass_invocation, print_json, printable

if TYPE_CHECKING:
    from crawler.export.verify import Verified


@click.command(cls=GlobalCommand)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--known",
    metavar="SHA256",
    help="The folder must go on from the manifest.json with this SHA-256, which an export had printed.",
)
@pass_invocation
def verify(invocation: Invocation, folder: Path, known: str | None) -> None:
    """Read a folder that `bantin export --to DIR` made, every byte of it, and name what was changed.

    Hashes, counts, the chain of manifests, numbers without gap, every line, files that do not belong there.
    Needs no store. Exit code 3 when anything is wrong.
    """
    from crawler.export import verify as reading
    from crawler.export.stage import is_writing

    if known is not None and not re.fullmatch("[0-9a-f]{64}", known := known.lower().removeprefix("sha256:")):
        fail(2, "--known: give the 64 hexadecimal digits that an export printed")
    try:
        if not folder.is_dir():
            fail(2, f"{folder}: no such folder; give one that `bantin export --to DIR` made")
        if not reading.is_export(folder):
            fail(2, f"{folder} holds no export; give a folder that `bantin export --to DIR` made")
        before = reading.state(folder)
        found = None if is_writing(folder) else reading.verify(folder, known=known)
        if found is None or (found.problems and (is_writing(folder) or reading.state(folder) != before)):
            fail(5, f"an export writes to {folder} at this moment; verify it when that has ended")
    except OSError as error:
        fail(3, f"{error.filename or folder}: {error.strerror}")
    _tell(invocation, folder, found)
    sys.exit(3 if found.problems else 0)


def _tell(invocation: Invocation, folder: Path, found: "Verified") -> None:
    if invocation.json:
        number, digest = found.manifest or (0, None)
        print_json(
            {
                "folder": str(folder),
                "site": found.site,
                "ok": not found.problems,
                "segments": found.segments,
                "last_seq": found.last["articles"],
                "last_n": found.last["views"],
                "manifest": {"number": number, "sha256": digest} if digest else None,
                "interrupted": found.interrupted,
                "problems": [{"file": problem.file, "problem": problem.what} for problem in found.problems],
            }
        )
    for problem in found.problems:
        click.echo(f"bantin: {printable(f'{folder}: {problem}')}", err=True)
    if found.problems or invocation.json or invocation.verbosity < 0:
        return
    click.echo(printable(summary(folder, found)))


def summary(folder: Path, found: "Verified") -> str:
    """One line for people about a folder that is whole."""
    left = "; an export was interrupted, the next one cleans up" if found.interrupted else ""
    if found.manifest is None:
        return f"{folder}: holds no finished export{left}"
    from crawler.export.kinds import KINDS

    held = " and ".join(f"{last} {KINDS[name].lines}" for name, last in found.last.items() if last)
    return (
        f"{folder}: {found.site}, {held} in {found.segments} segment(s), whole and unchanged; "
        f"manifest {found.manifest[0]} has SHA-256 {found.manifest[1]}{left}"
    )
