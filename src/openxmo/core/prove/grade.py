"""How good the evidence is: drawn by lot, a comparison group, or before and after alone."""

from dataclasses import dataclass
from typing import Literal

from openxmo.core.prove.did import FEW_CLUSTERS, PreTrend

Grade = Literal["drawn by lot", "comparison group", "weak comparison", "not evidence of effect"]
Doubt = Literal["drifted", "unchecked", "single unit", "few units", "changed after the start", "baseline moved"]
ORDER: tuple[Grade, ...] = ("drawn by lot", "comparison group", "weak comparison", "not evidence of effect")
WEAKENING: frozenset[Doubt] = frozenset({"drifted", "unchecked", "single unit", "changed after the start"})


@dataclass(frozen=True)
class Evidence:
    """The grade, and every doubt that stands against it, whether or not it lowered the grade."""

    grade: Grade
    doubts: tuple[Doubt, ...]


def grade_evidence(
    *,
    compared: bool,
    by_lot: bool,
    drift: PreTrend | None,
    units: int | None,
    changed_after_start: bool = False,
    baseline_moved: bool = False,
) -> Evidence:
    """Grade a proof by its design and by what could be checked of it.

    `units` is how many were treated or compared as one, on the smaller side; None where answers were
    taken as independent, for then whatever befell the one treated unit counts as effect. A lot needs no
    earlier periods to make groups alike, but a plan that was changed after the start is no longer the
    plan that was promised. A comparison group counts in full only where both groups were seen to move
    alike before.
    """
    if not compared:
        return Evidence("not evidence of effect", ())
    doubts: list[Doubt] = []
    if drift is not None and drift.p < 0.05:
        doubts.append("drifted")
    if drift is None and not by_lot:
        doubts.append("unchecked")
    if units is None:
        doubts.append("single unit")
    elif units < FEW_CLUSTERS:
        doubts.append("few units")
    if changed_after_start:
        doubts.append("changed after the start")
    if baseline_moved:
        doubts.append("baseline moved")
    weak = bool(WEAKENING.intersection(doubts))
    return Evidence("weak comparison" if weak else "drawn by lot" if by_lot else "comparison group", tuple(doubts))
