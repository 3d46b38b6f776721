"""Gzip members, made fast. Pure."""

import zlib

try:
    from isal import isal_zlib
except ImportError:  # a machine for which there is none (see pyproject.toml); zlib does the same more slowly
    isal_zlib = None  # type: ignore[assignment]

# CPU of one 13 kB page, measured side by side: zlib level 9 0.5 ms, level 1 0.075 ms, ISA-L level 1 0.026 ms for
# as many bytes as zlib's level 1. A payload that came packed (7 kB) costs as much to squeeze again and nothing to
# store, and grows by its headers alone.
_LEVEL = 1
_GZIP = 16 + zlib.MAX_WBITS
# (level, method, window, memory)
_SQUEEZE = (_LEVEL, zlib.DEFLATED, 16 + 13, 7)
_STORE = (0, zlib.DEFLATED, 16 + 9, 1)


def gzip_member(data: bytes, *, packed: bool = False) -> bytes:
    """One gzip member, without name and time; `packed` data, which cannot shrink, are stored as they are."""
    if isal_zlib is not None and not packed:
        return isal_zlib.compress(data, _LEVEL, _GZIP)
    packer = zlib.compressobj(*(_STORE if packed else _SQUEEZE))
    return packer.compress(data) + packer.flush()
