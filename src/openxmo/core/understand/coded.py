"""Rows as codes, a byte for each dimension: for many dimensions, where nearly every signal is a cell of its own.

Two statements. The first finds the values of each dimension and whether any signal is left out or
protected, by counting sets of columns in one pass. The second reads each signal's place among them.
The values are kept with the question: when it is asked again the rows themselves tell whether they
are still all, and the first statement only has to count what is left out. Where nothing but its
outcome can leave a signal out, the rows tell that too, and the first statement is not asked at all.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC
from functools import cached_property
from itertools import pairwise
from typing import Any

import ibis
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from openxmo.core.metrics.asked import Asked, Reading
from openxmo.core.metrics.horizon import STANDING_COLUMNS
from openxmo.core.metrics.instants import number
from openxmo.core.metrics.kept import keep
from openxmo.core.metrics.scores import MISSING, OF_FEW_OUTCOMES, OFF_SCALE, problem, scored
from openxmo.core.metrics.selection import INFERRED, reason_left_out
from openxmo.core.metrics.simple import find_origin, outcomes, reason
from openxmo.core.metrics.sums import FLAGS, without_left_out
from openxmo.core.metrics.tally import Tally
from openxmo.core.signals.engines.coding import HASHES, hash_of, place_of
from openxmo.core.signals.engines.grouping_sets import COUNT, GROUPED, count_by_sets, set_bits
from openxmo.core.signals.reading import month_of, month_start
from openxmo.core.understand.rows import Counted, Rows, Summed
from openxmo.core.understand.scored import ScoredRows, check_scales, count_excluded
from openxmo.core.understand.vocabulary import LISTED, Vocabulary, numbers_of

FEW_SCORES, FEW_STEP = (-100, 0, 100), 100  # of every metric whose outcomes are few
UNFIT = (MISSING, OFF_SCALE)  # kinds of rows behind those of the scores
TRIES = 3

_Columns = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class _Kinds:
    """The kind of each outcome that was ever heard, by the hash under which the engine knows it."""

    hashes: tuple[int, ...]
    kinds: NDArray[np.uint8]

    @property
    def is_sure(self) -> bool:
        return len(set(self.hashes)) == len(self.hashes) < LISTED

    def of(self, places: NDArray[Any]) -> NDArray[np.uint8] | None:
        """The kind of each row, from its outcome's place in the list; None where one was never heard before."""
        if places.dtype != np.uint8 or not len(places):
            return None
        behind = places - np.uint8(1)  # of 0 it makes a place beyond the list
        return self.kinds[behind] if int(behind.max()) < len(self.kinds) else None


