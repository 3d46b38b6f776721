"""What archives receive: records and lines here; folders of sealed segments in `append` and `verify`."""

from crawler.export.records import (
    ARTICLE_SCHEMA,
    FIELDS,
    VIEWS_SCHEMA,
    TextStream,
    line,
    page_record,
    schema,
    state_record,
    view_record,
    write_lines,
)

__all__ = [
    "ARTICLE_SCHEMA",
    "FIELDS",
    "VIEWS_SCHEMA",
    "TextStream",
    "line",
    "page_record",
    "schema",
    "state_record",
    "view_record",
    "write_lines",
]
