"""Values as small numbers inside the engine: what leaves it is a byte a row, and no text.

Both steps are functions of one column alone, so DuckDB works them out once for each entry of a
Parquet dictionary instead of once for each row. A statement holds hashes of values, never values.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

import ibis
import ibis.expr.datatypes as dt

# By engine: the function that hashes and its type, and the one that finds a place in a list.
HASHES = {"duckdb": ("hash", dt.uint64), "spark": ("xxhash64", dt.int64)}
PLACES = {"duckdb": "list_position", "spark": "array_position"}


def hash_of(column: Any, engine_name: str) -> Any:
    """A hash of 64 bits for each value; missing has one too."""
    return _hashing(column.type().copy(nullable=True), engine_name)(column)


def hash_of_all(columns: Sequence[Any], engine_name: str) -> Any:
    """One hash of 64 bits for the values of several columns together."""
    hashed = hash_of(columns[0], engine_name)
    for column in columns[1:]:
        hashed = _hashing_on(column.type().copy(nullable=True), engine_name)(hashed, column)
    return hashed


def place_of(column: Any, hashes: Sequence[int], engine_name: str) -> Any:
    """The place of each value's hash among `hashes`, from 1; 0 or null where it is not among them."""
    kind = HASHES[engine_name][1]
    known = ibis.array([ibis.literal(one, type=kind) for one in hashes])
    return _placing(engine_name)(known, hash_of(column, engine_name))


@cache
def _hashing(of: dt.DataType, engine_name: str) -> Any:
    name, kind = HASHES[engine_name]

    @ibis.udf.scalar.builtin(name=name, signature=((of,), kind))  # type: ignore[untyped-decorator]
    def hashed(value: Any) -> Any: ...

    return hashed


@cache
def _hashing_on(of: dt.DataType, engine_name: str) -> Any:
    name, kind = HASHES[engine_name]

    @ibis.udf.scalar.builtin(name=name, signature=((kind, of), kind))  # type: ignore[untyped-decorator]
    def hashed(before: Any, value: Any) -> Any: ...

    return hashed


@cache
def _placing(engine_name: str) -> Any:
    kind = HASHES[engine_name][1]
    signature = ((dt.Array(kind), kind), dt.int64)

    @ibis.udf.scalar.builtin(name=PLACES[engine_name], signature=signature)  # type: ignore[untyped-decorator]
    def placed(known: Any, value: Any) -> Any: ...

    return placed
