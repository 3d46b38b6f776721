"""What Prometheus asks for: runs, freshness and size of the archive, out of the store."""

from collections.abc import Iterable, Iterator, Sequence

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from crawler.sites.model import Site
from crawler.store.api import Reader, RunRow

#: Runs looked back at for the last good one.
_LOOK_BACK = 200


def metrics_text(reader: Reader, sites: Sequence[Site]) -> bytes:
    """The metrics of these sites in Prometheus' text format."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Archive(reader, sites))
    return generate_latest(registry)


class _Archive(Collector):
    def __init__(self, reader: Reader, sites: Sequence[Site]) -> None:
        self._reader = reader
        self._sites = sites

    def collect(self) -> Iterable[Metric]:
        """Every gauge with a value for each site."""
        rows = GaugeMetricFamily("bantin_rows", "Rows in the store by kind.", labels=["site", "kind"])
        seq = GaugeMetricFamily("bantin_seq", "Number of the newest change.", labels=["site"])
        change = GaugeMetricFamily(
            "bantin_newest_change_seconds", "Time of the newest change.", labels=["site"]
        )
        good = GaugeMetricFamily(
            "bantin_last_complete_run_seconds", "End of the newest complete run.", labels=["site"]
        )
        run = _RunMetrics()
        for site in self._sites:
            for kind, count in self._reader.counts(site.id).items():
                rows.add_metric([site.id, kind], count)
            seq.add_metric([site.id], self._reader.last_seq(site.id))
            newest = self._reader.newest_change(site.id)
            if newest:
                change.add_metric([site.id], newest.timestamp())
            runs = [row for row in self._reader.runs(site.id, limit=_LOOK_BACK) if row.finished]
            complete = next((row for row in runs if row.outcome == "complete"), None)
            if complete and complete.finished:
                good.add_metric([site.id], complete.finished.timestamp())
            if runs:
                run.add(site, runs[0])
        yield from (rows, seq, change, good, *run.families())


class _RunMetrics:
    """Gauges of each site's newest ended run."""

    def __init__(self) -> None:
        self._outcome = GaugeMetricFamily(
            "bantin_last_run_outcome", "1 for how the newest run ended.", labels=["site", "outcome"]
        )
        self._finished = GaugeMetricFamily(
            "bantin_last_run_seconds", "End of the newest run.", labels=["site"]
        )
        self._requests = GaugeMetricFamily("bantin_last_run_requests", "Requests it made.", labels=["site"])
        self._articles = GaugeMetricFamily(
            "bantin_last_run_articles", "Articles in it by what became of them.", labels=["site", "kind"]
        )
        self._refused = GaugeMetricFamily(
            "bantin_last_run_refused", "Pages refused in it by reason.", labels=["site", "reason"]
        )

    def add(self, site: Site, row: RunRow) -> None:
        """One site's newest run."""
        self._outcome.add_metric([site.id, row.outcome or "unknown"], 1)
        if row.finished:
            self._finished.add_metric([site.id], row.finished.timestamp())
        report = row.report or {}
        self._requests.add_metric([site.id], report.get("requests", 0))
        for kind, count in report.get("articles", {}).items():
            self._articles.add_metric([site.id, kind], count)
        for reason, count in report.get("refused", {}).items():
            self._refused.add_metric([site.id, reason], count)

    def families(self) -> Iterator[Metric]:
        """All of them."""
        yield from (self._outcome, self._finished, self._requests, self._articles, self._refused)
