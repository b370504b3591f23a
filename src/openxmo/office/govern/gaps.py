"""How far what is delivered is from an ambition: on which side of the target for sure, and how wide the gap is."""

from collections.abc import Mapping
from typing import Any

from openxmo.office.govern.session import Session

Row = Mapping[str, Any]  # one of `Gap.to_document()["rows"]`


def better_of(session: Session, row: Row) -> str:
    """An agreement is always better when higher; of a metric it is settled."""
    named = None if row["components"] else session.definitions.ambitions[row["ambition"]].metric
    return session.metric(named).better if named else "higher"


def state_of(row: Row, better: str) -> str:
    """`reached` or `behind` where the whole interval lies on that side of the target, else `close`; or `unknown`."""
    low, high, target = row["low"], row["high"], row["target"]
    if row["delivered"] is None or low is None or high is None:
        return "unknown"
    if low <= target <= high:
        return "close"
    above = low > target
    return "reached" if above == (better == "higher") else "behind"


def relative_gap(row: Row) -> float:
    """A gap as a share of its target: gaps in points, hours and per cent side by side."""
    return abs(float(row["gap"])) / (abs(float(row["target"])) or 1.0)
