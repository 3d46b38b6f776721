"""What one crawl of one site holds open: writer, captures, clock, report. Nothing is durable before a group commit."""

import os
import socket
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, fields
from datetime import date, datetime
from pathlib import Path
from time import monotonic
from typing import Any

from crawler import __version__
from crawler.captures import CaptureReader, CaptureWriter, repair
from crawler.config import Config
from crawler.crawling.assets import POLICIES, AssetPolicy, wanted_files
from crawler.items import Article, Capture, Source
from crawler.report import RunReport
from crawler.sites import Site
from crawler.store import Store, Writer, open_store

#: A group commit is due after so many pages or seconds, whichever comes first.
COMMIT_PAGES = 100
COMMIT_SECONDS = 1.0
#: Room for the head of a captured answer beside its payload.
MAX_HEAD = 64 * 1024


class OptionError(Exception):
    """An option of the crawl is wrong; the message names it."""


@dataclass(frozen=True, slots=True)
class CrawlOptions:
    """What one crawl is asked to do."""

    #: `live`, or the path of a WARC or WACZ file, of a saved page, or of a folder of them.
    source: str = "live"
    full: bool = False
    since: date | None = None
    section: str | None = None
    max_requests: int | None = None
    #: Which files of articles are kept; None: as configured.
    assets: AssetPolicy | None = None

    @classmethod
    def from_arguments(cls, arguments: Mapping[str, Any]) -> "CrawlOptions":
        """From spider arguments (`scrapy crawl SITE -a full=1 -a since=2020-01-01`) or keyword arguments."""
        known = {field.name for field in fields(cls)}
        unknown = sorted(set(arguments) - known)
        if unknown:
            raise OptionError(f"no such spider argument: {unknown[0]}; known are {', '.join(sorted(known))}")
        values = {name: value for name, value in arguments.items() if value not in (None, "")}
        try:
            if isinstance(values.get("full"), str):
                values["full"] = values["full"].casefold() in ("1", "true", "yes")
            if isinstance(values.get("since"), str):
                values["since"] = date.fromisoformat(values["since"])
            if isinstance(values.get("max_requests"), str):
                values["max_requests"] = int(values["max_requests"])
        except ValueError as error:
            raise OptionError(f"bad spider argument: {error}") from None
        if values.get("assets", "none") not in POLICIES:
            raise OptionError(f"bad spider argument: assets={values['assets']}; give {', '.join(POLICIES)}")
        return cls(**values)

    @property
    def kind(self) -> Source:
        """The source as records name it."""
        name = self.source.partition(":")[0]
        return name if name in ("live", "wayback", "commoncrawl") else "warc"  # type: ignore[return-value]


