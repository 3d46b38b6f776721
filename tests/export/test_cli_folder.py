"""`bantin export --to DIR` and `bantin verify DIR` as people and scripts meet them."""

import gzip
import hashlib
import json
import os
import signal
import time
from pathlib import Path

import pytest

from crawler.export.stage import stage
from crawler.export.verify import verify
from crawler.store import open_store
from tests.export.lines import export as export_made
from tests.export.lines import snapshot
from tests.export.site import Installation
from tests.store.samples import SITE, article, at, read


@pytest.fixture
def bantin(tmp_path: Path) -> Installation:
    installation = Installation(tmp_path)
    installation.fill(1, 2, 3)
    return installation


def test_an_archive_grows_with_the_store(bantin: Installation) -> None:
    first = bantin.run("export", "--to", "archive")
    assert (first.code, first.err) == (0, "")
    assert "3 records in 1 new segment" in first.out
    sealed = snapshot(bantin.folder / "archive")
    bantin.fill(2, 4, day=1, title="Tên mới")
    second = bantin.run("--json", "export", "--to", "archive/")
    digest = hashlib.sha256((bantin.folder / "archive/manifest.json").read_bytes()).hexdigest()
    assert second.json == {
        "site": SITE,
        "kind": "articles",
        "folder": "archive",
        "added": 2,
        "segments": ["articles-000000000004-000000000005.jsonl.gz"],
        "last_seq": 5,
        "manifest": {"number": 2, "sha256": digest},
    }
    after = snapshot(bantin.folder / "archive")
    assert {name for name in sealed if after[name] != sealed[name]} == {"manifest.json"}
    third = bantin.run("export", "--to", "archive")
    assert (third.code, third.out) == (0, f"{SITE}: no new records after seq 5; nothing written\n")
    assert snapshot(bantin.folder / "archive") == after
    assert json.loads(after["manifest.json"])["created"] == "2021-04-01T02:00:00Z"
    lines = b"".join(gzip.decompress(after[name]) for name in sorted(after) if name.startswith("articles"))
    assert lines.decode("ascii") == bantin.run("export").out
    views = bantin.run("export", "--views", "--to", "archive")
    assert "5 views in 1 new segment" in views.out
    checked = bantin.run("verify", "archive")
    assert (checked.code, checked.err) == (0, "")
    assert "5 records and 5 views in 3 segment(s), whole and unchanged; manifest 3" in checked.out
    assert bantin.run("--json", "verify", "archive", "--known", f"sha256:{digest.upper()}").json["ok"] is True


