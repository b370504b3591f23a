"""Both groups period by period, and what a design will show before it starts."""

from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from openxmo.core.errors import WrongUsage
from openxmo.core.metrics.metric import Dimension
from openxmo.core.release import MemoryHistory, release, rules_of
from openxmo.questions.course import Course, course
from tests.cast import ADA
from tests.spec.metrics.heard import AS_OF, Heard, measure
from tests.spec.prove.test_prove_question import CHANGE, MEAN, ask, hear_districts

UNTIL = datetime(2026, 9, 1, tzinfo=UTC)
EARLIER = datetime(2026, 4, 15, tzinfo=UTC)


def follow(heard: Heard, metric: Any = MEAN, **asked: Any) -> Course:
    given = {"by": "region", "treated": ["pilot"], "change": CHANGE, "until": UNTIL, "as_of": AS_OF, **asked}
    return course(metric, engine=heard.engine, definitions=heard.definitions, **given)


def test_points_add_up_to_the_groups_of_the_proof(heard: Heard) -> None:
    hear_districts(heard, effect=1.0)
    found, proof = follow(heard, cluster="site"), ask(heard, cluster="site")
    for row in proof.rows:
        points = [point for point in found.points if (point.treated, point.after) == (row.treated, row.after)]
        n = sum(point.estimate.n for point in points)
        mean = sum((point.estimate.value or 0) * point.estimate.n for point in points) / n
        assert n == row.n
        assert mean == pytest.approx(row.mean)
    assert [(group.treated, group.estimate.n) for group in found.before] == [
        (row.treated, row.n) for row in reversed(proof.rows) if not row.after
    ]


def test_before_the_change_only_whole_periods_make_the_baseline(heard: Heard) -> None:
    hear_districts(heard, effect=0.0)
    found = follow(heard, as_of=EARLIER)
    assert {point.period for point in found.points} == {"2026-01", "2026-02", "2026-03", "2026-04"}
    assert all(group.end <= EARLIER for group in found.before)
    assert found.before[0].estimate.n == 8 * 3 * 6


def test_a_longer_reading_shows_smaller_effects_and_the_day_is_told_on_which_it_is_enough(heard: Heard) -> None:
    hear_districts(heard, effect=0.0)
    short, long = (
        follow(heard, cluster="site", expected=2.0, until=until).foresight
        for until in (datetime(2026, 6, 1, tzinfo=UTC), UNTIL)
    )
    assert short is not None
    assert long is not None
    assert (short.periods_after, long.periods_after) == (1, 4)
    assert long.detectable < short.detectable
    assert (long.units, long.enough) == (8, short.enough)


def test_what_is_foreseen_is_what_the_proof_then_finds_four_times_in_five() -> None:
    """Over many made-up panels the foreseen smallest effect is found about as often as it says."""
    from openxmo.core.prove.did import panel_did

    rng = np.random.default_rng(5)
    found, foreseen, units, before, after = 0, [], 20, 6, 6
    times = np.tile(np.arange(before + after), units)
    unit = np.repeat(np.arange(units), before + after)
    treated, later = unit < units // 2, times >= before
    for _ in range(400):
        outcome = np.repeat(rng.normal(0, 1, units), before + after) + rng.normal(0, 1, len(unit))
        early = ~later
        placebo = panel_did(outcome[early], unit[early], times[early], treated[early], times[early] >= before // 2)
        scale = placebo.standard_error / np.sqrt(1 / 3 + 1 / 3)
        detectable = 2.801585 * scale * np.sqrt(1 / before + 1 / after)
        foreseen.append(detectable)
    effect = float(np.mean(foreseen))
    for _ in range(400):
        outcome = np.repeat(rng.normal(0, 1, units), before + after) + rng.normal(0, 1, len(unit))
        judged = panel_did(outcome + effect * (treated & later), unit, times, treated, later)
        found += judged.low > 0
    assert 0.7 < found / 400 < 0.9


def test_an_effect_that_no_reading_shows_has_no_day(heard: Heard) -> None:
    hear_districts(heard, effect=0.0)
    foresight = follow(heard, cluster="site", expected=0.001).foresight
    assert foresight is not None
    assert foresight.enough is None


def test_with_one_unit_on_a_side_the_spread_of_answers_foresees(heard: Heard) -> None:
    hear_districts(heard, effect=0.0)
    foresight = follow(heard, expected=1.0).foresight
    assert foresight is not None
    assert foresight.units is None
    assert foresight.detectable > 0


def test_too_little_before_is_said_instead_of_a_number(heard: Heard) -> None:
    hear_districts(heard, effect=0.0)
    found = follow(heard, cluster="site", since=datetime(2026, 4, 1, tzinfo=UTC))
    assert found.foresight is None
    assert "Fewer than two whole periods" in found.unforeseen
    assert "no end" in follow(heard, until=None).unforeseen


def test_groups_without_any_spread_foresee_nothing(heard: Heard) -> None:
    rows = [
        {"name": "answer", "value": 5.0, "scale": "0..10", "region": region, "site": f"{region}{site}",
         "happened_at": f"2026-{month:02d}-10", "subject": f"{region}-{site}-{month}"}
        for region in ("pilot", "rest") for site in range(3) for month in range(1, 5)
    ]  # fmt: skip
    heard.hear(*rows)
    found = follow(heard, cluster="site")
    assert found.foresight is None
    assert "no spread" in found.unforeseen


def test_an_empty_group_is_refused(heard: Heard) -> None:
    hear_districts(heard, effect=0.0)
    with pytest.raises(WrongUsage, match="nothing measured before"):
        follow(heard, treated=["nowhere"])


def test_few_answers_give_no_value_and_yet_their_interval(heard: Heard) -> None:
    hear_districts(heard, effect=0.0, per_month=1)
    rows = follow(heard, measure("mean", key="ease", unit="points", min_n=20)).to_document()["points"]
    assert {row["suppressed"] for row in rows} == {"too_few"}
    assert all(row["value"] is None and row["n"] == 8 and row["low"] < row["high"] for row in rows)


def test_small_groups_of_employees_are_withheld_and_nothing_follows_from_them(heard: Heard) -> None:
    heard.define(Dimension(key="where", column="region", employees=True))
    hear_districts(heard, effect=1.0, districts=2, per_month=3, subject_kind="employee", protected=True, subject="e1")
    answer = release(
        follow(heard, by="where"), ADA, history=MemoryHistory(), at=AS_OF, rules=rules_of(heard.definitions)
    ).to_document()
    assert answer["suppressed"] == "privacy"
    assert answer["foresight"] is None
    assert all(row["n"] is None and row["value"] is None and row["low"] is None for row in answer["before"])
