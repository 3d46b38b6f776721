"""Checks the address behind a host name at the moment of connecting: a name of the portal may not lead inside."""

import logging
from collections.abc import Sequence
from typing import Any
from urllib.request import getproxies

from scrapy.crawler import Crawler
from scrapy.resolver import CachingHostnameResolver
from twisted.internet.base import ReactorBase
from twisted.internet.interfaces import IAddress, IHostResolution, IResolutionReceiver
from zope.interface import implementer

from crawler.config import Config
from crawler.crawling.session import OptionError
from crawler.netguard import AddressPolicy

log = logging.getLogger(__name__)


def policy_for(config: Config, hosts: tuple[str, ...] = ()) -> AddressPolicy:
    """The address rules of an installation, for the hosts of one site."""
    proxies = {proxy for scheme, proxy in getproxies().items() if scheme != "no"}
    try:
        return AddressPolicy(
            hosts=frozenset(hosts), allow_private=frozenset(config.allow_private), proxies=frozenset(proxies)
        )
    except ValueError as error:
        raise OptionError(f"http_proxy, https_proxy or allow_private: {error}; write HOST:PORT") from None


@implementer(IResolutionReceiver)
class _AllowedAddresses:
    """Passes on only addresses that may be connected to; without any the look-up fails."""

    def __init__(self, receiver: Any, policy: AddressPolicy, host: str, port: int) -> None:
        self._receiver = receiver
        self._policy = policy
        self._host = host
        self._port = port
        self.resolutionBegan = receiver.resolutionBegan
        self.resolutionComplete = receiver.resolutionComplete

    def addressResolved(self, address: Any) -> None:  # noqa: N802 (Twisted's name; its interfaces are not typed)
        ip = address.host
        if self._policy.check_address(ip, self._port, self._host):
            self._receiver.addressResolved(address)
        else:
            cure = f'allow_private = ["{self._host}:{self._port}"] would allow it'
            log.warning("%s leads to the private address %s and is not asked; %s", self._host, ip, cure)


class GuardedResolver(CachingHostnameResolver):
    """Scrapy's resolver, hiding private addresses that the configuration does not name with their port."""

    policy: AddressPolicy

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> "GuardedResolver":
        """A resolver with the rules of this installation."""
        resolver = super().from_crawler(crawler, reactor)
        resolver.policy = policy_for(crawler.settings["BANTIN_CONFIG"])
        return resolver

    def resolveHostName(  # noqa: N802 (Twisted's name)
        self,
        resolutionReceiver: Any,  # noqa: N803
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Sequence[type[IAddress]] | None = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> IHostResolution:
        """Resolves a name; cached answers are checked like fresh ones."""
        checked: Any = _AllowedAddresses(resolutionReceiver, self.policy, hostName, portNumber)
        return super().resolveHostName(checked, hostName, portNumber, addressTypes, transportSemantics)
