"""What makes a change of an article: old + new -> decision. Pure: no network, no clock, no store."""

from crawler.changes.decide import Decision, Reading, decide, reading_of, with_sections
from crawler.changes.digest import CHANGE_FIELDS, digest, fragments, page_digest, reader_digest
from crawler.changes.shapes import content_shape

__all__ = [
    "CHANGE_FIELDS",
    "Decision",
    "Reading",
    "content_shape",
    "decide",
    "digest",
    "fragments",
    "page_digest",
    "reader_digest",
    "reading_of",
    "with_sections",
]
