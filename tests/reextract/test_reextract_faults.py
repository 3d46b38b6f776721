"""Captures that are gone or damaged, a site that is locked, and ends before the end: told, and nothing is lost."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from subprocess import PIPE

import pytest

from crawler.reextract import examine
from crawler.reextract.run import BATCH
from crawler.store import open_store
from fixtures.portal import scaled_portal
from tests.crawl.conftest import NOW, ROOT
from tests.reextract.conftest import AGAIN, EDITED, Kept, fill
from tests.reextract.test_reextract_command import CAPTIONS, _invoke, _problems, _records, _reextract


def _files(kept: Kept) -> list[Path]:
    return sorted((kept.captures).iterdir())


def _places(kept: Kept, name: str) -> list[int]:
    with closing(open_store(kept.store_url, create=False)) as store:
        rows = store.captures("dukcqtw", pages_only=True)
        return [row.capture.offset for row in rows if row.capture.warc == name]


def test_a_missing_file_is_told_and_the_others_are_read(kept, site_file):
    whole = _reextract(kept)
    first, second = _files(kept)
    lost = len(_places(kept, first.name))
    first.unlink()
    told = _reextract(kept, "--apply", expect=7)
    assert told["missing"] == lost
    assert told["captures"] == whole["captures"]
    assert told["same"] + told["other"] + told["damaged"] == len(_places(kept, second.name))
    assert first.name in told["differences"][0]["reason"]
    changed = _reextract(kept, "--site", site_file(CAPTIONS), expect=7)
    assert changed["changed"] > 0
    assert "missing" in _invoke(kept).stdout


def test_a_flipped_byte_costs_one_capture(kept):
    whole = _reextract(kept)
    file = _files(kept)[0]
    places = _places(kept, file.name)
    data = bytearray(file.read_bytes())
    data[(places[7] + places[8]) // 2] ^= 1
    file.write_bytes(data)
    told = _reextract(kept, expect=7)
    assert told["damaged"] == 1
    assert told["same"] + told["other"] == whole["captures"] - 1
    assert f"{file.name} has no readable response at {places[7]}" in told["differences"][0]["reason"]


def test_a_torn_tail_costs_what_was_torn(kept):
    file = _files(kept)[-1]
    places = _places(kept, file.name)
    os.truncate(file, places[-3] + 20)
    assert _reextract(kept, expect=7)["damaged"] == 3


def test_a_file_that_another_run_has_open_is_read(kept):
    file = _files(kept)[0]
    file.rename(file.with_name(file.name + ".open"))
    assert not _reextract(kept)["missing"]


def test_without_captures_or_store_the_cure_is_named(kept):
    shutil.rmtree(kept.captures)
    ended = _invoke(kept)
    assert ended.exit_code == 2
    assert "--captures" in ended.stderr
    kept.captures.mkdir()
    assert _invoke(kept).exit_code == 7
    (kept.folder / "store.sqlite").unlink()
    ended = _invoke(kept, "--apply")
    assert ended.exit_code == 4
    assert len(ended.stderr.splitlines()) == 1


def test_applying_needs_the_lock_and_looking_does_not(kept):
    with closing(open_store(kept.store_url)) as store, store.writer("dukcqtw", "test", AGAIN):
        ended = _invoke(kept, "--apply")
        assert ended.exit_code == 5
        assert len(ended.stderr.splitlines()) == 1
        assert _invoke(kept).exit_code == 0


def _start(kept: Kept, *arguments: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "feeds", *kept.arguments(*arguments)]
    environment = os.environ | {"BANTIN_NOW": AGAIN.isoformat(), "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(command, env=environment, stdout=PIPE, stderr=PIPE, text=True)


def test_a_killed_apply_is_completed_by_the_next(tmp_path, site_file):
    kept, site = Kept(tmp_path / "killed"), site_file(CAPTIONS)
    fill(kept, scaled_portal(2 * BATCH, sections=2), NOW)
    whole = kept.copy(tmp_path / "whole")
    before = len(_records(kept))
    with _start(kept, "--site", site, "--apply", "--processes", "1") as process:
        _wait(lambda: len(_records(kept)) > before)
        process.kill()
    partly = len(_records(kept))
    told = _reextract(whole, "--site", site, "--apply")
    assert before < partly < len(_records(whole))
    rest = _reextract(kept, "--site", site, "--apply")
    assert rest["changed"] == told["changed"] - (partly - before)
    assert _records(kept) == _records(whole)
    assert _problems(kept) == []


@pytest.mark.parametrize(
    ("signum", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGKILL, -9)]
)
def test_no_worker_outlives_an_end_before_the_end(kept, signum, code):
    with _start(kept, "--processes", "2") as process:
        _wait(lambda: len(_children(process.pid)) >= 2)
        workers = _children(process.pid)
        process.send_signal(signum)
        _, errors = process.communicate(timeout=20)
    assert process.returncode == code
    assert errors.split("\n") == ([""] if code == -9 else [*[""] * (code == 130), "bantin: interrupted", ""])
    _wait(lambda: not any(_runs(worker) for worker in workers))


def test_an_interruption_is_heard_between_batches(tmp_path):
    kept = Kept(tmp_path / "kept")
    fill(kept, scaled_portal(4 * BATCH, sections=2), NOW)
    with _start(kept, "--processes", "1") as process:
        _wait(lambda: any(path.endswith(".warc.gz") for path in _open_files(process.pid)))
        process.send_signal(signal.SIGINT)
        told, errors = process.communicate(timeout=20)
    assert (process.returncode, told, errors.strip()) == (130, "", "bantin: interrupted")


def _open_files(pid: int) -> list[str]:
    try:
        return [str(link.readlink()) for link in Path(f"/proc/{pid}/fd").iterdir()]
    except OSError:  # one was closed meanwhile
        return []


def test_neither_scrapy_nor_twisted_is_loaded():
    code = "import sys, crawler.reextract; sys.exit(bool({'scrapy', 'twisted'} & sys.modules.keys()))"
    subprocess.run([sys.executable, "-c", code], check=True)


def _wait(condition) -> None:
    until = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.01)


def _children(pid: int) -> list[int]:
    """Processes started by a process for its own work (not Python's resource tracker)."""
    return [child for child in _descendants(pid) if b"spawn_main" in _command(child)]


def _descendants(pid: int) -> Iterator[int]:
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and _parent(entry) == pid:
            yield int(entry.name)


def _parent(entry: Path) -> int | None:
    try:
        return int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:  # it has just ended
        return None


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def _runs(pid: int) -> bool:
    return b"spawn_main" in _command(pid)


def test_an_error_of_ours_costs_one_page(kept, monkeypatch):
    """No page is known that raises; one that did must not cost the others."""

    def read_page(body, *, url, **others):
        if EDITED in url:
            raise ZeroDivisionError("thử")
        return really(body, url=url, **others)

    really = examine.read_page
    whole = _reextract(kept)
    monkeypatch.setattr(examine, "read_page", read_page)
    told = _reextract(kept, expect=1)
    assert (told["failed"], told["same"]) == (2, whole["same"] - 2)
    assert told["differences"][0]["reason"] == "ZeroDivisionError: thử"
    assert _invoke(kept).stderr.startswith("bantin: dukcqtw: partial: 2 failed; ")
