"""What robots.txt allows, by RFC 9309 over protego. Pure: the caller fetches, follows redirects and waits."""

import codecs
import re
from dataclasses import dataclass

from protego import Protego

#: Redirects of robots.txt that a caller follows (RFC 9309, 2.3.1.2: at least five).
MAX_REDIRECTS = 5
#: Bytes that are read of a robots.txt (RFC 9309, 2.5: at least 500 KiB).
MAX_BYTES = 500 * 1024

_TOKEN = re.compile(r"[A-Za-z_-]+")
_AGENT_LINE = re.compile(r"(?im)^([ \t]*user-?[ \t]?agent[ \t]*:[ \t]*)([^\r\n#]*)")
_RULE_LINE = re.compile(r"(?im)^[ \t]*(?:user-?[ \t]?agent|(?:dis)?allow)[ \t]*:")
#: In place of the names of other crawlers; no product token can contain it.
_SOMEBODY_ELSE = "~"


@dataclass(frozen=True, slots=True)
class RobotsVerdict:
    """Whether one address may be asked, and why (or why not) in a few words."""

    allowed: bool
    #: Seconds between two requests as the site asks for; not in RFC 9309, yet obeyed by the polite.
    crawl_delay: float | None
    reason: str


class RobotsPolicy:
    """What the answer to one host's `/robots.txt` means (RFC 9309, 2.3.1)."""

    def __init__(self, status: int | None, body: bytes, *, detail: str = "") -> None:
        """`status` None: there was no answer (time-out, no connection, broken body), as `detail` says.

        5xx and no answer disallow everything. 4xx, and a 3xx that is still one after `MAX_REDIRECTS` hops,
        allow everything. A page of HTML where rules should be holds none.
        """
        self._text = ""
        self._parsed: dict[str, Protego] = {}
        self._closed = status is None or not 200 <= status < 500
        if self._closed:
            told = f"HTTP status {status}" if status is not None else detail or "no answer"
            self._reason = f"robots.txt cannot be read ({told}), so nothing may be asked"
        elif status is not None and status >= 300:
            self._reason = f"there is no robots.txt (HTTP status {status})"
        else:
            self._reason, self._text = _rules(body)

    def verdict(self, url: str, user_agent: str) -> RobotsVerdict:
        """By the group for our product token, else `*`: the longest match, `Allow` among equals (2.2.2).

        `user_agent` is the whole header; ValueError when it does not begin with a product token.
        """
        if not self._text:
            return RobotsVerdict(not self._closed, None, self._reason)
        token = product_token(user_agent)
        if token not in self._parsed:
            self._parsed[token] = Protego.parse(_for_us(self._text, token))
        rules = self._parsed[token]
        allowed = rules.can_fetch(url, token)
        reason = "robots.txt allows it" if allowed else f"robots.txt disallows {url}"
        return RobotsVerdict(allowed, rules.crawl_delay(token), reason)


def unreachable(detail: str) -> RobotsPolicy:
    """The policy of a host that gave no answer; everything is disallowed."""
    return RobotsPolicy(None, b"", detail=detail)


def product_token(user_agent: str) -> str:
    """`bantin` of `bantin/1.0 (+https://…)`, in lower case; ValueError when there is none (2.2.1)."""
    matched = _TOKEN.match(user_agent.strip())
    if matched is None:
        raise ValueError(f"User-Agent {user_agent!r} does not begin with a product token")
    return matched[0].lower()


def _rules(body: bytes) -> tuple[str, str]:
    """Why there are no rules, or the text that holds them."""
    text = _decoded(body)
    if text.lstrip().startswith("<"):
        return "robots.txt is a page of HTML, without rules", ""
    if not _RULE_LINE.search(text):
        return "robots.txt holds no rules", ""
    return "", text


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
