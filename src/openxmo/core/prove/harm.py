"""Whether a counter-metric paid for the effect, and what a verdict becomes if it did."""

from dataclasses import dataclass, replace
from typing import Literal

from openxmo.core.errors import WrongUsage
from openxmo.core.prove.verdict import Verdict

Better = Literal["higher", "lower"]
Finding = Literal["harm", "worse within the limit", "harm not ruled out", "no harm beyond the limit"]


@dataclass(frozen=True)
class HarmCheck:
    """`loss` is how much worse the counter-metric became, with its interval; `limit` what was tolerated."""

    finding: Finding
    loss: float
    low: float
    high: float
    limit: float


def check_harm(value: float, low: float, high: float, *, better: Better, limit: float) -> HarmCheck:
    """Judge an effect on a counter-metric against the largest loss that the plan tolerates.

    Harm is a loss that is surely one and is, at its best estimate, beyond the limit. That no harm was
    found is said only where the interval stays within the limit (a test of non-inferiority).
    """
    if limit < 0:
        raise WrongUsage("The tolerated loss is never below zero.", mend="Say 0 where no loss is tolerated.")
    loss, least, most = (-value, -high, -low) if better == "higher" else (value, low, high)
    if least > 0:
        finding: Finding = "harm" if loss >= limit else "worse within the limit"
    else:
        finding = "harm not ruled out" if most > limit else "no harm beyond the limit"
    return HarmCheck(finding, loss, least, most, limit)


def with_harm(judged: Verdict, check: HarmCheck | None, *, reason: str) -> Verdict:
    """The verdict once the counter-metric is heard: whatever was gained, harm is harm.

    A verdict whose planned time is not over stays so: looking early and often finds harm by chance.
    """
    if check is None or check.finding != "harm" or judged.word == "not yet knowable":
        return judged
    return replace(judged, word="harm", bound=None, until=None, reason=reason)
