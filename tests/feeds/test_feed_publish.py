"""The output folder: whole files, written only when they differ, nothing outside it, faults told in one line."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from feeds.publish import OutputFolder, PublishError


def write(out: Path, name: str, *pieces: bytes) -> bool:
    with OutputFolder(out) as folder:
        return folder.write(name, iter(pieces))


def test_a_file_appears_with_its_folders(tmp_path: Path) -> None:
    assert write(tmp_path / "a/b", "x/y.xml", b"on", b"e")
    assert (tmp_path / "a/b/x/y.xml").read_bytes() == b"one"


@pytest.mark.parametrize("pieces", [(b"one two",), (b"one", b" two"), (b"o", b"", b"ne two")])
def test_the_same_bytes_are_not_written_again(tmp_path: Path, pieces: tuple[bytes, ...]) -> None:
    write(tmp_path, "x.xml", b"one two")
    before = (tmp_path / "x.xml").stat()
    assert not write(tmp_path, "x.xml", *pieces)
    after = (tmp_path / "x.xml").stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


@pytest.mark.parametrize(
    "pieces",
    [(b"one", b" TWO"), (b"one two three",), (b"one",), (b"",), (), (b"one two", b"!"), (b"X" * 99999,)],
)
def test_other_bytes_replace_the_whole_file(tmp_path: Path, pieces: tuple[bytes, ...]) -> None:
    write(tmp_path, "x.xml", b"one two")
    before = (tmp_path / "x.xml").stat().st_ino
    assert write(tmp_path, "x.xml", *pieces)
    assert (tmp_path / "x.xml").read_bytes() == b"".join(pieces)
    assert (tmp_path / "x.xml").stat().st_ino != before


def test_long_files_share_a_beginning(tmp_path: Path) -> None:
    old = os.urandom(300_000)
    write(tmp_path, "x.xml", old)
    assert write(tmp_path, "x.xml", old[:250_000], b"new", old[250_000:])
    assert (tmp_path / "x.xml").read_bytes() == old[:250_000] + b"new" + old[250_000:]


def test_files_can_be_served_by_others(tmp_path: Path) -> None:
    old = os.umask(0o022)
    try:
        write(tmp_path, "a/x.xml", b"1")
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / "a/x.xml").stat().st_mode) == 0o644
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o755


def test_a_planted_link_to_a_file_is_replaced(tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_bytes(b"precious")
    out = tmp_path / "out"
    out.mkdir()
    (out / "x.xml").symlink_to(target)
    assert write(out, "x.xml", b"precious")
    assert not (out / "x.xml").is_symlink()
    assert target.read_bytes() == b"precious"


def test_a_planted_link_to_a_folder_is_replaced(tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.mkdir()
    out = tmp_path / "out"
    out.mkdir()
    (out / "all").symlink_to(target)
    write(out, "all/x.xml", b"1")
    assert list(target.iterdir()) == []
    assert (out / "all").is_dir()
    assert not (out / "all").is_symlink()


def test_a_planted_pipe_does_not_stop_the_build(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x.xml")
    assert write(tmp_path, "x.xml", b"1")
    assert (tmp_path / "x.xml").read_bytes() == b"1"


def test_the_output_folder_itself_may_be_a_link(tmp_path: Path) -> None:
    real = tmp_path / "real"
    real.mkdir()
    (tmp_path / "out").symlink_to(real)
    write(tmp_path / "out", "x.xml", b"1")
    assert (real / "x.xml").read_bytes() == b"1"


@pytest.mark.parametrize(
    "name", ["../x.xml", "a/../../x.xml", "/etc/x.xml", "a/.ssh/x", "Ă/x", "a b", "x\0y"]
)
def test_names_that_are_not_ours_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(PublishError):
        write(tmp_path / "out", name, b"1")
    assert [path.name for path in tmp_path.rglob("*")] == ["out"]


def test_a_fault_while_writing_keeps_the_old_file(tmp_path: Path) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"new"
        raise OSError(28, "No space left on device")

    write(tmp_path, "x.xml", b"old")
    with (
        pytest.raises(PublishError, match=r"x\.xml: No space left on device; free some space"),
        OutputFolder(tmp_path) as folder,
    ):
        folder.write("x.xml", pieces())
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"x.xml": b"old"}


def test_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    write(tmp_path, "x.xml", b"old")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(PublishError, match="free some space"):
        write(tmp_path, "x.xml", b"new")
    assert (tmp_path / "x.xml").read_bytes() == b"old"


def test_what_a_killed_build_left_is_removed(tmp_path: Path) -> None:
    (tmp_path / "all").mkdir()
    left = tmp_path / "all/.bantin-0123456789abcdef"
    left.write_bytes(b"half")
    (tmp_path / "all/.htaccess").write_bytes(b"the operator's own")
    write(tmp_path, "all/x.xml", b"1")
    assert sorted(path.name for path in (tmp_path / "all").iterdir()) == [".htaccess", "x.xml"]


@pytest.mark.parametrize("blocked", ["out", "out/all", "out/all/x.xml"])
def test_something_else_in_the_way_is_one_clear_line(tmp_path: Path, blocked: str) -> None:
    place = tmp_path / blocked
    if blocked.endswith(".xml"):
        place.mkdir(parents=True)
        (place / "in").touch()
    else:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.touch()
    with pytest.raises(PublishError) as caught:
        write(tmp_path / "out", "all/x.xml", b"1")
    assert str(place) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert "--out" in str(caught.value)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission(tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    try:
        with pytest.raises(PublishError, match="Permission denied"):
            write(tmp_path, "x.xml", b"1")
    finally:
        tmp_path.chmod(0o755)


def test_two_builds_never_mix(tmp_path: Path) -> None:
    with OutputFolder(tmp_path):
        other = Thread(target=write, args=(tmp_path, "x.xml", b"second"), daemon=True)
        other.start()
        other.join(0.1)
        assert other.is_alive()
        assert not (tmp_path / "x.xml").exists()
    other.join(5)
    assert (tmp_path / "x.xml").read_bytes() == b"second"
