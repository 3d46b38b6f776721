"""The same pages as WARC files, as a WACZ, and saved with a browser, through the real command: the same records."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.captures import CaptureWriter, read_at
from crawler.captures.wacz import write_wacz
from crawler.items import Capture
from fixtures.portal import HOST, Pages, scaled_portal

NOW = datetime(2020, 3, 25, 3, tzinfo=UTC)
ROOT = Path(__file__).parents[2]
PAGES = 12


@pytest.fixture(scope="module")
def pages() -> dict[str, bytes]:
    portal = scaled_portal(PAGES, sections=2)
    made = Pages(portal, NOW)
    wanted = [
        "/",
        *(path for path in made.addresses() if "muc-" in path),
        *(article.path for article in portal),
    ]
    return {f"http://{HOST}{path}": made.get(path).body for path in dict.fromkeys(wanted)}


@pytest.fixture(scope="module")
def kept(tmp_path_factory, pages) -> Path:
    folder = tmp_path_factory.mktemp("kept")
    with CaptureWriter(folder, site="dukcqtw", run=1, software="t", previous=lambda _: None) as writer:
        for url, body in pages.items():
            writer.write(url=url, status=200, reason="OK", http_version=None, body=body, fetched_at=NOW, source="live",
                         headers=[("Content-Type", "text/html; charset=utf-8")])  # fmt: skip
    return folder


def bantin(folder: Path, *arguments: str, expect: int = 0) -> str:
    return run(folder, *arguments, expect=expect).stdout


def run(folder: Path, *arguments: str, expect: int = 0) -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "BANTIN_NOW": "2020-03-26T10:00:00+07:00",
    }
    done = subprocess.run(
        [sys.executable, "-m", "feeds", *arguments], cwd=folder, env=environment, capture_output=True, text=True,
        timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == expect, done.stderr + done.stdout
    return done


def records(folder: Path, captures: Path) -> list[dict[str, object]]:
    """In order of their ids, without what is told of captures (which are found) and of the order of reading."""
    found = [json.loads(line) for line in bantin(folder, "export").splitlines()]
    for record in found:
        del record["seq"]
        cited = record.pop("capture")
        place = Capture("warc", cited["url"], NOW, 200, cited["digest"], cited["warc"], cited["offset"])
        assert read_at(captures, place).url == cited["url"]
    return sorted(found, key=lambda record: record["id"])


@pytest.fixture(scope="module")
def expected(tmp_path_factory, kept) -> list[dict[str, object]]:
    folder = tmp_path_factory.mktemp("expected")
    bantin(folder, "crawl", "--from", str(kept))
    found = records(folder, folder / "var/captures")
    assert len(found) == PAGES
    return found


def test_saved_pages_give_the_same_records_and_the_rest_is_counted(tmp_path, pages, expected):
    folder = tmp_path / "saved"
    (folder / "0_files").mkdir(parents=True)
    for number, (url, body) in enumerate(pages.items()):
        path = folder / f"{number}.html"
        path.write_bytes(b"<!-- saved from url=(%04d)%s -->\n" % (len(url), url.encode()) + body)
        os.utime(path, (NOW.timestamp(), NOW.timestamp()))
    (folder / "0_files" / "frame.html").write_bytes(b"<p>an advertisement")
    (folder / "nowhere.html").write_bytes(b"<p>Tin kh\xc3\xb4ng r\xc3\xb5 ngu\xe1\xbb\x93n")
    report = json.loads(bantin(tmp_path, "--json", "crawl", "--from", "saved", expect=7))
    assert report["refused"] == {"capture-no-address": 1}
    assert records(tmp_path, tmp_path / "var/captures") == expected


def test_what_stays_out_is_said_and_named_once_with_v(tmp_path, kept, pages, record, http):
    """No later crawl of the same files reads it: the line must not promise that."""
    source = tmp_path / "files"
    source.mkdir()
    damaged = next(kept.glob("*.warc.gz")).read_bytes()
    (source / "torn.warc.gz").write_bytes(damaged[:-40])
    (source / "nowhere.html").write_text("<p>a page without an address")
    article = next(url for url in pages if "-duk" in url)
    half = http(b"<html><p>half", "Content-Type: text/html", "Content-Length: 999")
    (source / "cut.warc").write_bytes(record("response", article, half))
    done = run(tmp_path, "-v", "crawl", "--from", "files", expect=7)
    line = next(line for line in done.stderr.splitlines() if line.startswith("bantin: dukcqtw: partial"))
    assert "capture-no-address 1, capture-torn 1, capture-truncated 1" in line
    assert line.endswith("; these captures could not be read and stay out; name them with -v")
    for name, reason in (
        ("files/nowhere.html", "no-address (name its address in addresses.tsv beside it)"),
        ("torn.warc.gz at offset ", "torn"),
        (article, "capture-truncated"),
    ):
        told = [line for line in done.stderr.splitlines() if name in line and line.endswith(f": {reason}")]
        assert len(told) == 1, done.stderr


def test_a_package_gives_the_same_records_though_it_lies_among_the_captures(tmp_path, kept, expected):
    """What is cited must be found by its name: a package in the captures folder is no capture file."""
    captures = tmp_path / "var" / "captures"
    write_wacz(kept, "dukcqtw", captures / "old.wacz", title="t", software="t", created=NOW)
    report = json.loads(bantin(tmp_path, "--json", "crawl", "--from", "var/captures"))
    assert (report["outcome"], report["refused"]) == ("complete", {})
    assert (captures / "dukcqtw-000001-00001.warc.gz").is_file()
    assert records(tmp_path, tmp_path / "var/captures") == expected
