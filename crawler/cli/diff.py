"""`bantin diff ID`: the revisions of one article, paragraph by paragraph."""

import os
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any, Final

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
    from crawler.cli.versions import Version
    from crawler.compare import Change, Hunk, Piece
    from crawler.items import ArticleState, Capture

VIETNAM: Final = timezone(timedelta(hours=7))
_MARKS: Final = {"removed": ("[-", "-]", "red"), "added": ("{+", "+}", "green")}


@click.command(cls=GlobalCommand)
@click.argument("article", metavar="ID")
@pass_invocation
def diff(invocation: Invocation, article: str) -> None:
    """Show what one article said over time, oldest first: what changed in title, lead, text, captions, attachments.

    ID is the id of `bantin export` (duk4736), with its site in front where several have it (dukcqtw/duk4736),
    the id of a feed's entry, or the article's address. [-removed-] and {+added+} words stand in the paragraph's
    old and new form; paragraphs that stayed are counted.
    """
    from crawler.cli.versions import find, versions

    config = invocation.config()
    with reader(config) as store:
        site, article_id = find(store, invocation.sites(config), article)
        state = store.article(site, article_id)
        found = versions(store, site, article_id)
    if state is None or not found:  # stored without a capture: `bantin check` tells
        fail(4, f"{article}: the store has no capture of it; `bantin check` says what is wrong")
    if invocation.json:
        print_json(_shape(state, found))
        return
    colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    for text in _lines(state, found):
        click.echo(text, color=colour)


def _lines(state: "ArticleState", found: "Sequence[Version]") -> Iterator[str]:
    yield click.style(printable(f"{state.site}/{state.id}: {state.title}"), bold=True)
    yield printable(state.url)
    if state.deleted_at:
        yield f"gone from the portal since {_local(state.deleted_at)}"
    many = (
        "one revision: nothing that readers see has changed" if len(found) == 1 else f"{len(found)} revisions"
    )
    yield many
    for number, version in enumerate(found, 1):
        yield ""
        yield from _version(number, version)


def _version(number: int, version: "Version") -> Iterator[str]:
    until = "" if version.first_seen == version.last_seen else f" to {_local(version.last_seen)}"
    yield click.style(f"{number}. {_local(version.first_seen)}{until}", bold=True)
    yield printable(f"   {version.url}")
    yield printable(f"   capture {version.payload}{_place(version.capture)}")
    if version.reextracted_at:
        yield f"   read again by newer rules on {_local(version.reextracted_at)}"
    if number == 1:
        yield printable(f"   title: {version.shown.title}")
    for change in version.changes:
        yield f"   {change.field}:"
        for hunk in change.hunks:
            yield from (f"     {line}" for line in _hunk(change, hunk))


def _place(capture: "Capture | None") -> str:
    return f", {capture.source}, in {capture.warc} at {capture.offset}" if capture else ", not kept"


def _hunk(change: "Change", hunk: "Hunk") -> Iterator[str]:
    if hunk.op == "kept":
        yield click.style(f"  ({_counted(hunk.count, change.field)} unchanged)", dim=True)
    if hunk.op in {"removed", "changed"}:
        yield click.style("- ", fg="red") + _marked(hunk.pieces, "removed", whole=hunk.op == "removed")
    if hunk.op in {"added", "changed"}:
        yield click.style("+ ", fg="green") + _marked(hunk.pieces, "added", whole=hunk.op == "added")


def _marked(pieces: "Sequence[Piece]", op: str, *, whole: bool) -> str:
    """One side of a paragraph; marks only where not all of it is new or gone."""
    before, after, colour = _MARKS[op]
    shown = ""
    for piece in pieces:
        text = printable(piece.text)
        if piece.op == "same":
            shown += text
        elif piece.op == op:
            shown += click.style(text if whole else f"{before}{text}{after}", fg=colour)
    return shown


def _counted(count: int, field: str) -> str:
    noun = {"captions": "caption", "attachments": "attachment"}.get(field, "paragraph")
    return f"{count} {noun}{'s' * (count != 1)}"


def _local(moment: datetime) -> str:
    return moment.astimezone(VIETNAM).isoformat(timespec="seconds")


def _shape(state: "ArticleState", found: "Sequence[Version]") -> dict[str, Any]:
    from crawler.changes.shapes import utc

    return {
        "site": state.site,
        "id": state.id,
        "url": state.url,
        "title": state.title,
        "deleted_at": utc(state.deleted_at) if state.deleted_at else None,
        "revisions": [
            {
                "first_seen": utc(version.first_seen),
                "last_seen": utc(version.last_seen),
                "url": version.url,
                "capture": {
                    "digest": version.payload,
                    "source": version.capture.source if version.capture else None,
                    "warc": version.capture.warc if version.capture else None,
                    "offset": version.capture.offset if version.capture else None,
                },
                "reextracted_at": utc(version.reextracted_at) if version.reextracted_at else None,
                "title": version.shown.title,
                "changes": [
                    {"field": change.field, "hunks": [_hunk_shape(hunk) for hunk in change.hunks]}
                    for change in version.changes
                ],
            }
            for version in found
        ],
    }


def _hunk_shape(hunk: "Hunk") -> dict[str, Any]:
    if hunk.op == "kept":
        return {"op": "kept", "count": hunk.count}
    sides = {"old": hunk.old} if hunk.op != "added" else {}
    sides |= {"new": hunk.new} if hunk.op != "removed" else {}
    words = [[piece.op, piece.text] for piece in hunk.pieces] if hunk.op == "changed" else None
    return {"op": hunk.op, **sides, **({"words": words} if words else {})}
