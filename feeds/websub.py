"""WebSub publishing (W3C Recommendation, 2018): tells the configured hub that feeds have changed.

How a publisher tells its hub is left open there; every public hub takes `hub.mode=publish` with the topic's address.
"""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from http.client import HTTPException
from typing import Any, Final, Protocol
from urllib.parse import urlencode

from crawler import __version__

TRIES: Final = 3
#: Seconds before the second try; doubled before each further one.
PAUSE: Final = 1.0
TIMEOUT: Final = 10.0
_NOTE: Final = "websub"
#: Changed feeds that wait for a hub that fails; older ones are forgotten, every feed changes again.
MOST_PENDING: Final = 500


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A hub's address is the operator's; where it leads on is not."""

    def redirect_request(self, *_: Any) -> None:
        """Never."""
        return


class Notes(Protocol):
    """Where feeds are remembered that a hub was not told of; a store is one."""

    def note(self, key: str) -> str | None:
        """What was noted."""

    def set_note(self, key: str, value: str) -> None:
        """Notes it."""


def tell_hub(notes: Notes, hub: str, changed: Sequence[str], *, pause: float = PAUSE) -> str | None:
    """Tells the hub of the changed feeds, and of those it could not be told of before; one line where it fails."""
    known = json.loads(notes.note(_NOTE) or "[]")
    left, problem = notify(hub, pending(known, changed), pause=pause)
    if list(left) != known:
        notes.set_note(_NOTE, json.dumps(left))
    return f"hub {hub}: {problem}; {len(left)} changed feeds wait for the next run" if problem else None


def notify(hub: str, topics: Sequence[str], *, pause: float = PAUSE) -> tuple[tuple[str, ...], str | None]:
    """Tells the hub of every changed feed; returns those it does not know of yet, and why.

    A hub that fails is asked again, a little later each time, and then left alone: what it was not told is for the
    next run. Never raises for anything that the hub or the network does.
    """
    for number, topic in enumerate(topics):
        problem = _persistent(hub, topic, pause)
        if problem:
            return tuple(topics[number:]), problem
    return (), None


def _persistent(hub: str, topic: str, pause: float) -> str | None:
    problem = _ping(hub, topic)
    for attempt in range(1, TRIES):
        if problem is None:
            break
        time.sleep(pause * 2 ** (attempt - 1))
        problem = _ping(hub, topic)
    return problem


def _ping(hub: str, topic: str) -> str | None:
    """None when the hub took it, else what went wrong, in a few words."""
    # `hub.topic` is the Recommendation's word for it, `hub.url` that of its forerunner: hubs read either.
    form = urlencode({"hub.mode": "publish", "hub.url": topic, "hub.topic": topic}).encode()
    headers = {"User-Agent": f"bantin/{__version__}"}
    try:
        request = urllib.request.Request(hub, form, headers)  # noqa: S310 (the operator's own setting)
        with urllib.request.build_opener(_NoRedirects).open(request, timeout=TIMEOUT):
            return None
    except urllib.error.HTTPError as error:
        error.close()
        return f"HTTP status {error.code}"
    except (OSError, ValueError, HTTPException) as error:
        return str(getattr(error, "reason", None) or error) or type(error).__name__


def pending(known: Sequence[str], changed: Sequence[str]) -> tuple[str, ...]:
    """What the hub is to be told: what it was not told before and what changed now, each once, bounded."""
    return tuple(dict.fromkeys([*known, *changed]))[-MOST_PENDING:]


def is_feed(path: str) -> bool:
    """Whether a published file is a feed that people subscribe to; archives of a feed are not."""
    return path.rpartition("/")[2] in ("rss.xml", "atom.xml", "feed.json")
