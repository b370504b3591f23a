"""Explain by many columns, of protected people, with weights, of ratios and of units: all add up alike."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from openxmo.core.metrics.definitions import Definitions
from openxmo.core.metrics.metric import Metric, Score
from openxmo.core.release import OPERATOR, MemoryHistory, Rules, release
from openxmo.core.signals.engines import Engine, open_duckdb
from openxmo.questions.explain import Explanation, explain
from tests.spec.signals.lakes import add, make_lake, signal

BEFORE, AFTER = (date(2026, 1, 1), date(2026, 2, 1)), (date(2026, 2, 1), date(2026, 4, 1))
AS_OF = datetime(2026, 6, 1, tzinfo=UTC)
NPS = Metric(key="nps", signal="nps", score=Score(kind="nps"))
FIVE = {"channel": 3, "product": 4, "site": 3, "region": 5, "brand": 2}


def rows(n: int, seed: int, **more: Any) -> list[dict[str, Any]]:
    random = np.random.default_rng(seed)
    made = []
    for place in range(n):
        month = 1 + place % 3
        cuts = {name: f"{name[0]}{random.integers(size)}" for name, size in FIVE.items()}
        value = None if place % 50 == 0 else float(random.integers(0, 11))
        weight = float(random.choice([0.5, 1.0, 2.0]))
        at = datetime(2026, month, 15, tzinfo=UTC)
        made.append(signal(place, at, value=value, scale="0..10", weight=weight, **cuts) | more)
    return made


def asked(engine: Engine, of: Metric, by: tuple[str, ...], **more: Any) -> Explanation:
    found = explain(
        of, engine=engine, definitions=Definitions(), by=by, before=BEFORE, after=AFTER, as_of=AS_OF, **more
    )
    total = sum(part.mix + part.rate for part in found.parts)
    assert found.change.value is not None
    assert total == pytest.approx(found.change.value, abs=1e-9)
    return found


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    lake = make_lake(tmp_path_factory.mktemp("many"))
    add(lake, *rows(3000, 30))
    return open_duckdb(lake, threads=1)


def test_the_whole_is_the_same_by_two_columns_and_by_five(engine: Engine) -> None:
    few, many = asked(engine, NPS, ("channel", "product")), asked(engine, NPS, tuple(FIVE))
    assert few.change == many.change
    assert (few.before.estimate, few.after.estimate) == (many.before.estimate, many.after.estimate)
    assert few.before.excluded == many.before.excluded == {"missing": 20}
    assert len(few.parts) == 12
    assert len(many.parts) == 201


def test_the_cells_of_five_columns_are_those_counted_one_by_one(engine: Engine) -> None:
    counted: dict[tuple[Any, ...], list[int]] = {}
    for row in rows(3000, 30):
        if row["value"] is not None:
            sides = counted.setdefault(tuple(row[name] for name in FIVE), [0, 0])
            sides[row["happened_at"].month > 1] += 1
    shown = [part for part in asked(engine, NPS, tuple(FIVE)).parts if part.by is not None]
    assert len(shown) == 200
    for part in shown:
        assert [part.n_before, part.n_after] == counted[tuple((part.by or {}).values())]


def test_with_weights_the_parts_add_up_to_the_weighted_change(engine: Engine) -> None:
    plain, weighted = asked(engine, NPS, tuple(FIVE)), asked(engine, NPS, tuple(FIVE), weighted=True)
    assert weighted.change.value != plain.change.value
    assert weighted.before.estimate.effective_n < plain.before.estimate.effective_n


def test_conditions_narrow_both_periods_and_are_told_to_the_door(engine: Engine) -> None:
    found = asked(engine, NPS, ("product",), where=(("channel", "c1"),))
    assert 0 < found.before.estimate.n < 400
    assert all(shown.narrowed_by == (("channel", "c1"),) for shown in found.disclosures())


def test_protected_people_are_counted_once_and_by_month(tmp_path: Path) -> None:
    lake = make_lake(tmp_path)
    add(lake, *(row | {"protected": True, "subject": f"e{row['row'] // 6}"} for row in rows(600, 31)))
    found = asked(open_duckdb(lake, threads=1), NPS, ("channel",))
    before, after = found.disclosures()[:2]
    assert (before.n, after.n) == (196, 392)
    assert before.people is not None
    assert after.people is not None
    assert len(before.people) == len(after.people) == 100
    assert after.months is not None
    assert set(after.months) == {"2026-02", "2026-03"}
    parts = [shown for shown in found.disclosures() if shown.by and shown.start == after.start]
    assert frozenset().union(*(shown.people or frozenset() for shown in parts)) == after.people


def test_customers_signals_disclose_nobody(engine: Engine) -> None:
    assert all(shown.people is None for shown in asked(engine, NPS, ("channel",)).disclosures())


def test_a_cell_in_which_all_scored_the_same_says_so(tmp_path: Path) -> None:
    lake = make_lake(tmp_path)
    same = [row | {"channel": "same", "value": 10.0} for row in rows(90, 32)]
    add(lake, *same, *(row | {"row": row["row"] + 1000, "channel": "mixed"} for row in rows(300, 33)))
    found = asked(open_duckdb(lake, threads=1), NPS, ("channel",))
    assert {shown.by["channel"]: shown.uniform for shown in found.disclosures() if "channel" in shown.by} == {
        "same": True,
        "mixed": False,
    }


def test_a_ratio_is_taken_apart_exactly(tmp_path: Path) -> None:
    lake = make_lake(tmp_path)
    random = np.random.default_rng(34)
    made = []
    for place in range(400):
        at = datetime(2026, 1 + place % 2, 10, tzinfo=UTC)
        given = {"kind": "O", "basis": "recorded", "issue": f"i{place}", "channel": f"c{place % 3}"}
        minutes = float(random.gamma(2, 3 + place % 2 * (place % 3)))
        made.append(signal(2 * place, at, name="handle_time", value=minutes, **given))
        made.append(signal(2 * place + 1, at, name="contact", value=float(random.integers(1, 4)), **given))
    add(lake, *made)
    of = Metric(key="per-contact", signal="handle_time", score=Score(kind="ratio", over="contact"))
    found = asked(open_duckdb(lake, threads=1), of, ("channel",))
    assert found.change.method == "delta method"
    assert [part.n_before + part.n_after for part in found.parts] != []
    assert sum(part.n_before for part in found.parts) == 200


def test_units_counted_once_add_up(tmp_path: Path) -> None:
    lake = make_lake(tmp_path)
    add(lake, *(row | {"issue": f"i{row['row'] // 2}"} for row in rows(600, 35)))
    of = Metric(key="once", signal="nps", score=Score(kind="nps"), once_per="issue")
    found = asked(open_duckdb(lake, threads=1), of, ("channel",))
    assert found.before.estimate.n + found.after.estimate.n == 300


def test_small_teams_pass_the_exit_door_only_folded_and_the_sum_stays_exact(tmp_path: Path) -> None:
    lake = make_lake(tmp_path)
    sizes = {"t1": 40, "t2": 30, "t3": 25, "t4": 6}
    random = np.random.default_rng(36)
    made = [
        signal(
            100 * month + place,
            datetime(2026, month, 15, tzinfo=UTC),
            value=float(random.integers(0, 11)),
            subject=f"e{team}{place}",
            team=team,
            protected=True,
        )
        for month in (1, 2, 3)
        for place, team in enumerate(team for team, size in sizes.items() for _ in range(size))
    ]
    add(lake, *made)
    found = asked(open_duckdb(lake, threads=1), NPS, ("team",))
    rules = Rules(employee_cuts=frozenset({"team"}))
    seen = release(found, OPERATOR, history=MemoryHistory(), at=AS_OF, rules=rules).result
    assert {part.by["team"] for part in seen.parts if part.by} == {"t1", "t2"}
    assert (seen.parts[-1].by, seen.parts[-1].n_before) == (None, 31)
    assert sum(part.mix + part.rate for part in seen.parts) == pytest.approx(found.change.value, abs=1e-9)
    assert "t4" not in str(seen.to_document())
