"""Builds a site out of values into a folder of the test."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from feeds.site import BuildResult, build_site
from tests.feeds.memory import NOW, SITE, Memory

Build = Callable[..., BuildResult]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "public"


@pytest.fixture
def build(out: Path) -> Build:
    def run(reader: Memory, **options: Any) -> BuildResult:
        defaults = {"site": SITE, "out": out, "public": "https://tin.example.org/", "now": NOW, "root": True}
        return build_site(reader, **defaults | options)

    return run
