"""Checks the address behind a host name at the moment of connecting: a name of the portal may not lead inside."""

from urllib.request import getproxies

from scrapy.crawler import Crawler
from scrapy.resolver import CachingThreadedResolver
from twisted.internet.base import ReactorBase
from twisted.internet.defer import Deferred

from crawler.config import Config
from crawler.netguard import AddressPolicy, Refused


def policy_for(config: Config, hosts: tuple[str, ...] = ()) -> AddressPolicy:
    """The address rules of an installation, for the hosts of one site."""
    proxies = {proxy for scheme, proxy in getproxies().items() if scheme != "no"}
    return AddressPolicy(
        hosts=frozenset(hosts), allow_private=frozenset(config.allow_private), proxies=frozenset(proxies)
    )


class GuardedResolver(CachingThreadedResolver):
    """Scrapy's resolver, refusing private addresses that the configuration does not name."""

    policy: AddressPolicy

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> "GuardedResolver":
        """A resolver with the rules of this installation."""
        resolver = super().from_crawler(crawler, reactor)
        resolver.policy = policy_for(crawler.settings["BANTIN_CONFIG"])
        return resolver

    def getHostByName(self, name: str, timeout: object = ()) -> "Deferred[str]":  # noqa: N802 (Twisted's name)
        """The address of a name; the Deferred fails with Refused when the address is not allowed."""
        return super().getHostByName(name).addCallback(self._check, name)

    def _check(self, address: str, name: str) -> str:
        if not self.policy.admits(address, name):
            cure = f'allow_private = ["{name}:PORT"] allows it'
            raise Refused("private", f"{name} leads to the private address {address}; {cure}")
        return address
