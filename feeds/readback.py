"""Reads published files for the checks: never through a link, never with entities. Writes nothing."""

import os
from pathlib import Path

from lxml import etree

ATOM = "{http://www.w3.org/2005/Atom}"
AGAIN = "run `bantin build`"
_END = b"</html>\n"


def content_of(path: Path) -> tuple[bytes | None, str]:
    """The bytes of a published file, or what is wrong with it."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(handle, "rb") as file:
            return file.read(), ""
    except OSError as error:
        return None, f"{path} cannot be read: {error.strerror}; {AGAIN}"


def ends_whole(path: Path) -> bool:
    """Whether a page is there to its end; looks at its last bytes only."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(handle, "rb") as file:
            file.seek(-len(_END), os.SEEK_END)
            return file.read() == _END
    except OSError:
        return False


def parse_xml(content: bytes) -> etree._Element:
    """The root of a document; XMLSyntaxError when it is not well-formed."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    return etree.fromstring(content, parser)
