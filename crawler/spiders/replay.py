"""Requests that bring their own answer: captured responses out of WARC files, in the order they lie there."""

from collections.abc import Callable, Iterator
from typing import Any

from scrapy import Request

from crawler.captures import CaptureReader
from crawler.crawling.scrapy_settings import REPLAY_SLOT
from crawler.sources.handler import REPLAY


def replay_requests(
    reader: CaptureReader, callback: Callable[..., Any], errback: Callable[..., Any]
) -> Iterator[Request]:
    """One request for every captured response that the reader gives."""
    for captured in reader:
        meta = {REPLAY: captured, "download_slot": REPLAY_SLOT, "autothrottle_dont_adjust_delay": True}
        meta |= {
            "dont_redirect": True,
            "dont_retry": True,
        }  # an archived redirect is an answer like any other
        yield Request(captured.url, callback, errback=errback, meta=meta, dont_filter=True)
