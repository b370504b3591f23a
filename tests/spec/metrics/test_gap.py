"""How far is what we deliver from what we strive for, and which part opens the gap?"""

from typing import Any

import pytest

from openxmo.core.errors import WrongUsage
from openxmo.core.metrics.definitions import Definitions
from openxmo.core.metrics.metric import Ambition, Component, Metric, Xla
from openxmo.questions.gap import Gap, gap
from tests.spec.metrics.heard import AS_OF, Heard, answers, measure

# An agreement of four components, ambition 80: score 66.85, gap 13.15; without T1 70.8824 (a house definition).
COMPONENTS = (
    Component(metric="satisfaction", kind="X", low=1, high=5, weight=0.4),
    Component(metric="effort", kind="X", low=1, high=5, better="lower", weight=0.2),
    Component(metric="service_level", kind="O", low=80, high=100, weight=0.25),
    Component(metric="login", kind="T", low=10, high=60, better="lower", weight=0.15),
)
XLA = Xla(key="start_of_shift", label="Start of shift", components=COMPONENTS)
METRICS = [
    measure("mean", key="satisfaction", signal="csat", label="Satisfaction", min_n=1),
    measure("mean", key="effort", signal="ces", better="lower", min_n=1),
    measure("share", key="service_level", signal="ticket", of=("met",), unit="%", min_n=1),
    measure("mean", key="login", signal="login_time", better="lower", min_n=1),
]


def definitions(*ambitions: Ambition, metrics: list[Metric] = METRICS) -> Definitions:
    return Definitions(
        metrics={metric.key: metric for metric in metrics},
        xlas={XLA.key: XLA},
        ambitions={ambition.key: ambition for ambition in ambitions},
    )


def hear_shift(heard: Heard, *, login: bool = True) -> None:
    """Satisfaction 4.2, effort 2.1, service level 91 %, and, if `login`, 38 seconds to log in."""
    heard.hear(
        *answers([4.0, 4.0, 4.0, 4.0, 5.0], name="csat", scale="1..5"),
        *answers([2.0] * 9 + [3.0], name="ces", scale="5..1"),
        *(
            {"name": "ticket", "kind": "O", "value": None, "label": "met" if place < 91 else "no"}
            for place in range(100)
        ),
        *(answers([38.0], name="login_time", kind="T", scale=None) if login else []),
    )


def ask(heard: Heard, *ambitions: Ambition, key: str | None = None, metrics: list[Metric] = METRICS) -> Gap:
    return gap(key, engine=heard.engine, definitions=definitions(*ambitions, metrics=metrics), as_of=AS_OF)


SHIFT = Ambition(key="same_evening", xla="start_of_shift", target=80, experience="employee")


def test_the_gap_of_an_agreement_and_the_parts_that_add_up_to_it(heard: Heard) -> None:
    hear_shift(heard)
    (row,) = ask(heard, SHIFT).to_document()["rows"]
    assert (row["label"], row["target"], row["experience"]) == ("Start of shift", 80, "employee")
    assert row["delivered"] == pytest.approx(66.85)
    assert row["gap"] == pytest.approx(13.15)
    assert row["band"] == "average"
    parts = {part["metric"]: part for part in row["components"]}
    assert {key: part["contribution"] for key, part in parts.items()} == {
        "satisfaction": pytest.approx(32.0),
        "effort": pytest.approx(14.5),
        "service_level": pytest.approx(13.75),
        "login": pytest.approx(6.6),
    }
    # Service level 6.25, log-in time 5.40, effort 1.50, satisfaction 0.
    gaps = {key: part["gap"] for key, part in parts.items()}
    assert gaps == {
        "satisfaction": pytest.approx(0.0, abs=1e-9),
        "effort": pytest.approx(1.5),
        "service_level": pytest.approx(6.25),
        "login": pytest.approx(5.4),
    }
    assert sum(gaps.values()) == pytest.approx(row["gap"], abs=1e-9)
    assert parts["satisfaction"]["label"] == "Satisfaction"
    assert row["note"] == "Weakest: login."


