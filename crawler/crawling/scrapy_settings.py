"""Our configuration in Scrapy's words, with the reason beside each departure from Scrapy's defaults."""

from typing import Any

from crawler import __version__
from crawler.config import Config

#: Download slot of pages that come out of files: no host to be polite to.
REPLAY_SLOT = "replay"
#: Download slot of web archives, one request at a time; how far apart, `crawler.middlewares.archive` knows.
ARCHIVE_SLOT = "archive"


def user_agent(config: Config) -> str:
    """An honest name, with a way to reach whoever runs the crawl."""
    return f"bantin/{__version__} (+{config.contact})" if config.contact else f"bantin/{__version__}"


def scrapy_settings(config: Config, *, log_level: str = "WARNING") -> dict[str, Any]:
    """The Scrapy settings for one process."""
    return {
        "BANTIN_CONFIG": config,
        "BOT_NAME": "bantin",
        "SPIDER_LOADER_CLASS": "crawler.spiders.loader.SiteSpiderLoader",
        "USER_AGENT": user_agent(config),
        "LOG_LEVEL": log_level,
        # Politeness: one request at a time per host, never closer than the delay; slower when the portal is slow.
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "CONCURRENT_REQUESTS": 4,  # those waiting have passed the guard already: when the crawl must stop, they are few
        "DOWNLOAD_DELAY": config.delay,
        "DOWNLOAD_DELAY_JITTER": 0.0,
        "AUTOTHROTTLE_ENABLED": config.delay > 0,
        "AUTOTHROTTLE_START_DELAY": config.delay,
        "DOWNLOAD_SLOTS": {
            REPLAY_SLOT: {"concurrency": 4, "delay": 0.0, "jitter": 0.0},
            ARCHIVE_SLOT: {"concurrency": 1, "delay": 0.0, "jitter": 0.0},
        },
        "DOWNLOAD_TIMEOUT": config.timeout,
        "RETRY_TIMES": 2,
        "REDIRECT_MAX_TIMES": 5,
        "METAREFRESH_ENABLED": False,
        "COOKIES_ENABLED": False,
        "DEFAULT_REQUEST_HEADERS": {
            "Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.5",
            "Accept-Language": "vi,en;q=0.3",
        },
        # First asked, first read: newest articles first, and a replay in the order of its files.
        "SCHEDULER_MEMORY_QUEUE": "scrapy.squeues.FifoMemoryQueue",
        # Safety: bounded bodies, no schemes but http(s), no listening sockets, no addresses but the portal's.
        "DOWNLOAD_MAXSIZE": config.max_body,
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_HANDLERS": {
            "http": "crawler.sources.handler.SourceDownloadHandler",
            "https": "crawler.sources.handler.SourceDownloadHandler",
            "data": None,
            "file": None,
            "ftp": None,
            "s3": None,
        },
        "TWISTED_DNS_RESOLVER": "crawler.middlewares.resolver.GuardedResolver",
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        "ROBOTSTXT_OBEY": False,  # ours instead: Scrapy's lets everything pass when robots.txt answers 5xx
        "DOWNLOADER_MIDDLEWARES": {
            "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,  # the guard knows the hosts
            "crawler.middlewares.guard.GuardMiddleware": 40,
            "crawler.middlewares.robots.RobotsMiddleware": 100,
            "crawler.middlewares.conditional.ConditionalGetMiddleware": 560,
            "crawler.middlewares.breaker.BreakerMiddleware": 830,
            # Nearer the downloader than decompression and redirects: payloads are kept as received.
            "crawler.middlewares.capture.CaptureMiddleware": 840,
            "crawler.middlewares.archive.ArchiveMiddleware": 850,
        },
        # Scrapy starts so many tasks for the results of every page; ours are few, and their order matters.
        "CONCURRENT_ITEMS": 1,
        # Each wraps every result of every callback; what they do is done elsewhere or not wanted.
        "SPIDER_MIDDLEWARES": {
            "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": None,  # the spider counts every status itself
            "scrapy.spidermiddlewares.referer.RefererMiddleware": None,  # no Referer is sent
            "scrapy.spidermiddlewares.depth.DepthMiddleware": None,  # the ledger bounds the crawl
            "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware": None,
        },
        "ITEM_PIPELINES": {"crawler.pipelines.StorePipeline": 300},
        "EXTENSIONS": {
            "crawler.extensions.GroupCommit": 0,
            "crawler.extensions.ProgressBar": 0,
            "scrapy.extensions.logstats.LogStats": None,
            "scrapy.extensions.remote_control.RemoteControl": None,  # off, and slow to import
            "scrapy.extensions.telnet.TelnetConsole": None,
            "scrapy.extensions.feedexport.FeedExporter": None,
            "scrapy.extensions.memdebug.MemoryDebugger": None,
            "scrapy.extensions.spiderstate.SpiderState": None,
        },
    }
