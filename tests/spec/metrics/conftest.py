"""A lake of a few signals, asked on DuckDB and, in the tests that ask for it, on Spark Connect too."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from openxmo.core.signals.engines.duckdb import DuckdbEngine
from openxmo.core.signals.engines.spark import SparkEngine
from tests.spec.metrics.heard import Heard
from tests.spec.signals.lakes import make_lake


@pytest.fixture
def heard(tmp_path: Path) -> Heard:
    """A lake to fill and ask, on DuckDB."""
    lake = make_lake(tmp_path)
    return Heard(lake, DuckdbEngine(lake))


@pytest.fixture(params=["duckdb", "spark"])
def heard_everywhere(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Heard]:
    """The same on each engine; few tests take it, for each costs Spark a second."""
    lake = make_lake(tmp_path)
    if request.param == "duckdb":
        yield Heard(lake, DuckdbEngine(lake))
    else:
        engine = SparkEngine(lake, remote=request.getfixturevalue("spark_remote"))
        yield Heard(lake, engine)
        engine.close()
