"""Moments as whole microseconds since 1970 in UTC, on any engine.

Windows, offsets and calendar days are then plain arithmetic: exact, the same everywhere, and
without the calendar library that an engine would use for timestamps with a zone.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import ibis

MICROSECOND = timedelta(microseconds=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SECOND = 1_000_000
DAY = 86_400 * SECOND


def _micros(moment: object) -> None:
    """What the engine calls it is named below."""


BUILT_IN: Any = ibis.udf.scalar.builtin
MICROS = {
    "duckdb": BUILT_IN(_micros, name="epoch_us", signature=(("timestamp('UTC')",), "int64")),
    "spark": BUILT_IN(_micros, name="unix_micros", signature=(("timestamp('UTC')",), "int64")),
}


def number(value: float) -> Any:
    """A literal that is a double on every engine; 100.0 as Ibis writes it would be read as a decimal."""
    fits = float(value).is_integer() and abs(value) < 2**53
    plain = ibis.literal(int(value), type="int64") if fits else ibis.literal(repr(float(value)))
    return plain.cast("float64")


def micros_of(moment: datetime) -> int:
    """Microseconds since 1970 of a moment that carries a zone."""
    return (moment - EPOCH) // MICROSECOND


def moment_of(micros: int) -> datetime:
    return EPOCH + micros * MICROSECOND


def micros(moments: Any, *, engine_name: str) -> Any:
    """A timestamp column as microseconds since 1970."""
    return MICROS[engine_name](moments)
