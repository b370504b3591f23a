"""Which reader a file gets, and whether it holds the columns that the mapping names."""

from collections.abc import Callable, Collection
from pathlib import Path

from openxmo.core.errors import UnreadableInput
from openxmo.core.signals.mapping.form import FileForm
from openxmo.core.signals.mapping.nearest import suggest
from openxmo.core.signals.mapping.reading.csv import open_csv
from openxmo.core.signals.mapping.reading.ndjson import open_ndjson
from openxmo.core.signals.mapping.reading.opening import Opened
from openxmo.core.signals.mapping.reading.sheets import open_parquet, open_xlsx
from openxmo.core.signals.mapping.reading.xes import open_xes

OPENERS: dict[str, Callable[[Path, FileForm], Opened]] = {
    "csv": open_csv,
    "ndjson": open_ndjson,
    "parquet": open_parquet,
    "xlsx": open_xlsx,
    "xes": open_xes,
}
ENDINGS = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
    ".json": "ndjson",
    ".parquet": "parquet",
    ".xlsx": "xlsx",
    ".xes": "xes",
}


def bare_name(path: Path) -> str:
    """The file's name without `.gz`."""
    return path.stem if path.suffix.lower() == ".gz" else path.name


def format_of(path: Path, form: FileForm) -> str:
    ending = Path(bare_name(path)).suffix.lower()
    found = form.format or ENDINGS.get(ending)
    if found is None:
        raise UnreadableInput(
            f"{path.name} has no ending that names a known format.",
            where=str(path),
            mend=f"Say `format` in the mapping: {', '.join(OPENERS)}.",
        )
    return found


def open_file(path: Path, form: FileForm, wanted: Collection[str], lookups: Collection[str] = ()) -> Opened:
    """The file as rows; UnreadableInput where it lacks one of the `wanted` columns that is not optional.

    `lookups` are the names that may have been meant before a dot.
    """
    opened = OPENERS[format_of(path, form)](path, form)
    has = set(opened.columns)
    lacking = [name for name in sorted(wanted) if name not in has and name not in form.optional]
    if lacking and (opened.certain or has):
        raise lacks(path, lacking, opened, lookups)
    return opened


def lacks(path: Path, lacking: list[str], opened: Opened, lookups: Collection[str]) -> UnreadableInput:
    names = ", ".join(f"`{name}`" for name in lacking)
    holds = ", ".join(f"`{name}`" for name in opened.columns[:40]) + (" …" if len(opened.columns) > 40 else "")
    _, dot, inner = lacking[0].partition(".")
    meant = [*opened.columns, *(f"{lookup}.{inner}" for lookup in lookups if dot)]
    return UnreadableInput(
        f"{path.name} has no column {names}. It has {holds}.",
        where=str(path),
        mend=f"{suggest(lacking[0], meant)} A column that a file may lack is named in `optional`.",
    )
