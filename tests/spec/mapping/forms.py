"""The mapping that most tests start from: one table whose rows are answers."""

from openxmo.core.signals.mapping import MappedRow

HEAD = """
source = "shop"
zone = "UTC"
[table.answers]
file = "*.csv"
[[signal]]
id = "{id}"
happened_at = "{day}"
kind = "X"
name = "csat"
scale = "1..5"
"""


def signals(rows: list[MappedRow]) -> list[dict[str, object]]:
    """All signals, where no row may be in error."""
    assert [row.error for row in rows if row.error] == []
    return [signal for row in rows for signal in row.signals]


def values(rows: list[MappedRow], field: str) -> list[object]:
    return [signal.get(field) for signal in signals(rows)]


def codes(rows: list[MappedRow]) -> list[str | None]:
    return [row.error.code if row.error else None for row in rows]