@dataclass
class _Question:
    """The expressions of one question; that of the rows depends on the values found, and the last one is kept."""

    signals: Any  # of both periods, with `is_after`
    asked: Asked
    engine_name: str
    known: Mapping[str, Any]
    constants: Mapping[str, Any]
    kept: tuple[Any, Any] = field(default=(None, None))
    learned: tuple[Vocabulary, ...] | None = None  # of any version of the lake: the rows tell if it still holds
    kinds: _Kinds | None = None
    seen: tuple[int, int] = (-1, 0)  # how many signals there were in which version, when they were last judged

    @property
    def has_few_outcomes(self) -> bool:
        return self.asked.metric.score.kind in OF_FEW_OUTCOMES

    @property
    def is_told_by_kind(self) -> bool:
        """Whether nothing leaves a signal out but its outcome, and nobody is protected."""
        if not self.has_few_outcomes or not self.constants.keys() >= set(STANDING_COLUMNS):
            return False
        is_excluded = self.constants["excluded"] is not None and not self.asked.include_excluded
        is_inferred = self.constants["basis"] == INFERRED and not self.asked.metric.include_inferred
        return not (self.constants["mark"] is not None or is_excluded or is_inferred or self.constants["protected"])

    @cached_property
    def sets(self) -> list[list[str]]:
        standing = [name for name in STANDING_COLUMNS if name not in self.known]
        outcome = "outcome" if self.has_few_outcomes else "valued"
        return [*([name] for name in self.asked.keys), [outcome], ["is_after", outcome, *standing]]

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
        if self.is_told_by_kind:
            hashes |= {"hash_outcome": hash_of(counted.outcome, self.engine_name), "kind": self._kind(counted.outcome)}
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

    def rows(self, vocabularies: Sequence[Vocabulary], *, has_left_out: bool | None) -> Any:
        """Each signal that counts: its codes, and its kind or its score; where `has_left_out` is None all by kind."""
        key = (tuple(known.hashes for known in vocabularies), has_left_out, self.kinds and self.kinds.hashes)
        known, rows = self.kept
        if known != key:
            rows = self._rows(vocabularies, has_left_out)
            self.kept = (key, rows)
        return rows

    def _rows(self, vocabularies: Sequence[Vocabulary], has_left_out: bool | None) -> Any:
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
        if has_left_out is None and self.kinds is not None:
            place = place_of(signals.outcome, self.kinds.hashes, self.engine_name).cast("uint8")
            return signals.select(**columns, kind=place)
        return signals.select(**columns, kind=self._score_kind(signals.outcome))

    def _score_kind(self, outcomes: Any) -> Any:
        score = scored(outcomes, self.asked.metric.score)
        return ((score - number(FEW_SCORES[0])) / number(FEW_STEP)).cast("uint8")

    def _kind(self, outcomes: Any) -> Any:
        """The kind of a score, or behind those of the scores why there is none."""
        unfit = problem(outcomes, self.asked.metric.score)
        behind = [
            (unfit == reason, ibis.literal(len(FEW_SCORES) + place, type="uint8")) for place, reason in enumerate(UNFIT)
        ]
        return ibis.cases(*behind, else_=self._score_kind(outcomes))


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
        if question.learned is not None and question.kinds is not None and question.seen[0] == version:
            told = _told_by_kind(question, question.learned, question.kinds, reading)
            if told is not None and reading.engine.lake_version == version:
                return told
            question.learned = None
        judged, vocabularies = _judge(question, reading)
        question.seen = (version, sum(row[COUNT] for row in judged))
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


def _told_by_kind(
    question: _Question, learned: Sequence[Vocabulary], kinds: _Kinds, reading: Reading
) -> ScoredRows | None:
    """The same from the rows alone; None where they are not those judged before, or where none counts."""
    expression = question.rows(learned, has_left_out=None)
    columns = _fetch(expression, question.seen[1], learned, reading, kinds=kinds)
    if columns is None:
        return None
    check_scales(question.asked.metric, [question.constants["scale"]])
    unfit = columns["kind"] >= len(FEW_SCORES)
    before, after = (_count_unfit(columns["kind"][unfit & (columns["is_after"] == side)]) for side in (False, True))
    if before or after:
        columns = {name: column[~unfit] for name, column in columns.items()}
    if not len(columns["kind"]):
        return None
    rows, totals = _rows(question.asked, columns, learned, find_origin(question.asked, reading))
    return ScoredRows(rows, totals, (before, after))


def _count_unfit(kinds: NDArray[Any]) -> Mapping[str, int]:
    numbers = np.bincount(kinds, minlength=len(FEW_SCORES) + len(UNFIT))[len(FEW_SCORES) :].tolist()
    return count_excluded({"left_out": reason, "n": n} for reason, n in zip(UNFIT, numbers, strict=True) if n)


def _judge(question: _Question, reading: Reading) -> tuple[list[dict[str, Any]], tuple[Vocabulary, ...]]:
    """How many signals count and how many do not, and why; and the values of each dimension, learned once."""
    learned = question.learned
    if learned is not None:
        return reading.engine.fetch(question.judged).to_pylist(), learned
    table = reading.engine.fetch(question.values)
    *dimensions, outcomes, flags = _taken_apart(table, set_bits(question.sets))
    learned = tuple(
        Vocabulary.of(values[name].to_pylist(), values[f"hash_{name}"].to_pylist())
        for name, values in zip(question.asked.keys, dimensions, strict=True)
    )
    question.learned = learned
    if question.is_told_by_kind:
        hashes, of = (outcomes[name].to_pylist() for name in ("hash_outcome", "kind"))
        kinds = _Kinds(tuple(hashes), np.array(of, dtype=np.uint8))
        question.kinds = kinds if kinds.is_sure else None
    return flags.to_pylist(), learned


