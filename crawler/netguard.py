"""Which addresses a crawl may ask: rules over URLs and IP addresses. Pure: no resolver, no socket."""

import re
import unicodedata
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from urllib.parse import SplitResult, urlsplit

IPAddress = IPv4Address | IPv6Address

# IANA special-purpose address registries (RFC 6890 and updates), multicast (RFC 5771) and class E (RFC 1112).
# Written out because `ipaddress.is_global` differs between Python releases.
_SPECIAL_4 = tuple(
    IPv4Network(n)
    for n in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
# Only 2000::/3 is handed out for the public Internet, without these parts (the first has Teredo and ORCHID).
_GLOBAL_6 = IPv6Network("2000::/3")
_SPECIAL_6 = tuple(IPv6Network(n) for n in ("2001::/23", "2001:db8::/32", "3fff::/20"))
_MAPPED = IPv6Network("::ffff:0:0/96")
_NAT64 = IPv6Network("64:ff9b::/96")
_SIX_TO_FOUR = IPv6Network("2002::/16")

_NUMBER = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)", re.IGNORECASE)
_NAME = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?")
_UNSAFE = re.compile(r"[\x00-\x20\x7f-\xa0\\]")
_DEFAULT_PORTS = {"http": 80, "https": 443}


class Refused(Exception):  # noqa: N818 (a verdict, not a fault)
    """An address that must not be asked; the message says why in full.

    `reason` is one of `scheme`, `user-info`, `url`, `host`, `port`, `off-site`, `private`.
    """

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


def is_public(address: str | IPAddress) -> bool:
    """Whether an IP address belongs to a host on the public Internet.

    Addresses that carry an IPv4 address (mapped, NAT64, 6to4) are judged by it; a name is not public.
    Refused for what looks like an address and is none.
    """
    ip = parse_host(address) if isinstance(address, str) else address
    if ip is None:
        return False
    ip = plain(ip)
    if isinstance(ip, IPv4Address):
        return not any(ip in net for net in _SPECIAL_4)
    if ip in _SIX_TO_FOUR:
        return is_public(IPv4Address(int(ip) >> 80 & 0xFFFFFFFF))
    return ip in _GLOBAL_6 and not any(ip in net for net in _SPECIAL_6)


def plain(ip: IPAddress) -> IPAddress:
    """The IPv4 address that a mapped or NAT64 address stands for; any other as it is, without a zone."""
    if isinstance(ip, IPv4Address):
        return ip
    if ip in _MAPPED or ip in _NAT64:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return IPv6Address(int(ip))


def parse_host(host: str) -> IPAddress | None:
    """The address that a URL's host means, in any notation a resolver understands; None for a name.

    IPv4 by the URL standard's rules: one to four parts, decimal, octal (`0177`) or hexadecimal (`0x7f`), the
    last filling the rest (`127.1`, `2130706433`), full-width digits too. Refused for what looks like an
    address and is none (`1.2.3.256`, `[::x]`).
    """
    text = unicodedata.normalize("NFKC", host).replace("\u3002", ".")
    if ":" in text:
        return _parse_v6(text)
    parts = text.removesuffix(".").split(".")
    if not _NUMBER.fullmatch(parts[-1]):
        return None
    try:
        numbers = [_number(part) for part in parts]
    except ValueError as error:
        raise Refused("host", f"{host!r} is no valid address") from error
    last = numbers.pop()
    if len(numbers) > 3 or any(n > 255 for n in numbers) or last >= 256 ** (4 - len(numbers)):
        raise Refused("host", f"{host!r} is no valid address")
    return IPv4Address(sum(n << 8 * (3 - i) for i, n in enumerate(numbers)) + last)


def _parse_v6(text: str) -> IPv6Address:
    inner = text[1:-1] if text.startswith("[") and text.endswith("]") else text
    try:
        return IPv6Address(inner)
    except ValueError as error:
        raise Refused("host", f"{text!r} is no valid address") from error


def _number(part: str) -> int:
    """`0x7f`, `0177` or `127`; ValueError for anything else (`08` too)."""
    if part[:2].lower() == "0x":
        return int(part[2:] or "0", 16)
    if not (part.isascii() and part.isdigit()):
        raise ValueError(part)
    return int(part, 8 if part.startswith("0") and len(part) > 1 else 10)