class CrawlSession:
    """Open from `open` to `close`; used by the spider and its components in one thread."""

    def __init__(
        self,
        config: Config,
        site: Site,
        options: CrawlOptions,
        *,
        reader: CaptureReader | None,
        writer: Writer,
        run: int,
        resources: ExitStack,
    ) -> None:
        self.config = config
        self.site = site
        self.options = options
        self.writer = writer
        self.run = run
        self.captures: CaptureWriter = resources.enter_context(
            CaptureWriter(
                config.captures,
                site=site.id,
                run=run,
                max_bytes=config.warc_size,
                software=f"bantin/{__version__}",
                # A first crawl has nothing to look up: what it repeats itself, the capture writer remembers.
                previous=writer.payload if writer.counts(site.id)["captures"] else _nothing,
            )
        )
        self.report = RunReport(
            site.id, options.kind if options.kind == "live" else options.source, config.clock()
        )
        self.report.assets.policy = self.assets
        #: What ended the crawl before its time: an error of the disk, of the store or of ours.
        self.error: BaseException | None = None
        #: The captured responses to replay; None for a live crawl.
        self.reader = reader
        #: Every reader of this run: some problems are seen by each pass, others by one.
        self._passes: list[CaptureReader] = []
        # From here on the session holds them; until here a failure frees them at once.
        self._resources = resources.pop_all()
        self._uncommitted = 0
        self._durable: Counter[str] = Counter()
        self._committed_at = monotonic()

    @classmethod
    def open(cls, config: Config, site: Site, options: CrawlOptions) -> "CrawlSession":
        """Takes the site's lock, mends torn captures and begins a run.

        Raises SiteLockedError, StoreError or CaptureError; then nothing is left open.
        """
        reader = None
        if options.kind == "warc":
            reader = CaptureReader(Path(options.source), wanted=site.in_site, now=config.clock())
        with ExitStack() as resources:
            now = config.clock()
            store = open_store(config.store)
            resources.callback(store.close)
            owner = f"{socket.gethostname()}:{os.getpid()}"
            _keep_demo_apart(store, config)
            reserved = [series.id for series in site.series]
            lease = store.writer(site.id, owner, now, reserved=reserved, canonical=site.canonical)
            writer = resources.enter_context(lease)
            repair(config.captures, site=site.id)
            run = writer.begin_run(options.source, now, full=options.full)
            writer.commit()
            return cls(config, site, options, reader=reader, writer=writer, run=run, resources=resources)

    @property
    def live(self) -> bool:
        """Whether pages come from the portal itself."""
        return self.options.kind == "live"

    @property
    def max_requests(self) -> int | None:
        """The run's budget of requests; None when it has none."""
        return self.options.max_requests or self.config.max_requests

    @property
    def assets(self) -> AssetPolicy:
        """Which files of articles are kept."""
        return self.options.assets or self.config.assets

    @property
    def replays_own_captures(self) -> bool:
        """Whether the responses replayed lie in the captures folder already."""
        source = Path(self.options.source)
        folder = source if source.is_dir() else source.parent
        return self.reader is not None and folder.resolve() == self.config.captures.resolve()

    def captured(self, wanted: Callable[[str], bool]) -> CaptureReader:
        """The captured responses of the site whose address is wanted, in the order they lie in the files."""
        self.reader = CaptureReader(
            Path(self.options.source),
            wanted=lambda url: self.site.in_site(url) and wanted(url) and not url.endswith("/robots.txt"),
            now=self.now(),
            told=self.reader.problems.told if self.reader else None,
        )
        self._passes.append(self.reader)
        return self.reader

    def captured_files(self, wanted: Callable[[str], bool]) -> CaptureReader:
        """The captured responses whose address is wanted, of any length that a kept file may have."""
        longest = self.config.max_asset + MAX_HEAD
        return CaptureReader(
            Path(self.options.source),
            wanted=wanted,
            max_block=longest,
            now=self.now(),
            told=self.reader.problems.told if self.reader else None,
        )

    def now(self) -> datetime:
        """The time that stamps data."""
        return self.config.clock()

    def keep(self, capture: Capture) -> None:
        """Indexes a response that the capture writer has just written."""
        self.writer.add_capture(capture)
        self._uncommitted += 1
        self.commit_if_due()

    def add(self, article: Article, capture: Capture) -> None:
        """Takes an article into the store and counts it."""
        self.report.count_article(article, self.writer.add_article(article, capture, run=self.run))
        files = wanted_files(article, self.assets)
        if files and article.id:
            self.writer.want_assets(article.id, files, self.now())

    def commit_if_due(self) -> None:
        """Ends the group of writes when it is large or old enough."""
        if self.error:
            return
        if self._uncommitted >= COMMIT_PAGES or monotonic() - self._committed_at >= COMMIT_SECONDS:
            self.commit()

    def commit(self) -> None:
        """Makes everything so far durable: the captures first, then the records that cite them."""
        self.captures.flush()
        self.writer.commit()
        self._durable = self.report.articles.copy()
        self._uncommitted = 0
        self._committed_at = monotonic()

    def fail(self, error: BaseException) -> None:
        """Notes the first error that must end the crawl."""
        self.error = self.error or error

    def close(self) -> None:
        """Ends the run, writes its report and gives the lock back; after an error the open group is dropped."""
        report = self.report
        report.finished = self.now()
        for problem, count in self._problems().items():
            report.refused[f"capture-{problem}"] += count
        with self._resources:
            if self.error:
                self.writer.rollback()
                report.articles = self._durable  # what was counted since is not stored
                report.interrupted = True
            report.seq = self.writer.last_seq(self.site.id)
            report.blocked_since = self._blocked_since() if report.blocked else None
            self.writer.finish_run(self.run, report.finished, report.outcome, report.to_dict())
            self.commit()

    def _problems(self) -> Mapping[str, int]:
        """What could not be read of files: each pass sees damage again, but only its own pages without originals."""
        counts = [found.problems for found in self._passes]
        kinds = {kind for problems in counts for kind in problems}
        return {
            kind: (sum if kind == "unresolved" else max)(problems[kind] for problems in counts)
            for kind in kinds
        }

    def _blocked_since(self) -> datetime:
        """Start of the oldest of the blocked runs on end, of which this is the newest."""
        since = self.report.started
        runs = self.writer.runs(self.site.id, limit=1000)[1:]
        for row in (row for row in runs if row.source == self.options.source):
            if row.outcome != "blocked":
                break
            since = row.started
        return since


def _nothing(_digest: str) -> None:
    """No payload was captured before this run."""


def _keep_demo_apart(store: Store, config: Config) -> None:
    """A demonstration's made articles must never mix with a real archive, nor the other way round."""
    kind = "demo" if config.demo else "archive"
    found = store.note("kind")
    if found is None:
        store.set_note("kind", kind)
    elif found != kind:
        cure = "name another store with --store"
        raise OptionError(
            f"the store holds {'the demonstration' if found == 'demo' else 'a real archive'}; {cure}"
        )
