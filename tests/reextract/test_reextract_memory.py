"""Memory of re-extraction does not grow with the captures."""

import json
import os
import subprocess
import sys

import pytest

from fixtures.portal import scaled_portal
from tests.crawl.conftest import NOW, ROOT
from tests.reextract.conftest import Kept, fill

MIB = 1024
#: Reads the captures of a store over and over, as if there were so many, and tells peak memory in KiB.
SCRIPT = """
import json, multiprocessing, resource, sys
from datetime import UTC, datetime
from itertools import chain, islice, repeat
from pathlib import Path
from crawler.reextract import reextract
from crawler.sites import load_site
from crawler.store import open_store

class Again:
    def __init__(self, store):
        self.said = store.said
        self.captures = lambda site, **which: islice(
            chain.from_iterable(store.captures(site, **which) for _ in repeat(None)), int(sys.argv[3])
        )

if __name__ == "__main__":
    with open_store(sys.argv[1]) as store:
        told = reextract(
            Again(store), load_site(sys.argv[4]), Path(sys.argv[2]), processes=2, now=datetime.now(UTC)
        )
    for worker in multiprocessing.active_children():
        worker.join(20)
    peaks = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    print(json.dumps([told.captures, told.counts["changed"], *peaks]))
"""


@pytest.mark.full
def test_memory_is_flat_however_much_differs(tmp_path, site_file):
    kept, script = Kept(tmp_path / "kept"), tmp_path / "read.py"
    fill(kept, scaled_portal(300, sections=2), NOW)
    script.write_text(SCRIPT, encoding="utf-8")

    def peaks(captures: int) -> list[int]:
        changed = site_file(('caption = ["Ảnh:"]', 'caption = ["Hình:"]'))
        arguments = [kept.store_url, str(kept.captures), str(captures), changed]
        ended = subprocess.run(
            [sys.executable, str(script), *arguments],
            check=True, stdout=subprocess.PIPE, env=os.environ | {"PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        told: list[int] = json.loads(ended.stdout)
        assert told[0] == captures
        assert told[1] > captures // 2
        return told[2:]

    few, many = peaks(2_000), peaks(20_000)
    assert all(peak < 160 * MIB for peak in many), many
    assert all(0 < later < 1.15 * earlier for earlier, later in zip(few, many, strict=True)), (few, many)
