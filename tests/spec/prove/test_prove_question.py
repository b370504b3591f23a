"""A change proved by the signals: planted effects are found, absent ones are not, and people stay protected."""

import json
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from openxmo.core.errors import NotAllowed, WrongUsage
from openxmo.core.metrics.metric import Dimension, Metric
from openxmo.core.release import AgentDisclosure, MemoryHistory, Rules, release, rules_of
from openxmo.questions.proof import Proof
from openxmo.questions.prove import prove
from tests.cast import ADA
from tests.spec.metrics.heard import AS_OF, Heard, answers, measure

CHANGE = datetime(2026, 5, 1, tzinfo=UTC)
MEAN = measure("mean", key="ease", unit="points")


def hear_districts(
    heard: Heard, *, effect: float, districts: int = 16, months: int = 8, per_month: int = 6, **more: Any
) -> None:
    """Half of the districts are piloted from May on; districts differ, and all of them improve a little."""
    rng = np.random.default_rng(7)
    level = rng.normal(0, 0.5, districts)
    rows: list[dict[str, Any]] = []
    for place in range(districts):
        piloted = place < districts // 2
        for number in range(1, months + 1):
            shift = 5 + level[place] + 0.1 * number + effect * (piloted and number >= 5)
            fact = {
                "name": "answer",
                "scale": "0..10",
                "region": "pilot" if piloted else "rest",
                "site": f"d{place}",
                "happened_at": f"2026-{number:02d}-10",
            }
            values = np.clip(np.round(rng.normal(shift, 1.0, per_month), 2), 0, 10).tolist()
            rows += [{**fact, "subject": f"p{place}-{rng.integers(40)}", "value": value, **more} for value in values]
    heard.hear(*rows)


def ask(heard: Heard, metric: Metric = MEAN, **asked: Any) -> Proof:
    given = {"by": "region", "treated": ["pilot"], "change": CHANGE, "as_of": AS_OF, **asked}
    return prove(metric, engine=heard.engine, definitions=heard.definitions, **given)


def test_a_planted_effect_is_found_with_clusters_and_a_check_of_earlier_months(heard: Heard) -> None:
    hear_districts(heard, effect=1.0)
    proof = ask(heard, cluster="site")
    assert proof.effect is not None
    assert proof.effect.low < 1.0 < proof.effect.high
    assert (proof.effect.errors, proof.effect.clusters, proof.effect.n) == ("cluster", 16, 768)
    assert proof.pre_trend is not None
    assert proof.pre_trend.periods == 4
    assert proof.verdict is not None
    assert proof.verdict.sentence(proof.unit) == "effect"
    assert "Only 8 units on one side: clustered errors are likely too small." in proof.cautions


def test_where_nothing_was_planted_nothing_is_found_and_its_size_is_bounded(heard: Heard) -> None:
    hear_districts(heard, effect=0.0)
    proof = ask(heard, cluster="site")
    assert proof.verdict is not None
    assert proof.verdict.word == "no effect larger than"
    assert proof.verdict.bound is not None
    assert 0 < proof.verdict.bound < 0.8


def test_harm_is_called_harm(heard: Heard) -> None:
    hear_districts(heard, effect=-1.0)
    proof = ask(heard, cluster="site")
    assert proof.verdict is not None
    assert proof.verdict.word == "harm"
    better_low = ask(heard, measure("mean", better="lower"), cluster="site")
    assert better_low.verdict is not None
    assert better_low.verdict.word == "effect"


def test_one_unit_a_side_takes_answers_as_independent_and_says_so(heard: Heard) -> None:
    hear_districts(heard, effect=1.0)
    proof = ask(heard)
    assert proof.effect is not None
    assert proof.effect.errors == "welch"
    assert any("taken as independent" in caution for caution in proof.cautions)


def test_before_and_after_alone_is_no_evidence(heard: Heard) -> None:
    hear_districts(heard, effect=0.0)
    document = ask(heard, comparison=[]).to_document()
    assert document["moved"]["label"] == "not evidence of effect"
    assert document["moved"]["p"] < 0.05  # all districts improve, piloted or not
    assert (document["effect"], document["verdict"]) == (None, None)


def test_the_period_in_which_the_change_falls_is_left_out(heard: Heard) -> None:
    hear_districts(heard, effect=1.0)
    proof = ask(heard, change=datetime(2026, 5, 17, tzinfo=UTC))
    assert proof.left_out == ("2026-05",)
    assert sum(row.n or 0 for row in proof.rows) == 7 * 16 * 6


def test_before_the_planned_date_there_is_no_verdict_yet(heard: Heard) -> None:
    hear_districts(heard, effect=1.0)
    proof = ask(heard, cluster="site", ready=datetime(2027, 3, 1, tzinfo=UTC))
    assert proof.verdict is not None
    assert proof.verdict.sentence() == "not yet knowable until 2027-03-01"


