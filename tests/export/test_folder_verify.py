"""Whatever is changed in a folder of sealed segments is found, and the file is named."""

import gzip
import hashlib
import json
import os
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crawler.export import line
from crawler.export.contents import load
from crawler.export.kinds import ARTICLES, VIEWS
from crawler.export.manifest import Delivery, Segment, render_delivery, render_whole
from crawler.export.shape import content_digest, fault
from crawler.export.unpack import Unpacker
from crawler.export.verify import verify
from tests.export.lines import change, export, snapshot, view
from tests.store.samples import SITE

FIRST = "articles-000000000001-000000000004.jsonl.gz"
SECOND = "articles-000000000005-000000000006.jsonl.gz"
THIRD = "articles-000000000007-000000000009.jsonl.gz"
VIEW = "views-000000000001-000000000002.jsonl.gz"
DENSE = bool(os.environ.get("BANTIN_TEST_ALL"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three exports, of both kinds."""
    export(tmp_path, 6)
    export(tmp_path, 2, VIEWS)
    export(tmp_path, 9)
    assert not verify(tmp_path).problems
    return tmp_path


def named(folder: Path, known: str | None = None) -> set[str]:
    return {problem.file for problem in verify(folder, known=known).problems}


def told(folder: Path, file: str) -> str:
    return "; ".join(problem.what for problem in verify(folder).problems if problem.file == file)


def test_a_flipped_byte_anywhere_is_found_and_its_file_named(folder: Path) -> None:
    """Densely where one byte can make another valid file: in the manifests."""
    for name, data in snapshot(folder).items():
        manifest = name.startswith("manifest")
        step = 1 if DENSE else max(1, len(data) // (60 if manifest else 25))
        for place in range(0, len(data), step):
            flipped = bytearray(data)
            flipped[place] ^= (1, 2, 0x20, 0x80)[place % 4]
            (folder / name).write_bytes(flipped)
            assert name in named(folder), (name, place)
        (folder / name).write_bytes(data)


@pytest.mark.parametrize("name", ["manifest.json", "manifests/000001.json", "manifests/000003.json"])
def test_another_digit_in_a_manifest_is_found_where_it_is(folder: Path, name: str) -> None:
    """Each stays a well-formed manifest: only the chain can tell which one was changed."""
    data = (folder / name).read_bytes()
    digits = [at for at in range(len(data)) if data[at : at + 1].isdigit()]
    for place in digits[:: 1 if DENSE else 9]:
        changed = bytearray(data)
        changed[place] = ord("1") if data[place] != ord("1") else ord("2")
        (folder / name).write_bytes(changed)
        assert named(folder) == {name}, place


def test_a_file_that_was_cut_is_named(folder: Path) -> None:
    for name, data in snapshot(folder).items():
        for length in {0, 1, len(data) // 2, len(data) - 1}:
            (folder / name).write_bytes(data[:length])
            assert name in named(folder), (name, length)
        (folder / name).write_bytes(data)


def test_a_file_with_something_behind_is_named(folder: Path) -> None:
    for name, data in snapshot(folder).items():
        for more in (b"\0", b"\n", gzip.compress(b"{}\n", mtime=0), data):
            (folder / name).write_bytes(data + more)
            assert name in named(folder), (name, more[:9])
        (folder / name).write_bytes(data)


def test_a_file_that_is_gone_is_named(folder: Path) -> None:
    for name, data in snapshot(folder).items():
        (folder / name).unlink()
        assert named(folder) == {name}
        (folder / name).write_bytes(data)


def test_files_that_changed_places_are_named(folder: Path) -> None:
    files = snapshot(folder)
    for one, other in ((FIRST, SECOND), (FIRST, VIEW), ("manifests/000001.json", "manifests/000002.json")):
        (folder / one).write_bytes(files[other])
        (folder / other).write_bytes(files[one])
        assert {one, other} <= named(folder)
        for name in (one, other):
            (folder / name).write_bytes(files[name])


def test_a_renamed_file_is_missing_and_unknown(folder: Path) -> None:
    other = "articles-000000000001-000000000005.jsonl.gz"
    (folder / FIRST).rename(folder / other)
    assert named(folder) == {FIRST, other}


@pytest.mark.parametrize(
    "name", ["notes.txt", "manifests/000004.json", "manifests/x", "documents/a/b/c", ".hidden", "sub/x"]
)
def test_a_file_that_does_not_belong_is_named(folder: Path, name: str) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(b"?")
    assert name in named(folder)


def test_a_copy_of_a_segment_under_the_next_name_is_named(folder: Path) -> None:
    copy = "articles-000000000010-000000000013.jsonl.gz"
    (folder / copy).write_bytes((folder / FIRST).read_bytes())
    assert named(folder) == {copy}


def test_a_link_in_place_of_a_file_is_named(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere") / FIRST
    (folder / FIRST).rename(elsewhere)
    (folder / FIRST).symlink_to(elsewhere)
    assert "link" in told(folder, FIRST)
    (folder / "more").symlink_to(elsewhere.parent)
    assert "more" in named(folder)


def test_an_older_manifest_in_place_of_the_newest(folder: Path) -> None:
    older = render_whole(load(folder).deliveries[:-1])
    (folder / "manifest.json").write_bytes(older)
    assert "manifest.json" in named(folder)


def test_several_problems_are_all_told(folder: Path) -> None:
    (folder / FIRST).unlink()
    (folder / THIRD).write_bytes((folder / THIRD).read_bytes()[:-5])
    (folder / "stray").touch()
    (folder / "manifests/000002.json").write_bytes(b"{}")
    assert named(folder) == {FIRST, THIRD, "stray", "manifests/000002.json"}
    assert "gzip" in told(folder, THIRD)


# -- a folder rewritten to agree with itself ----------------------------------------------------------------


def resealed(folder: Path, file: str, lines: list[bytes], **other: Any) -> None:
    """Replaces a segment's lines and makes every hash fit again, as a clumsy or hostile hand would."""
    content = b"".join(lines)
    packed = gzip.compress(content, mtime=0)
    (folder / file).write_bytes(packed)
    sums = {
        "bytes": len(packed),
        "sha256": hashlib.sha256(packed).hexdigest(),
        "content_bytes": len(content),
        "content_sha256": hashlib.sha256(content).hexdigest(),
    }

    def mended(segment: Segment) -> Segment:
        return replace(segment, **(sums | other)) if segment.file == file else segment

    done: list[Delivery] = []
    for delivery in load(folder).deliveries:
        done.append(
            replace(
                delivery,
                previous=hashlib.sha256(render_whole(done)).hexdigest() if done else None,
                previous_delivery=hashlib.sha256(render_delivery(done[-1])).hexdigest() if done else None,
                segments=tuple(map(mended, delivery.segments)),
            )
        )
        (folder / delivery.file).write_bytes(render_delivery(done[-1]))
    (folder / "manifest.json").write_bytes(render_whole(done))


def lines_of(folder: Path, file: str) -> list[bytes]:
    return gzip.decompress((folder / file).read_bytes()).splitlines(keepends=True)


def test_the_tool_of_these_tests_makes_sound_folders(folder: Path) -> None:
    resealed(folder, FIRST, lines_of(folder, FIRST))
    assert not verify(folder).problems


def edited(change_: Callable[[dict[str, Any]], object]) -> Callable[[list[bytes]], list[bytes]]:
    def edit(lines: list[bytes]) -> list[bytes]:
        record = json.loads(lines[1])
        change_(record)
        return [lines[0], line(record).encode(), *lines[2:]]

    return edit


WRONG: dict[str, tuple[Callable[[list[bytes]], list[bytes]], str]] = {
    "a line is gone": (lambda lines: lines[:1] + lines[2:], "3 lines instead of 4"),
    "a line twice": (lambda lines: [*lines[:2], lines[1], *lines[2:]], "seq 2 instead of 3"),
    "two lines changed places": (lambda lines: [lines[1], lines[0], *lines[2:]], "seq 2 instead of 1"),
    "the last line has no end": (lambda lines: [*lines[:-1], lines[-1].rstrip(b"\n")], "no end"),
    "an empty line": (lambda lines: [*lines[:2], b"\n", *lines[2:]], "line 3 is no JSON"),
    "a line is no JSON": (lambda lines: [*lines[:3], b"{}}\n"], "line 4 is no JSON"),
    "a line is a list": (lambda lines: [*lines[:3], b"[]\n"], "no JSON object"),
    "half a line": (lambda lines: [*lines[:3], lines[3][:40] + b"\n"], "line 4 is no JSON"),
    "another site": (edited(lambda r: r.update(site="khac")), "site 'khac' instead of 'phuong-mai'"),
    "another schema": (edited(lambda r: r.update(schema="bantin/article/2")), "schema"),
    "another text": (edited(lambda r: r.update(text="Khác.")), "content of its digest"),
    "a later date": (edited(lambda r: r["published"].update(date="2021-12-01")), "content of its digest"),
    "no digest": (edited(lambda r: r.pop("digest")), "no digest"),
    "no title": (edited(lambda r: r.pop("title")), "no title"),
    "no id": (edited(lambda r: r.pop("id")), "no id"),
    "no such operation": (edited(lambda r: r.update(op="lost")), "op 'lost'"),
    "a number as text": (edited(lambda r: r.update(text=5)), "text 5"),
    "deleted with its text": (edited(lambda r: r.update(op="deleted")), "still has its title"),
}


@pytest.mark.parametrize("name", WRONG)
def test_lines_that_are_not_as_they_should_be(folder: Path, name: str) -> None:
    change_, words = WRONG[name]
    resealed(folder, FIRST, change_(lines_of(folder, FIRST)))
    assert named(folder) == {FIRST}
    assert words in told(folder, FIRST)


def test_few_of_many_bad_lines_are_told(folder: Path) -> None:
    resealed(folder, FIRST, [b"x\n"] * 4)
    assert told(folder, FIRST).count("is no JSON") == 3


def test_sums_that_do_not_fit_the_lines(folder: Path) -> None:
    resealed(folder, FIRST, lines_of(folder, FIRST), content_sha256="0" * 64)
    assert "holds other lines" in told(folder, FIRST)


def test_a_noted_manifest_proves_what_a_folder_once_was(folder: Path) -> None:
    noted = [hashlib.sha256((folder / "manifest.json").read_bytes()).hexdigest()]
    noted.append(hashlib.sha256(render_whole(load(folder).deliveries[:1])).hexdigest())
    for known in noted:
        assert not verify(folder, known=known).problems
    record = change(2, title="Đã sửa")
    resealed(folder, FIRST, [line(change(1)).encode(), line(record).encode(), *lines_of(folder, FIRST)[2:]])
    assert not verify(folder).problems  # nothing in the folder itself can tell
    for known in noted:
        assert named(folder, known) == {"manifest.json"}


def test_segments_with_a_gap_between(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A folder put together of two."""
    deliveries = load(folder).deliveries
    gapped = replace(deliveries[0], segments=deliveries[0].segments[:1])
    later = replace(
        deliveries[2],
        number=2,
        previous=hashlib.sha256(render_whole([gapped])).hexdigest(),
        previous_delivery=hashlib.sha256(render_delivery(gapped)).hexdigest(),
    )
    for name in (SECOND, VIEW, "manifests/000003.json"):
        (folder / name).unlink()
    (folder / gapped.file).write_bytes(render_delivery(gapped))
    (folder / later.file).write_bytes(render_delivery(later))
    (folder / "manifest.json").write_bytes(render_whole([gapped, later]))
    assert told(folder, THIRD) == "starts at 7 where 5 is next"


# -- the parts ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", range(1, 11))
def test_good_lines_have_no_fault(number: int) -> None:
    assert fault(line(change(number)).encode(), ARTICLES, SITE, number) is None
    assert fault(line(view(number)).encode(), VIEWS, SITE, number) is None


def test_the_digest_of_a_record_is_that_of_its_content() -> None:
    assert content_digest(change(1)) == change(1)["digest"]
    assert content_digest(change(1) | {"views": None, "related": []}) == change(1)["digest"]


def test_a_bomb_is_unpacked_in_small_pieces(tmp_path: Path) -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = tmp_path / "bomb.gz"
    with bomb.open("wb") as file:
        for _ in range(160):
            file.write(packer.compress(bytes(1 << 20)))
        file.write(packer.flush())
    unpacker = Unpacker(bomb)
    assert list(unpacker.lines()) == []
    assert "longer than" in str(unpacker.fault)
    assert unpacker.sha256 == hashlib.sha256(bomb.read_bytes()).hexdigest()
