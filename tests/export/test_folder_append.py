"""Sealed segments: what an export adds to a folder, and what it never touches."""

import gzip
import hashlib
import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from crawler.export import line, schema
from crawler.export.append import append, last_number
from crawler.export.errors import BusyError, DamagedError, GapError, RefusedError
from crawler.export.kinds import ARTICLES, VIEWS, Limits
from crawler.export.stage import is_writing, stage
from crawler.export.verify import verify
from tests.export.lines import SMALL, change, export, snapshot, source, view
from tests.store.samples import SITE, T0

ARTICLE = Draft202012Validator(schema("article-1"))
VIEW = Draft202012Validator(schema("views-1"))
MANIFEST = Draft202012Validator(schema("manifest-1"))


def lines(folder: Path, kind: str = "articles") -> list[dict[str, Any]]:
    """What a reader without this program finds, by the manifest alone."""
    segments = json.loads((folder / "manifest.json").read_bytes())["segments"]
    texts = [gzip.decompress((folder / s["file"]).read_bytes()) for s in segments if s["kind"] == kind]
    return [json.loads(one) for text in texts for one in text.decode("ascii").split("\n")[:-1]]


def test_every_record_is_in_the_segments_in_order_and_follows_the_schema(tmp_path: Path) -> None:
    done = export(tmp_path / "new" / "folder", 10)
    assert [segment.file for segment in done.segments] == [
        "articles-000000000001-000000000004.jsonl.gz",
        "articles-000000000005-000000000008.jsonl.gz",
        "articles-000000000009-000000000010.jsonl.gz",
    ]
    assert (done.count, done.last) == (10, 10)
    found = lines(tmp_path / "new" / "folder")
    assert found == [change(seq) for seq in range(1, 11)]
    for record in found:
        ARTICLE.validate(record)


def test_a_manifest_tells_count_range_length_and_hashes(tmp_path: Path) -> None:
    done = export(tmp_path, 6)
    data = (tmp_path / "manifest.json").read_bytes()
    manifest = json.loads(data)
    MANIFEST.validate(manifest)
    MANIFEST.validate(json.loads((tmp_path / "manifests/000001.json").read_bytes()))
    head = {name: manifest[name] for name in ("schema", "site", "number", "created", "previous")}
    assert head == {
        "schema": "bantin/manifest/1",
        "site": SITE,
        "number": 1,
        "created": "2021-03-01T02:30:00Z",
        "previous": None,
    }
    assert done.manifest == (1, hashlib.sha256(data).hexdigest())
    second = manifest["segments"][1]
    packed = (tmp_path / second["file"]).read_bytes()
    content = gzip.decompress(packed)
    assert second == {
        "file": "articles-000000000005-000000000006.jsonl.gz",
        "kind": "articles",
        "schema": "bantin/article/1",
        "count": 2,
        "first_seq": 5,
        "last_seq": 6,
        "bytes": len(packed),
        "sha256": hashlib.sha256(packed).hexdigest(),
        "content_bytes": len(content),
        "content_sha256": hashlib.sha256(content).hexdigest(),
    }


def test_nothing_new_writes_nothing(tmp_path: Path) -> None:
    export(tmp_path, 6)
    before = {path: path.stat().st_mtime_ns for path in [tmp_path, *tmp_path.rglob("*")]}
    done = export(tmp_path, 6)
    assert (done.count, done.segments, done.last) == (0, (), 6)
    assert {path: path.stat().st_mtime_ns for path in [tmp_path, *tmp_path.rglob("*")]} == before


def test_an_empty_store_makes_no_folder(tmp_path: Path) -> None:
    assert export(tmp_path / "none", 0).manifest is None
    assert not (tmp_path / "none").exists()


def test_appending_touches_nothing_but_the_manifest(tmp_path: Path) -> None:
    export(tmp_path, 6)
    first = snapshot(tmp_path)
    export(tmp_path, 7)
    export(tmp_path, 20)
    after = snapshot(tmp_path)
    assert {name for name in first if after[name] != first[name]} == {"manifest.json"}
    old, new = (json.loads(files["manifest.json"]) for files in (first, after))
    assert new["segments"][: len(old["segments"])] == old["segments"]
    assert [(s["first_seq"], s["last_seq"]) for s in new["segments"]] == [
        (1, 4), (5, 6), (7, 7), (8, 11), (12, 15), (16, 19), (20, 20)
    ]  # fmt: skip
    assert lines(tmp_path) == [change(seq) for seq in range(1, 21)]


