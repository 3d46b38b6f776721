"""Pictures and attachments that we keep ourselves: out of the captures into the output folder, named by their bytes."""

import hashlib
import logging
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from crawler.captures import CaptureError, CodingError, decoded_body, read_at
from crawler.items import Asset
from crawler.store.api import Reader
from feeds.filetypes import WORTH_A_LOOK, ending_of
from feeds.publish import SiteFolder
from feeds.text import web_address

#: Folder of kept files; a section of this name has files of other names.
FILES = "tep"
#: Hex digits of SHA-256 in a name.
_DIGITS = 40
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class KeptFiles:
    """The kept files of one site while it is built."""

    reader: Reader
    site: str
    captures: Path
    folder: SiteFolder
    #: Hashes of files that are not served, by what they are or because they cannot be read.
    unfit: set[str] = field(default_factory=set)
    #: Paths that pages and feeds were given in this build.
    used: set[str] = field(default_factory=set)
    _published: dict[str, str] = field(default_factory=dict)
    _listed: bool = False
    #: Names of published files are not enough: their bytes are compared.
    _doubts: bool = False
    _seen: dict[str, Mapping[str, str]] = field(default_factory=dict)

    def distrust(self) -> None:
        """Forgets what is known of published files: what lies there is compared with its name, byte for byte."""
        self._doubts, self._listed = True, False
        self._published.clear()
        self.unfit.clear()

    def places(self, article: str) -> Mapping[str, str]:
        """Address of the portal, in every spelling that pages and feeds use -> path below the site's folder."""
        if article not in self._seen:
            if len(self._seen) > 500:
                self._seen.clear()
            found = {url: self._place(asset) for url, asset in self.reader.assets(self.site, article).items()}
            self._seen[article] = {name: path for url, path in found.items() if path for name in _names(url)}
        return self._seen[article]

    def unpublished(self) -> Iterator[str]:
        """Articles with a kept file that could be published and is not yet."""
        self._list()
        for article, mark in self.reader.kept_files(self.site):
            if _short(mark) not in self._published and _short(mark) not in self.unfit:
                yield article

    def _place(self, asset: Asset) -> str | None:
        """Where the file lies, put there when it does not; None for one that is not served."""
        self._list()
        mark = _short(asset.sha256)
        if mark in self.unfit:
            return None
        if mark not in self._published:
            path = self._publish(asset, mark)
            if path is None:
                self.unfit.add(mark)
                return None
            self._published[mark] = path
        self.used.add(self._published[mark])
        return self._published[mark]

    def _publish(self, asset: Asset, mark: str) -> str | None:
        if asset.media_type and asset.media_type not in WORTH_A_LOOK:
            return None
        try:
            body = decoded_body(read_at(self.captures, asset.capture), limit=max(asset.bytes, 1))
        except (CaptureError, CodingError) as error:
            _log.warning("%s is not published: %s", asset.url, error)
            return None
        ending = ending_of(body)
        if ending is None or f"sha256:{hashlib.sha256(body).hexdigest()}" != asset.sha256:
            return None
        path = f"{FILES}/{mark[:2]}/{mark}.{ending}"
        self.folder.write(path, body)
        return path

    def _list(self) -> None:
        if self._listed:
            return
        self._listed = True
        inner = self.folder.folders(FILES) if FILES in self.folder.folders() else ()
        for name in inner:
            for file in self.folder.files(f"{FILES}/{name}"):
                self._take(f"{FILES}/{name}/{file}")

    def _take(self, path: str) -> None:
        """Takes a published file for what its name says, or for nothing when its bytes say otherwise."""
        mark = path.rpartition("/")[2].partition(".")[0]
        if self._doubts:
            body = self.folder.read(path)
            if body is None or hashlib.sha256(body).hexdigest()[:_DIGITS] != mark:
                return
        self._published[mark] = path


def _names(url: str) -> Collection[str]:
    """As articles name it, as sanitised markup has it, as feeds have it."""
    return {url, url.strip().replace(" ", "%20"), web_address(url) or url}


def _short(sha256: str) -> str:
    return sha256.removeprefix("sha256:")[:_DIGITS]
