"""Runs the web application until it is told to end."""

import resource
import socket
from contextlib import suppress

import uvicorn
from starlette.types import ASGIApp

from feeds.server.connection import BoundedConnection

#: Connections at a time; further ones are told to come again (503).
MOST_CONNECTIONS = 2000
_MOST_HEADER_BYTES = 16 * 1024


class ListenError(Exception):
    """The address cannot be listened on; the message names the cure."""


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes a free one."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=512)
    except (OSError, OverflowError) as error:
        cause = getattr(error, "strerror", None) or error
        raise ListenError(
            f"cannot listen on {host} port {port}: {cause}; choose another with --port"
        ) from None


def serve(app: ASGIApp, listening: socket.socket) -> None:
    """Answers clients until SIGINT or SIGTERM; requests under way get five seconds to end."""
    _allow_many_connections()
    config = uvicorn.Config(
        app,
        http=BoundedConnection,
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="critical",  # what broken clients send is no news
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=MOST_CONNECTIONS,
        h11_max_incomplete_event_size=_MOST_HEADER_BYTES,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=5,
    )
    uvicorn.Server(config).run(sockets=[listening])


def _allow_many_connections() -> None:
    """Each connection is an open file, and the usual limit is lower than ours."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_CONNECTIONS + 200
    if soft < wanted:
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (min(wanted, hard), hard))
