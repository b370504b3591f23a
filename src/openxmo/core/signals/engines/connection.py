"""A DuckDB connection that is locked down: it reads the lake's folder, spills into staging, and that is all.

Of a lake at an object store it reads nothing itself: it is handed what pyarrow reads.
"""

from pathlib import Path

import duckdb
import pyarrow as pa

from openxmo.core.signals.store.tables import TABLES

EMPTY = "empty_"  # before a table's name: a table of its columns and no rows
SQL_TYPES = {
    pa.string(): "VARCHAR",
    pa.bool_(): "BOOLEAN",
    pa.int32(): "INTEGER",
    pa.int64(): "BIGINT",
    pa.float64(): "DOUBLE",
}


def connect(
    folder: Path | None, spill: Path, *, threads: int | None, memory_limit: str | None
) -> duckdb.DuckDBPyConnection:
    """A database in memory that can read `folder` (if any), spill into `spill` (encrypted), and touch nothing else."""
    connection = duckdb.connect(":memory:")
    connection.execute("SET GLOBAL TimeZone = 'UTC'")
    connection.execute("SET GLOBAL python_enable_replacements = false")
    connection.execute("SET GLOBAL parquet_metadata_cache = true")
    connection.execute("SET temp_file_encryption = true")
    connection.execute("SET temp_directory = ?", [str(spill)])
    if threads is not None:
        connection.execute("SET threads = ?", [threads])
    if memory_limit is not None:
        connection.execute("SET memory_limit = ?", [memory_limit])
    for table in TABLES:
        columns = ", ".join(f'"{field.name}" {sql_type(field.type)}' for field in table.schema)
        connection.execute(f"CREATE TABLE {EMPTY}{table.name} ({columns})")
    connection.execute("SET allowed_directories = ?", [[] if folder is None else [str(folder)]])
    connection.execute("SET enable_external_access = false")
    return connection


def sql_type(arrow: pa.DataType) -> str:
    """DuckDB's type for a column of the lake.

    DuckDB would find it itself in an empty Arrow table, but loads pandas and Arrow's data sets to look
    at one: 40 MiB of memory and a quarter of a second of each process's start.
    """
    if pa.types.is_list(arrow):
        return f"{sql_type(arrow.value_type)}[]"
    if pa.types.is_map(arrow):
        return f"MAP({sql_type(arrow.key_type)}, {sql_type(arrow.item_type)})"
    if pa.types.is_timestamp(arrow):
        return "TIMESTAMP WITH TIME ZONE"
    return "BLOB" if pa.types.is_fixed_size_binary(arrow) else SQL_TYPES[arrow]
