"""What a killed run leaves behind, and what the next start makes of it."""

import fcntl
import os
import signal
import subprocess
import sys
import time

import pytest
from warcio.archiveiterator import ArchiveIterator

from crawler.captures import CaptureDiskError, read_at, read_captures, repair

NAME = "congso-000001-00001.warc.gz"


@pytest.fixture
def killed(tmp_path, new_writer, keep):
    """A run that was killed after four responses: its file is open, its lock is gone."""
    writer = new_writer()
    kept = [keep(writer, f"http://congso.vn/{i}", os.urandom(800)) for i in range(4)]
    os.close(writer._fd)
    return tmp_path / f"{NAME}.open", kept


def test_a_whole_file_is_only_renamed(tmp_path, killed):
    path, kept = killed
    before = path.read_bytes()
    assert repair(tmp_path) == [(NAME, 0)]
    assert not path.exists()
    assert (tmp_path / NAME).read_bytes() == before
    assert [read_at(tmp_path, c).url for c in kept] == [c.url for c in kept]
    assert repair(tmp_path) == []


@pytest.mark.parametrize("left", [1, 9, 10, 400, -1, -8, -9])
def test_a_torn_tail_is_cut_off_and_whole_records_stay(tmp_path, killed, left):
    """`left` bytes of the last record reached the disk; below zero: all but so many."""
    path, kept = killed
    data = path.read_bytes()
    torn = data[: kept[3].offset + left] if left > 0 else data[:left]
    path.write_bytes(torn)
    assert repair(tmp_path) == [(NAME, len(torn) - kept[3].offset)]
    assert (tmp_path / NAME).read_bytes() == data[: kept[3].offset]
    reader = read_captures(tmp_path)
    assert [r.url for r in reader] == [c.url for c in kept[:3]]
    assert not reader.problems
    with (tmp_path / NAME).open("rb") as file:
        assert len([r.rec_type for r in ArchiveIterator(file)]) == 4


def test_blocks_of_zeros_after_a_power_cut_are_cut_off(tmp_path, killed):
    path, kept = killed
    with path.open("ab") as file:
        file.write(bytes(5000))
    assert repair(tmp_path) == [(NAME, 5000)]
    assert len(list(read_captures(tmp_path))) == len(kept)


@pytest.mark.parametrize("left", [0, 1, 100])
def test_a_file_without_a_whole_record_is_removed(tmp_path, killed, left):
    path, _ = killed
    path.write_bytes(path.read_bytes()[:left])
    assert repair(tmp_path) == [(NAME, left)]
    assert list(tmp_path.iterdir()) == []


def test_finished_and_foreign_files_are_never_touched(tmp_path, killed):
    strangers = {"wget.warc.gz": b"torn", "congso-000000-00001.warc.gz": b"torn", "wget.warc.gz.open": b"x"}
    for name, data in strangers.items():
        (tmp_path / name).write_bytes(data)
    assert repair(tmp_path) == [(NAME, 0)]
    assert {name: (tmp_path / name).read_bytes() for name in strangers} == strangers


def test_another_site_is_left_to_its_own_run(tmp_path, killed):
    assert repair(tmp_path, site="congso-2") == []
    assert repair(tmp_path, site="cong") == []
    assert repair(tmp_path, site="congso") == [(NAME, 0)]


def test_a_file_in_use_is_left_alone(tmp_path, new_writer, keep):
    writer = new_writer()
    first = keep(writer)
    with (tmp_path / f"{NAME}.open").open("ab") as file:
        file.write(b"half of the record that is being written")
    assert repair(tmp_path) == []
    writer.close()
    assert read_at(tmp_path, first).url == first.url


def test_the_lock_ends_with_the_writer(tmp_path, new_writer, keep):
    writer = new_writer()
    keep(writer)
    writer.close()
    with (tmp_path / NAME).open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_no_folder_is_nothing_to_repair(tmp_path):
    assert repair(tmp_path / "absent") == []


def test_a_folder_that_refuses_is_told(tmp_path, killed, monkeypatch):
    def refuse(fd, size):
        raise PermissionError(13, "Permission denied")

    path, _ = killed
    path.write_bytes(path.read_bytes()[:-3])
    monkeypatch.setattr(os, "ftruncate", refuse)
    with pytest.raises(CaptureDiskError, match="Permission denied"):
        repair(tmp_path)


def test_a_reader_made_before_the_repair_still_finds_the_file(tmp_path, killed):
    _, kept = killed
    reader = read_captures(tmp_path)
    repair(tmp_path)
    assert [r.url for r in reader] == [c.url for c in kept]


_CHILD = """
import datetime, os, pathlib, sys
from crawler.captures import CaptureWriter
writer = CaptureWriter(pathlib.Path(sys.argv[1]), site="congso", run=1, software="t", previous=lambda _: None,
                       max_bytes=200_000)
n = 0
while True:
    capture = writer.write(url=f"http://congso.vn/{n}", status=200, reason="OK", http_version="HTTP/1.1",
                           headers=[], body=os.urandom(20_000), source="live",
                           fetched_at=datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC))
    if n % 7 == 0:
        writer.flush()
        print(n, capture.warc, capture.offset, flush=True)
    n += 1
"""


@pytest.mark.parametrize("delay", [0.0, 0.011, 0.047])
def test_a_writer_killed_in_full_flight_loses_nothing_it_has_flushed(tmp_path, delay):
    child = subprocess.Popen([sys.executable, "-c", _CHILD, tmp_path], stdout=subprocess.PIPE, text=True)
    flushed = [child.stdout.readline().split() for _ in range(4)]
    time.sleep(delay)
    os.kill(child.pid, signal.SIGKILL)
    flushed += [line.split() for line in child.communicate()[0].splitlines()]
    flushed = [entry for entry in flushed if len(entry) == 3]
    repair(tmp_path)
    assert not list(tmp_path.glob("*.open"))
    reader = read_captures(tmp_path)
    found = {r.url: (r.warc, str(r.offset)) for r in reader}
    assert not reader.problems
    assert list(found) == [f"http://congso.vn/{i}" for i in range(len(found))]
    assert len(found) > int(flushed[-1][0])
    assert all(found[f"http://congso.vn/{n}"] == (warc, offset) for n, warc, offset in flushed)
