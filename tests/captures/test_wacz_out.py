"""What a packed WACZ holds: judged by py-wacz, by the `surt` library and by a lookup as players do it."""

import contextlib
import fcntl
import gzip
import hashlib
import io
import json
import os
import signal
import subprocess
import sys
import zipfile
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from crawler.captures import CaptureDiskError, CaptureError, read_captures
from crawler.captures.sorting import LineSorter
from crawler.captures.surt import surt
from crawler.captures.wacz import write_wacz

NOW = datetime(2020, 3, 25, 3, tzinfo=UTC)
CREATED = datetime(2021, 1, 2, 3, 4, 6, 789, tzinfo=UTC)


def pack(folder, to, **changes):
    told = {"title": "Công sở", "software": "bantin/test", "created": CREATED}
    return write_wacz(folder, "congso", to, **(told | changes))


@pytest.fixture
def captures(tmp_path, new_writer, keep) -> Path:
    """Two runs: pages, a revisit, a redirect, a PDF and a missing page; another site and an open file beside."""
    pdf = [("Content-Type", "application/pdf")]
    with new_writer() as writer:
        for i in range(5):
            page = f"<html><head><title>Bài &amp; số\n {i}</title></head><p>{i}</p>".encode()
            first = keep(writer, f"http://congso.vn/bai-{i}.aspx", page, fetched_at=NOW + timedelta(hours=i))
        keep(writer, "http://congso.vn/x", b"", status=302, headers=[("Location", "/bai-1.aspx")])
        keep(writer, "http://congso.vn/a.pdf", b"%PDF-1.4", headers=pdf)
        keep(writer, "http://congso.vn/gone.aspx", b"<title>404</title>", status=404)
    with new_writer(run=2, previous={first.digest: first}.get) as writer:
        page = b"<html><head><title>B\xc3\xa0i &amp; s\xe1\xbb\x91\n 4</title></head><p>4</p>"
        keep(writer, "http://congso.vn/bai-4.aspx", page, fetched_at=NOW + timedelta(days=1))
    with new_writer(site="congso-2") as writer:
        keep(writer)
    open_writer = new_writer(run=3)
    keep(open_writer, "http://congso.vn/open.aspx", b"<p>open</p>")
    yield tmp_path
    open_writer.close()


@pytest.fixture
def packed(captures, tmp_path):
    to = tmp_path / "out" / "congso.wacz"
    summary = pack(captures, to)
    with zipfile.ZipFile(to) as archive:
        yield summary, archive


def lookup(archive: zipfile.ZipFile, key: str) -> list[dict[str, str]]:
    """As a player does it: the list of blocks, the one block, the lines of the key."""
    meta, *rows = archive.read("indexes/index.idx").decode().splitlines()
    assert meta.startswith("!meta 0 ")
    name = json.loads(meta[8:])["filename"]
    data = archive.read(f"indexes/{name}")
    found = []
    for row in rows:
        place = json.loads(row[row.index("{") :])
        block = data[place["offset"] : place["offset"] + place["length"]]
        assert place["digest"] == f"sha256:{hashlib.sha256(block).hexdigest()}"
        lines = gzip.decompress(block).decode().splitlines()
        assert lines[0].startswith(row[: row.index("{")])
        found += [json.loads(line[line.index("{") :]) for line in lines if line.startswith(key + " ")]
    return found


def record(archive: zipfile.ZipFile, entry: dict[str, str]) -> ArchiveIterator:
    member = archive.read(f"archive/{entry['filename']}")
    start = int(entry["offset"])
    packed = member[start : start + int(entry["length"])]
    unpacker = zlib.decompressobj(31)
    unpacker.decompress(packed)
    assert (unpacker.eof, unpacker.unused_data) == (True, b"")
    return next(iter(ArchiveIterator(io.BytesIO(packed))))


def test_py_wacz_finds_it_valid(packed):
    pytest.importorskip("wacz", reason="py-wacz is not installed for this version of Python")
    from wacz.main import main

    summary, archive = packed
    told = io.StringIO()
    with contextlib.redirect_stdout(told):
        assert main(["validate", "-f", archive.filename]) == 0
    assert "Version detected as 1.1.1" in told.getvalue()
    assert summary.records == 9