def test_a_component_not_heard_renormalises_and_is_said(heard: Heard) -> None:
    hear_shift(heard, login=False)
    (row,) = ask(heard, SHIFT).to_document()["rows"]
    assert row["delivered"] == pytest.approx(70.8823529412)
    assert row["note"].startswith("Not heard: login (15% of the weight).")
    assert row["components"][3]["gap"] is None


def test_a_component_of_too_few_signals_counts_as_missing(heard: Heard) -> None:
    hear_shift(heard)
    strict = [
        metric if metric.key != "login" else measure("mean", key="login", signal="login_time") for metric in METRICS
    ]
    (row,) = ask(heard, SHIFT, metrics=strict).to_document()["rows"]
    assert row["delivered"] == pytest.approx(70.8823529412)


def test_without_experience_there_is_no_score(heard: Heard) -> None:
    heard.hear(*answers([38.0], name="login_time", kind="T", scale=None))
    (row,) = ask(heard, SHIFT).to_document()["rows"]
    assert (row["delivered"], row["gap"]) == (None, None)
    assert "No score: no experience heard." in row["note"]


def test_the_gap_of_a_metric_is_positive_while_the_ambition_is_not_reached(heard: Heard) -> None:
    hear_shift(heard)
    up = Ambition(key="kept", metric="service_level", target=95)
    down = Ambition(key="easy", metric="effort", target=2.0, statement="No effort", by="2027-01-01")
    kept, easy = ask(heard, up, down).to_document()["rows"]
    assert (kept["delivered"], kept["gap"], kept["unit"]) == (91.0, 4.0, "%")
    assert easy["gap"] == pytest.approx(0.1)
    assert (easy["statement"], easy["by"], easy["components"]) == ("No effort", "2027-01-01", [])
    assert kept["low"] < 91 < kept["high"]


def test_too_few_signals_give_no_gap(heard: Heard) -> None:
    hear_shift(heard)
    (row,) = ask(
        heard, Ambition(key="kept", metric="effort", target=1), metrics=[measure("mean", key="effort", signal="ces")]
    ).to_document()["rows"]
    assert (row["delivered"], row["gap"], row["n"], row["suppressed"]) == (None, None, 10, "too_few")


def test_an_agreement_is_withheld_whole_with_any_of_its_parts(heard: Heard) -> None:
    hear_shift(heard)
    found = ask(heard, Ambition(key="kept", metric="service_level", target=95), SHIFT)
    assert [disclosure.metric for disclosure in found.disclosures()] == [
        *("service_level", "satisfaction", "effort", "service_level", "login")
    ]
    kept, shift = found.withhold({4: "privacy"}).to_document()["rows"]
    assert kept["delivered"] == 91
    assert (shift["delivered"], shift["gap"], shift["components"]) == (None, None, [])
    assert shift["suppressed"] == "privacy"
    (kept, _) = found.withhold({0: "privacy"}).to_document()["rows"]
    assert (kept["delivered"], kept["low"], kept["n"], kept["suppressed"]) == (None, None, None, "privacy")


def test_one_ambition_can_be_asked_for_by_name(heard: Heard) -> None:
    hear_shift(heard)
    other = Ambition(key="kept", metric="service_level", target=95)
    assert [row["ambition"] for row in ask(heard, SHIFT, other, key="kept").to_records()] == ["kept"]
    with pytest.raises(WrongUsage, match=r"no ambition 'kep'\. Did you mean kept\?"):
        ask(heard, SHIFT, other, key="kep")


@pytest.mark.parametrize(
    ("ambition", "message"),
    [
        ({"metric": "nosuch"}, "no metric 'nosuch'"),
        ({"xla": "start_of_shft"}, "Did you mean start_of_shift"),
        ({}, "about a metric or about an XLA"),
        ({"metric": "effort", "xla": "start_of_shift"}, "about a metric or about an XLA"),
    ],
)
def test_an_ambition_about_nothing_is_refused(heard: Heard, ambition: dict[str, Any], message: str) -> None:
    with pytest.raises(WrongUsage, match=message):
        ask(heard, Ambition(key="a", target=1, **ambition))
