"""Runs crawls in this process, one site after the other, and says how each ended."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from scrapy.crawler import Crawler, CrawlerProcess
from scrapy.settings import Settings
from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from crawler.captures import CaptureDiskError, CaptureError
from crawler.config import Config
from crawler.crawling.garbage import spare_collections
from crawler.crawling.scrapy_settings import scrapy_settings
from crawler.crawling.session import CrawlOptions, OptionError
from crawler.report import EXIT_CODES, RunReport
from crawler.spiders.loader import spider_class
from crawler.store import DiskError, SiteLockedError, StoreError

ARCHIVES = ("wayback", "commoncrawl")
#: How reasons begin for which an archive is asked again, after 1, 7 and 30 days.
_NOT_GIVEN = ("archive-", "not-archived", "capture-undecodable")

#: Loggers whose warnings repeat what the run report counts.
_CHATTY = (
    "scrapy.downloadermiddlewares.redirect",
    "scrapy.downloadermiddlewares.retry",
    "scrapy.core.scraper",
    "scrapy.core.engine",
    "scrapy.core.downloader.handlers.http11",  # of too large answers
    "twisted",
    "asyncio",
)


@dataclass(frozen=True, slots=True)
class CrawlResult:
    """How the crawl of one site ended; `report` is None when it could not begin."""

    site: str
    exit_code: int
    report: RunReport | None
    #: One line for people: always when the exit code is not 0.
    message: str | None


class _Process(CrawlerProcess):
    """Remembers which signal ended it."""

    signum: int | None = None

    def _signal_shutdown(self, signum: int, frame: Any) -> None:
        self.signum = signum
        super()._signal_shutdown(signum, frame)


def crawl_sites(
    config: Config,
    names: Sequence[str],
    options: CrawlOptions,
    *,
    log_level: str = "WARNING",
    progress: bool = True,
) -> list[CrawlResult]:
    """Crawls the sites in order; call it once per process (Twisted's reactor cannot be started again).

    Raises SiteError when a site file is wrong; every other failure is in the results.
    """
    settings = Settings({**scrapy_settings(config, log_level=log_level), "BANTIN_PROGRESS": progress})
    process = _Process(settings)
    hush(log_level)
    crawlers = [process.create_crawler(spider_class(name)) for name in names]
    failures: dict[str, BaseException] = {}
    _crawl_next(process, iter(crawlers), options, failures)
    spare_collections()
    process.start(install_signal_handlers=True)
    return [
        crawl_result(crawler, failures.get(crawler.spidercls.name), process.signum) for crawler in crawlers
    ]


def hush(log_level: str) -> None:
    """Silences what the run report tells better; after Scrapy has configured logging, which resets levels."""
    if logging.getLevelName(log_level) >= logging.WARNING:
        for name in _CHATTY:
            logging.getLogger(name).setLevel(logging.CRITICAL)


def _crawl_next(
    process: _Process, rest: Any, options: CrawlOptions, failures: dict[str, BaseException]
) -> None:
    """Starts the next crawl, and the one after it when that has ended; none after a signal."""
    crawler: Crawler | None = None if process.signum else next(rest, None)
    if crawler is None:
        return
    name = crawler.spidercls.name

    def ended(outcome: Any) -> None:
        if isinstance(outcome, Failure) and outcome.value:
            failures[name] = outcome.value
        _crawl_next(process, rest, options, failures)

    arguments = {field: getattr(options, field) for field in CrawlOptions.__slots__}
    crawl: Deferred[Any] = process.crawl(crawler, **arguments)
    crawl.addBoth(ended)


def crawl_result(crawler: Crawler, failure: BaseException | None, signum: int | None) -> CrawlResult:
    """How a crawl ended; `failure` kept it from beginning, `signum` is the signal that ended it."""
    name = crawler.spidercls.name
    session = getattr(crawler.spider, "session", None)
    report: RunReport | None = session.report if session else None
    error = failure or (session.error if session else None)
    if isinstance(error, OptionError):
        report = None  # it did what nobody asked for: nothing, and was not interrupted
    if signum and (report is None or report.finished is None or report.interrupted):
        if report:
            report.interrupted = True
        return CrawlResult(name, 128 + signum, report, f"{name}: interrupted; the next crawl goes on")
    if error is not None:
        if report:
            report.interrupted = True
        return CrawlResult(name, exit_code_of(error), report, f"{name}: {_line(error)}")
    if report is None:
        return CrawlResult(name, 1, None, f"{name}: internal error: the crawl did not begin")
    if report.internal_error:
        return CrawlResult(
            name, 1, report, f"{name}: internal error on a page: {report.internal_error}; see -v"
        )
    return CrawlResult(name, EXIT_CODES[report.outcome], report, outcome_message(report))


def exit_code_of(error: BaseException) -> int:
    """The contract's exit code for an error that ended a crawl."""
    if isinstance(error, SiteLockedError):
        return 5
    if isinstance(error, DiskError | CaptureDiskError | OSError):
        return 3
    if isinstance(error, StoreError):
        return 4
    return 2 if isinstance(error, OptionError | CaptureError) else 1


def outcome_message(report: RunReport) -> str | None:
    """One line that says what went wrong and what to do, or what to know of a complete run; else None."""
    if report.outcome == "blocked" and report.blocked_for_good:
        return f"{report.site}: archive not readable: {report.blocked}"
    if report.outcome == "blocked":
        since = (report.blocked_since or report.started).astimezone().strftime("%Y-%m-%d %H:%M %z")
        if report.source.partition(":")[0] in ARCHIVES:
            return (
                f"{report.site}: archive not readable since {since}: {report.blocked}; "
                "what was read is kept, and the next crawl goes on"
            )
        return (
            f"{report.site}: portal not readable since {since}: {report.blocked}; "
            "feeds keep what is stored; its history can be read with --from wayback or --from FILE.warc.gz"
        )
    if report.outcome == "partial":
        reasons = ", ".join(f"{reason} {count}" for reason, count in sorted(report.refused.items()))
        return f"{report.site}: partial: {reasons or 'a listing is incomplete'}{_prospect(report)}"
    if report.outcome == "budget":
        return f"{report.site}: the budget of requests is used up; the next crawl goes on"
    if report.outcome == "interrupted":
        return f"{report.site}: interrupted; the next crawl goes on"
    return f"{report.site}: {report.note}" if report.note else None


def _prospect(report: RunReport) -> str:
    """What becomes of what a partial run did not read: only the portal and what an archive did not give come again."""
    source = report.source.partition(":")[0]
    if source == "live":
        return "; the next crawl tries again"
    told = {reason for reason, count in report.refused.items() if count}
    later = {reason for reason in told if source in ARCHIVES and reason.startswith(_NOT_GIVEN)}
    lines = []
    if later:
        lines.append("what the archive did not give is asked for again in some days")
    if told - later:
        which = "the others" if later else "these captures"
        lines.append(f"{which} could not be read and stay out")
    return "".join(f"; {line}" for line in lines) + ("; name them with -v" if told else "")


def _line(error: BaseException) -> str:
    text = str(error).strip().splitlines()
    known = isinstance(error, StoreError | CaptureError | CaptureDiskError | OSError | OptionError)
    if not known:
        logging.getLogger(__name__).debug("internal error", exc_info=error)
    return text[0] if known and text else f"internal error: {type(error).__name__}: {text[0] if text else ''}"
