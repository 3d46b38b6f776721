"""Bytes of a page and its site to values: articles and listings. Pure: no Scrapy, no network, no clock."""

from crawler.extract.article import extract_article

__all__ = ["extract_article"]
