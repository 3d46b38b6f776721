"""Why a store cannot be used. Each message names the cure."""


class StoreError(Exception):
    """The store cannot be used; the message names the cure."""


class DiskError(StoreError):
    """The disk is full or broken; nothing committed is lost."""


class SiteLockedError(StoreError):
    """Another run holds the site's lease."""
