"""Packed copies of texts, made once and remembered within bounds."""

import gzip
from collections import OrderedDict

#: Shorter texts are not worth it; longer ones would hold up other readers.
SMALLEST, LARGEST = 512, 8 * 1024 * 1024
_REMEMBERED_BYTES = 32 * 1024 * 1024


class Packer:
    """Gzip of published files, by path and tag."""

    def __init__(self) -> None:
        self._packed: OrderedDict[tuple[str, str], bytes] = OrderedDict()
        self._bytes = 0

    def known(self, path: str, tag: str) -> bytes | None:
        """The packed copy, if it is remembered."""
        found = self._packed.get((path, tag))
        if found is not None:
            self._packed.move_to_end((path, tag))
        return found

    def remember(self, path: str, tag: str, packed: bytes) -> None:
        """Keeps a copy; the copies not asked for the longest make room."""
        if (path, tag) not in self._packed:
            self._bytes += len(packed)
        self._packed[path, tag] = packed
        while self._bytes > _REMEMBERED_BYTES:
            _, dropped = self._packed.popitem(last=False)
            self._bytes -= len(dropped)


def pack(content: bytes) -> bytes:
    """The same content gives the same bytes."""
    return gzip.compress(content, compresslevel=6, mtime=0)


def accepts_gzip(header: str) -> bool:
    """Whether an Accept-Encoding header allows gzip (RFC 9110, section 12.5.3)."""
    weights: dict[str, float] = {}
    for part in header.lower().split(","):
        coding, _, parameter = part.partition(";")
        name, _, value = parameter.strip().partition("=")
        try:
            weights[coding.strip()] = float(value) if name.strip() == "q" else 1.0
        except ValueError:
            weights[coding.strip()] = 0.0
    return weights.get("gzip", weights.get("x-gzip", weights.get("*", 0.0))) > 0
