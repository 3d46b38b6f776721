"""Crawls a portal, normalises what it says and keeps it. Never imports `feeds`."""

__version__ = "0.1.0"
