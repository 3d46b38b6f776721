"""Answers a request from the network, or from the captured response that the request carries."""

from collections.abc import Awaitable, Callable

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.http import HtmlResponse, Request, Response

from crawler.captures import CapturedResponse, decoded_body
from crawler.captures.coding import MAX_UNPACKED

#: Key of `request.meta` under which a replayed response travels.
REPLAY = "replay"
#: Key of `request.meta` for what is awaited before the request is sent: a turn at an archive, say.
TURN = "turn"


class SourceDownloadHandler(HTTP11DownloadHandler):
    """Scrapy's HTTP handler, but for requests that bring their own answer."""

    lazy = True

    async def download_request(self, request: Request) -> Response:
        """The response to a request; a replayed one never touches the network."""
        replayed: CapturedResponse | None = request.meta.get(REPLAY)
        if replayed is not None:
            return replayed_response(replayed, request)
        turn: Callable[[], Awaitable[None]] | None = request.meta.get(TURN)
        if turn is not None:
            await turn()
        return await super().download_request(request)


def replayed_response(replayed: CapturedResponse, request: Request, url: str | None = None) -> Response:
    """The captured response with its content coding undone; CodingError fails the request like a broken answer.

    `url` is the page's address where the request asks under another (an archive's).
    """
    headers: dict[str, list[str]] = {}
    for name, value in replayed.headers:
        if name.lower() != "content-encoding":
            headers.setdefault(name, []).append(value)
    return HtmlResponse(
        url or request.url,
        status=replayed.status,
        headers=headers,
        body=decoded_body(replayed, limit=request.meta.get("download_maxsize", MAX_UNPACKED)),
        request=request,
    )
