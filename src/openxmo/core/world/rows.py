"""Rows of the contract as Arrow tables, from columns."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from openxmo.core.signals.store.tables import SIGNALS, TIMESTAMP

Column: TypeAlias = Any  # one value, an Arrow array or a numpy array


def rows(n: int, **columns: Column) -> pa.Table:
    """`n` signals with these columns of the contract; one value stands for all, times are microseconds in UTC."""
    return pa.table({name: _column(name, value, n) for name, value in columns.items()})


def _column(name: str, value: Column, n: int) -> pa.Array:
    wanted = SIGNALS.schema.field(name).type
    if isinstance(value, str | float | int):
        return pa.repeat(pa.scalar(value, type=wanted), n)
    if isinstance(value, pa.Array):
        return value
    if wanted == TIMESTAMP:
        return pa.array(value.astype(np.int64)).cast(TIMESTAMP)
    if wanted == pa.float64():
        numbers = value.astype(float)
        return pa.array(numbers, mask=np.isnan(numbers))
    raise TypeError(f"column {name} wants {wanted}, not {value.dtype}")


def named(names: Sequence[str | None], index: NDArray[np.integer] | NDArray[np.bool_]) -> pa.Array:
    """names[index] for each row; `None` names no one."""
    return pa.array(names, type=pa.string()).take(pa.array(index.astype(np.int64)))


def keys(prefix: str, *parts: NDArray[np.integer] | int) -> pa.Array:
    """`prefix-1-22` for each row, of these numbers."""
    length = next(len(part) for part in parts if not isinstance(part, int))
    texts = [_text(part, length) for part in parts]
    return pc.binary_join_element_wise(pa.repeat(pa.scalar(prefix), length), *texts, "-")


def _text(part: NDArray[np.integer] | int, length: int) -> pa.Array:
    if isinstance(part, int):
        return pa.repeat(pa.scalar(str(part)), length)
    return pa.array(part.astype(np.int64)).cast(pa.string())


def facts(n: int, **columns: pa.Array | str) -> pa.Array:
    """The `attrs` of each row, one entry for each column; a null is left out."""
    values = [pa.repeat(pa.scalar(column), n) if isinstance(column, str) else column for column in columns.values()]
    wide = len(values)
    across = np.arange(n * wide).reshape(wide, n).T.ravel()
    items = pa.concat_arrays([v.cast(pa.string()) for v in values]).take(pa.array(across))
    names = pa.array(list(columns)).take(pa.array(np.tile(np.arange(wide), n)))
    present = np.asarray(items.is_valid())
    offsets = np.concatenate([[0], np.cumsum(present.reshape(n, wide).sum(axis=1))]).astype(np.int32)
    kept = pa.array(present)
    return pa.MapArray.from_arrays(pa.array(offsets), names.filter(kept), items.filter(kept))


def join(tables: Sequence[pa.Table]) -> pa.Table:
    """The tables under each other; a column that one of them lacks is null there."""
    return pa.concat_tables([t for t in tables if t.num_rows], promote_options="default")


def before(table: pa.Table, as_of: datetime) -> pa.Table:
    """The rows that had happened by `as_of`, without an end that had not."""
    moment = pa.scalar(as_of, type=TIMESTAMP)
    kept = table.filter(pc.less_equal(table["happened_at"], moment))
    if "ended_at" not in kept.column_names:
        return kept
    ended = pc.if_else(pc.less_equal(kept["ended_at"], moment), kept["ended_at"], pa.scalar(None, type=TIMESTAMP))
    return kept.set_column(kept.column_names.index("ended_at"), "ended_at", ended)