@pytest.mark.parametrize("member", ["archive/congso-000001-00001.warc.gz", "pages/pages.jsonl"])
def test_py_wacz_would_notice(packed, tmp_path, member):
    """The oracle can say no."""
    pytest.importorskip("wacz", reason="py-wacz is not installed for this version of Python")
    from wacz.main import main

    _, archive = packed
    damaged = tmp_path / "damaged.wacz"
    with zipfile.ZipFile(damaged, "w") as other:
        for name in archive.namelist():
            other.writestr(name, archive.read(name) + (b" " if name == member else b""))
    with contextlib.redirect_stdout(io.StringIO()):
        assert main(["validate", "-f", str(damaged)]) == 1


def test_only_finished_files_of_the_site_are_packed_and_the_rest_is_told(packed, captures):
    summary, archive = packed
    names = ["congso-000001-00001.warc.gz", "congso-000002-00001.warc.gz"]
    assert summary.files == tuple(names)
    assert summary.left_out == ("congso-000003-00001.warc.gz",)
    assert [n for n in archive.namelist() if n.startswith("archive/")] == [f"archive/{n}" for n in names]
    for name in names:
        info = archive.getinfo(f"archive/{name}")
        assert info.compress_type == zipfile.ZIP_STORED
        assert archive.read(info) == (captures / name).read_bytes()
    assert archive.testzip() is None
    assert summary.bytes == Path(archive.filename).stat().st_size


def test_every_capture_is_found_by_its_address(packed):
    _, archive = packed
    keys = {f"vn,congso)/bai-{i}.aspx": 1 + (i == 4) for i in range(5)}
    for key, count in {**keys, "vn,congso)/x": 1, "vn,congso)/a.pdf": 1, "vn,congso)/gone.aspx": 1}.items():
        entries = lookup(archive, key)
        assert len(entries) == count, key
        for entry in entries:
            found = record(archive, entry)
            assert found.rec_headers.get_header("WARC-Target-URI") == entry["url"]
            assert found.rec_headers.get_header("WARC-Payload-Digest") == entry["digest"]
            assert found.http_headers.get_statuscode() == entry["status"]
    assert [e["mime"] for e in lookup(archive, "vn,congso)/bai-4.aspx")] == ["text/html", "warc/revisit"]
    assert lookup(archive, "vn,congso)/a.pdf")[0]["mime"] == "application/pdf"


def test_index_lines_are_sorted_by_bytes(packed):
    _, archive = packed
    lines = gzip.decompress(archive.read("indexes/index.cdx.gz")).splitlines()
    assert lines == sorted(lines)
    assert len(lines) == 9


def test_pages_are_html_with_status_200_and_their_titles(packed):
    summary, archive = packed
    head, *pages = [json.loads(line) for line in archive.read("pages/pages.jsonl").splitlines()]
    assert head["format"] == "json-pages-1.0"
    assert [(p["url"], p["ts"], p["title"]) for p in pages] == [
        (f"http://congso.vn/bai-{i}.aspx", f"2020-03-25T{3 + i:02}:00:00Z", f"Bài & số {i}") for i in range(5)
    ]
    assert len({p["id"] for p in pages}) == summary.pages == 5


@pytest.mark.parametrize(
    ("page", "headers", "title"),
    [
        ("<title>Đảng ủy</title>".encode("cp1258", "replace"), [("Content-Type", "text/html")], None),
        (gzip.compress("<title>Đảng ủy</title>".encode()), [("Content-Encoding", "gzip")], "Đảng ủy"),
        (b"\x1f\x8b broken", [("Content-Encoding", "gzip")], None),
        (b"<title></title>", [], None),
        (b"<p>no title</p>", [], None),
        (b"<svg><titled>x</titled></svg><TITLE lang=vi>\n A </TITLE >", [], "A"),
        (b"<title>" + b"x" * 5000 + b"</title>", [], None),
    ],
)
def test_titles(tmp_path, new_writer, keep, page, headers, title):
    with new_writer() as writer:
        keep(writer, body=page, headers=[("Content-Type", "text/html"), *headers])
    pack(tmp_path, tmp_path / "x.wacz")
    with zipfile.ZipFile(tmp_path / "x.wacz") as archive:
        _, line = archive.read("pages/pages.jsonl").splitlines()
    assert json.loads(line).get("title") == title