def test_a_group_without_anything_before_the_change_is_refused(heard: Heard) -> None:
    hear_districts(heard, effect=1.0)
    with pytest.raises(WrongUsage, match="comparison group has nothing measured before"):
        ask(heard, since=CHANGE)
    with pytest.raises(WrongUsage, match="treated group has nothing measured"):
        ask(heard, treated=["nowhere"])


def test_a_quantile_is_refused(heard: Heard) -> None:
    hear_districts(heard, effect=1.0, districts=2)
    with pytest.raises(WrongUsage, match="do not add up"):
        ask(heard, measure("quantile", q=0.5))


def test_the_document_is_json_and_names_what_it_rests_on(heard: Heard) -> None:
    hear_districts(heard, effect=1.0)
    document = json.loads(json.dumps(ask(heard, cluster="site").to_document()))
    assert [(group["treated"], group["after"], group["n"]) for group in document["groups"]] == [
        (False, False, 192),
        (False, True, 192),
        (True, False, 192),
        (True, True, 192),
    ]
    assert document["lake_version"] == heard.engine.lake_version


def test_employees_are_proved_by_declared_cuts_in_groups_that_are_large_enough(heard: Heard) -> None:
    hear_districts(heard, effect=1.0, subject_kind="employee", protected=True)
    with pytest.raises(NotAllowed, match="not cut by region"):
        release(ask(heard, cluster="site"), ADA, history=MemoryHistory(), at=AS_OF, rules=rules_of(heard.definitions))
    heard.define(Dimension(key="area", column="region", employees=True))
    rules = rules_of(heard.definitions)
    found = release(ask(heard, by="area", cluster="site"), ADA, history=MemoryHistory(), at=AS_OF, rules=rules).result
    assert found.verdict is not None
    assert found.verdict.word == "effect"


def test_a_proof_over_few_employees_says_nothing(heard: Heard) -> None:
    hear_districts(heard, effect=1.0, districts=2, per_month=3, subject_kind="employee", protected=True, subject="e1")
    heard.define(Dimension(key="area", column="region", employees=True))
    found = release(
        ask(heard, by="area"), ADA, history=MemoryHistory(), at=AS_OF, rules=rules_of(heard.definitions)
    ).to_document()
    assert found["suppressed"] == "privacy"
    assert (found["effect"], found["verdict"]) == (None, None)
    assert {group["mean"] for group in found["groups"]} == {None}


def test_a_proof_about_one_agent_is_for_those_concerned_only(heard: Heard) -> None:
    hear_districts(heard, effect=1.0, districts=2, agent="amy")
    recorded = AgentDisclosure(purpose="coaching", legal_basis="agreement", consultation="works council")
    proof = ask(heard, where=[("agent", "amy")])
    with pytest.raises(NotAllowed, match="is neither"):
        release(proof, ADA, history=MemoryHistory(), at=AS_OF, rules=Rules(agents=recorded))


@pytest.mark.parametrize("score_of_it", [5.0, 11.0])
def test_whether_a_group_of_employees_is_empty_is_not_told_to_whom_the_cut_is_not_open(
    heard: Heard, score_of_it: float
) -> None:
    """The one holds somebody, the other nobody: what is refused must not tell which."""
    hear_districts(heard, effect=0.0, months=2, subject_kind="employee", protected=True)
    heard.hear(*answers([5.0, 5.0], subject="e1", subject_kind="employee", protected=True, happened_at="2026-01-03"))
    for asked in ({"where": [("value", score_of_it)]}, {"treated": [f"nowhere{score_of_it}"]}):
        proof = ask(heard, change=datetime(2026, 2, 1, tzinfo=UTC), **asked)
        with pytest.raises(NotAllowed, match=r"not cut by (value|region)"):
            release(proof, ADA, history=MemoryHistory(), at=AS_OF, rules=rules_of(heard.definitions))


def test_an_empty_group_of_employees_is_told_where_the_cut_is_open(heard: Heard) -> None:
    hear_districts(heard, effect=0.0, months=2, subject_kind="employee", protected=True)
    heard.define(Dimension(key="area", column="region", employees=True))
    proof = ask(heard, by="area", treated=["nowhere"], change=datetime(2026, 2, 1, tzinfo=UTC))
    found = release(proof, ADA, history=MemoryHistory(), at=AS_OF, rules=rules_of(heard.definitions)).result
    assert found.problem is not None
    assert found.problem.what == "The treated group has nothing measured before the change."
    assert found.to_document()["cautions"] == [found.problem.what]


def test_a_group_of_employees_who_all_said_the_same_is_withheld(heard: Heard) -> None:
    hear_districts(heard, effect=0.0, months=2, subject_kind="employee", protected=True)
    heard.define(Dimension(key="area", column="region", employees=True))
    alike = measure("top_box", key="any", top=0)
    proof = ask(heard, alike, by="area", change=datetime(2026, 2, 1, tzinfo=UTC))
    found = release(proof, ADA, history=MemoryHistory(), at=AS_OF, rules=rules_of(heard.definitions)).result
    assert (found.suppressed, found.cautions) == ("privacy", ())
