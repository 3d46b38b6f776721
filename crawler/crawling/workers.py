"""Worker processes that compute beside an asyncio loop, spoken to over sockets.

No executor of the standard library: its threads take the interpreter from the loop at every page, which cost
more than a tenth of a crawl. A worker's socket ends with its crawl, however that ends, and the worker with it.
"""

import asyncio
import multiprocessing
import pickle
import signal
import socket
import struct
from collections import deque
from collections.abc import Callable
from typing import Any, BinaryIO, Final, cast

from crawler.crawling.garbage import spare_collections

#: Every message is a pickle behind its length in bytes; both ends are ours.
_LENGTH: Final = struct.Struct("!I")


class WorkerLost(Exception):  # noqa: N818 (not an error of the caller's)
    """The worker's process has ended; what it was asked is not answered."""


class Worker(asyncio.Protocol):
    """One process that makes `answer` once, of its arguments, and then answers questions in their order."""

    def __init__(self) -> None:
        self._waiting: deque[asyncio.Future[Any]] = deque()
        self._received = bytearray()
        self._transport: asyncio.Transport | None = None

    @classmethod
    async def start(cls, make: Callable[..., Callable[[Any], Any]], *arguments: Any) -> "Worker":
        """A running worker; `make` and its arguments travel to the new process, and must be importable there."""
        ours, theirs = socket.socketpair()
        context = multiprocessing.get_context("spawn")
        with theirs:
            context.Process(target=_serve, args=(theirs, make, arguments), daemon=True).start()
        _, worker = await asyncio.get_running_loop().create_connection(cls, sock=ours)
        return worker

    @property
    def load(self) -> int:
        """Questions not answered yet."""
        return len(self._waiting)

    def ask(self, question: Any) -> "asyncio.Future[Any]":
        """The answer to come; the future fails with WorkerLost, or with what answering raised."""
        answer = asyncio.get_running_loop().create_future()
        if self._transport is None or self._transport.is_closing():
            answer.set_exception(WorkerLost())
            return answer
        self._waiting.append(answer)
        self._transport.write(_packed(question))
        return answer

    def close(self) -> None:
        """Ends the worker without waiting for what it still does."""
        if self._transport is not None:
            self._transport.abort()

    # -- asyncio.Protocol -----------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The socket is open."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Some bytes of answers."""
        self._received += data
        while (message := _taken(self._received)) is not None:
            answered, found = pickle.loads(message)  # noqa: S301 (from our own process)
            future = self._waiting.popleft()
            if future.cancelled():
                continue
            if answered:
                future.set_result(found)
            else:
                future.set_exception(found)

    def connection_lost(self, exc: Exception | None) -> None:
        """The process has ended, or was ended."""
        waiting, self._waiting = self._waiting, deque()
        for future in waiting:
            if not future.cancelled():
                future.set_exception(WorkerLost())
                future.exception()  # told once: when nobody waits any more, it is no news


def _packed(message: Any) -> bytes:
    content = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    return _LENGTH.pack(len(content)) + content


def _taken(received: bytearray) -> bytes | None:
    """The first whole message, taken out of what was received."""
    if len(received) < _LENGTH.size:
        return None
    end = _LENGTH.size + _LENGTH.unpack_from(received)[0]
    if len(received) < end:
        return None
    message = bytes(received[_LENGTH.size : end])
    del received[:end]
    return message


# -- in the worker ------------------------------------------------------------------------------------------


def _serve(connection: socket.socket, make: Callable[..., Callable[[Any], Any]], arguments: Any) -> None:
    """Answers until the other end closes; signals are left to the crawl."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answer = make(*arguments)
    spare_collections()
    with connection, connection.makefile("rb") as questions:
        while (content := _next(questions)) is not None:
            try:
                reply = (True, answer(pickle.loads(content)))  # noqa: S301 (from our own process)
            except Exception as error:  # noqa: BLE001 (told to whoever asked)
                reply = (False, error)
            try:
                connection.sendall(_packed(reply))
            except OSError:  # nobody is left to be answered
                return


def _next(questions: BinaryIO) -> bytes | None:
    head = questions.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    return questions.read(_LENGTH.unpack(head)[0])
