"""A kill, a full disk or a broken source at any moment: the folder verifies, and the next export heals it."""

import errno
import os
import resource
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from crawler.export.append import append
from crawler.export.errors import DamagedError
from crawler.export.kinds import ARTICLES
from crawler.export.verify import verify
from tests.export.lines import SMALL, change, export, snapshot, source
from tests.store.samples import SITE, T0

#: What Python tells its auditors before it changes something in a file system.
CHANGES = {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir"}
DENSE = bool(os.environ.get("BANTIN_TEST_ALL"))


def in_child(work: Callable[[], object]) -> int:
    """Runs something in a process of its own; its exit code, negative for a signal."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work()
            code = 0
        except OSError:
            code = 3
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def fail() -> None:
    raise OSError(errno.EIO, "the disk says no")


def killed_at(step: int, folder: Path, count: int, end: Callable[[], None] = kill) -> int:
    """Exports in a child that is killed (or meets an error) before its n-th step in the folder."""

    def work() -> None:
        left = [step]

        def audit(event: str, arguments: tuple[Any, ...]) -> None:
            if event in CHANGES and str(folder) in str(arguments):
                left[0] -= 1
                if not left[0]:
                    end()

        sys.addaudithook(audit)
        export(folder, count)

    return in_child(work)


def sealed(folder: Path) -> dict[str, bytes]:
    """What must never change."""
    return {n: data for n, data in snapshot(folder).items() if n != "manifest.json" and ".partial" not in n}


@pytest.mark.parametrize("before", [0, 3])
def test_a_kill_at_any_step(tmp_path: Path, before: int) -> None:
    steps, whole = 0, tmp_path / "whole"
    export(whole, before)
    export(whole, 10)
    code = -signal.SIGKILL
    while code == -signal.SIGKILL:
        steps += 1 if DENSE else 3
        folder = tmp_path / f"killed-{steps}"
        folder.mkdir()
        export(folder, before)
        sound = sealed(folder)
        code = killed_at(steps, folder, 10)
        after = snapshot(folder)
        assert {name: after[name] for name in sound} == sound
        if any(".partial" not in name for name in after):
            found = verify(folder)
            assert not found.problems, (steps, found.problems)
        export(folder, 10)
        assert snapshot(folder) == snapshot(whole), steps
        assert sorted(p.name for p in folder.iterdir()) == sorted(p.name for p in whole.iterdir())
        shutil.rmtree(folder)
    assert code == 0
    assert steps > 20


@pytest.mark.parametrize("before", [0, 3])
def test_an_error_at_any_step(tmp_path: Path, before: int) -> None:
    """What the program can still do itself it does: but for the last step nothing is left to the next export."""
    whole, left = tmp_path / "whole", 0
    export(whole, before)
    export(whole, 10)
    for step in range(2, 99, 1 if DENSE else 4 if before else 7):
        folder = tmp_path / "failed"
        folder.mkdir()
        export(folder, before)
        code = killed_at(step, folder, 10, fail)
        if code == 0:
            break
        assert code == 3
        assert not snapshot(folder) or not verify(folder).problems, step
        left += (folder / ".partial").exists()
        export(folder, 10)
        assert snapshot(folder) == snapshot(whole), step
        shutil.rmtree(folder)
    assert code == 0
    assert left <= 6


def test_killed_twice(tmp_path: Path) -> None:
    """The next export is killed as well, while it cleans up."""
    whole = tmp_path / "whole"
    export(whole, 3)
    export(whole, 10)
    for first in (9, 16, 20, 22, 24, 26) if DENSE else (20, 24):
        for second in (3, 8, 14) if DENSE else (3, 8):
            folder = tmp_path / "killed"
            export(folder, 3)
            killed_at(first, folder, 10)
            killed_at(second, folder, 10)
            assert not verify(folder).problems
            export(folder, 10)
            assert snapshot(folder) == snapshot(whole), (first, second)
            shutil.rmtree(folder)


def test_what_a_kill_left_goes_although_nothing_is_new(tmp_path: Path) -> None:
    export(tmp_path, 3)
    whole = snapshot(tmp_path)
    assert killed_at(12, tmp_path, 10) == -signal.SIGKILL
    assert snapshot(tmp_path) != whole
    assert export(tmp_path, 3).count == 0
    assert snapshot(tmp_path) == whole
    assert not (tmp_path / ".partial").exists()


def test_damage_beside_what_a_kill_left_is_found(tmp_path: Path) -> None:
    export(tmp_path, 3)
    step = 12
    while not any("000000004" in path.name for path in tmp_path.glob("articles-*")):
        step += 1
        assert killed_at(step, tmp_path, 10) == -signal.SIGKILL
    (tmp_path / "articles-000000000001-000000000003.jsonl.gz").write_bytes(b"")
    left = next(tmp_path.glob("articles-000000000004*"))
    left.write_bytes(left.read_bytes()[:-1])
    found = verify(tmp_path)
    assert found.interrupted
    assert {problem.file for problem in found.problems} == {
        "articles-000000000001-000000000003.jsonl.gz",
        left.name,
    }


@pytest.mark.parametrize("limit", [0, 900, 1800, 4000, 12000])
@pytest.mark.parametrize("before", [0, 3])
def test_a_full_disk(tmp_path: Path, before: int, limit: int) -> None:
    export(tmp_path, before)
    sound = snapshot(tmp_path)

    def work() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        export(tmp_path, 10)

    assert in_child(work) in {0, 3}
    assert {n: data for n, data in snapshot(tmp_path).items() if n in sound and n != "manifest.json"} == {
        n: data for n, data in sound.items() if n != "manifest.json"
    }
    if snapshot(tmp_path):
        assert not verify(tmp_path).problems
    export(tmp_path, 10)
    assert verify(tmp_path).last["articles"] == 10
    assert not (tmp_path / ".partial").exists()


def test_a_store_that_breaks_on_the_way_adds_nothing(tmp_path: Path) -> None:
    export(tmp_path, 3)
    before = snapshot(tmp_path)

    def broken(since: int) -> Iterator[Any]:
        for number in range(since + 1, 9):
            yield change(number)
        raise ConnectionError

    with pytest.raises(ConnectionError):
        append(tmp_path, ARTICLES, SITE, broken, created=T0, limits=SMALL)
    assert snapshot(tmp_path) == before
    assert not (tmp_path / ".partial").exists()


def test_something_in_the_way_of_a_segment(tmp_path: Path) -> None:
    export(tmp_path, 3)
    (tmp_path / "articles-000000000004-000000000007.jsonl.gz").write_bytes(b"a stray copy")
    before = snapshot(tmp_path)
    with pytest.raises(DamagedError, match="in the way"):
        append(tmp_path, ARTICLES, SITE, source(10), created=T0, limits=SMALL)
    assert snapshot(tmp_path) == before