def test_each_manifest_holds_the_hash_of_the_one_before(tmp_path: Path) -> None:
    earlier = []
    for count in (3, 5, 9):
        export(tmp_path, count)
        earlier.append((tmp_path / "manifest.json").read_bytes())
    hashes = [hashlib.sha256(data).hexdigest() for data in earlier]
    assert [json.loads(data)["previous"] for data in earlier] == [None, *hashes[:2]]
    parts = [(tmp_path / f"manifests/00000{number}.json").read_bytes() for number in (1, 2, 3)]
    for data in parts:
        MANIFEST.validate(json.loads(data))
    assert [json.loads(data)["previous_delivery"] for data in parts[1:]] == [
        hashlib.sha256(data).hexdigest() for data in parts[:2]
    ]
    assert json.loads(earlier[-1])["newest"] == {
        "file": "manifests/000003.json",
        "sha256": hashlib.sha256(parts[2]).hexdigest(),
    }
    added = [segment for data in parts for segment in json.loads(data)["segments"]]
    assert added == json.loads(earlier[-1])["segments"]


def test_articles_and_views_share_a_folder(tmp_path: Path) -> None:
    export(tmp_path, 5)
    export(tmp_path, 9, VIEWS)
    export(tmp_path, 6)
    assert (last_number(tmp_path, ARTICLES), last_number(tmp_path, VIEWS)) == (6, 9)
    assert lines(tmp_path, "views") == [view(n) for n in range(1, 10)]
    assert len(lines(tmp_path)) == 6
    for record in lines(tmp_path, "views"):
        VIEW.validate(record)
    manifest = json.loads((tmp_path / "manifest.json").read_bytes())
    MANIFEST.validate(manifest)
    assert {s["last_n"] for s in manifest["segments"] if s["kind"] == "views"} == {4, 8, 9}
    assert verify(tmp_path).last == {"articles": 6, "views": 9}


def test_segments_end_by_bytes_too(tmp_path: Path) -> None:
    size = len(line(change(1)))
    done = export(tmp_path, 9, limits=Limits(lines=100, content=2 * size))
    assert [segment.count for segment in done.segments][:2] == [2, 2]
    done = export(tmp_path / "tiny", 3, limits=Limits(lines=100, content=1))
    assert [segment.count for segment in done.segments] == [1, 1, 1]


def test_equal_lines_give_equal_bytes(tmp_path: Path) -> None:
    export(tmp_path / "a", 9)
    export(tmp_path / "b", 9)
    assert snapshot(tmp_path / "a") == snapshot(tmp_path / "b")
    head = (tmp_path / "a/articles-000000000001-000000000004.jsonl.gz").read_bytes()[:10]
    assert head[:8] == b"\x1f\x8b\x08\x00\x00\x00\x00\x00"  # no name, no time


def test_the_folder_explains_itself(tmp_path: Path) -> None:
    export(tmp_path, 2)
    export(tmp_path, 3)
    documents = tmp_path / "documents" / "000001"
    for name in ("article-1", "views-1", "manifest-1"):
        assert json.loads((documents / f"{name}.json").read_bytes()) == schema(name)
    assert b"SHA-256" in (documents / "README.md").read_bytes()
    assert not (tmp_path / "documents" / "000002").exists()


def test_times_are_utc_and_whole_seconds(tmp_path: Path) -> None:
    export(tmp_path, 1, created=datetime(2021, 3, 1, 2, 30, 7, 999, tzinfo=UTC))
    assert json.loads((tmp_path / "manifest.json").read_bytes())["created"] == "2021-03-01T02:30:07Z"


# -- folders that are not for this -------------------------------------------------------------------------


def test_a_folder_of_other_things_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.doc").write_text("mine", encoding="utf-8")
    with pytest.raises(RefusedError, match="other things"):
        export(tmp_path, 3)
    assert snapshot(tmp_path) == {"thesis.doc": b"mine"}


@pytest.mark.parametrize("name", ["documents/mine.txt", ".partial/mine.txt", ".partial/mine/too.txt"])
def test_a_folder_with_names_like_ours_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).parent.mkdir(parents=True)
    (tmp_path / name).write_text("mine", encoding="utf-8")
    with pytest.raises(RefusedError, match="other things"):
        export(tmp_path, 3)
    assert snapshot(tmp_path) == {name: b"mine"}


