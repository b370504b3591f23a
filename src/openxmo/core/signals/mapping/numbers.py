"""Numbers as files write them."""

import math

from openxmo.core.signals.mapping.rows import UnmappableError


def read_number(cell: object, decimal: str = ".") -> float:
    """The number in a cell. `decimal = ","` reads 1.234,5; thousands are otherwise not guessed."""
    if isinstance(cell, str):
        text = cell.replace(".", "").replace(",", ".") if decimal == "," else cell
        try:
            number = math.nan if "_" in text else float(text)
        except ValueError:
            number = math.nan
    else:
        try:
            number = float(cell)  # type: ignore[arg-type]  # whatever has no number raises
        except (TypeError, ValueError, OverflowError):
            number = math.nan
    if not math.isfinite(number):
        raise UnmappableError("no_number", f"`{str(cell)[:80]}` is no number.")
    return number
