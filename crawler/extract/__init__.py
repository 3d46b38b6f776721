"""Bytes of a page and its site to values: articles and listings. Pure: no Scrapy, no network, no clock."""

from crawler.extract.article import extract_article
from crawler.extract.listing import extract_listing
from crawler.extract.listing_own import EMPTY_LIST
from crawler.extract.page import read_page

__all__ = ["EMPTY_LIST", "extract_article", "extract_listing", "read_page"]
