"""The offices of the whole-system tests, each made once for all of them."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.functional.homes import built_once, import_public_data, make_northlight, receipts_file, shared_folder

SMALL = 60_000  # the smallest sample in which each kind of signal is there
WHOLE = 600_000  # the size at which the planted figures are met to a few answers


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory, shared_data: Path) -> Iterator[Path]:
    """An office that holds the public data sets."""
    folder = shared_folder(tmp_path_factory) / "archive"
    with built_once(folder, lambda home: import_public_data(home, shared_data / "data")) as home:
        yield home


@pytest.fixture(scope="session")
def receipts(archive: Path) -> dict[str, dict[str, Any]]:
    """What the imports of the public data sets said, by the name of the sample."""
    found: dict[str, dict[str, Any]] = json.loads(receipts_file(archive).read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="session")
def northlight(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The sample organisation at its default size."""
    folder = shared_folder(tmp_path_factory) / "northlight"
    with built_once(folder, lambda home: make_northlight(home, planted=True, size=WHOLE)) as home:
        yield home


@pytest.fixture(scope="session")
def twin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Its twin, in which nothing is planted, at its default size."""
    folder = shared_folder(tmp_path_factory) / "twin"
    with built_once(folder, lambda home: make_northlight(home, planted=False, size=WHOLE)) as home:
        yield home
