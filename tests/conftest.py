"""Fixtures for all tests: where the public data lies, and a cast of people."""

import os
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent


def find_shared() -> Path | None:
    named = os.environ.get("OPENXMO_DATA")
    folder = Path(named) if named else PROJECT.parent / "shared"
    return folder if (folder / "data").is_dir() else None


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder that holds `data` and `oracles`; without it the test is skipped, unless OPENXMO_DATA names it."""
    folder = find_shared()
    if folder is None:
        if os.environ.get("OPENXMO_DATA"):
            pytest.fail("OPENXMO_DATA names a folder that holds no `data`")
        pytest.skip("the public data sets are not here (set OPENXMO_DATA to their folder)")
    return folder