def test_verify_names_every_damaged_file_and_ends_with_3(bantin: Installation) -> None:
    bantin.run("export", "--to", "archive")
    bantin.run("export", "--views", "--to", "archive")
    segment, views = (next((bantin.folder / "archive").glob(f"{kind}-*")) for kind in ("articles", "views"))
    data = bytearray(segment.read_bytes())
    data[len(data) // 2] ^= 1
    segment.write_bytes(data)
    views.unlink()
    found = bantin.run("verify", "archive")
    assert (found.code, found.out) == (3, "")
    assert [segment.name in found.err, views.name in found.err, "Traceback" in found.err] == [
        True,
        True,
        False,
    ]
    assert len(found.err.splitlines()) == 2
    told = bantin.run("--json", "verify", "archive")
    assert told.code == 3
    assert told.json["ok"] is False
    assert {problem["file"] for problem in told.json["problems"]} == {segment.name, views.name}
    refused = bantin.run("export", "--to", "archive")
    assert refused.code == 3
    assert "bantin verify archive" in refused.told


def test_folders_that_are_none_of_ours(bantin: Installation) -> None:
    (bantin.folder / "other").mkdir()
    assert "holds no export" in bantin.run("verify", "other").told
    (bantin.folder / "other" / "thesis.doc").touch()
    refused = bantin.run("export", "--to", "other")
    assert (refused.code, "other things" in refused.told) == (2, True)
    assert bantin.run("verify", "other").code == 2
    missing = bantin.run("verify", "nowhere")
    assert (missing.code, "no such folder" in missing.told) == (2, True)
    assert bantin.run("verify", "other", "--known", "abc").code == 2


def test_a_folder_of_another_store_is_refused(bantin: Installation) -> None:
    export_made(bantin.folder / "archive", 2)
    refused = bantin.run("export", "--to", "archive")
    assert refused.code == 2
    assert "another store" in refused.told
    assert not verify(bantin.folder / "archive").problems


def test_since_and_a_folder(bantin: Installation) -> None:
    assert bantin.run("export", "--since", "2", "--to", "archive").code == 2
    assert bantin.run("export", "--since", "0", "--to", "archive").code == 0
    assert "goes on after 3 by itself" in bantin.run("export", "--since", "0", "--to", "archive").told
    assert bantin.run("export", "--since", "3", "--to", "archive").code == 0


def test_an_export_at_work_keeps_others_out(bantin: Installation) -> None:
    bantin.run("export", "--to", "archive")
    bantin.fill(9)
    with stage(bantin.folder / "archive"):
        second, checked = bantin.run("export", "--to", "archive"), bantin.run("verify", "archive")
    assert (second.code, checked.code) == (5, 5)
    assert "another export" in second.told
    assert "at this moment" in checked.told


def test_what_a_killed_command_leaves(bantin: Installation) -> None:
    bantin.write(lambda writer: [read(writer, article(number)) for number in range(4, 900)])
    process = bantin.start("export", "--to", "archive")
    place = bantin.folder / "archive" / ".partial"
    while not place.exists() and process.poll() is None:
        time.sleep(0.002)
    process.kill()
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    checked = bantin.run("verify", "archive")
    assert (checked.code, checked.err) == (0, "")
    assert "interrupted" in checked.out
    assert bantin.run("export", "--to", "archive").code == 0
    assert not place.exists()
    assert "899 records" in bantin.run("verify", "archive").out


@pytest.mark.parametrize("name", ["records.jsonl", "deep/er/records.jsonl"])
def test_a_file_is_written_whole(bantin: Installation, name: str) -> None:
    assert bantin.run("export", "--to", name).code == 0
    assert (bantin.folder / name).read_text(encoding="ascii") == bantin.run("export").out
    assert [path.name for path in (bantin.folder / name).parent.glob("*records*")] == ["records.jsonl"]


def test_a_file_that_is_called_gz_is_packed(bantin: Installation) -> None:
    for name in ("a.jsonl.gz", "b.jsonl.gz"):
        assert bantin.run("export", "--since", "1", "--to", name).code == 0
    a, b = ((bantin.folder / f"{name}.jsonl.gz").read_bytes() for name in "ab")
    assert a == b
    assert gzip.decompress(a).decode("ascii") == bantin.run("export", "--since", "1").out


def test_an_open_file_is_written_to_and_never_replaced(bantin: Installation) -> None:
    """Its name in /proc is no place for another file, whatever it leads to (as /dev/stdout does)."""
    whole = bantin.run("export").out
    with (bantin.folder / "taken").open("w+", encoding="ascii") as file:
        before = (bantin.folder / "taken").stat().st_ino
        name = Path(f"/proc/{os.getpid()}/fd/{file.fileno()}")
        assert bantin.run("export", "--to", str(name)).code == 0
        assert (file.read(), name.is_symlink()) == (whole, True)
        assert (bantin.folder / "taken").stat().st_ino == before
        (bantin.folder / "link.jsonl").symlink_to(name)
        assert bantin.run("export", "--to", "link.jsonl").code == 0
        assert (bantin.folder / "link.jsonl").is_symlink()
        assert name.is_symlink()


def test_a_pipe_is_written_to(bantin: Installation) -> None:
    os.mkfifo(bantin.folder / "pipe")
    pipe = os.open(bantin.folder / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    assert bantin.run("export", "--to", "pipe").code == 0
    assert os.read(pipe, 1 << 16).decode("ascii") == bantin.run("export").out
    os.close(pipe)


def test_a_link_keeps_leading_to_the_file(bantin: Installation) -> None:
    (bantin.folder / "there.jsonl").touch()
    (bantin.folder / "link.jsonl").symlink_to("there.jsonl")
    assert bantin.run("export", "--to", "link.jsonl").code == 0
    assert (bantin.folder / "link.jsonl").is_symlink()
    assert (bantin.folder / "there.jsonl").read_text(encoding="ascii") == bantin.run("export").out


def test_a_full_disk_is_told(bantin: Installation) -> None:
    full = bantin.run("export", "--to", "/dev/full")
    assert (full.code, "No space left" in full.told) == (3, True)


def test_an_unwritable_place(bantin: Installation) -> None:
    (bantin.folder / "file.txt").touch()
    for target in ("file.txt/archive", "file.txt/archive/", "/proc/archive/"):
        ended = bantin.run("export", "--to", target)
        assert ended.code in {2, 3}, target
        assert ended.told


def test_a_reader_that_has_enough(bantin: Installation) -> None:
    bantin.write(lambda writer: [read(writer, article(number)) for number in range(4, 400)])
    with bantin.start("export") as process:
        assert process.stdout
        assert process.stderr
        assert json.loads(process.stdout.readline())["seq"] == 1
        process.stdout.close()
        assert process.stderr.read() == ""
    assert process.returncode == 0


def test_wacz_is_something_else(bantin: Installation) -> None:
    for more in (["--views"], ["--since", "2"], ["--to", "x.jsonl"]):
        ended = bantin.run("export", "--wacz", "x.wacz", *more)
        assert (ended.code, "leave" in ended.told) == (2, True)
    none = bantin.run("export", "--wacz", "x.wacz")
    assert (none.code, "no capture file" in none.told) == (2, True)


def test_what_was_exported_once_stays_what_it_was(bantin: Installation) -> None:
    """Later captures, older captures read later, removals: a change's record is history."""
    before = bantin.run("export").out
    bantin.fill(1, day=5, title="Tên mới")
    bantin.fill(2, day=-5, text="Bản cũ hơn.")
    with open_store(bantin.url) as store, store.writer(SITE, "test", at(9)) as writer:
        writer.begin_run("live", at(9), full=False)
        writer.settle("pm3", "gone", at(9), reason="410")
        writer.commit()
    after = bantin.run("export").out
    assert after.startswith(before)
    assert [json.loads(line)["op"] for line in after.splitlines()[3:]] == ["updated", "revised", "deleted"]
