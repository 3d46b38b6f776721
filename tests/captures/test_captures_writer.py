"""What the writer puts on disk, read back with warcio (an independent reader) and with our own."""

import errno
import os
import resource
import subprocess
import sys
import time
import zlib
from datetime import UTC, datetime, timedelta

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders

from crawler.captures import CaptureDiskError, CaptureWriter, read_at, read_captures
from crawler.items import Capture

NOW = datetime(2020, 3, 25, 3, 0, 0, 123456, tzinfo=UTC)


def oracle(path):
    """(offset, type, url, payload, digests verified, http headers) of each record, by warcio."""
    with path.open("rb") as file:
        records = ArchiveIterator(file, check_digests="raise")
        for record in records:
            payload = record.raw_stream.read()
            headers: StatusAndHeaders = record.http_headers
            yield records.get_record_offset(), record, payload, headers


def test_what_is_written_is_what_warcio_reads(tmp_path, new_writer, keep):
    pages = [(f"http://congso.vn/{i}", f"<p>Bài số {i}</p>".encode() * i) for i in range(1, 9)]
    with new_writer() as writer:
        kept = [
            keep(writer, url, body, fetched_at=NOW + timedelta(seconds=i))
            for i, (url, body) in enumerate(pages)
        ]
    found = list(oracle(tmp_path / "congso-000001-00001.warc.gz"))
    assert found[0][1].rec_type == "warcinfo"
    for (offset, record, payload, _), capture, (url, body) in zip(found[1:], kept, pages, strict=True):
        assert (offset, record.rec_type, payload) == (capture.offset, "response", body)
        assert record.rec_headers.get_header("WARC-Target-URI") == url == capture.url
        assert record.rec_headers.get_header("WARC-Payload-Digest") == capture.digest
        assert record.rec_headers.get_header("WARC-Date") == capture.fetched_at.isoformat().replace(
            "+00:00", "Z"
        )
        assert record.digest_checker.passed


def test_reading_at_an_offset_gives_that_record_alone(tmp_path, new_writer, keep):
    with new_writer() as writer:
        kept = [keep(writer, f"http://congso.vn/{i}", b"%d" % i * 2000) for i in range(20)]
        while_open = read_at(tmp_path, kept[7])
    assert while_open.payload == b"7" * 2000
    for i, capture in enumerate(kept):
        response = read_at(tmp_path, capture)
        assert (response.url, response.payload) == (f"http://congso.vn/{i}", b"%d" % i * 2000)
        assert (response.warc, response.offset, response.digest) == (
            capture.warc,
            capture.offset,
            capture.digest,
        )
        assert response.fetched_at == NOW


def test_every_member_is_one_record(tmp_path, new_writer, keep):
    with new_writer() as writer:
        kept = [keep(writer, f"http://congso.vn/{i}", os.urandom(999)) for i in range(3)]
    data = (tmp_path / kept[0].warc).read_bytes()
    for capture in kept:
        member = zlib.decompressobj(31).decompress(data[capture.offset :])
        assert member.startswith(b"WARC/1.1\r\n")
        assert member.endswith(b"\r\n\r\n")
        assert member.count(b"WARC-Type") == 1


