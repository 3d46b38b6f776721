"""What a folder of sealed segments holds by its manifests. Reads only; looks into no segment."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from crawler.export.errors import DamagedError, RefusedError
from crawler.export.kinds import Kind
from crawler.export.manifest import (
    DELIVERIES,
    SEGMENT_NAME,
    WHOLE,
    Delivery,
    Document,
    ManifestError,
    Segment,
    delivery_file,
    hexdigest,
    read_delivery,
    render_whole,
)

#: Where an export works; gone when it has ended well.
STAGE: Final = ".partial"
#: In it: what is about to appear in the folder, and whose turn it is.
INTENT: Final = "delivery.json"
LOCK: Final = "lock"

DOCUMENTS: Final = "documents"


@dataclass(frozen=True, slots=True)
class Contents:
    """The exports that a folder holds, oldest first."""

    deliveries: tuple[Delivery, ...] = ()

    @property
    def segments(self) -> tuple[Segment, ...]:
        """All that was sealed, in order."""
        return tuple(segment for delivery in self.deliveries for segment in delivery.segments)

    @property
    def documents(self) -> tuple[Document, ...]:
        """All that explains them, oldest first."""
        return tuple(document for delivery in self.deliveries for document in delivery.documents)

    @property
    def files(self) -> tuple[Document | Segment, ...]:
        """Everything but the manifests."""
        return (*self.documents, *self.segments)

    def newest(self, kind: Kind) -> Segment | None:
        """The last segment of a kind."""
        return next((segment for segment in reversed(self.segments) if segment.kind is kind), None)


def load(folder: Path) -> Contents:
    """The contents of an export folder or of an empty one.

    RefusedError where something else lies in the folder, DamagedError where the manifests do not fit together.
    Manifests that a killed export left one behind are accepted; `append` heals them.
    """
    names = _names(folder)
    if not names:
        return Contents()
    if not _is_ours(folder, names):
        raise RefusedError(f"{folder} holds other things and no export; name a new or empty folder")
    for name in sorted(names & {WHOLE, DELIVERIES, DOCUMENTS, STAGE}):
        if (folder / name).is_symlink():
            raise RefusedError(f"{folder / name} is a symbolic link, which no export makes; remove it")
    deliveries = _deliveries(folder)
    interrupted = is_interrupted(folder)
    if deliveries or not (interrupted or names <= {STAGE, DOCUMENTS}):
        _check_whole(folder, deliveries, interrupted=interrupted)
    return Contents(deliveries)


def is_interrupted(folder: Path) -> bool:
    """Whether an export was killed while its files were appearing."""
    return any((folder / STAGE / name).is_file() for name in (INTENT, WHOLE))


def is_behind(folder: Path, contents: Contents) -> bool:
    """Whether the folder's manifest lacks the newest export."""
    if not contents.deliveries:
        return False
    whole = folder / WHOLE
    return not whole.is_file() or whole.read_bytes() != render_whole(contents.deliveries)


def _is_ours(folder: Path, names: set[str]) -> bool:
    """Whether an export has been here, be it the first one and killed before it was done."""
    if names & {WHOLE, DELIVERIES} or any(map(SEGMENT_NAME.fullmatch, names)):
        return True
    if not names <= {STAGE, DOCUMENTS} or STAGE not in names:
        return False
    staged = {entry.name for entry in (folder / STAGE).iterdir()}
    return not staged or LOCK in staged


def _names(folder: Path) -> set[str]:
    if not folder.exists():
        return set()
    if not folder.is_dir():
        raise RefusedError(f"{folder} is no folder; name another")
    return {entry.name for entry in folder.iterdir()}


def _deliveries(folder: Path) -> tuple[Delivery, ...]:
    found: list[Delivery] = []
    before: bytes | None = None
    while (path := folder / delivery_file(len(found) + 1)).is_file():
        data = path.read_bytes()
        found.append(_next(path, data, found, before))
        before = data
    return tuple(found)


def _next(path: Path, data: bytes, earlier: list[Delivery], before: bytes | None) -> Delivery:
    try:
        delivery = read_delivery(data)
    except ManifestError as error:
        raise _damaged(path) from error
    follows = delivery.previous_delivery == (None if before is None else hexdigest(before))
    same_site = not earlier or earlier[0].site == delivery.site
    if delivery.number != len(earlier) + 1 or not follows or not same_site:
        raise _damaged(path)
    return delivery


def _check_whole(folder: Path, deliveries: tuple[Delivery, ...], *, interrupted: bool) -> None:
    whole = folder / WHOLE
    if not deliveries:
        raise _damaged(folder / DELIVERIES)
    data = whole.read_bytes() if whole.is_file() else None
    if data == render_whole(deliveries):
        return
    before = render_whole(deliveries[:-1]) if deliveries[1:] else None
    if not interrupted or data != before:
        raise _damaged(whole)


def _damaged(path: Path) -> DamagedError:
    return DamagedError(f"{path} is missing or was changed; `bantin verify {path.parent}` says more")
