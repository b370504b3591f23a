"""A DuckDB connection that is locked down: it reads the lake's folder, spills into staging, and that is all."""

from pathlib import Path

import duckdb

from openxmo.core.signals.store.tables import TABLES

EMPTY = "empty_"  # before a table's name: a table of its columns and no rows


def connect(folder: Path, spill: Path, *, threads: int | None, memory_limit: str | None) -> duckdb.DuckDBPyConnection:
    """A database in memory that can read `folder`, spill into `spill` (encrypted), and touch nothing else."""
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
        connection.from_arrow(table.schema.empty_table()).create(EMPTY + table.name)
    connection.execute("SET allowed_directories = ?", [[str(folder)]])
    connection.execute("SET enable_external_access = false")
    return connection
