"""RICE: how many people a change reaches, how much, how surely, for what effort."""

import math

from openxmo.core.errors import WrongUsage

IMPACTS = {3.0: "massive", 2.0: "high", 1.0: "medium", 0.5: "low", 0.25: "minimal"}
CONFIDENCES = {1.0: "high", 0.8: "medium", 0.5: "low"}


def rice(*, reach: float, impact: float, confidence: float, effort: float, where: str = "") -> float:
    """reach * impact * confidence / effort, in people per period and unit of effort.

    Reach counts people in one period, effort person-months; impact and confidence take the fixed
    steps, because finer ones would claim a precision that nobody has.

    Raises WrongUsage for another step, a negative reach or an effort of 0. Source: McBride 2016 (Intercom).
    """
    check_step("impact", impact, IMPACTS, where)
    check_step("confidence", confidence, CONFIDENCES, where)
    if not 0 <= reach < math.inf:
        raise WrongUsage(f"RICE takes a reach of 0 or more people, and it is {reach:g}.", where=where)
    if not 0 < effort < math.inf:
        raise WrongUsage(f"RICE divides by the effort, and it is {effort:g}.", where=where, mend="Give it in months.")
    return reach * impact * confidence / effort


def check_step(name: str, number: float, steps: dict[float, str], where: str) -> None:
    if number not in steps:
        allowed = ", ".join(f"{step:g} ({word})" for step, word in steps.items())
        raise WrongUsage(f"RICE has no {name} of {number:g}.", where=where, mend=f"Choose one of {allowed}.")
