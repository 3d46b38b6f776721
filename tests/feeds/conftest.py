"""Builds a site out of values into a folder of the test."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from feeds.site import BuildResult, build_site
from tests.feeds.memory import NOW, SITE, Memory

Build = Callable[..., BuildResult]


@pytest.fixture(scope="session", autouse=True)
def no_waiting_for_the_disk() -> Iterator[None]:
    """Tests lose nothing in a power cut, and a busy disk makes each fsync take long."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda handle: None)
        yield


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "public"


@pytest.fixture
def build(out: Path) -> Build:
    def run(reader: Memory, **options: Any) -> BuildResult:
        defaults = {"site": SITE, "out": out, "public": "https://tin.example.org/", "now": NOW, "root": True}
        return build_site(reader, **defaults | options)

    return run
