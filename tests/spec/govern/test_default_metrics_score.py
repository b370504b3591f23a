"""The metrics of day one are honest: each can be scored from signals of the documented shapes, and from no others."""

import json
from datetime import UTC, datetime

import pytest

from openxmo.core.metrics.estimates import estimate
from openxmo.core.metrics.metric import Metric
from openxmo.core.metrics.scoring import score_cells
from openxmo.core.signals.door.importing import import_files
from openxmo.core.signals.engines import Engine, open_duckdb
from openxmo.core.signals.made_up import make_up
from openxmo.core.signals.store.home import Home
from openxmo.core.signals.store.lake import Lake
from openxmo.office.govern.queries import definitions, read_default_office

START = datetime(2026, 1, 1, tzinfo=UTC)
AS_OF = datetime(2026, 6, 1, tzinfo=UTC)
METRICS = read_default_office().metrics


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """A lake of made-up signals of every shape."""
    folder = tmp_path_factory.mktemp("office")
    rows = folder / "rows.ndjson"
    rows.write_text("\n".join(json.dumps(row) for row in make_up(4000, seed=3, start=START)) + "\n", encoding="utf-8")
    lake = Lake.create(Home.at(folder / "home"), at=START)
    receipt = import_files(lake, [rows], source=None, mapping=None, sources={}, by="test", at=AS_OF)
    assert (receipt.accepted, receipt.rejected) == (4000, 0)
    return open_duckdb(lake)


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.key)
def test_a_default_metric_is_scored_from_signals_of_its_shape(metric: Metric, engine: Engine) -> None:
    known = definitions(read_default_office())
    cell = score_cells(metric, engine=engine, definitions=known, since=START, until=AS_OF, as_of=AS_OF)[0]
    found = estimate(cell.tally, metric)
    assert found.n > 0
    assert found.value is not None
    if metric.unit == "%":
        assert 0 < found.value < 100
