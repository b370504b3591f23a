"""Staged lines as columns: DuckDB reads them, and what it does slowly is done once for all rows that share it."""

from functools import lru_cache
from itertools import chain
from pathlib import Path

import duckdb
import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from openxmo.core.errors import UnreadableInput
from openxmo.core.signals.contract import COLUMNS
from openxmo.core.signals.door.staging import SHORT, Part

MEMORY = "1GB"
DUCKDB_TYPES = {
    "number": "DOUBLE",
    "number or timestamp": "DOUBLE",
    "timestamp": "TIMESTAMPTZ",
    "list of strings": "VARCHAR[]",
    "map of strings": "JSON",
}
# Only our own column names are in the text; the file and the largest line are parameters.
READ_LINES = (
    "SELECT {chosen} FROM "
    "read_json(?, format = 'newline_delimited', maximum_object_size = {longest}, columns = {types})"
)
OPTIONAL = frozenset(column.name for column in COLUMNS if column.type == "string" and not column.required)

read_maps = msgspec.json.Decoder(list[dict[str, str]]).decode


@lru_cache(maxsize=1)
def open_reader(staging: Path) -> duckdb.DuckDBPyConnection:
    """An engine that sees the staging folder and nothing else; kept for the next import, for which it is warm."""
    connection = duckdb.connect(config={"memory_limit": MEMORY, "temp_directory": str(staging / "spill")})
    connection.execute("SET allowed_directories = $1", [[str(staging)]])
    connection.execute("SET enable_external_file_cache = false")  # no file is ever read twice
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


def read_part(connection: duckdb.DuckDBPyConnection, part: Part) -> pa.Table:
    """The part's rows in their order (DuckDB keeps it), as columns; attributes as the text of an object."""
    longest = max(SHORT, part.longest) + 1024
    there = [column for column in COLUMNS if column.name in part.fields]
    types = ", ".join(f"{column.name}: '{DUCKDB_TYPES.get(column.type, 'VARCHAR')}'" for column in there)
    chosen = ", ".join(f'"{column.name}"' for column in there)
    query = READ_LINES.format(chosen=chosen, longest=longest, types=f"{{{types}}}")
    rows = connection.sql(query, params=[str(part.path)]).to_arrow_table()
    if rows.num_rows != part.rows:
        raise UnreadableInput(
            f"Staged rows were lost: {rows.num_rows} of {part.rows} came back.",
            where=str(part.path),
            mend="Check the disk, then import again; nothing was half done.",
        )
    columns = {name: rows[name] for name in rows.column_names}
    return pa.table(columns | {name: absent_if_empty(columns[name]) for name in OPTIONAL.intersection(columns)})


def absent_if_empty(texts: pa.ChunkedArray) -> pa.ChunkedArray:
    """An empty text says nothing, in whatever format it came: an empty `issue` is none, `excluded` empty is counted."""
    if pc.min(pc.binary_length(texts)).as_py() != 0:
        return texts
    return pc.if_else(pc.equal(texts, ""), pa.scalar(None, pa.string()), texts)


def read_attributes(texts: pa.ChunkedArray) -> pa.Array:
    """Objects as maps. Few attributes are of one row only, so each text is read once however often it is there."""
    folded = texts.combine_chunks().dictionary_encode()
    maps = read_maps(f"[{','.join(folded.dictionary.to_pylist())}]")
    ends = np.cumsum([0, *map(len, maps)], dtype=np.int32)
    keys = pa.array(list(chain.from_iterable(maps)), pa.string())
    values = pa.array(list(chain.from_iterable(map(dict.values, maps))), pa.string())
    return pa.MapArray.from_arrays(pa.array(ends), keys, values).take(folded.indices)
