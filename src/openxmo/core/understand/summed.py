"""Rows that the engine has summed by cell: for few dimensions, and where signals weigh differently."""

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from openxmo.core.metrics.asked import Asked, Reading
from openxmo.core.metrics.cells import label_of
from openxmo.core.metrics.kept import keep
from openxmo.core.metrics.simple import build, find_origin
from openxmo.core.metrics.tally import Tally
from openxmo.core.understand.cuts import in_order
from openxmo.core.understand.rows import Rows, SmallCodes, Summed, narrow
from openxmo.core.understand.scored import ScoredRows, check_scales, count_excluded
from openxmo.core.understand.sums import Floats

SUMS = ("n", "w", "ws", "w2", "w2s", "w2s2", "ws2")
COLUMNS = SUMS[:6]  # those of `Sums`
UNWEIGHTED = {"w": "n", "w2": "n", "w2s": "ws", "w2s2": "ws2"}


def fetch_summed(asked: Sequence[Asked], reading: Reading) -> ScoredRows | None:
    """The cells of both periods (`asked` holds a question for each); None where any of it is protected."""
    metric, by = asked[0].metric, asked[0].by
    origin = find_origin(asked[0], reading)
    tables = [_fetch(one, reading, origin) for one in asked]
    counted = [table.filter(pc.is_null(table["left_out"])) for table in tables]
    if any(pc.any(table["protected"]).as_py() for table in counted):
        return None
    check_scales(metric, (scale for table in counted for scale in pc.unique(table["scale"]).to_pylist()))
    columns = [_sums_of(table) for table in counted]
    values, codes = _encode(counted, len(by))
    together = _joined(columns)
    is_after = np.repeat([False, True], [table.num_rows for table in counted])
    excluded = [count_excluded(table.select(["left_out", "n"]).to_pylist()) for table in tables]
    return ScoredRows(
        rows=Rows(by, values, codes, Summed(is_after, tuple(together[name] for name in COLUMNS))),
        totals=(_whole(columns[0], origin), _whole(columns[1], origin)),
        excluded=(excluded[0], excluded[1]),
    )


def _fetch(asked: Asked, reading: Reading, origin: float) -> pa.Table:
    _, sums = keep(asked, reading, origin, lambda: build(asked, reading, origin))
    return reading.engine.fetch(sums)


def _sums_of(table: pa.Table) -> dict[str, Floats]:
    """The columns of the sums; without weights some are others, and are then the same array."""
    found = {name: _floats(table[name]) for name in SUMS if name in table.column_names}
    for name, same in UNWEIGHTED.items():
        found.setdefault(name, found[same])
    return found


def _floats(column: pa.ChunkedArray) -> Floats:
    return np.asarray(pc.fill_null(pc.cast(column, pa.float64()), 0.0).to_numpy(), dtype=np.float64)


def _joined(columns: Sequence[Mapping[str, Floats]]) -> dict[str, Floats]:
    is_weighted = any(side["w"] is not side["n"] for side in columns)
    joined: dict[str, Floats] = {}
    for name in ("n", "ws", "ws2", *UNWEIGHTED):
        same = None if is_weighted else UNWEIGHTED.get(name)
        joined[name] = joined[same] if same else np.concatenate([side[name] for side in columns])
    return joined


def _encode(
    tables: Sequence[pa.Table], dimensions: int
) -> tuple[tuple[tuple[str | None, ...], ...], tuple[SmallCodes, ...]]:
    """The values of each dimension in order, and each row's places among them."""
    values, codes = [], []
    for place in range(dimensions):
        chunks = [chunk for table in tables for chunk in table[f"cut_{place}"].chunks]
        column = pa.chunked_array(chunks, type=None if chunks else pa.string())  # where nothing was heard
        encoded = column.combine_chunks().dictionary_encode(null_encoding="encode")
        labels = [label_of(value) for value in encoded.dictionary.to_pylist()]
        known = in_order(set(labels))
        place_of = {label: code for code, label in enumerate(known)}
        moved = np.array([place_of[label] for label in labels], dtype=narrow(len(known)))
        values.append(known)
        codes.append(moved[encoded.indices.to_numpy()])
    return tuple(values), tuple(codes)


def _whole(columns: Mapping[str, Floats], origin: float) -> Tally:
    n, *sums = (float(columns[name].sum()) for name in SUMS)
    w, ws, w2, w2s, w2s2, ws2 = sums
    return Tally(n=int(n), w=w, w2=w2, ws=ws, ws2=ws2, w2s=w2s, w2s2=w2s2, origin=origin)
