"""Folders made of real stores: of both kinds, and of any size in the same memory."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from crawler.export.append import append
from crawler.export.kinds import ARTICLES, VIEWS
from crawler.export.verify import verify
from crawler.store.open import SqlStore
from tests.export.lines import SMALL, snapshot
from tests.store.conftest import postgres, postgresql_store, sqlite_store, store
from tests.store.samples import SITE, T0, article, read

__all__ = ["postgres", "postgresql_store", "sqlite_store", "store"]

#: Peak memory in KiB of a child that brings a folder to so many records of 30 KB, and of one that verifies it.
EXPORTS = """
import sys
from tests.memory import peak_kib
from functools import partial
from pathlib import Path
from crawler.export.append import append
from crawler.export.kinds import ARTICLES, Limits
from tests.export.lines import change, source
from tests.store.samples import SITE, T0
read = source(int(sys.argv[2]), partial(change, text="Đoạn văn dài của bài viết. " * 250))
append(Path(sys.argv[1]), ARTICLES, SITE, read, created=T0, limits=Limits(10_000, 1 << 22))
print(peak_kib())
"""
VERIFIES = """
import sys
from tests.memory import peak_kib
from pathlib import Path
from crawler.export.verify import verify
assert not verify(Path(sys.argv[1])).problems
print(peak_kib())
"""
FILLS = """
import sys
from crawler.store import open_store
from tests.store.samples import SITE, T0, article, read
with open_store(sys.argv[1]) as store, store.writer(SITE, "test", T0) as writer:
    writer.begin_run("live", T0, full=False)
    for number in range(1, int(sys.argv[2]) + 1):
        text = "\\n\\n".join(f"Đoạn {number * place % 7919} của bài viết số {number}." * 5 for place in range(20))
        read(writer, article(number, text=text))
        if number % 500 == 0:
            writer.commit()
    writer.commit()
"""


#: Exit code and peak memory of a command in a folder.
COMMAND = """
import resource, subprocess, sys
done = subprocess.run(sys.argv[2:], cwd=sys.argv[1])
print(done.returncode, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def child(code: str, *arguments: object, env: Mapping[str, str] = os.environ) -> str:
    env = {**env, "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.run(command, check=True, capture_output=True, text=True, env=env).stdout


def test_both_kinds_of_store(store: SqlStore, tmp_path: Path) -> None:
    with store.writer(SITE, "test", T0) as writer:
        run = writer.begin_run("live", T0, full=False)
        for number in range(1, 12):
            read(writer, article(number), run)
        writer.commit()

    def read_articles(since: int) -> Iterator[Any]:
        return store.records(SITE, since=since)

    def read_views(since: int) -> Iterator[Any]:
        return store.view_records(SITE, since=since)

    export = partial(append, tmp_path, site=SITE, created=T0, limits=SMALL)
    assert export(kind=ARTICLES, read=read_articles).last == 11
    assert export(kind=VIEWS, read=read_views).last == 11
    with store.writer(SITE, "test", T0) as writer:
        run = writer.begin_run("live", T0, full=False)
        read(writer, article(3, day=1, title="Tên mới"), run)
        writer.commit()
    assert export(kind=ARTICLES, read=read_articles).count == 1
    assert export(kind=ARTICLES, read=read_articles).count == 0
    found = verify(tmp_path)
    assert (found.problems, found.last) == ((), {"articles": 12, "views": 11})


def test_memory_does_not_grow_with_the_archive(tmp_path: Path) -> None:
    peaks = {}
    for count in (150, 1200):
        exported, verified = (
            child(EXPORTS, tmp_path / str(count), count),
            child(VERIFIES, tmp_path / str(count)),
        )
        peaks[count] = int(exported), int(verified)
    assert len(snapshot(tmp_path / "1200")) > 8
    for small, large in zip(peaks[150], peaks[1200], strict=True):
        assert large - small < 12 * 1024, peaks
        assert large < 200 * 1024


@pytest.mark.full
def test_a_hundred_thousand_articles(tmp_path: Path) -> None:
    """Export and verify, each below 200 MiB and in seconds."""
    from tests.export.site import Installation

    bantin = Installation(tmp_path)
    child(FILLS, bantin.url, 100_000)
    for command in (("export", "--to", "archive"), ("verify", "archive")):
        before = os.times().children_user
        told = child(COMMAND, tmp_path, sys.executable, "-m", "feeds", "-q", *command, env=bantin.environment)
        code, peak = map(int, told.split())
        assert code == 0
        assert peak < 200 * 1024
        assert os.times().children_user - before < 120
    assert verify(tmp_path / "archive").last["articles"] == 100_000
