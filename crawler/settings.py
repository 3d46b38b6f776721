"""Settings for the `scrapy` command (`scrapy crawl dukcqtw`, scrapyd): the same configuration as `bantin`."""

from crawler.config import load_config
from crawler.crawling.scrapy_settings import scrapy_settings

globals().update(scrapy_settings(load_config(), log_level="INFO"))
