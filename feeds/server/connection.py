"""HTTP connections that cannot be held open for nothing: uvicorn's own, with time limits of ours."""

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

#: Seconds in which a whole request must have come, on a new connection and after each answer.
HEAD_SECONDS = 20.0
#: Seconds for which a client may leave a full buffer of an answer unread.
STALLED_SECONDS = 60.0


class BoundedConnection(H11Protocol):
    """One client's connection."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._limits: dict[str, asyncio.TimerHandle] = {}

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A client has come; its request must follow."""
        super().connection_made(transport)
        self._limit("request", HEAD_SECONDS)

    def data_received(self, data: bytes) -> None:
        """A request that has come whole is not late any more."""
        super().data_received(data)
        if self.cycle is not None and not self.cycle.response_complete:
            self._lift("request")

    def on_response_complete(self) -> None:
        """Answered: the next request is awaited."""
        super().on_response_complete()
        if self.cycle.response_complete and not self.transport.is_closing():
            self._limit("request", HEAD_SECONDS)

    def pause_writing(self) -> None:
        """The client reads more slowly than we write."""
        super().pause_writing()
        self._limit("reading", STALLED_SECONDS)

    def resume_writing(self) -> None:
        """The client has read."""
        super().resume_writing()
        self._lift("reading")

    def connection_lost(self, exc: Exception | None) -> None:
        """The client has gone, or was sent away."""
        for name in tuple(self._limits):
            self._lift(name)
        super().connection_lost(exc)

    def _limit(self, name: str, seconds: float) -> None:
        self._lift(name)
        self._limits[name] = self.loop.call_later(seconds, self.transport.abort)

    def _lift(self, name: str) -> None:
        timer = self._limits.pop(name, None)
        if timer is not None:
            timer.cancel()
