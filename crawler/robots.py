"""What robots.txt allows, by RFC 9309 over protego. Pure: the caller fetches, follows redirects and waits."""

import codecs
import re
from dataclasses import dataclass
from typing import Literal

from protego import Protego

#: Redirects of robots.txt that a caller follows (RFC 9309, 2.3.1.2: at least five).
MAX_REDIRECTS = 5
#: Bytes that are read of a robots.txt (RFC 9309, 2.5: at least 500 KiB).
MAX_BYTES = 500 * 1024

Reason = Literal["rules", "empty", "html", "missing", "redirects", "server-error", "unreachable"]

_CLOSED = ("server-error", "unreachable")
_TOKEN = re.compile(r"[A-Za-z_-]+")
_AGENT_LINE = re.compile(r"(?im)^([ \t]*user-?[ \t]?agent[ \t]*:[ \t]*)([^\r\n#]*)")
_RULE_LINE = re.compile(r"(?im)^[ \t]*(?:user-?[ \t]?agent|(?:dis)?allow)[ \t]*:")
#: In place of the names of other crawlers; no product token can contain it.
_SOMEBODY_ELSE = "~"


@dataclass(frozen=True, slots=True)
class RobotsVerdict:
    """Whether one address may be asked, and what that rests on."""

    allowed: bool
    #: Seconds between two requests as the site asks for; not in RFC 9309, yet obeyed by the polite.
    crawl_delay: float | None
    reason: Reason


class RobotsRules:
    """The rules of one host for one crawler."""

    def __init__(self, reason: Reason, *, token: str = "", parsed: Protego | None = None) -> None:
        self.reason: Reason = reason
        self._token = token
        self._parsed = parsed

    @property
    def crawl_delay(self) -> float | None:
        """Seconds, from the group that applies."""
        return self._parsed.crawl_delay(self._token) if self._parsed else None

    def verdict(self, url: str) -> RobotsVerdict:
        """The longest match wins, and `Allow` among equals (2.2.2)."""
        if self._parsed is None:
            return RobotsVerdict(self.reason not in _CLOSED, None, self.reason)
        return RobotsVerdict(self._parsed.can_fetch(url, self._token), self.crawl_delay, self.reason)


def read_robots(status: int | None, body: bytes, *, user_agent: str) -> RobotsRules:
    """The rules that an answer to `/robots.txt` gives (RFC 9309, 2.3.1).

    `status` None: there was no answer (time-out, no connection, broken body): everything is disallowed, as
    with 5xx. 4xx, and a 3xx that is still one after `MAX_REDIRECTS` hops, allow everything. A page of HTML where
    rules should be holds none. `user_agent` is the whole header; ValueError when it has no product token.
    """
    if status is None:
        return RobotsRules("unreachable")
    if not 200 <= status < 500:
        return RobotsRules("server-error")
    if status >= 300:
        return RobotsRules("redirects" if status < 400 else "missing")
    text = _decoded(body)
    if text.lstrip().startswith("<"):
        return RobotsRules("html")
    if not _RULE_LINE.search(text):
        return RobotsRules("empty")
    token = product_token(user_agent)
    return RobotsRules("rules", token=token, parsed=Protego.parse(_for_us(text, token)))


def product_token(user_agent: str) -> str:
    """`bantin` of `bantin/1.0 (+https://…)`, in lower case; ValueError when there is none (2.2.1)."""
    matched = _TOKEN.match(user_agent.strip())
    if matched is None:
        raise ValueError(f"User-Agent {user_agent!r} does not begin with a product token")
    return matched[0].lower()


def _decoded(body: bytes) -> str:
    """The first 500 KiB, whole lines only: half a `Disallow: /x` would forbid more than it says."""
    if len(body) > MAX_BYTES:
        body = body[:MAX_BYTES]
        body = body[: max(body.rfind(b"\n"), body.rfind(b"\r")) + 1]
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return body.decode("utf-16", "replace")
    return body.decode("utf-8-sig", "replace")


def _for_us(text: str, token: str) -> str:
    """Agent lines reduced to our token, `*` or somebody else's.

    protego takes a group `ban` for a crawler `bantin` and knows no `bantin/1.0`; the RFC compares tokens.
    """

    def reduce(line: re.Match[str]) -> str:
        agent = line[2].strip()
        named = _TOKEN.match(agent)
        if agent.startswith("*"):
            return f"{line[1]}*"
        return line[1] + (token if named and named[0].lower() == token else _SOMEBODY_ELSE)

    return _AGENT_LINE.sub(reduce, text)