def test_the_package_names_every_file_with_size_and_hash(packed):
    _, archive = packed
    package = json.loads(archive.read("datapackage.json"))
    listed = {r["path"]: (r["bytes"], r["hash"]) for r in package["resources"]}
    own = {"datapackage.json", "datapackage-digest.json"}
    for name in set(archive.namelist()) - own:
        data = archive.read(name)
        assert listed.pop(name) == (len(data), f"sha256:{hashlib.sha256(data).hexdigest()}")
    assert listed == {}
    assert (package["wacz_version"], package["profile"]) == ("1.1.1", "data-package")
    assert (package["title"], package["software"]) == ("Công sở", "bantin/test")
    assert package["created"] == "2021-01-02T03:04:06Z"


def test_equal_captures_give_equal_bytes(captures, tmp_path):
    for name in ("1.wacz", "2.wacz"):
        pack(captures, tmp_path / name)
    assert (tmp_path / "1.wacz").read_bytes() == (tmp_path / "2.wacz").read_bytes()


def test_a_capture_that_was_fetched_again_after_a_kill_stands_once(tmp_path, new_writer, keep):
    other = b"<title>B</title><p>other"
    for run in (1, 2):  # the second knows nothing of the first, which was killed before its commit
        with new_writer(run=run) as writer:
            keep(writer)
            keep(writer, fetched_at=NOW + timedelta(days=run))
        with new_writer(run=run + 2) as writer:
            keep(writer, body=other)
    to = tmp_path / "x.wacz"
    summary = pack(tmp_path, to)
    with zipfile.ZipFile(to) as archive:
        found = lookup(archive, surt("http://congso.vn/a"))
        pages = [json.loads(line) for line in archive.read("pages/pages.jsonl").splitlines()[1:]]
        for entry in found:
            assert record(archive, entry).rec_type in ("response", "revisit")
    assert len({(entry["digest"], entry["offset"], entry["filename"]) for entry in found}) == 4
    assert summary.records == len(found) == 4
    assert [page["ts"][:10] for page in pages] == ["2020-03-25", "2020-03-25"]
    assert summary.pages == 2


def test_what_was_packed_is_read_back(captures, tmp_path):
    pack(captures, tmp_path / "x.wacz")
    reader = read_captures(tmp_path / "x.wacz")
    own = list(read_captures(captures / "congso-000001-00001.warc.gz"))
    found = list(reader)
    assert [(r.url, r.payload, r.fetched_at) for r in found[: len(own)]] == [
        (r.url, r.payload, r.fetched_at) for r in own
    ]
    assert (len(found), dict(reader.problems)) == (9, {})


def test_a_time_before_any_zip_file(captures, tmp_path):
    pack(captures, tmp_path / "x.wacz", created=datetime(1970, 1, 1, tzinfo=UTC))
    with zipfile.ZipFile(tmp_path / "x.wacz") as archive:
        assert json.loads(archive.read("datapackage.json"))["created"] == "1970-01-01T00:00:00Z"


def test_damage_is_counted_and_its_bytes_are_kept(tmp_path, new_writer, keep):
    with new_writer() as writer:
        kept = [keep(writer, f"http://congso.vn/{i}", os.urandom(500)) for i in range(3)]
    path = tmp_path / kept[0].warc
    data = bytearray(path.read_bytes())
    data[kept[1].offset + 300] ^= 0xFF
    path.write_bytes(data)
    summary = pack(tmp_path, tmp_path / "x.wacz")
    assert (summary.records, dict(summary.problems)) == (2, {"unreadable": 1})
    with zipfile.ZipFile(tmp_path / "x.wacz") as archive:
        assert archive.read(f"archive/{path.name}") == data
        assert lookup(archive, "vn,congso)/2")


# -- what cannot be packed -----------------------------------------------------------------------------------


def test_nothing_to_pack_is_told(tmp_path, new_writer, keep):
    with pytest.raises(CaptureError, match="no capture file of congso"):
        pack(tmp_path / "absent", tmp_path / "x.wacz")
    writer = new_writer()
    keep(writer)
    with pytest.raises(CaptureError, match=r"congso-000001-00001\.warc\.gz, which is still being written"):
        pack(tmp_path, tmp_path / "x.wacz")
    writer.close()
    assert not (tmp_path / "x.wacz").exists()


def test_a_folder_is_no_file(captures, tmp_path):
    with pytest.raises(CaptureError, match="is a folder"):
        pack(captures, tmp_path)