def test_the_payload_is_kept_as_received_with_its_coding(tmp_path, new_writer, keep):
    import gzip

    packed = gzip.compress(b"<p>Xin ch\xc3\xa0o</p>" * 99)
    headers = [
        ("Content-Encoding", "gzip"),
        ("Content-Type", "text/html"),
        ("Content-Length", str(len(packed))),
    ]
    with new_writer() as writer:
        capture = keep(writer, body=packed, headers=headers)
    response = read_at(tmp_path, capture)
    assert response.payload == packed
    assert list(response.headers) == headers


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ([("Transfer-Encoding", "chunked")], ["X-Bantin-Transfer-Encoding: chunked"]),
        ([("transfer-encoding", "chunked"), ("A", "b")], ["X-Bantin-transfer-encoding: chunked", "A: b"]),
        ([("Content-Length", "8")], ["Content-Length: 8"]),
        (
            [("Content-Length", "8"), ("Content-Length", "8")],
            ["Content-Length: 8", "X-Bantin-Content-Length: 8"],
        ),
        ([("Content-Length", "4711")], ["X-Bantin-Content-Length: 4711"]),
        ([("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")], ["Set-Cookie: a=1", "Set-Cookie: b=2"]),
        ([("X", "a\r\nInjected: yes")], ["X: a Injected: yes"]),
        ([("X\r\nInjected", "yes")], ["X Injected: yes"]),
        ([("X", "")], ["X: "]),
        ([("", "nameless")], []),
        ([(b"X-Latin", "Đảng".encode("utf-16-be"))], None),
        ([("X-Title", "Đảng ủy Khối")], ["X-Title: Đảng ủy Khối"]),
    ],
)
def test_headers_are_reported_and_never_lie(tmp_path, new_writer, keep, given, written):
    with new_writer() as writer:
        capture = keep(writer, headers=given)
    data = zlib.decompressobj(31).decompress((tmp_path / capture.warc).read_bytes()[capture.offset :])
    head = data.split(b"\r\n\r\n")[1].decode("utf-8", "replace").split("\r\n")
    assert head[0] == "HTTP/1.1 200 OK"
    if written is not None:
        assert head[1:] == written
    assert read_at(tmp_path, capture).payload == b"<p>A</p>"


def test_a_not_modified_answer_keeps_the_length_of_what_it_did_not_send(tmp_path, new_writer, keep):
    with new_writer() as writer:
        capture = keep(
            writer, status=304, reason="Not Modified", body=b"", headers=[("Content-Length", "812")]
        )
    response = read_at(tmp_path, capture)
    assert (response.status, response.payload, response.headers) == (304, b"", (("Content-Length", "812"),))
    assert response.truncated is None


@pytest.mark.parametrize(
    ("version", "status", "reason", "line"),
    [
        ("HTTP/1.0", 404, "Not Found", b"HTTP/1.0 404 Not Found"),
        ("1.1", 200, None, b"HTTP/1.1 200 "),
        ("h2", 200, None, b"HTTP/1.1 200 "),
        (None, 503, "Hết\r\ngiờ", "HTTP/1.1 503 Hết giờ".encode()),
    ],
)
def test_status_lines(tmp_path, new_writer, keep, version, status, reason, line):
    with new_writer() as writer:
        capture = keep(writer, http_version=version, status=status, reason=reason)
    data = zlib.decompressobj(31).decompress((tmp_path / capture.warc).read_bytes()[capture.offset :])
    assert data.split(b"\r\n\r\n")[1].split(b"\r\n")[0] == line
    assert read_at(tmp_path, capture).status == status


def test_addresses_cannot_forge_record_fields(tmp_path, new_writer, keep):
    with new_writer() as writer:
        capture = keep(writer, "http://congso.vn/a\r\nWARC-Type: resource\r\n bài<1>")
    (response,) = read_captures(tmp_path)
    assert response.url == "http://congso.vn/a%0D%0AWARC-Type:%20resource%0D%0A%20b%C3%A0i%3C1%3E"
    assert read_at(tmp_path, capture).record_type == "response"


def test_a_naive_time_is_refused(new_writer, keep):
    with new_writer() as writer, pytest.raises(ValueError, match="naive"):
        keep(writer, fetched_at=datetime(2020, 3, 25))  # noqa: DTZ001 (the point of this test)


# -- revisits ------------------------------------------------------------------------------------------------


