"""Our WARC files read by FastWARC, which shares no code with warcio or with us."""

import gzip
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from crawler.captures import read_at

fastwarc = pytest.importorskip("fastwarc", reason="FastWARC has no wheel for this platform")

NOW = datetime(2020, 3, 25, 3, tzinfo=UTC)
PAGE = "<p>Hội nghị báo cáo viên</p>".encode() * 300


def records(path):
    with path.open("rb") as file:
        for record in fastwarc.ArchiveIterator(file, parse_http=True, verify_digests=False):
            yield record, record.reader.read()


@pytest.fixture
def kept(new_writer, keep):
    packed = gzip.compress(PAGE)
    with new_writer() as writer:
        return [
            keep(writer, "http://congso.vn/a", PAGE),
            keep(writer, "http://congso.vn/b", packed, headers=[("Content-Encoding", "gzip")]),
            keep(writer, "http://congso.vn/c", os.urandom(70_000)),
            keep(writer, "http://congso.vn/d", b"", status=302, headers=[("Location", "/a")]),
            keep(writer, "http://congso.vn/Đ <1>", "Đảng".encode(), headers=[("X-Title", "Đảng ủy")]),
            keep(writer, "http://congso.vn/a", PAGE, fetched_at=NOW + timedelta(days=9), ip="203.0.113.7"),
        ]


def test_every_record_stands_at_its_offset(tmp_path, kept):
    found = list(records(tmp_path / kept[0].warc))
    kinds = ["warcinfo", "response", "response", "response", "response", "response", "revisit"]
    assert [r.headers["WARC-Type"] for r, _ in found] == kinds
    assert [r.stream_pos for r, _ in found[1:]] == [c.offset for c in kept]
    assert found[0][0].headers["WARC-Filename"] == kept[0].warc
    assert len({r.record_id for r, _ in found}) == len(found)


def test_payloads_and_heads_are_those_given(tmp_path, kept):
    found = list(records(tmp_path / kept[0].warc))[1:]
    assert [payload for _, payload in found[:2]] == [PAGE, read_at(tmp_path, kept[1]).payload]
    assert gzip.decompress(found[1][1]) == PAGE
    assert len(found[2][1]) == 70_000
    assert [r.http_headers.status_code for r, _ in found] == [200, 200, 200, 302, 200, 200]
    assert found[4][0].headers["WARC-Target-URI"] == "http://congso.vn/%C4%90%20%3C1%3E"
    assert found[5][0].headers["WARC-IP-Address"] == "203.0.113.7"


def test_digests_are_verified(tmp_path, kept):
    with (tmp_path / kept[0].warc).open("rb") as file:
        for record in fastwarc.ArchiveIterator(file, record_types=fastwarc.WarcRecordType.response):
            assert record.verify_payload_digest(), record.headers["WARC-Target-URI"]


@pytest.mark.parametrize(
    "missing", ["", "sys.modules['isal'] = None\n"], ids=["as installed", "without isal"]
)
def test_with_and_without_the_faster_packer(tmp_path, missing):
    script = (
        f"import sys, pathlib, datetime\n{missing}"
        "from crawler.captures import CaptureWriter\n"
        "with CaptureWriter(pathlib.Path(sys.argv[1]), site='s', run=1, software='t', previous=lambda _: None) as w:\n"
        "    for n in range(20):\n"
        "        w.write(url=f'http://s/{n}', status=200, reason=None, http_version=None, headers=[],\n"
        "                body=b'%d' % n * 999, source='live',\n"
        "                fetched_at=datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC))\n"
    )
    subprocess.run([sys.executable, "-c", script, tmp_path], check=True)
    found = list(records(tmp_path / "s-000001-00001.warc.gz"))[1:]
    assert [payload for _, payload in found] == [b"%d" % n * 999 for n in range(20)]