def _taken_apart(table: pa.Table, sets: Sequence[int]) -> list[pa.Table]:
    """The rows of each set. To compare a column with a number pyarrow would load pandas."""
    grouped = numbers_of(table[GROUPED])
    edges = [0, *(np.flatnonzero(np.diff(grouped)) + 1).tolist(), len(grouped)]
    runs: dict[int, list[pa.Table]] = {bits: [table.slice(0, 0)] for bits in sets}
    for start, end in pairwise(edges[: len(grouped) + 1]):
        runs[int(grouped[start])].append(table.slice(start, end - start))
    return [pa.concat_tables(runs[bits]) for bits in sets]


def _fetch(
    expression: Any, n: int, vocabularies: Sequence[Vocabulary], reading: Reading, *, kinds: _Kinds | None = None
) -> _Columns | None:
    """The columns of the `n` rows, values as codes; None where a value is not among those known, or the lake moved on.

    The engine's own form of many rows is never held as a whole: they are turned into codes as they come.
    """
    decoders = [known.codes_of for known in vocabularies]

    def decoded(place: int, name: str, column: pa.ChunkedArray) -> NDArray[Any] | None:
        if column.null_count:
            return None
        values = numbers_of(column)
        if place < len(decoders):
            return decoders[place](values)
        return kinds.of(values) if kinds is not None and name == "kind" else values

    def take(pieces: Iterator[pa.Table]) -> _Columns | None:
        found: _Columns = {}
        filled = 0
        for piece in pieces:
            rows = slice(filled, filled + piece.num_rows)
            for place, name in enumerate(piece.column_names):
                read = decoded(place, name, piece[name])
                if read is None or rows.stop > n:
                    return None
                if name not in found:
                    found[name] = np.empty(n, dtype=read.dtype)
                found[name][rows] = read
            filled = rows.stop
        return found if found and filled == n else None

    return reading.engine.read(expression, take)


def _question(asked: Sequence[Asked], reading: Reading) -> _Question:
    """Built once for each question; it is kept under both periods."""

    def build() -> _Question:
        signals = _signals(asked, reading)
        constants = reading.constants(asked[0].metric.signal)
        known = {name: ibis.literal(value, type=signals[name].type()) for name, value in constants.items()}
        return _Question(signals, asked[0], reading.engine.name, known, constants)

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
    asked: Asked, columns: _Columns, vocabularies: Sequence[Vocabulary], origin: float
) -> tuple[Rows, tuple[Tally, Tally]]:
    """The rows and each period as a whole."""
    codes = tuple(columns[name] for name in asked.keys)
    measures = _counted(columns) if "kind" in columns else _summed(columns, origin)
    rows = Rows(asked.by, tuple(known.values for known in vocabularies), codes, measures)
    before, after = (
        Tally(n=int(n), w=w, w2=w2, ws=ws, ws2=w2s2, w2s=w2s, w2s2=w2s2, origin=origin)
        for n, w, ws, w2, w2s, w2s2 in (sums.table[0].tolist() for sums in rows.whole)
    )
    return rows, (before, after)


def _counted(columns: _Columns) -> Counted:
    moments = [(1.0, 1.0, score, 1.0, score, score**2) for score in map(float, FEW_SCORES)]
    kinds = columns["kind"] + columns["is_after"] * np.uint8(len(FEW_SCORES))
    return Counted(kinds, np.array(moments))


def _summed(columns: _Columns, origin: float) -> Summed:
    score = columns["score"] - origin
    n = np.ones(len(score))
    return Summed(columns["is_after"], (n, n, score, n, score, score**2))