@pytest.mark.parametrize("name", [".partial", "documents", "manifests"])
def test_links_out_of_the_folder_are_not_followed(tmp_path: Path, name: str) -> None:
    outside, folder = tmp_path / "outside", tmp_path / "folder"
    outside.mkdir()
    (outside / "mine.txt").write_text("mine", encoding="utf-8")
    export(folder, 3)
    if (folder / name).exists():
        (folder / name).rename(tmp_path / "away")
    (folder / name).symlink_to(outside)
    with pytest.raises(RefusedError, match="symbolic link"):
        export(folder, 5)
    assert snapshot(outside) == {"mine.txt": b"mine"}


def test_another_site_is_refused(tmp_path: Path) -> None:
    export(tmp_path, 3)
    before = snapshot(tmp_path)
    with pytest.raises(RefusedError, match=f"holds {SITE}, not phuong-khac"):
        append(tmp_path, ARTICLES, "phuong-khac", source(5), created=T0)
    assert snapshot(tmp_path) == before


@pytest.mark.parametrize("count", [0, 2, 9])
def test_another_history_is_refused(tmp_path: Path, count: int) -> None:
    export(tmp_path, 3)
    before = snapshot(tmp_path)
    other = source(count, lambda seq: change(seq, title="Khác"))
    with pytest.raises(RefusedError, match="seq 3"):
        append(tmp_path, ARTICLES, SITE, other, created=T0)
    assert snapshot(tmp_path) == before


def test_a_record_that_lost_its_content_since_is_still_the_same_change(tmp_path: Path) -> None:
    export(tmp_path, 3)

    def withheld(seq: int) -> dict[str, Any]:
        whole = change(seq)
        names = ("schema", "seq", "at", "site", "id", "url", "digest")
        return {name: whole[name] for name in names} | {"op": "deleted", "reason": "withheld"}

    append(tmp_path, ARTICLES, SITE, source(4, withheld), created=T0)
    assert last_number(tmp_path, ARTICLES) == 4
    assert not verify(tmp_path).problems


def test_a_gap_in_the_store_is_not_sealed(tmp_path: Path) -> None:
    export(tmp_path, 3)
    before = snapshot(tmp_path)

    def gapped(since: int) -> Iterator[Any]:
        return (change(seq) for seq in range(since + 1, 9) if seq != 6)

    with pytest.raises(GapError, match="no seq 6"):
        append(tmp_path, ARTICLES, SITE, gapped, created=T0, limits=SMALL)
    assert snapshot(tmp_path) == before
    assert not (tmp_path / ".partial").exists()


@pytest.mark.parametrize(
    "name",
    [
        "manifest.json",
        "manifests/000001.json",
        "manifests/000002.json",
        "articles-000000000001-000000000003.jsonl.gz",
        "articles-000000000004-000000000005.jsonl.gz",
        "documents/000001/README.md",
    ],
)
@pytest.mark.parametrize("harm", ["cut", "removed"])
def test_a_damaged_folder_is_not_added_to(tmp_path: Path, name: str, harm: str) -> None:
    export(tmp_path, 3)
    export(tmp_path, 5)
    if harm == "cut":
        (tmp_path / name).write_bytes((tmp_path / name).read_bytes()[:-1])
    else:
        (tmp_path / name).unlink()
    before = snapshot(tmp_path)
    with pytest.raises(DamagedError, match="bantin verify"):
        export(tmp_path, 9)
    assert snapshot(tmp_path) == before


def test_two_exports_at_once(tmp_path: Path) -> None:
    export(tmp_path, 3)
    with stage(tmp_path):
        assert is_writing(tmp_path)
        with pytest.raises(BusyError, match="another export"):
            export(tmp_path, 5)
    assert not is_writing(tmp_path)
    export(tmp_path, 5)


def test_many_exports_at_once_seal_everything_once(tmp_path: Path) -> None:
    children = []
    for count in range(1, 25):
        child = os.fork()
        if child == 0:
            code = 1
            try:
                export(tmp_path, count)
                code = 0
            except (BusyError, RefusedError):  # or the folder has gone on further than this one knows
                code = 5
            finally:
                os._exit(code)
        children.append(child)
    assert {os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children} <= {0, 5}
    export(tmp_path, 24)
    assert lines(tmp_path) == [change(seq) for seq in range(1, 25)]
    assert not verify(tmp_path).problems