def test_a_full_disk_leaves_the_old_file_and_nothing_else(captures, tmp_path):
    """Under a limit of the operating system, in a process of its own."""
    to = tmp_path / "out" / "x.wacz"
    to.parent.mkdir()
    to.write_bytes(b"old")
    script = (
        "import resource, sys, pathlib, datetime, signal\n"
        "from crawler.captures import CaptureDiskError\n"
        "from crawler.captures.wacz import write_wacz\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))\n"
        "try:\n"
        "    write_wacz(pathlib.Path(sys.argv[1]), 'congso', pathlib.Path(sys.argv[2]), title='t', software='s',\n"
        "               created=datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC))\n"
        "except CaptureDiskError as error:\n"
        "    print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, captures, to], capture_output=True, text=True, check=True
    )
    assert "File too large" in done.stdout
    assert done.stderr == ""
    assert to.read_bytes() == b"old"
    assert [p.name for p in to.parent.iterdir()] == ["x.wacz"]


def test_what_a_killed_run_left_goes_and_a_running_one_stays(captures, tmp_path):
    out = tmp_path / "out"
    script = (
        "import pathlib, sys, datetime, os, signal\n"
        "from crawler.captures import cdxj, wacz\n"
        "cdxj.read_index = lambda *a: os.kill(os.getpid(), signal.SIGKILL)\n"
        "wacz.write_wacz(pathlib.Path(sys.argv[1]), 'congso', pathlib.Path(sys.argv[2]), title='t', software='s',\n"
        "                created=datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC))\n"
    )
    killed = subprocess.run([sys.executable, "-c", script, captures, out / "x.wacz"], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert [p.suffix for p in out.iterdir()] == [".part"]
    with (out / ".x.wacz.running.part").open("wb") as running:
        fcntl.flock(running, fcntl.LOCK_EX)
        (out / ".y.wacz.other.part").write_bytes(b"")
        pack(captures, out / "x.wacz")
    assert sorted(p.name for p in out.iterdir()) == [".x.wacz.running.part", ".y.wacz.other.part", "x.wacz"]


def test_a_folder_that_cannot_be_made_is_a_matter_of_the_disk(captures, tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(CaptureDiskError, match="cannot write"):
        pack(captures, tmp_path / "file" / "x.wacz")


# -- parts ---------------------------------------------------------------------------------------------------

ADDRESSES = [
    "http://congso.vn",
    "http://congso.vn/",
    "https://www.congso.vn/Bai/",
    "http://www2.congso.vn:80/a",
    "https://congso.vn:443/a?",
    "http://congso.vn:8080/a",
    "http://congso.vn/a?b=2&a=1",
    "http://congso.vn/a?a=&a",
    "http://congso.vn/a?A=B&&c",
    "http://congso.vn/a//b/./c/../d",
    "http://congso.vn/%C4%90%E1%BA%A3ng",
    "http://congso.vn/%41%2525",
    "http://user:pw@congso.vn/a#b",
    "http://203.0.113.7/a",
    "http://congso.vn/a b",
    "http://www.vn/",
    "http://congso.vn/default.aspx?id=1&name=%C4%90%20a+b",
]


@pytest.mark.parametrize("url", ADDRESSES)
def test_keys_are_those_of_other_tools(url):
    library = pytest.importorskip("surt", reason="comes with py-wacz, which is not installed")
    assert surt(url) == library.surt(url)


@pytest.mark.parametrize("url", ["http://[", "http://congso.vn:port/", "http://", "nonsense"])
def test_an_address_without_a_key_is_its_own(url):
    assert surt(url) == url


def test_lines_beyond_memory_are_sorted_on_the_disk(tmp_path):
    lines = [b"%d line\n" % (i * 7919 % 1009) for i in range(3000)]
    with LineSorter(tmp_path, batch=900) as sorter:
        for line in lines:
            sorter.add(line)
        assert list(sorter) == sorted(set(lines))
        assert list(tmp_path.iterdir()) == []


@pytest.mark.full
def test_memory_does_not_grow_with_the_captures(tmp_path, new_writer, keep):
    with new_writer() as writer:
        for i in range(60_000):
            keep(writer, f"http://congso.vn/bai-viet-so-{i}.aspx", b"<title>%d</title>" % i)
    script = (
        "import resource, sys, pathlib, datetime\n"
        "from crawler.captures.wacz import write_wacz\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "write_wacz(pathlib.Path(sys.argv[1]), 'congso', pathlib.Path(sys.argv[2]), title='t', software='s',\n"
        "           created=datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC))\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, tmp_path, tmp_path / "x.wacz"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(done.stdout) < 60_000  # kB
