"""The web application: published files with conditional GET, and whether all is well. Host names never reach output."""

import os
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from email.utils import formatdate, parsedate_to_datetime
from pathlib import Path

from anyio import to_thread
from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from feeds.server.files import OpenFile, open_published
from feeds.server.media import UNKNOWN, is_text, media_type
from feeds.server.packing import LARGEST, SMALLEST, Packer, accepts_gzip, pack

#: Pages hold no script and no frame; their pictures may stand on the portal.
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; img-src 'self' http: https:; style-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_BLOCK = 64 * 1024


class SafetyHeaders:
    """Puts the same headers on every answer, errors too."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        await self._app(scope, receive, with_headers)


class NoBodies:
    """Refuses requests with a body: none is read here, and two servers in a row could disagree where it ends."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        headers = Headers(scope=scope)
        if "transfer-encoding" in headers or headers.get("content-length", "0").strip("0"):
            refusal = Response("no body is read here\n", 400, {"Connection": "close"}, "text/plain")
            await refusal(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def make_app(
    root: Path,
    *,
    hosts: Sequence[str],
    healthy: Callable[[], Mapping[str, object]],
    metrics: Callable[[], bytes | None],
) -> Starlette:
    """The application that serves the folder `root` to clients that ask for one of `hosts`.

    `healthy` tells what is wrong (nothing where all is well), `metrics` gives the Prometheus text (None while there
    is none); both may look into the store and run in a thread.
    """
    files = PublishedFiles(root)

    async def healthz(_request: Request) -> Response:
        problems = await to_thread.run_sync(healthy)
        told = {"status": "failing" if problems else "ok", **problems}
        return JSONResponse(told, 503 if problems else 200, {"Cache-Control": "no-store"})

    async def measured(_request: Request) -> Response:
        content = await to_thread.run_sync(metrics)
        if content is None:
            return Response("the store cannot be read\n", 503, media_type="text/plain")
        kind = "text/plain; version=0.0.4; charset=utf-8"
        return Response(content, media_type=kind, headers={"Cache-Control": "no-store"})

    return Starlette(
        routes=[
            Route("/healthz", healthz),
            Route("/metrics", measured),
            Route("/{path:path}", files.answer),
        ],
        middleware=[
            Middleware(SafetyHeaders),
            Middleware(NoBodies),
            Middleware(TrustedHostMiddleware, allowed_hosts=list(hosts), www_redirect=False),
        ],
    )


class PublishedFiles:
    """Answers with what stands in the output folder."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._packer = Packer()

    async def answer(self, request: Request) -> Response:
        """One published file, 304 where the client has it already, 404 where there is none."""
        path: str = request.path_params["path"]
        found = open_published(self._root, path)
        if found is None:
            return Response(_NOT_FOUND, 404, media_type="text/html; charset=utf-8")
        if found == "folder":
            return RedirectResponse(f"/{path}/", 308, {"Cache-Control": "no-cache"})
        kind = media_type(found.path)
        zipped = is_text(kind) and SMALLEST <= found.size <= LARGEST
        packed = zipped and accepts_gzip(request.headers.get("accept-encoding", ""))
        headers = _headers(found, kind, zipped=zipped, packed=packed)
        if _is_known(request, found, headers["ETag"]):
            os.close(found.descriptor)
            return Response(None, 304, {name: headers[name] for name in headers if name != "Content-Type"})
        if packed:
            content = await self._packed(found)
            return Response(content, 200, headers | {"Content-Encoding": "gzip"})
        if request.method == "HEAD":
            os.close(found.descriptor)
            return Response(None, 200, headers | {"Content-Length": str(found.size)})
        return StreamingResponse(_blocks(found), 200, headers | {"Content-Length": str(found.size)})

    async def _packed(self, found: OpenFile) -> bytes:
        known = self._packer.known(found.path, found.tag)
        if known is not None:
            os.close(found.descriptor)
            return known
        packed = await to_thread.run_sync(_read_and_pack, found.descriptor)
        self._packer.remember(found.path, found.tag, packed)
        return packed


def _headers(found: OpenFile, kind: str, *, zipped: bool, packed: bool) -> dict[str, str]:
    """What every answer about a file tells; a packed copy has a tag of its own (RFC 9110, section 8.8.3)."""
    told = {
        "Content-Type": kind,
        "ETag": f'"{found.tag}{"-gzip" if packed else ""}"',
        "Last-Modified": formatdate(found.modified, usegmt=True),
        # Kept files are named by their content; everything else may be another one tomorrow.
        "Cache-Control": "public, max-age=31536000, immutable"
        if found.path.startswith("tep/")
        else "no-cache",
    }
    if zipped:
        told["Vary"] = "Accept-Encoding"
    if kind == UNKNOWN:
        told["Content-Disposition"] = "attachment"
    if "html" not in kind:
        told["Access-Control-Allow-Origin"] = "*"  # readers in browsers fetch feeds themselves
    return told


def _is_known(request: Request, found: OpenFile, tag: str) -> bool:
    """Whether the client's copy is the present one (RFC 9110, section 13.2.2)."""
    tags = request.headers.get("if-none-match")
    if tags is not None:
        given = {one.strip().removeprefix("W/") for one in tags.split(",")}
        return "*" in given or tag in given
    since = request.headers.get("if-modified-since")
    if since is None:
        return False
    try:
        return int(found.modified) <= parsedate_to_datetime(since).timestamp()
    except (ValueError, TypeError, OverflowError):
        return False


def _read_and_pack(descriptor: int) -> bytes:
    with open(descriptor, "rb") as file:
        return pack(file.read(LARGEST + 1))


async def _blocks(found: OpenFile) -> AsyncIterator[bytes]:
    """The file as it was when it was opened: a replaced one stays readable to the end."""
    with open(found.descriptor, "rb") as file:  # noqa: PTH123 (a descriptor, not a path)
        left = found.size
        while left and (block := file.read(min(_BLOCK, left))):
            left -= len(block)
            yield block


_NOT_FOUND = (
    '<!DOCTYPE html>\n<html lang="vi"><meta charset="utf-8"><title>Không tìm thấy</title>'
    '<meta name="viewport" content="width=device-width"><link rel="stylesheet" href="/style.css">'
    '<h1>Không tìm thấy trang này</h1><p><a href="/">Về trang đầu</a></p>\n'
)
