"""Settings for the `scrapy` command (`scrapy crawl dukcqtw`, scrapyd): the same configuration as `bantin`."""

import sys

from crawler.config import ConfigError, load_config
from crawler.crawling.scrapy_settings import scrapy_settings

try:
    _config = load_config()
except ConfigError as error:
    sys.stderr.write(f"bantin: {error}\n")
    raise SystemExit(2) from None

globals().update(scrapy_settings(_config, log_level="INFO"))

COMMANDS_MODULE = "crawler.commands"
#: Scrapy's older kind of process hands out Deferreds, whose failures the command can tell in its own words.
FORCE_CRAWLER_PROCESS = True
