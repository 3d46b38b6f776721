"""Runs crawls: what one crawl holds open, how it is configured for Scrapy, and how it ends."""
