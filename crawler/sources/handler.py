"""Answers a request from the network, or from the captured response that the request carries."""

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.http import HtmlResponse, Request, Response

from crawler.captures import CapturedResponse, decoded_body

#: Key of `request.meta` under which a replayed response travels.
REPLAY = "replay"


class SourceDownloadHandler(HTTP11DownloadHandler):
    """Scrapy's HTTP handler, but for requests that bring their own answer."""

    lazy = True

    async def download_request(self, request: Request) -> Response:
        """The response to a request; a replayed one never touches the network."""
        replayed: CapturedResponse | None = request.meta.get(REPLAY)
        if replayed is None:
            return await super().download_request(request)
        return _response(replayed, request)


def _response(replayed: CapturedResponse, request: Request) -> Response:
    """The captured response with its content coding undone; CodingError fails the request like a broken answer."""
    headers: dict[str, list[str]] = {}
    for name, value in replayed.headers:
        if name.lower() != "content-encoding":
            headers.setdefault(name, []).append(value)
    return HtmlResponse(
        request.url, status=replayed.status, headers=headers, body=decoded_body(replayed), request=request
    )
