"""Commands that need no feeds: crawl, inspect, export, sites, config. Heavy imports wait inside the commands."""

from crawler.cli.crawl import crawl
from crawler.cli.export import export
from crawler.cli.info import config, sites
from crawler.cli.inspect import inspect

COMMANDS = (config, crawl, export, inspect, sites)

__all__ = ["COMMANDS", "config", "crawl", "export", "inspect", "sites"]