def host_name(host: str) -> str:
    """A host as it is compared: lower case, ASCII (IDNA), without brackets, zone and final dot.

    An address is written in its usual form. Refused when it can be neither a name nor an address.
    """
    address = parse_host(host)
    if address is not None:
        return str(plain(address))
    try:
        name = unicodedata.normalize("NFKC", host).encode("idna").decode("ascii")
    except UnicodeError as error:
        raise Refused("host", f"{host!r} is no host name") from error
    name = name.removesuffix(".").lower()
    if not _NAME.fullmatch(name):
        raise Refused("host", f"{host!r} is no host name")
    return name


@dataclass(frozen=True, slots=True)
class AddressPolicy:
    """What one run may ask: the hosts of its site or archive, on public addresses unless listed.

    `allow_private` lists `host:port` (an address, `[::1]:8000`, or a name) that may be private or loopback;
    `proxies` the configured proxies, as addresses of URL form or `host:port`. ValueError for a bad entry.
    """

    allow_private: frozenset[str] = frozenset()
    hosts: frozenset[str] = frozenset()
    proxies: frozenset[str] = frozenset()
    _names: frozenset[str] = field(init=False, repr=False)
    _listed: frozenset[tuple[str, int]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_names", frozenset(host_name(h) for h in self.hosts))
        listed = {host_port(entry) for entry in self.allow_private | self.proxies}
        object.__setattr__(self, "_listed", frozenset(listed))

    def check_url(self, url: str) -> None:
        """Raises Refused unless the URL is http(s), without user info, and asks an allowed host.

        A host written as an address must be public or listed too. Each hop of a redirect is a URL of its own.
        """
        parts = _split(url)
        name, port = host_name(parts.hostname or ""), _port(parts)
        if name not in self._names:
            raise Refused("off-site", f"host {name} is not one of this run's hosts")
        if parse_host(name) is not None and not self.check_address(name, port):
            raise Refused("private", f"{name}:{port} is no public address and not listed in allow_private")

    def check_address(self, ip: str | IPAddress, port: int | None, host: str | None = None) -> bool:
        """Whether a connection to this resolved address may be opened; to be asked at each connection.

        `host` is the name that was resolved, so that a listed name or a proxy's counts. With `port` None a
        listed entry counts whatever its port: a question for where the port is not known.
        """
        try:
            address = parse_host(ip) if isinstance(ip, str) else ip
            if address is None:
                return False
            names = {str(plain(address))} | ({host_name(host)} if host else set())
        except Refused:
            return False
        return is_public(address) or any(name in names and port in (None, p) for name, p in self._listed)


def host_port(entry: str) -> tuple[str, int]:
    """`127.0.0.1:8000`, `[::1]:8000`, `proxy.lan:3128` or `http://proxy.lan:3128` as (host, port).

    ValueError, with the entry in its message, when host or port is missing or wrong.
    """
    text = entry if "://" in entry else f"//{entry}"
    try:
        parts = urlsplit(text)
        port = parts.port or _DEFAULT_PORTS.get(parts.scheme)
        name = host_name(parts.hostname or "")
    except (ValueError, Refused):
        name, port = "", None
    if port is None:
        raise ValueError(f"{entry.rpartition('@')[2]!r} is no host:port")  # without a password
    return name, port


def _split(url: str) -> SplitResult:
    """The URL's parts; Refused for one that two programs could read differently."""
    if _UNSAFE.search(url):
        raise Refused("url", f"{url[:200]!r} holds a blank, control character or backslash")
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise Refused("url", f"{url[:200]!r}: {error}") from error
    if parts.scheme not in _DEFAULT_PORTS:
        raise Refused("scheme", f"scheme {parts.scheme[:20]!r} is neither http nor https")
    if "@" in parts.netloc:
        raise Refused("user-info", "the address carries user information")
    if not parts.hostname:
        raise Refused("host", f"{url[:200]!r} names no host")
    return parts


def _port(parts: SplitResult) -> int:
    try:
        port = parts.port
    except ValueError as error:
        raise Refused("port", f"bad port in {parts.netloc[:200]!r}") from error
    if port == 0:
        raise Refused("port", "port 0")
    return port or _DEFAULT_PORTS[parts.scheme]