def test_an_identical_payload_becomes_a_revisit_that_reads_like_the_response(tmp_path, new_writer, keep):
    later = NOW + timedelta(days=1)
    with new_writer() as writer:
        first = keep(writer)
        again = keep(writer, "http://congso.vn/b", fetched_at=later, headers=[("X", "2")], status=203)
        third = keep(writer, fetched_at=later + timedelta(days=1))
    (_, revisit, payload, headers) = list(oracle(tmp_path / again.warc))[2]
    fields = revisit.rec_headers
    assert (revisit.rec_type, payload) == ("revisit", b"")
    assert fields.get_header("WARC-Profile").endswith("/warc/1.1/revisit/identical-payload-digest")
    assert fields.get_header("WARC-Refers-To-Target-URI") == "http://congso.vn/a"
    assert fields.get_header("WARC-Refers-To-Date") == "2020-03-25T03:00:00.123456Z"
    assert headers.statusline.startswith("203")
    assert again.offset == list(oracle(tmp_path / again.warc))[2][0] != first.offset
    assert again.digest == first.digest == third.digest
    for capture, url in ((again, "http://congso.vn/b"), (third, "http://congso.vn/a")):
        response = read_at(tmp_path, capture)
        assert (response.url, response.payload, response.record_type) == (url, b"<p>A</p>", "revisit")
        assert response.fetched_at == capture.fetched_at
    assert read_at(tmp_path, again).headers == (("X", "2"),)


def test_revisits_reach_over_runs_by_what_the_store_knows(tmp_path, new_writer, keep):
    with new_writer() as writer:
        first = keep(writer)
    known = {first.digest: first}
    with new_writer(run=2, previous=known.get) as writer:
        again = keep(writer, fetched_at=NOW + timedelta(days=1))
        other = keep(writer, body=b"<p>B</p>", fetched_at=NOW + timedelta(days=1))
    assert again.warc == "congso-000002-00001.warc.gz"
    assert read_at(tmp_path, again).record_type == "revisit"
    assert read_at(tmp_path, again).payload == b"<p>A</p>"
    assert read_at(tmp_path, other).record_type == "response"
    assert [r.payload for r in read_captures(tmp_path)] == [b"<p>A</p>", b"<p>A</p>", b"<p>B</p>"]


def test_an_original_that_is_kept_in_no_file_is_no_original(tmp_path, new_writer, keep):
    nowhere = Capture("warc", "http://congso.vn/a", NOW, 200, "sha256:0", None, None)
    with new_writer(previous=lambda _: nowhere) as writer:
        capture = keep(writer)
    assert read_at(tmp_path, capture).record_type == "response"


def test_an_older_capture_read_in_later_leaves_no_revisit_of_a_revisit(tmp_path, new_writer, keep):
    """The store gives the oldest capture of a payload, and that is then a revisit record."""
    with new_writer() as writer:
        live = keep(writer)
    with new_writer(run=2, previous={live.digest: live}.get) as writer:
        older = keep(writer, fetched_at=NOW - timedelta(days=400), source="warc")
    with new_writer(run=3, previous={live.digest: older}.get) as writer:
        newest = [keep(writer, fetched_at=NOW + timedelta(days=i), status=200) for i in (1, 2)]
    for capture in (older, *newest):
        *_, revisit = (r for r in oracle(tmp_path / capture.warc) if r[1].rec_type == "revisit")
        fields = revisit[1].rec_headers
        assert fields.get_header("WARC-Refers-To-Filename") == live.warc
        assert fields.get_header("WARC-Refers-To-Date") == "2020-03-25T03:00:00.123456Z"
        assert read_at(tmp_path, capture).payload == b"<p>A</p>"


def test_an_original_in_another_folder_is_no_original(tmp_path, new_writer, keep):
    with new_writer() as writer:
        first = keep(writer)
    (tmp_path / "moved").mkdir()
    (tmp_path / first.warc).rename(tmp_path / "moved" / first.warc)
    with new_writer(run=2, previous={first.digest: first}.get) as writer:
        again = keep(writer, fetched_at=NOW + timedelta(days=1))
    assert read_at(tmp_path, again).record_type == "response"


