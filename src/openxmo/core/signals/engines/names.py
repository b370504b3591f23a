"""Tables by name: the same expression on every engine, whatever files stand behind the name."""

from functools import cache
from typing import Any

import ibis
import ibis.expr.datatypes as dt
import pyarrow as pa

from openxmo.core.signals.store.tables import Table


def ibis_type(arrow: pa.DataType) -> dt.DataType:
    if pa.types.is_fixed_size_binary(arrow):  # Delta and Parquet readers know bytes, not their number
        return dt.binary
    if pa.types.is_timestamp(arrow):
        return dt.Timestamp(timezone="UTC")
    return dt.DataType.from_pyarrow(arrow)


@cache
def named(name: str, columns: tuple[tuple[str, dt.DataType], ...]) -> ibis.Table:
    return ibis.table(ibis.schema(dict(columns)), name=name)


def table_named(table: Table) -> ibis.Table:
    """The expression that stands for the table, equal for every engine and version."""
    return named(table.name, tuple((field.name, ibis_type(field.type)) for field in table.schema))


def memory_tables(expression: ibis.Expr) -> list[Any]:
    """The tables that the caller brought along inside the expression."""
    import ibis.expr.operations as ops

    return list(expression.op().find(ops.InMemoryTable))
