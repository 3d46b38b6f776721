"""From a portal's text to values: dates, counts, addresses, series periods. Pure: no network, no clock."""

from crawler.items import DateSpan, ViewCount
from crawler.normalize.dates import FoundDate, find_date, parse_date
from crawler.normalize.periods import find_period
from crawler.normalize.text import clean_text, fold, fold_origins, slug
from crawler.normalize.urls import canonical_url, same_site
from crawler.normalize.views import parse_views

__all__ = [
    "DateSpan",
    "FoundDate",
    "ViewCount",
    "canonical_url",
    "clean_text",
    "find_date",
    "find_period",
    "fold",
    "fold_origins",
    "parse_date",
    "parse_views",
    "same_site",
    "slug",
]
