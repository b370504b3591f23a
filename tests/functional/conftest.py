"""The offices of the whole-system tests, each made once for all of them."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.functional.homes import build_once, import_public_data, make_northlight, receipts_file, shared_folder

SMALL = 60_000  # the smallest sample in which each kind of signal is there
MIDDLE = 200_000
WHOLE = 600_000  # the size at which the planted figures are met to a few answers


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory, shared_data: Path) -> Path:
    """An office that holds the public data sets."""
    folder = shared_folder(tmp_path_factory) / "archive"
    return build_once(folder, lambda home: import_public_data(home, shared_data / "data"))


@pytest.fixture(scope="session")
def receipts(archive: Path) -> dict[str, dict[str, Any]]:
    """What the imports of the public data sets said, by the name of the sample."""
    found: dict[str, dict[str, Any]] = json.loads(receipts_file(archive).read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="session")
def northlight(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample organisation at its default size."""
    folder = shared_folder(tmp_path_factory) / "northlight"
    return build_once(folder, lambda home: make_northlight(home, planted=True, size=WHOLE))


@pytest.fixture(scope="session")
def twin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its twin, in which nothing is planted: smaller, as nothing has to be found."""
    folder = shared_folder(tmp_path_factory) / "twin"
    return build_once(folder, lambda home: make_northlight(home, planted=False, size=MIDDLE))
