"""What is asked of a metric, made definite: instants in UTC, conditions as keys and values."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from openxmo.core.errors import WrongUsage
from openxmo.core.metrics.definitions import Definitions
from openxmo.core.metrics.horizon import carried_by, carried_in, constants_of, horizon_of
from openxmo.core.metrics.metric import Condition, Metric
from openxmo.core.metrics.periods import Every, Moment, check_every, check_range, open_zone, to_instant
from openxmo.core.signals.engines import Engine
from openxmo.core.signals.reading import read_signals

# Every key must hold one of its values; several values of a key mean or.
Conditions = Mapping[str, tuple[Condition | None, ...]]
Where = Sequence[tuple[str, Condition | None]]


@dataclass(frozen=True)
class Asked:
    """One question about one metric. `since` and `until` (excluded) are instants, None where open."""

    metric: Metric
    by: tuple[str, ...]
    where: Conditions
    since: datetime | None
    until: datetime | None
    every: Every | None
    weighted: bool
    include_excluded: bool
    scope: frozenset[str] | None

    @property
    def has_weights(self) -> bool:
        """Whether signals weigh differently: asked for, or part of the metric's definition."""
        return self.weighted or self.metric.weight_by is not None

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns that tell one cell from another in the tables of this question."""
        return (*(f"cut_{i}" for i in range(len(self.by))), *(("period",) if self.every else ()))


@dataclass(frozen=True)
class Reading:
    """Where the answer is read: an engine, the office's definitions, and the moment it is judged from."""

    engine: Engine
    definitions: Definitions
    as_of: datetime
    known_at: datetime | None

    @cached_property
    def zone(self) -> ZoneInfo:
        return open_zone(self.definitions.zone)

    @cached_property
    def bound(self) -> datetime | None:
        """What `as_of` cuts off the lake: None where nothing in it is later."""
        horizon = horizon_of(self.engine)
        return None if horizon is not None and horizon.newest <= self.as_of else self.as_of

    @cached_property
    def first_day(self) -> date:
        """No signal is from before this day."""
        horizon = horizon_of(self.engine)
        return self.as_of.astimezone(UTC).date() if horizon is None else horizon.first_day

    def constants(self, name: str) -> Mapping[str, Any]:
        """Columns of standing that are the same in all signals of that name, and so need not be read."""
        return {} if self.known_at is not None else constants_of(self.engine, name)

    def carried(self, name: str) -> frozenset[str]:
        """Which of issue, contact, subject and value any signal of that name has, as far as it may be seen."""
        if self.known_at is None and self.bound is None:
            return carried_by(self.engine, name)
        return carried_in(self.engine, self.signals(name)).get(name, frozenset())

    def signals(self, name: str, *, since: datetime | None = None, until: datetime | None = None) -> Any:
        """The standing signals of that name that had happened at `as_of`."""
        found = self.signals_of_any_name(since=since, until=until)
        return found.filter(found.name == name)

    def signals_of_any_name(self, *, since: datetime | None = None, until: datetime | None = None) -> Any:
        return read_signals(self.engine, since=since, until=until, as_of=self.bound, known_at=self.known_at)


def group_conditions(where: Iterable[tuple[str, Condition | None]]) -> dict[str, tuple[Condition | None, ...]]:
    """The same key twice means or."""
    grouped: dict[str, tuple[Condition | None, ...]] = {}
    for key, value in where:
        grouped[key] = (*grouped.get(key, ()), value)
    return grouped


def conditions_of(where: Mapping[str, Condition | tuple[Condition, ...]]) -> Conditions:
    """The conditions of a definition in the same form as a question's."""
    return {key: value if isinstance(value, tuple) else (value,) for key, value in where.items()}


def make_definite(
    metric: Metric,
    *,
    zone: ZoneInfo,
    by: Sequence[str],
    where: Where,
    since: Moment | None,
    until: Moment | None,
    every: Every | None,
    weighted: bool,
    include_excluded: bool,
    scope: frozenset[str] | None,
) -> Asked:
    """The question with its ends as instants; WrongUsage where it makes no sense by itself."""
    check_every(every)
    if len(set(by)) < len(by):
        raise WrongUsage("A dimension is named twice.", where=f"by {', '.join(by)}")
    start, end = to_instant(since, zone), to_instant(until, zone)
    check_range(start, end)
    return Asked(
        metric=metric,
        by=tuple(by),
        where=group_conditions(where),
        since=start,
        until=end,
        every=every,
        weighted=weighted,
        include_excluded=include_excluded,
        scope=scope,
    )