def test_the_very_same_capture_is_not_kept_twice(tmp_path, new_writer, keep):
    with new_writer() as writer:
        first = keep(writer, source="warc")
        assert keep(writer, source="warc") == first
        assert keep(writer, source="warc", status=404) != first
    assert len(list(read_captures(tmp_path))) == 2


def test_empty_payloads_are_no_revisits(tmp_path, new_writer, keep):
    with new_writer() as writer:
        kept = [keep(writer, f"http://congso.vn/{i}", b"", status=302) for i in range(2)]
    assert [read_at(tmp_path, c).record_type for c in kept] == ["response", "response"]


# -- files ---------------------------------------------------------------------------------------------------


def test_files_rotate_by_size_and_offsets_stay_exact(tmp_path, new_writer, keep):
    with new_writer(run=17, max_bytes=4000) as writer:
        kept = [keep(writer, f"http://congso.vn/{i}", os.urandom(1200)) for i in range(9)]
    names = sorted(p.name for p in tmp_path.iterdir())
    assert names[0] == "congso-000017-00001.warc.gz"
    assert len(names) > 3
    assert all(p.stat().st_size <= 4000 for p in tmp_path.iterdir())
    assert [r.url for r in read_captures(tmp_path)] == [c.url for c in kept]
    assert all(read_at(tmp_path, c).url == c.url for c in kept)


def test_a_record_larger_than_a_file_still_gets_one(tmp_path, new_writer, keep):
    with new_writer(max_bytes=500) as writer:
        kept = [keep(writer, f"http://congso.vn/{i}", os.urandom(5000)) for i in range(2)]
    assert [c.warc for c in kept] == ["congso-000001-00001.warc.gz", "congso-000001-00002.warc.gz"]


def test_nothing_is_ever_appended_to_or_overwritten(tmp_path, new_writer, keep):
    with new_writer() as writer:
        first = keep(writer)
    before = (tmp_path / first.warc).read_bytes()
    (tmp_path / "congso-000001-00002.warc.gz.open").write_bytes(b"left behind")
    with new_writer() as writer:
        second = keep(writer, body=b"<p>B</p>")
    assert second.warc == "congso-000001-00003.warc.gz"
    assert (tmp_path / first.warc).read_bytes() == before
    assert (tmp_path / "congso-000001-00002.warc.gz.open").read_bytes() == b"left behind"


def test_a_run_without_responses_leaves_no_file(tmp_path, new_writer):
    with new_writer() as writer:
        writer.flush()
    writer.close()
    assert list(tmp_path.iterdir()) == []


def test_records_stand_in_the_file_at_once(tmp_path, new_writer, keep):
    writer = new_writer()
    capture = keep(writer)
    assert read_at(tmp_path, capture).payload == b"<p>A</p>"
    assert [p.name for p in tmp_path.iterdir()] == [f"{capture.warc}.open"]
    writer.close()
    assert [p.name for p in tmp_path.iterdir()] == [capture.warc]


def test_flush_syncs_once_per_change(tmp_path, new_writer, keep, monkeypatch):
    synced = []
    real = os.fsync
    monkeypatch.setattr(os, "fsync", lambda fd: (synced.append(fd), real(fd))[1])
    with new_writer() as writer:
        keep(writer)
        synced.clear()
        writer.flush()
        writer.flush()
        assert len(synced) == 1
        keep(writer, "http://congso.vn/b", b"B")
        writer.flush()
        assert len(synced) == 2


# -- the disk refuses ----------------------------------------------------------------------------------------


