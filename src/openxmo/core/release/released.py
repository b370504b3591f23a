"""The only thing that templates, the API, the command, exports and notebooks hand out."""

from collections.abc import Callable, Mapping
from html import escape
from typing import TYPE_CHECKING, Any, Generic, Protocol, Self, TypeVar

from openxmo.core.metrics.disclosure import Disclosure

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

MOST_ROWS = 60  # of the notebook view
PANDAS_TYPES: Mapping[type, str] = {str: "str", int: "Int64", float: "float64"}


class Releasable(Protocol):
    """What every result can do. `scope` (units whose signals were read) is read as office-wide where it is missing."""

    def to_document(self) -> dict[str, Any]: ...

    def to_records(self) -> list[dict[str, Any]]: ...

    def disclosures(self) -> tuple[Disclosure, ...]: ...

    def withhold(self, reasons: Mapping[int, str]) -> Self: ...


R = TypeVar("R", bound=Releasable, covariant=True)


class Door:
    """Whoever holds `DOOR` may make a `Released`. Only `door.py` takes it; a test reads every file for that."""


DOOR = Door()


class Released(Generic[R]):
    """A result that has passed the exit door: small cells, names and scope are dealt with."""

    def __init__(self, result: R, door: Door) -> None:
        if door is not DOOR:
            raise TypeError("only openxmo.core.release.release makes a Released")
        self.result = result

    def to_document(self) -> dict[str, Any]:
        return self.result.to_document()

    def to_records(self) -> list[dict[str, Any]]:
        return self.result.to_records()

    def to_pandas(self) -> "pd.DataFrame":
        import pandas as pd

        columns = self.columns()
        if columns is None:
            return pd.DataFrame.from_records(self.to_records())
        frame = pd.DataFrame.from_records(self.to_records(), columns=list(columns))
        return frame.astype({name: PANDAS_TYPES[kind] for name, kind in columns.items()})

    def to_arrow(self) -> "pa.Table":
        import pyarrow as pa

        columns = self.columns()
        if columns is None:
            return pa.Table.from_pylist(self.to_records())
        types = {str: pa.string(), int: pa.int64(), float: pa.float64()}
        schema = pa.schema([(name, types[kind]) for name, kind in columns.items()])
        return pa.Table.from_pylist(self.to_records(), schema=schema)

    def columns(self) -> Mapping[str, type] | None:
        """What the columns of the records hold (text, whole numbers or numbers), where the result says so."""
        said: Callable[[], Mapping[str, type]] | None = getattr(self.result, "columns", None)
        return None if said is None else said()

    def __repr__(self) -> str:
        return f"Released({type(self.result).__name__}, {len(self.to_records())} rows)"

    def _repr_html_(self) -> str:
        """A small table for notebooks; everything in it is escaped."""
        records = self.to_records()
        names = list(dict.fromkeys(name for record in records for name in record))
        head = "".join(f"<th>{escape(name)}</th>" for name in names)
        body = "".join(
            f"<tr>{''.join(show_cell(record.get(name)) for name in names)}</tr>" for record in records[:MOST_ROWS]
        )
        more = f"<caption>{len(records)} rows, {MOST_ROWS} shown</caption>" if len(records) > MOST_ROWS else ""
        return f"<table>{more}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def show_cell(value: Any) -> str:
    if value is None:
        return "<td></td>"
    if isinstance(value, float):
        return f'<td style="text-align:right">{value:.4g}</td>'
    if isinstance(value, int) and not isinstance(value, bool):
        return f'<td style="text-align:right">{value}</td>'
    return f'<td style="text-align:left">{escape(str(value))}</td>'
