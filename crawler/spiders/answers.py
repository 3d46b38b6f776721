"""Small questions about answers and failures, and batches of requests. Pure."""

from collections.abc import Iterator
from itertools import islice

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.items import Capture, ListedArticle, Page
from crawler.middlewares.capture import CAPTURE

#: Requests made at a time; ledger and files are asked for more when these are done.
CHUNK = 200
#: Statuses by which a portal says that it does not have a page.
GONE = (404, 410)


def batches(requests: Iterator[Request]) -> Iterator[list[Request]]:
    """The requests, so many at a time; the next batch is made when it is asked for."""
    while batch := list(islice(requests, CHUNK)):
        yield batch


def request_of(response: Response) -> Request:
    """The request that an answer belongs to; Scrapy sets it on every answer."""
    request: Request = response.request  # type: ignore[assignment]
    return request


def capture_of(response: Response) -> Capture:
    """Where an answer is kept."""
    capture: Capture = request_of(response).meta[CAPTURE]
    return capture


def header_of(response: Response, name: str) -> str | None:
    """A header of an answer as text."""
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None


def cause_of(failure: Failure) -> str:
    """Why a fetch failed, in a few words; Twisted wraps the cause in a list."""
    reasons = getattr(failure.value, "reasons", None)
    message = (reasons[0] if reasons else failure).getErrorMessage().strip()
    return message.splitlines()[0] if message else "no answer"


def related_links(page: Page) -> tuple[ListedArticle, ...]:
    """The related block as links for the ledger."""
    related = page.article.related if page.article else ()
    return tuple(
        ListedArticle(item.id, item.url, item.title, item.published)
        for item in related
        if item.id and item.url
    )
