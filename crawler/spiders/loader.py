"""Offers Scrapy one spider per site file."""

from scrapy import Request, Spider
from scrapy.settings import BaseSettings

from crawler.config import Config
from crawler.sites import SiteError, available_sites, load_site
from crawler.spiders.portal import PortalSpider


def spider_class(name_or_path: str) -> type[PortalSpider]:
    """The spider of a site; raises SiteError."""
    site = load_site(name_or_path)
    return type(f"PortalSpider_{site.id}", (PortalSpider,), {"name": site.id, "site": site})


class SiteSpiderLoader:
    """Scrapy's SpiderLoaderProtocol over the shipped site files and those of the configuration."""

    def __init__(self, configured: tuple[str, ...]) -> None:
        self._sites = {name: name for name in available_sites()}
        for name_or_path in configured:
            if name_or_path not in self._sites:
                self._sites[load_site(name_or_path).id] = name_or_path

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> "SiteSpiderLoader":
        """For the sites of this installation."""
        config: Config = settings["BANTIN_CONFIG"]
        return cls(config.site)

    def load(self, spider_name: str) -> type[Spider]:
        """The spider of that name; KeyError when there is none (Scrapy's protocol)."""
        try:
            return spider_class(self._sites[spider_name])
        except SiteError as error:
            raise KeyError(str(error)) from None

    def find_by_request(self, request: Request) -> list[str]:
        """Names of the spiders whose site the address belongs to."""
        return [name for name in sorted(self._sites) if load_site(self._sites[name]).in_site(request.url)]

    def list(self) -> list[str]:
        """All spider names."""
        return sorted(self._sites)
