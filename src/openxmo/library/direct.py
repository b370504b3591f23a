"""Questions to a lake without an office: for a notebook that brings its own metric.

The operator asks, and the same minimum groups hold; what was told is remembered as long as the
program runs, so that two answers cannot be subtracted from one another.
"""

from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from openxmo.core.metrics.definitions import Definitions
from openxmo.core.metrics.headcount import count_employees
from openxmo.core.metrics.metric import Metric
from openxmo.core.release import OPERATOR, MemoryHistory, Released, release, rules_of
from openxmo.core.release.released import Releasable
from openxmo.core.signals.engines import Engine, open_duckdb
from openxmo.core.signals.store.home import Home
from openxmo.core.signals.store.lake import Lake
from openxmo.office.govern.asked import Names, Where, check_metric, read_conditions, read_names
from openxmo.office.govern.moments import Day, read_day, read_moment
from openxmo.office.govern.session import read_days
from openxmo.office.lib.clock import now
from openxmo.questions import explain as explaining
from openxmo.questions import score as scoring

HISTORY = MemoryHistory()
R = TypeVar("R", bound=Releasable)


def score(
    metric: Metric,
    *,
    lake: Lake | Path | str,
    definitions: Definitions | None = None,
    by: Names = (),
    where: Where = (),
    since: Day | None = None,
    until: Day | None = None,
    as_of: datetime | str | None = None,
    **asked: Any,
) -> Released[scoring.Scores]:
    """What is `metric` in this lake? Takes what `Session.score` takes, but no metric's key."""
    check_metric(metric)
    known = definitions or Definitions()
    at = read_moment(as_of, known.zone) or now()
    engine = open_duckdb(find_lake(lake))
    result = scoring.score(
        metric,
        engine=engine,
        definitions=known,
        by=read_names(by),
        where=read_conditions(where),
        since=read_day(since),
        until=read_day(until),
        as_of=at,
        **asked,
    )
    return let_out(result, engine, known, at=at)


def explain(
    metric: Metric,
    *,
    lake: Lake | Path | str,
    definitions: Definitions | None = None,
    before: tuple[Day, Day],
    after: tuple[Day, Day],
    by: Names,
    where: Where = (),
    as_of: datetime | str | None = None,
    **asked: Any,
) -> Released[explaining.Explanation]:
    """Why did `metric` move in this lake? Takes what `Session.explain` takes."""
    check_metric(metric)
    known = definitions or Definitions()
    at = read_moment(as_of, known.zone) or now()
    engine = open_duckdb(find_lake(lake))
    result = explaining.explain(
        metric,
        engine=engine,
        definitions=known,
        before=read_days(before),
        after=read_days(after),
        by=read_names(by),
        where=read_conditions(where),
        as_of=at,
        **asked,
    )
    return let_out(result, engine, known, at=at)


def let_out(result: R, engine: Engine, known: Definitions, *, at: datetime) -> Released[R]:
    return release(
        result,
        OPERATOR,
        history=HISTORY,
        at=at,
        rules=rules_of(known),
        headcount=lambda most: count_employees(engine, most=most),
    )


def find_lake(lake: Lake | Path | str) -> Lake:
    return lake if isinstance(lake, Lake) else Lake.open(Home.at(Path(lake)))
