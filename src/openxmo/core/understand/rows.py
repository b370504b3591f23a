"""The scored rows of two periods as columns: the quick way to many cells, none of them a Python object.

For metrics whose signals are scored one by one. Up to four dimensions the engine counts the cells;
beyond that nearly every signal is a cell of its own, and it only hands over the scores.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from openxmo.core.metrics.asked import Asked, Reading
from openxmo.core.metrics.cells import check_one_scale, label_of
from openxmo.core.metrics.kept import keep
from openxmo.core.metrics.metric import Metric
from openxmo.core.metrics.scores import SIMPLE_KINDS, scored
from openxmo.core.metrics.simple import build, find_origin, reason
from openxmo.core.metrics.sums import FLAGS, without_left_out
from openxmo.core.metrics.tally import Tally
from openxmo.core.understand.cuts import Codes, CutTable, in_order
from openxmo.core.understand.sums import Floats

COUNTED_DIMENSIONS = 4
SUMS = ("n", "w", "ws", "w2", "w2s", "w2s2", "ws2")
UNWEIGHTED = {"w": "n", "w2": "n", "w2s": "ws", "w2s2": "ws2"}


@dataclass(frozen=True)
class ScoredRows:
    """The rows of both periods that count, one under the other, and what each left out."""

    cuts: CutTable
    totals: tuple[Tally, Tally]
    excluded: tuple[Mapping[str, int], Mapping[str, int]]
    has_protected: bool


def is_scored_one_by_one(metric: Metric) -> bool:
    return metric.score.kind in SIMPLE_KINDS and metric.once_per is None


def fetch_rows(asked: Sequence[Asked], reading: Reading) -> ScoredRows:
    """The cells of both periods (`asked` holds a question for each); refuses different scales."""
    metric = asked[0].metric
    origin = find_origin(asked[0], reading)
    tables = [_fetch(one, reading, origin) for one in asked]
    counted = [table.filter(pc.is_null(table["left_out"])) for table in tables]
    scales = {scale for table in counted for scale in pc.unique(table["scale"]).to_pylist()}
    check_one_scale(metric, [scale for scale in scales if scale is not None])
    columns = [_sums_of(table, origin) for table in counted]
    values, codes = _encode(counted, len(asked[0].by))
    together = _joined(columns)
    is_after = np.repeat([False, True], [table.num_rows for table in counted])
    return ScoredRows(
        cuts=CutTable.of_rows(
            asked[0].by, values, codes, is_after, [together[name] for name in ("n", "w", "ws", "w2", "w2s", "w2s2")]
        ),
        totals=(_whole(columns[0], origin), _whole(columns[1], origin)),
        excluded=(_excluded(tables[0]), _excluded(tables[1])),
        has_protected=any(pc.any(table["protected"]).as_py() for table in counted),
    )


def _fetch(asked: Asked, reading: Reading, origin: float) -> pa.Table:
    signals, sums = keep(asked, reading, origin, lambda: build(asked, reading, origin))
    if len(asked.by) <= COUNTED_DIMENSIONS or asked.has_weights:
        return reading.engine.fetch(sums)
    rows = signals.mutate(left_out=reason(signals, asked))
    rows = rows.mutate(score=scored(rows.outcome, asked.metric.score), **without_left_out(rows))
    return reading.engine.fetch(rows.select(*asked.keys, *FLAGS, "score"))


def _sums_of(table: pa.Table, origin: float) -> dict[str, Floats]:
    """The columns of the sums; without weights some are others, and are then the same array."""
    found: dict[str, Floats] = {}
    if "score" in table.column_names:
        found["ws"] = _floats(table["score"]) - origin
        found |= {"n": np.ones(table.num_rows), "ws2": found["ws"] ** 2}
    for name in SUMS:
        if name not in found and name in table.column_names:
            found[name] = _floats(table[name])
    for name, same in UNWEIGHTED.items():
        found.setdefault(name, found[same])
    return found


def _floats(column: pa.ChunkedArray) -> Floats:
    return np.asarray(pc.fill_null(pc.cast(column, pa.float64()), 0.0).to_numpy(), dtype=np.float64)


def _joined(columns: Sequence[Mapping[str, Floats]]) -> dict[str, Floats]:
    is_weighted = any(side["w"] is not side["n"] for side in columns)
    joined: dict[str, Floats] = {}
    for name in SUMS:
        same = None if is_weighted else UNWEIGHTED.get(name)
        if same in joined:
            joined[name] = joined[same]
        else:
            joined[name] = np.concatenate([side[name] for side in columns])
    if not is_weighted:
        joined["w2s2"] = joined["ws2"]
    return joined


def _encode(tables: Sequence[pa.Table], dimensions: int) -> tuple[list[tuple[str | None, ...]], Codes]:
    """The values of each dimension in order, and each row's places among them."""
    values = []
    # By column, as they are read: a search goes through all pairs of columns.
    codes = np.empty((sum(table.num_rows for table in tables), dimensions), dtype=np.int64, order="F")
    for place in range(dimensions):
        column = pa.chunked_array([chunk for table in tables for chunk in table[f"cut_{place}"].chunks])
        encoded = column.combine_chunks().dictionary_encode(null_encoding="encode")
        labels = [label_of(value) for value in encoded.dictionary.to_pylist()]
        known = in_order(set(labels))
        place_of = {label: code for code, label in enumerate(known)}
        moved = np.array([place_of[label] for label in labels], dtype=np.int64)
        values.append(known)
        codes[:, place] = moved[encoded.indices.to_numpy()]
    return values, codes


def _whole(columns: Mapping[str, Floats], origin: float) -> Tally:
    n, *sums = (float(columns[name].sum()) for name in SUMS)
    w, ws, w2, w2s, w2s2, ws2 = sums
    return Tally(n=int(n), w=w, w2=w2, ws=ws, ws2=ws2, w2s=w2s, w2s2=w2s2, origin=origin)


def _excluded(table: pa.Table) -> Mapping[str, int]:
    left_out = table.filter(pc.is_valid(table["left_out"]))
    numbers: NDArray[np.int64] = (
        np.asarray(left_out["n"].to_numpy()) if "n" in left_out.column_names else np.ones(left_out.num_rows, np.int64)
    )
    reasons: Counter[str] = Counter()
    for why, n in zip(left_out["left_out"].to_pylist(), numbers.tolist(), strict=True):
        reasons[why] += n
    return dict(sorted(reasons.items()))