def test_a_full_disk_is_told_and_leaves_whole_records(tmp_path, new_writer, keep, monkeypatch):
    writer = new_writer()
    kept = [keep(writer, f"http://congso.vn/{i}", os.urandom(500)) for i in range(3)]
    real = os.write

    def half(fd, data):
        monkeypatch.setattr(os, "write", full)
        return real(fd, bytes(data)[: len(data) // 2])

    def full(fd, data):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "write", half)
    with pytest.raises(CaptureDiskError, match="No space left on device"):
        keep(writer, "http://congso.vn/full", os.urandom(500))
    monkeypatch.undo()
    kept.append(keep(writer, "http://congso.vn/after", b"A"))
    writer.close()
    reader = read_captures(tmp_path)
    assert [r.url for r in reader] == [c.url for c in kept]
    assert not reader.problems
    assert all(read_at(tmp_path, c).url == c.url for c in kept)


def test_a_disk_that_takes_nothing_leaves_no_empty_file(tmp_path, new_writer, keep, monkeypatch):
    def full(fd, data):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(CaptureDiskError), new_writer() as writer:
        keep(writer)
    assert list(tmp_path.iterdir()) == []


def test_a_real_file_size_limit(tmp_path):
    """The same under a limit of the operating system, in a process of its own."""
    script = (
        "import sys, os, resource, datetime, pathlib\n"
        "from crawler.captures import CaptureWriter, CaptureDiskError\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000))\n"
        "w = CaptureWriter(pathlib.Path(sys.argv[1]), site='s', run=1, software='t', previous=lambda _: None)\n"
        "n = 0\n"
        "try:\n"
        "    while True:\n"
        "        w.write(url=f'http://s/{n}', status=200, reason=None, http_version=None, headers=[],\n"
        "                body=os.urandom(3000), source='live',\n"
        "                fetched_at=datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC))\n"
        "        n += 1\n"
        "except CaptureDiskError as error:\n"
        "    w.close()\n"
        "    print(n, error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, tmp_path], capture_output=True, text=True, check=True
    )
    count, _, message = done.stdout.partition(" ")
    reader = read_captures(tmp_path)
    assert (len(list(reader)), dict(reader.problems)) == (int(count), {})
    assert int(count) > 3
    assert "File too large" in message


def test_a_folder_that_cannot_be_made(tmp_path, keep):
    (tmp_path / "file").write_bytes(b"")
    writer = CaptureWriter(tmp_path / "file" / "x", site="s", run=1, software="t", previous=lambda _: None)
    with pytest.raises(CaptureDiskError, match=r"file/x"):
        keep(writer)


# -- cost ----------------------------------------------------------------------------------------------------


def test_a_page_costs_less_than_level_9_alone_would(new_writer, keep):
    """Measured side by side, so that a slow machine slows both: 0.1 ms against 0.5 ms for this page."""
    page = "".join(f'<a href="/bai-{i * 7919 % 99991}.aspx">Tin số {i}</a>\n' for i in range(585)).encode()
    assert 24_000 < len(page) < 27_000

    def cpu(work, times=60):
        started = time.process_time()
        for i in range(times):
            work(page + b"%d" % i)
        return time.process_time() - started

    with new_writer() as writer:
        ours = [cpu(lambda body: keep(writer, body=body))]
        level_9 = [cpu(lambda body: zlib.compress(body, 9)) for _ in range(3)]
        ours += [cpu(lambda body, n=n: keep(writer, body=body + n)) for n in (b"b", b"c")]
    assert min(ours) < 0.5 * min(level_9)


def test_a_payload_that_came_packed_is_not_squeezed_again(tmp_path, new_writer, keep):
    packed = zlib.compress(os.urandom(20_000))
    with new_writer() as writer:
        capture = keep(writer, body=packed, headers=[("content-ENCODING", "deflate")])
    assert packed in (tmp_path / capture.warc).read_bytes()
    assert read_at(tmp_path, capture).payload == packed


def test_memory_does_not_grow_with_the_run(new_writer, keep):
    with new_writer() as writer:
        for i in range(1, 6001):
            keep(writer, f"http://congso.vn/{i}", b"%d" % i)
            if i == 2000:
                before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000  # kB
