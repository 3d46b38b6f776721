"""What makes a change of an article: old + new -> decision. Pure: no network, no clock, no store."""

from crawler.changes.decide import Decision, Memory, decide, with_files, with_sections
from crawler.changes.digest import CHANGE_FIELDS, digest, fragments, page_digest, reader_digest
from crawler.changes.plan import next_reading
from crawler.changes.readings import Reading, reading_of
from crawler.changes.shapes import content_shape

__all__ = [
    "CHANGE_FIELDS",
    "Decision",
    "Memory",
    "Reading",
    "content_shape",
    "decide",
    "digest",
    "fragments",
    "next_reading",
    "page_digest",
    "reader_digest",
    "reading_of",
    "with_files",
    "with_sections",
]
