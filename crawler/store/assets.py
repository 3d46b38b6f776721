"""Files that articles offer or show, as a writer keeps them: which are wanted, which are kept."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, or_, select, update

from crawler.items import Asset
from crawler.sanitize import legal
from crawler.store import schema as t
from crawler.store.article_writes import ArticleWrites
from crawler.store.codec import address_key, capture_shape, read_asset
from crawler.store.rows import AssetRow, AssetState
from crawler.store.statements import insert


class AssetWrites(ArticleWrites):
    """The part of a writer that keeps files."""

    #: Whether any file of the site is kept; None before the first look.
    _keeps: bool | None = None

    def rollback(self) -> None:
        """Forgets everything since the last commit."""
        super().rollback()
        self._keeps = None

    def want_assets(self, article_id: str, urls: Sequence[str], now: datetime) -> None:
        """Enters the files that an article names; a kept one tells its records what it is at once."""
        self._told(now)
        wanted = {address_key(url): url for url in map(legal, urls)}
        if not wanted:
            return
        a = t.assets.c
        query = select(a.key, a.state).where(a.site == self.site, a.key.in_(list(wanted)))
        known = {row.key: row.state for row in self._connection.execute(query)}
        new = [self._new_asset(key, url) for key, url in wanted.items() if key not in known]
        if new:
            self._connection.execute(t.assets.insert(), new)
        offers = [{"site": self.site, "article": article_id, "asset": key} for key in wanted]
        self._connection.execute(insert(self._connection.dialect.name, t.offers), offers)
        if "kept" in known.values():
            self._refile(article_id)

    def wanted_assets(self, now: datetime, limit: int) -> Sequence[AssetRow]:
        """Files to fetch, in order of first sight."""
        a = t.assets.c
        again = a.state.in_(("failed", "refused")) & (a.next_try <= now)
        query = select(t.assets).where(a.site == self.site, or_(a.state == "new", again))
        with self._connect() as connection:
            return tuple(map(_asset_row, connection.execute(query.order_by(a.n).limit(limit))))

    def settle_asset(
        self,
        url: str,
        state: AssetState,
        now: datetime,
        *,
        asset: Asset | None = None,
        reason: str | None = None,
        retry: datetime | None = None,
    ) -> None:
        """Notes how fetching a file went. ValueError for a kept one without an asset."""
        if (state == "kept") != (asset is not None):
            raise ValueError(f"{url}: a kept file, and no other, needs its asset")
        self._told(now)
        a = t.assets.c
        values: dict[str, Any] = {"state": state, "reason": reason and legal(reason), "next_try": retry}
        values |= {"tries": a.tries + 1} if asset is None else {"tries": 0} | _kept(asset)
        where = (a.site == self.site, a.key == address_key(url))
        self._connection.execute(update(t.assets).where(*where).values(values))
        if asset is not None:
            self._keeps = True
            for article_id in self._offering(url):
                self._refile(article_id)

    def _offering(self, url: str) -> Sequence[str]:
        o = t.offers.c
        query = select(o.article).where(o.site == self.site, o.asset == address_key(url))
        return self._connection.scalars(query.order_by(o.article)).all()

    def _kept_files(self, urls: Sequence[str]) -> Mapping[str, Asset]:
        if not urls or not self._keeps_any():
            return {}
        a = t.assets.c
        keys = {address_key(url): url for url in urls}
        query = select(t.assets).where(a.site == self.site, a.state == "kept", a.key.in_(list(keys)))
        return {keys[row.key]: read_asset(row) for row in self._connection.execute(query)}

    def _keeps_any(self) -> bool:
        if self._keeps is None:
            a = t.assets.c
            query = select(a.key).where(a.site == self.site, a.state == "kept").limit(1)
            self._keeps = self._connection.execute(query).first() is not None
        return self._keeps

    def _new_asset(self, key: str, url: str) -> dict[str, Any]:
        return {
            "site": self.site,
            "key": key,
            "n": self._next("asset"),
            "url": url,
            "state": "new",
            "tries": 0,
        }


def _kept(asset: Asset) -> dict[str, Any]:
    return {
        "bytes": asset.bytes,
        "sha256": asset.sha256,
        "media_type": asset.media_type,
        "digest": asset.digest,
        "capture": json.dumps(capture_shape(asset.capture)),
    }


def _asset_row(row: Row[Any]) -> AssetRow:
    return AssetRow(row.url, row.state, row.tries, row.next_try, row.reason)
