"""Portals as data: one TOML file each, read and validated here. Pure apart from reading that file."""

from crawler.sites.load import available_sites, load_site
from crawler.sites.model import Labels, Series, Site
from crawler.sites.selectors import as_xpath
from crawler.sites.series import series_of
from crawler.sites.validate import SiteError

__all__ = ["Labels", "Series", "Site", "SiteError", "as_xpath", "available_sites", "load_site", "series_of"]
