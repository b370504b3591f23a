"""A lake of a few signals whose scores go through the exit door."""

from pathlib import Path

import pytest

from openxmo.core.signals.engines.duckdb import DuckdbEngine
from tests.spec.metrics.heard import Heard
from tests.spec.signals.lakes import make_lake


@pytest.fixture
def heard(tmp_path: Path) -> Heard:
    """A lake to fill and ask, on DuckDB."""
    lake = make_lake(tmp_path)
    return Heard(lake, DuckdbEngine(lake))
