"""Captures at their places: the same as one by one, whatever order; what is damaged or gone is told."""

import gzip
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.captures import CaptureError, CaptureWriter, read_at, read_captures
from crawler.captures.shelf import MissingCaptureError, Shelf
from crawler.items import Capture

T0 = datetime(2021, 3, 1, 2, 30, tzinfo=UTC)
HEADERS = ((b"Content-Type", b"text/html; charset=utf-8"),)


def _page(number: int) -> bytes:
    return f"<html><title>Trang {number}</title>{'chữ ' * 40 * number}</html>".encode()


def _write(folder: Path, pages: list[bytes], *, run: int = 1, max_bytes: int = 10**9) -> list[Capture]:
    known: dict[str, Capture] = {}
    with CaptureWriter(
        folder, site="thu", run=run, software="thu", previous=known.get, max_bytes=max_bytes
    ) as writer:
        return [
            writer.write(
                url=f"http://thu.example/{number}", status=200, reason="OK", http_version="HTTP/1.1",
                headers=HEADERS, body=body, fetched_at=T0 + timedelta(minutes=number), source="live",
            )
            for number, body in enumerate(pages)
        ]  # fmt: skip


@pytest.fixture
def captures(tmp_path: Path) -> list[Capture]:
    """Several files; the last three captures repeat payloads of the first file."""
    pages = [_page(number % 9) for number in range(12)]
    return _write(tmp_path, pages, max_bytes=1500)


def test_every_capture_is_what_reading_it_alone_gives(tmp_path, captures):
    assert len({capture.warc for capture in captures}) > 2
    with Shelf(tmp_path) as shelf:
        for capture in (*captures, *reversed(captures)):
            assert shelf.read(capture) == read_at(tmp_path, capture)
        assert shelf.read(captures[9]).record_type == "revisit"


def test_a_file_that_is_being_written_is_read_under_its_final_name(tmp_path, captures):
    path = tmp_path / str(captures[0].warc)
    path.rename(path.with_name(path.name + ".open"))
    assert Shelf(tmp_path).read(captures[0]).payload == _page(0)


def test_a_missing_file_is_told_from_a_damaged_record(tmp_path, captures):
    (tmp_path / str(captures[0].warc)).unlink()
    shelf = Shelf(tmp_path)
    with pytest.raises(MissingCaptureError, match="thu-000001-00001"):
        shelf.read(captures[0])
    assert shelf.read(captures[8]).payload == _page(8)
    with pytest.raises(
        CaptureError, match="not in"
    ) as told:  # its own record is there, what it repeats is not
        shelf.read(captures[9])
    assert not isinstance(told.value, MissingCaptureError)


@pytest.mark.parametrize("step", range(0, 400, 23))
def test_a_flipped_byte_costs_its_own_record_alone(tmp_path, step):
    captures = _write(tmp_path, [_page(n) for n in range(1, 6)])
    path = tmp_path / str(captures[2].warc)
    data = bytearray(path.read_bytes())
    at = captures[2].offset + 12 + step % (captures[3].offset - captures[2].offset - 12)
    data[at] ^= 0x20
    path.write_bytes(data)
    shelf = Shelf(tmp_path)
    for capture in captures:
        if capture is captures[2]:
            with pytest.raises(CaptureError):
                shelf.read(capture)
        else:
            assert shelf.read(capture) == read_at(tmp_path, capture)


def test_a_torn_tail_costs_the_last_record(tmp_path, captures):
    captures = _write(tmp_path / "torn", [_page(n) for n in range(1, 6)])
    path = tmp_path / "torn" / str(captures[0].warc)
    path.write_bytes(path.read_bytes()[:-9])
    shelf = Shelf(tmp_path / "torn")
    assert [shelf.read(capture).payload for capture in captures[:-1]] == [_page(n) for n in range(1, 5)]
    with pytest.raises(CaptureError):
        shelf.read(captures[-1])


def test_another_payload_than_was_indexed_is_refused(tmp_path, captures):
    with pytest.raises(CaptureError, match="another payload"):
        Shelf(tmp_path).read(replace(captures[0], digest=captures[1].digest))
    shutil.copy(tmp_path / str(captures[3].warc), tmp_path / str(captures[0].warc))
    with pytest.raises(CaptureError):
        Shelf(tmp_path).read(captures[0])


def test_uncompressed_files_of_other_tools(tmp_path, captures):
    packed = tmp_path / str(captures[0].warc)
    plain = tmp_path / "other.warc"
    plain.write_bytes(gzip.decompress(packed.read_bytes()))
    for response in read_captures(plain):
        capture = Capture(
            "warc", response.url, response.fetched_at, 200, response.digest, "other.warc", response.offset
        )
        assert Shelf(tmp_path).read(capture).payload == response.payload


def test_a_place_in_the_middle_of_nowhere(tmp_path, captures):
    where = captures[1]
    for offset in (where.offset + 1, 10**9):
        wrong = Capture("live", where.url, where.fetched_at, 200, where.digest, where.warc, offset)
        with pytest.raises(CaptureError, match="no readable response"):
            Shelf(tmp_path).read(wrong)
    with pytest.raises(CaptureError):
        Shelf(tmp_path).read(Capture("live", where.url, where.fetched_at, 200, where.digest, "../x.gz", 0))
    with pytest.raises(MissingCaptureError):
        Shelf(tmp_path).read(Capture("live", where.url, where.fetched_at, 200, where.digest))
