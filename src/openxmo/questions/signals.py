"""Which signals stand behind this number? Those that count and those that do not, one by one where it harms nobody."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal, Self

from openxmo.core.metrics.asked import Asked, Reading, Where, make_definite
from openxmo.core.metrics.behind import Counts, Months, Row, count_behind, page_behind, protected_words, signals_behind
from openxmo.core.metrics.checks import check_cuts, check_metric
from openxmo.core.metrics.definitions import Definitions
from openxmo.core.metrics.disclosure import Disclosure
from openxmo.core.metrics.metric import Metric
from openxmo.core.metrics.people import is_guarded
from openxmo.core.metrics.periods import Moment, check_moments
from openxmo.core.privacy.redaction import redact
from openxmo.core.signals.engines import Engine

PAGE = 50
# What a row tells. Never who served: numbers and words about an agent have a door of their own.
SHOWN = (
    *("id", "source", "name", "kind", "item", "value", "label", "scale", "value_unit", "excluded", "excluded_by"),
    *("subject", "contact", "issue", "response", "channel", "journey", "stage", "touchpoint", "reason"),
    *("product", "device", "segment", "unit"),
)
Hidden = Literal["right", "people"]


@dataclass(frozen=True)
class SignalsBehind:
    """The signals that one number rests on.

    `counted` and `excluded` count all of them; `rows` is one page, the newest first, and `further` the place where
    the next begins. `hidden` says why there are no rows: the asker may not read answers (`right`), or some are of
    employees (`people`); then `words` holds what these said, apart from who, when and what they answered.
    """

    metric: Metric
    where: Where
    start: datetime | None
    end: datetime | None
    counted: int
    excluded: Mapping[str, int]
    hidden: Hidden | None
    months: Months | None
    guarded: bool
    scope: frozenset[str] | None
    lake_version: int
    rows: tuple[Row, ...] = ()
    further: str | None = None
    words: tuple[str, ...] = ()
    speakers: Months | None = None
    suppressed: str | None = None

    def to_document(self) -> dict[str, Any]:
        return {
            "metric": self.metric.key,
            "n": None if self.suppressed else self.counted,
            "excluded": {} if self.suppressed else dict(self.excluded),
            "suppressed": self.suppressed,
            "hidden": self.hidden,
            "rows": self.to_records(),
            "words": list(self.words),
            "further": self.further,
            "lake_version": self.lake_version,
        }

    def to_records(self) -> list[dict[str, Any]]:
        """A flat row for each signal of the page."""
        return [
            {
                "happened_at": row["happened_at"].isoformat(),
                **{name: row[name] for name in SHOWN},
                "text": redact(row["text"]) if row["text"] else None,
                "score": row["score"],
                "left_out": row["left_out"],
            }
            for row in self.rows
        ]

    def disclosures(self) -> tuple[Disclosure, ...]:
        """Of the number, and of the words."""
        number = Disclosure(
            metric=self.metric.key,
            by={},
            start=self.start,
            end=self.end,
            n=self.counted,
            people=people_of(self.months),
            siblings=f"signals behind {self.metric.key}",
            narrowed_by=tuple(self.where),
            months=self.months,
            guarded=self.guarded,
            definition=self.metric,
        )
        if self.speakers is None:
            return (number,)
        words = replace(
            number,
            metric=f"words beside {self.metric.key}",
            n=len(people_of(self.speakers) or ()),
            people=people_of(self.speakers),
            months=self.speakers,
            siblings=f"words beside {self.metric.key}",
            shows="words",
            definition=None,
        )
        return (number, words)

    def withhold(self, reasons: Mapping[int, str]) -> Self:
        """Without the words of too few; where the number itself is too small nothing is left."""
        if 0 in reasons:
            return replace(self, suppressed=reasons[0], rows=(), words=(), further=None, speakers=None, excluded={})
        return replace(self, words=(), speakers=None) if reasons else self


def people_of(months: Months | None) -> frozenset[int] | None:
    return None if months is None else frozenset().union(*months.values())


def signals(
    metric: Metric,
    *,
    engine: Engine,
    definitions: Definitions,
    as_of: datetime,
    where: Where = (),
    since: Moment | None = None,
    until: Moment | None = None,
    include_excluded: bool = False,
    known_at: datetime | None = None,
    scope: frozenset[str] | None = None,
    one_by_one: bool = True,
    after: str | None = None,
    size: int = PAGE,
) -> SignalsBehind:
    """The signals behind one number of `score`: a cell's cut is given as conditions in `where`, its period as range.

    `one_by_one` is whether the asker may read single answers; `after` is the `further` of the page before.
    Raises WrongUsage for unknown names and refused cuts, as `score` does.
    """
    check_moments(as_of, known_at)
    reading = Reading(engine, definitions, as_of, known_at)
    asked = make_definite(
        metric,
        zone=reading.zone,
        by=(),
        where=where,
        since=since,
        until=until,
        every=None,
        weighted=False,
        include_excluded=include_excluded,
        scope=scope,
    )
    check_metric(metric, definitions)
    check_cuts(metric, (), asked.where, None, definitions)
    found = signals_behind(asked, reading)
    counts = count_behind(found, asked, reading)
    told = number_of(asked, counts, where, reading, one_by_one=one_by_one)
    if told.hidden is None:
        rows, further = page_behind(found, reading, after=after, size=size)
        return replace(told, rows=tuple(rows), further=further)
    if told.hidden == "people" and counts.months:
        words, speakers = protected_words(found, asked, reading)
        return replace(told, words=tuple(redact(word) for word in words), speakers=speakers)
    return told


def number_of(asked: Asked, counts: Counts, where: Where, reading: Reading, *, one_by_one: bool) -> SignalsBehind:
    """How many signals count, and whether they may be told one by one."""
    guarded = is_guarded(asked.metric, where, reading.engine)
    return SignalsBehind(
        metric=asked.metric,
        where=tuple(where),
        start=asked.since,
        end=asked.until,
        counted=counts.counted,
        excluded=counts.excluded,
        hidden="right" if not one_by_one else "people" if guarded or counts.protected else None,
        months=counts.months,
        guarded=guarded,
        scope=asked.scope,
        lake_version=reading.engine.lake_version,
    )
