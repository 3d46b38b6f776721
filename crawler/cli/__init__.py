"""The commands that need no feeds. Heavy imports wait inside them."""

from crawler.cli.crawl import crawl
from crawler.cli.diff import diff
from crawler.cli.export import export
from crawler.cli.info import config, sites
from crawler.cli.inspect import inspect
from crawler.cli.reextract import reextract
from crawler.cli.verify import verify

COMMANDS = (config, crawl, diff, export, inspect, reextract, sites, verify)

__all__ = ["COMMANDS", "config", "crawl", "diff", "export", "inspect", "reextract", "sites", "verify"]
