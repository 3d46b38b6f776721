"""Clients that only take up room: an ordinary one is answered all the same."""

import http.client
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

import pytest

from feeds.server import connection

Address = tuple[str, int]


@contextmanager
def clients(address: Address, count: int, sent: bytes = b"") -> Iterator[list[socket.socket]]:
    with ExitStack() as opened:
        made = []
        for _ in range(count):
            client = opened.enter_context(socket.create_connection(address, timeout=10))
            if sent:
                client.sendall(sent)
            made.append(client)
        yield made


def seconds_for(address: Address, path: str) -> float:
    began = time.monotonic()
    client = http.client.HTTPConnection(*address, timeout=10)
    client.request("GET", path)
    assert client.getresponse().read()
    client.close()
    return time.monotonic() - began


def _received(client: socket.socket) -> int:
    """Bytes until the other end closes."""
    count = 0
    with suppress(ConnectionResetError):
        while part := client.recv(1 << 20):
            count += len(part)
    return count


def _sent(client: socket.socket, line: bytes, most: int) -> int:
    """How often it could be sent before the other end closed."""
    for number in range(most):
        try:
            client.sendall(line)
        except (BrokenPipeError, ConnectionResetError):
            return number
    return most


def test_idle_and_slow_clients_hold_nobody_up(address: Address) -> None:
    request = b"GET /large.pdf HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with clients(address, 200), clients(address, 25, b"GET / HTTP/1.1\r\nHo"), clients(address, 25, request):
        assert max(seconds_for(address, path) for path in ("/", "/all/atom.xml", "/healthz")) < 1


@pytest.mark.parametrize(
    "sent", [b"", b"GET / HTTP/1.1\r\nHost: lo", b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\nGET / H"]
)
def test_a_request_that_does_not_come_is_not_waited_for(
    address: Address, monkeypatch: pytest.MonkeyPatch, sent: bytes
) -> None:
    monkeypatch.setattr(connection, "HEAD_SECONDS", 0.3)
    with clients(address, 1, sent) as (client,):
        client.settimeout(5)
        while client.recv(65536):
            pass


def test_a_client_that_does_not_read_is_left(address: Address, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "STALLED_SECONDS", 0.3)
    with clients(address, 1, b"GET /large.pdf HTTP/1.1\r\nHost: localhost\r\n\r\n") as (client,):
        time.sleep(1)
        assert _received(client) < 20 * 1024 * 1024


def test_floods_of_headers_are_refused(address: Address) -> None:
    with clients(address, 1, b"GET / HTTP/1.1\r\nHost: localhost\r\n") as (client,):
        assert _sent(client, b"X-Flood: " + b"x" * 1000 + b"\r\n", 5000) < 5000
        assert seconds_for(address, "/") < 1


@pytest.mark.parametrize(
    "sent",
    [
        b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n",
        b"GET /\r\n\r\n",
        b"\x16\x03\x01\x02\x00",
    ],
    ids=["both lengths", "two lengths", "two hosts", "no version", "tls"],
)
def test_what_two_servers_could_read_differently_is_refused(address: Address, sent: bytes) -> None:
    with clients(address, 1, sent) as (client,):
        answer = client.recv(65536)
        assert b" 200 " not in answer.split(b"\r\n")[0]
