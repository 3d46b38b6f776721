"""Portals as data: one TOML file each, read and validated here. Pure apart from reading that file."""

from crawler.sites.load import available_sites, load_site
from crawler.sites.model import Labels, Series, Site
from crawler.sites.series import series_of
from crawler.sites.validate import SiteError

__all__ = ["Labels", "Series", "Site", "SiteError", "available_sites", "load_site", "series_of"]
