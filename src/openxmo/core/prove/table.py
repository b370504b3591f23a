"""A plain table as the ground of a proof: outcome, treated, after and cluster columns of one file."""

import difflib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet
from numpy.typing import NDArray

from openxmo.core.errors import UnreadableInput, WrongUsage

TRUTH = {"0": False, "1": True, "false": False, "true": True, "no": False, "yes": True}
MISSING = ["", "NA", "N/A", "NaN", "nan", "null", "NULL", "None", "."]


@dataclass(frozen=True)
class Measurements:
    """The complete rows of a table; `dropped` is how many lacked a value."""

    outcome: NDArray[np.float64]
    treated: NDArray[np.bool_]
    after: NDArray[np.bool_]
    clusters: NDArray[np.int64] | None
    dropped: int


def read_measurements(path: Path, *, outcome: str, treated: str, after: str, cluster: str | None) -> Measurements:
    """Read four columns of a CSV or Parquet file. Raises UnreadableInput or WrongUsage, naming file and column."""
    table = read_table(path)
    names = [outcome, treated, after] + ([cluster] if cluster else [])
    columns = {name: column_of(table, name, path) for name in names}
    keep = np.logical_and.reduce(
        [~pc.is_null(column, nan_is_null=True).to_numpy(zero_copy_only=False) for column in columns.values()]
    )
    kept = {name: column.filter(pa.array(keep)) for name, column in columns.items()}
    if not keep.any():
        raise WrongUsage("No row of the table holds all columns asked for.", where=f"{path}: {', '.join(names)}")
    return Measurements(
        outcome=numbers_of(kept[outcome], outcome, path),
        treated=truths_of(kept[treated], treated, path),
        after=truths_of(kept[after], after, path),
        clusters=codes_of(kept[cluster]) if cluster else None,
        dropped=int((~keep).sum()),
    )


def read_table(path: Path) -> pa.Table:
    options = pyarrow.csv.ConvertOptions(null_values=MISSING, strings_can_be_null=True)
    try:
        if path.suffix.lower() == ".parquet":
            return pyarrow.parquet.read_table(path)
        return pyarrow.csv.read_csv(path, convert_options=options)
    except (OSError, pa.ArrowInvalid) as error:
        raise UnreadableInput(
            "The table cannot be read.", where=f"{path}: {error}", mend="Give a CSV or Parquet file."
        ) from error


def column_of(table: pa.Table, name: str, path: Path) -> pa.ChunkedArray:
    if name not in table.column_names:
        near = difflib.get_close_matches(name, table.column_names, n=1)
        mend = f"Did you mean {near[0]}?" if near else f"It has {', '.join(table.column_names)}."
        raise WrongUsage(f"The table has no column {name}.", where=str(path), mend=mend)
    return table[name].combine_chunks() if table[name].num_chunks else pa.array([], table[name].type)


def numbers_of(column: pa.Array, name: str, path: Path) -> NDArray[np.float64]:
    try:
        return np.asarray(column.cast(pa.float64()).to_numpy(zero_copy_only=False))
    except pa.ArrowInvalid as error:
        raise WrongUsage(f"Column {name} holds something that is no number.", where=f"{path}: {error}") from error


def truths_of(column: pa.Array, name: str, path: Path) -> NDArray[np.bool_]:
    words = [text.strip().lower().removesuffix(".0") for text in column.cast(pa.string()).to_pylist()]
    unknown = next((word for word in words if word not in TRUTH), None)
    if unknown is not None:
        raise WrongUsage(f"Column {name} says “{unknown}”.", where=str(path), mend="Use 0 and 1, or false and true.")
    return np.array([TRUTH[word] for word in words], dtype=np.bool_)


def codes_of(column: pa.Array) -> NDArray[np.int64]:
    codes = column.dictionary_encode()
    return np.asarray(codes.indices.to_numpy(zero_copy_only=False), dtype=np.int64)
