"""What holds for all tests."""

import os

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of full size run with `./run test --all` alone."""
    if os.environ.get("BANTIN_TEST_ALL"):
        return
    for item in items:
        if item.get_closest_marker("full"):
            item.add_marker(pytest.mark.skip(reason="full size: ./run test --all"))
