"""The writer of one site: articles, ledger and runs over one open transaction."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import update

from crawler.store import schema as t
from crawler.store.api import Outcome
from crawler.store.assets import AssetWrites
from crawler.store.holdings import HoldingWrites


class SiteWriter(AssetWrites, HoldingWrites):
    """See `api.Writer`."""

    def begin_run(self, source: str, started: datetime, *, full: bool) -> int:
        """Enters a run; its number grows by one with each."""
        self._told(started)
        self.run = self._next("run")
        row = {"site": self.site, "run": self.run, "source": source, "full": full, "started": started}
        self._connection.execute(t.runs.insert(), row)
        return self.run

    def finish_run(self, run: int, finished: datetime, outcome: Outcome, report: Mapping[str, Any]) -> None:
        """Notes the end of a run and its report."""
        r = t.runs.c
        values = {"finished": finished, "outcome": outcome, "report": json.dumps(report, ensure_ascii=False)}
        self._connection.execute(update(t.runs).where(r.site == self.site, r.run == run).values(values))
