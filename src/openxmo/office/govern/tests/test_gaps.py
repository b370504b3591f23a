"""On which side of its target a score lies for sure, and gaps of different units side by side."""

from typing import Any

import pytest

from openxmo.office.govern.gaps import relative_gap, state_of


def row(delivered: float | None, low: float | None, high: float | None, target: float = 75.0) -> dict[str, Any]:
    gap = None if delivered is None else delivered - target
    return {"delivered": delivered, "low": low, "high": high, "target": target, "gap": gap}


@pytest.mark.parametrize(
    ("found", "better", "state"),
    [
        (row(80, 78, 82), "higher", "reached"),
        (row(70, 68, 72), "higher", "behind"),
        (row(80, 78, 82), "lower", "behind"),
        (row(70, 68, 72), "lower", "reached"),
        (row(74, 72, 76), "higher", "close"),
        (row(74, 73, 75), "higher", "close"),  # an end that touches the target settles nothing
        (row(None, None, None), "higher", "unknown"),
        (row(80, None, None), "higher", "unknown"),
    ],
)
def test_a_side_is_named_only_where_the_whole_interval_lies_on_it(found: Any, better: str, state: str) -> None:
    assert state_of(found, better) == state


def test_gaps_of_any_unit_compare_as_shares_of_their_target() -> None:
    points, hours = row(60, 58, 62, target=75), row(6, 5, 7, target=4)
    assert relative_gap(points) == pytest.approx(0.2)
    assert relative_gap(hours) == pytest.approx(0.5)
    assert relative_gap(row(-12, -14, -10, target=0)) == 12  # of a target of zero, the gap itself
