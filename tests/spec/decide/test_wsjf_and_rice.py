"""WSJF and RICE against worked answers, and what they refuse."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openxmo.core.decide.ranking import ranks
from openxmo.core.decide.rice import CONFIDENCES, IMPACTS, rice
from openxmo.core.decide.wsjf import wsjf
from openxmo.core.errors import WrongUsage

JOBS = {"I1": (8, 5, 3, 5), "I2": (13, 8, 1, 13), "I3": (5, 13, 8, 3), "I4": (3, 2, 1, 1)}
REACHES = {"R1": (5000, 1, 0.8, 4), "R2": (800, 3, 0.5, 1), "R3": (20000, 0.25, 1.0, 6), "R4": (300, 2, 0.8, 0.5)}


def test_wsjf_is_the_cost_of_delay_over_the_size() -> None:
    # (value + time + risk) / size, after SAFe (Reinertsen).
    scores = {key: wsjf(value=v, time=t, risk=r, size=s) for key, (v, t, r, s) in JOBS.items()}
    assert scores == pytest.approx({"I1": 3.2, "I2": 1.69230769231, "I3": 8.66666666667, "I4": 6.0}, abs=1e-6)
    assert sorted(ranks(scores), key=ranks(scores).__getitem__) == ["I3", "I4", "I1", "I2"]


def test_rice_is_reach_impact_and_confidence_over_effort() -> None:
    # McBride 2016.
    scores = {key: rice(reach=r, impact=i, confidence=c, effort=e) for key, (r, i, c, e) in REACHES.items()}
    assert scores == pytest.approx({"R1": 1000, "R2": 1200, "R3": 833.333333333, "R4": 960}, abs=1e-6)
    assert sorted(ranks(scores), key=ranks(scores).__getitem__) == ["R2", "R1", "R4", "R3"]


@pytest.mark.parametrize("size", [0, 0.5, -1, float("nan"), float("inf")])
def test_wsjf_refuses_a_size_below_the_smallest_step(size: float) -> None:
    with pytest.raises(WrongUsage, match="size"):
        wsjf(value=1, time=1, risk=1, size=size, where="item chatbot")


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"impact": 1.5}, "impact"),
        ({"confidence": 0.9}, "confidence"),
        ({"effort": 0}, "effort"),
        ({"reach": -1}, "reach"),
    ],
)
def test_rice_takes_only_its_fixed_steps(changed: dict[str, float], named: str) -> None:
    with pytest.raises(WrongUsage, match=named):
        rice(**{"reach": 10, "impact": 1, "confidence": 1, "effort": 1, **changed})  # type: ignore[arg-type]


@given(st.floats(0, 1e6), st.sampled_from(sorted(IMPACTS)), st.sampled_from(sorted(CONFIDENCES)), st.floats(0.1, 100))
def test_twice_the_effort_halves_the_score(reach: float, impact: float, confidence: float, effort: float) -> None:
    once = rice(reach=reach, impact=impact, confidence=confidence, effort=effort)
    twice = rice(reach=reach, impact=impact, confidence=confidence, effort=2 * effort)
    assert twice == pytest.approx(once / 2)
