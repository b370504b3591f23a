"""Rows as codes, a byte for each dimension: for many dimensions, where nearly every signal is a cell of its own.

Two statements. The first finds the values of each dimension and whether any signal is left out or
protected, by counting sets of columns in one pass. The second reads each signal's place among them.
The values are kept with the question: when it is asked again the rows themselves tell whether they
are still all, and the first statement only has to count what is left out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC
from functools import cached_property
from typing import Any

import ibis
import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from openxmo.core.metrics.asked import Asked, Reading
from openxmo.core.metrics.horizon import STANDING_COLUMNS
from openxmo.core.metrics.instants import number
from openxmo.core.metrics.kept import keep
from openxmo.core.metrics.scores import MISSING, OF_FEW_OUTCOMES, problem, scored
from openxmo.core.metrics.selection import reason_left_out
from openxmo.core.metrics.simple import find_origin, outcomes, reason
from openxmo.core.metrics.sums import FLAGS, without_left_out
from openxmo.core.metrics.tally import Tally
from openxmo.core.signals.engines.coding import HASHES, hash_of, place_of
from openxmo.core.signals.engines.grouping_sets import COUNT, GROUPED, count_by_sets, set_bits
from openxmo.core.signals.reading import month_of, month_start
from openxmo.core.understand.rows import Counted, Rows, Summed
from openxmo.core.understand.scored import ScoredRows, check_scales, count_excluded
from openxmo.core.understand.vocabulary import Vocabulary

FEW_SCORES, FEW_STEP = (-100, 0, 100), 100  # of every metric whose outcomes are few
TRIES = 3
AT_ONCE = 1_000_000  # rows: more are read one period after the other


@dataclass
class _Question:
    """The expressions of one question; that of the rows depends on the values found, and the last one is kept."""

    signals: Any  # of both periods, with `is_after`
    asked: Asked
    engine_name: str
    known: Mapping[str, Any]
    kept: tuple[Any, Any] = field(default=(None, None))
    learned: tuple[Vocabulary, ...] | None = None  # of any version of the lake: the rows tell if it still holds

    @property
    def has_few_outcomes(self) -> bool:
        return self.asked.metric.score.kind in OF_FEW_OUTCOMES

    @cached_property
    def sets(self) -> list[list[str]]:
        standing = [name for name in STANDING_COLUMNS if name not in self.known]
        outcome = "outcome" if self.has_few_outcomes else "valued"
        return [*([name] for name in self.asked.keys), ["is_after", outcome, *standing]]

    @cached_property
    def judged(self) -> Any:
        """How many signals there are of each combination of what decides whether they count."""
        rows = self._with_outcomes()
        counted = rows.group_by(self.sets[-1]).agg(**{COUNT: rows.count()})
        return self._judge(counted).select(*FLAGS, "is_after", COUNT)

    @cached_property
    def values(self) -> Any:
        """The same, and of each dimension how many signals have each value, in one pass."""
        counted = self._judge(count_by_sets(self._with_outcomes(), self.sets))
        hashes = {f"hash_{name}": hash_of(counted[name], self.engine_name) for name in self.asked.keys}
        return counted.mutate(**hashes).select(*self.asked.keys, *hashes, *FLAGS, "is_after", COUNT, GROUPED)

    def _with_outcomes(self) -> Any:
        return self.signals if self.has_few_outcomes else self.signals.mutate(valued=self.signals.outcome.notnull())

    def _judge(self, counted: Any) -> Any:
        counted = counted.mutate(**self.known)
        if self.has_few_outcomes:
            unfit = problem(counted.outcome, self.asked.metric.score)
        else:
            unfit = ibis.ifelse(counted.valued, ibis.null("string"), MISSING)
        judged = counted.mutate(left_out=ibis.coalesce(reason_left_out(counted, self.asked), unfit))
        return judged.mutate(**without_left_out(judged))

    def rows(self, vocabularies: Sequence[Vocabulary], *, has_left_out: bool) -> Any:
        """Each signal that counts: its codes, and its kind or its score."""
        key = (tuple(known.hashes for known in vocabularies), has_left_out)
        known, rows = self.kept
        if known != key:
            rows = self._rows(vocabularies, has_left_out)
            self.kept = (key, rows)
        return rows

    def _rows(self, vocabularies: Sequence[Vocabulary], has_left_out: bool) -> Any:
        signals = self.signals.mutate(**self.known)
        if has_left_out:
            signals = signals.filter(reason(signals, self.asked).isnull())
        columns: dict[str, Any] = {}
        for name, known in zip(self.asked.keys, vocabularies, strict=True):
            cut = signals[name]
            if known.is_listed:
                columns[name] = place_of(cut, known.hashes, self.engine_name).cast("uint8")
            else:
                columns[name] = hash_of(cut, self.engine_name)
        columns["is_after"] = signals.is_after
        if not self.has_few_outcomes:
            return signals.select(**columns, score=signals.outcome)
        kind = (scored(signals.outcome, self.asked.metric.score) - number(FEW_SCORES[0])) / number(FEW_STEP)
        return signals.select(**columns, kind=kind.cast("uint8"))


def can_be_coded(asked: Asked, reading: Reading) -> bool:
    return not asked.has_weights and reading.engine.name in HASHES


def fetch_coded(asked: Sequence[Asked], reading: Reading) -> ScoredRows | None:
    """The signals of both periods (`asked` holds a question for each).

    None where any of it is protected, where two values cannot be told apart, or where the lake does
    not stand still.
    """
    question = _question(asked, reading)
    for _ in range(TRIES):
        version = reading.engine.lake_version
        judged, vocabularies = _judge(question, reading)
        counted = [row for row in judged if row["left_out"] is None]
        is_sure = all(known.is_sure for known in vocabularies)
        if not counted or not is_sure or any(row["protected"] for row in counted):
            return None
        check_scales(asked[0].metric, (row["scale"] for row in counted))
        expression = question.rows(vocabularies, has_left_out=len(counted) < len(judged))
        columns = _fetch(expression, sum(row[COUNT] for row in counted), vocabularies, reading)
        if columns is None:
            question.learned = None
        elif reading.engine.lake_version == version:
            rows, totals = _rows(asked[0], columns, vocabularies, find_origin(asked[0], reading))
            before, after = (count_excluded(row for row in judged if row["is_after"] == side) for side in (False, True))
            return ScoredRows(rows, totals, (before, after))
    return None


def _judge(question: _Question, reading: Reading) -> tuple[list[dict[str, Any]], tuple[Vocabulary, ...]]:
    """How many signals count and how many do not, and why; and the values of each dimension, learned once."""
    learned = question.learned
    if learned is not None:
        return reading.engine.fetch(question.judged).to_pylist(), learned
    table = reading.engine.fetch(question.values)
    *dimensions, flags = [table.filter(pc.equal(table[GROUPED], bits)) for bits in set_bits(question.sets)]
    learned = tuple(
        Vocabulary.of(values[name].to_pylist(), values[f"hash_{name}"].to_pylist())
        for name, values in zip(question.asked.keys, dimensions, strict=True)
    )
    question.learned = learned
    return flags.to_pylist(), learned


def _fetch(
    expression: Any, n: int, vocabularies: Sequence[Vocabulary], reading: Reading
) -> dict[str, NDArray[Any]] | None:
    """The columns of the `n` rows, values as codes; None where a value is not among those known, or the lake moved on.

    Many rows come one period after the other: what the engine hands over is let go of before the next.
    """
    sides = [expression.filter(expression.is_after == side) for side in (False, True)] if n > AT_ONCE else [expression]
    found: dict[str, NDArray[Any]] = {}
    filled = 0
    for side in sides:
        table = reading.engine.fetch(side)
        rows = slice(filled, filled + table.num_rows)
        for place, name in enumerate(table.column_names):
            column = table[name]
            read = vocabularies[place].codes_of(column) if place < len(vocabularies) else np.asarray(column.to_numpy())
            if read is None or rows.stop > n:
                return None
            found.setdefault(name, np.empty(n, dtype=read.dtype))[rows] = read
        filled = rows.stop
        del table, column
    return found if filled == n else None


def _question(asked: Sequence[Asked], reading: Reading) -> _Question:
    """Built once for each question; it is kept under both periods."""

    def build() -> _Question:
        signals = _signals(asked, reading)
        constants = reading.constants(asked[0].metric.signal)
        known = {name: ibis.literal(value, type=signals[name].type()) for name, value in constants.items()}
        return _Question(signals, asked[0], reading.engine.name, known)

    after = asked[1]
    question: _Question = keep(asked[0], reading, 0.0, build, also=("coded", after.since, after.until))
    return question


def _signals(asked: Sequence[Asked], reading: Reading) -> Any:
    """The signals of both periods, `is_after` or not. Where one ends as the other begins they are read as one."""
    wanted = [*asked[0].keys, "is_after", "outcome", *STANDING_COLUMNS]
    before, after = asked
    border = after.since
    if border is not None and before.until == border and border.astimezone(UTC) == month_start(border):
        signals = outcomes(replace(before, until=after.until), reading)
        return signals.mutate(is_after=signals.month >= month_of(border)).select(*wanted)
    sides = [outcomes(one, reading).mutate(is_after=ibis.literal(one is after)) for one in asked]
    return ibis.union(*(side.select(*wanted) for side in sides))


def _rows(
    asked: Asked, columns: Mapping[str, NDArray[Any]], vocabularies: Sequence[Vocabulary], origin: float
) -> tuple[Rows, tuple[Tally, Tally]]:
    """The rows and each period as a whole."""
    codes = tuple(columns[name] for name in asked.keys)
    measures = _counted(columns) if "kind" in columns else _summed(columns, origin)
    rows = Rows(asked.by, tuple(known.values for known in vocabularies), codes, measures)
    before, after = (
        Tally(n=int(n), w=w, w2=w2, ws=ws, ws2=w2s2, w2s=w2s, w2s2=w2s2, origin=origin)
        for n, w, ws, w2, w2s, w2s2 in (sums.table[0].tolist() for sums in rows.whole())
    )
    return rows, (before, after)


def _counted(columns: Mapping[str, NDArray[Any]]) -> Counted:
    moments = [(1.0, 1.0, score, 1.0, score, score**2) for score in map(float, FEW_SCORES)]
    kinds = columns["kind"] + columns["is_after"] * np.uint8(len(FEW_SCORES))
    return Counted(kinds, np.array(moments))


def _summed(columns: Mapping[str, NDArray[Any]], origin: float) -> Summed:
    score = columns["score"] - origin
    n = np.ones(len(score))
    return Summed(columns["is_after"], (n, n, score, n, score, score**2))
