"""From signals to tallies: the score kinds against worked answers, on every engine."""

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from openxmo.core.errors import WrongUsage
from openxmo.core.metrics.estimates import estimate
from openxmo.core.metrics.metric import Dimension, Metric, Score
from openxmo.core.metrics.tally import IndexTally, QuantileTally, RatioTally, Tally
from tests.spec.metrics.heard import Heard, answers, at, measure

NPS = measure("nps")
TOP_BOX = measure("top_box", top=4)


def by_counts(counts: dict[int, int], scale: str) -> list[dict[str, Any]]:
    return answers([float(value) for value, n in counts.items() for _ in range(n)], scale=scale)


def test_net_promoter_of_a_published_distribution(heard_everywhere: Heard) -> None:
    # Counts by score and NPS 38.0 of 250 (Reichheld's definition; adjusted Wald after Rocks, 2016: 28.69..46.41).
    counts = {0: 4, 1: 1, 2: 2, 3: 3, 4: 4, 5: 9, 6: 12, 7: 30, 8: 55, 9: 48, 10: 82}
    heard_everywhere.hear(*by_counts(counts, "0..10"))
    found = estimate(heard_everywhere.cell(NPS).tally, NPS)
    assert (found.n, found.value) == (250, 38.0)
    assert (found.low, found.high) == pytest.approx((28.6885032256, 46.4103110037), abs=1e-6)


def test_satisfaction_boxes_and_mean_of_one_table(heard: Heard) -> None:
    # 250 answers on 1..5: top-2 83.2 %, bottom-2 7.2 %, top-1 48 %, mean 4.212 (top-2 Wilson 78.07..87.32).
    heard.hear(*by_counts({1: 7, 2: 11, 3: 24, 4: 88, 5: 120}, "1..5"))
    assert heard.mean(TOP_BOX) == pytest.approx(83.2)
    assert heard.mean(measure("bottom_box", bottom=2)) == pytest.approx(7.2)
    assert heard.mean(measure("share", of=("5",))) == pytest.approx(48.0)
    assert heard.mean(measure("mean")) == pytest.approx(4.212)
    found = estimate(heard.cell(TOP_BOX).tally, TOP_BOX)
    assert (found.low, found.high) == pytest.approx((78.0710042228, 87.3241446907), abs=1e-6)


def test_customer_effort_keeps_the_direction_of_its_instrument(heard: Heard) -> None:
    # CES 1.0 asks for effort, 5..1, lower is better: mean 1.98; CES 2.0 asks for ease, 1..7: mean 5.46364.
    heard.hear(*by_counts({1: 40, 2: 35, 3: 15, 4: 7, 5: 3}, "5..1"))
    ces = measure("mean", better="lower")
    assert heard.mean(ces) == pytest.approx(1.98)
    assert heard.mean(measure("bottom_box", bottom=2)) == pytest.approx(75.0)
    heard.hear(*by_counts({1: 5, 2: 8, 3: 12, 4: 20, 5: 45, 6: 70, 7: 60}, "1..7"))
    with pytest.raises(WrongUsage, match=r"different scales: 1\.\.7, 5\.\.1\. On some of them lower is better"):
        heard.mean(ces)
    assert heard.mean(ces, where=[("scale", "1..7")]) == pytest.approx(5.46363636364)
    assert heard.table(ces, by=["scale"]) == {"1..7": (220, pytest.approx(5.46363636)), "5..1": (100, 1.98)}


def test_the_same_steps_turned_round_are_another_scale(heard: Heard) -> None:
    heard.hear(*answers([1.0, 2.0], scale="1..5"), *answers([1.0], scale="5..1", happened_at="2026-04-01"))
    with pytest.raises(WrongUsage, match=r"1\.\.5, 5\.\.1"):
        heard.cells(measure("mean"), every="month")


def test_net_promoter_is_refused_on_another_scale_than_its_own(heard: Heard) -> None:
    heard.hear(*answers([4.0, 5.0], scale="1..5"))
    with pytest.raises(WrongUsage, match=r"asked from 0 to 10, but answer was answered on 1\.\.5"):
        heard.mean(NPS)


def test_answers_left_out_do_not_make_scales_differ(heard: Heard) -> None:
    heard.hear(*answers([9.0]), *answers([4.0], scale="1..5", excluded="pilot"))
    assert heard.mean(NPS) == 100


def test_missing_is_counted_and_never_a_zero(heard_everywhere: Heard) -> None:
    # 10, missing, 6, 8, missing, 9: NPS 25 of 4, 2 missing.
    heard_everywhere.hear(*answers([10, None, 6, 8, None, 9]))
    cell = heard_everywhere.cell(NPS)
    assert cell.tally.n == 4
    assert estimate(cell.tally, NPS).value == 25
    assert cell.excluded == {"missing": 2}
    mean = heard_everywhere.cell(measure("mean"))
    assert (mean.tally.n, mean.excluded) == (4, {"missing": 2})
    assert estimate(mean.tally, measure("mean")).value == pytest.approx(8.25)


def test_what_is_no_step_from_0_to_10_is_no_promoter(heard: Heard) -> None:
    heard.hear(*answers([10, 11, 5, 9.5, -1], scale=None))
    cell = heard.cell(NPS)
    assert (cell.tally.n, cell.excluded) == (2, {"off_scale": 3})
    assert estimate(cell.tally, NPS).value == 0


def test_the_borders_between_detractors_passives_and_promoters(heard: Heard) -> None:
    heard.hear(*answers([6, 7, 8, 9]))
    assert heard.cell(NPS).tally == Tally(n=4, w=4, w2=4, ws=0, ws2=20_000, w2s=0, w2s2=20_000)


def test_nothing_heard_is_one_cell_of_nothing(heard: Heard) -> None:
    assert heard.mean(NPS) is None
    assert heard.cell(measure("quantile", q=0.5)).tally == QuantileTally(q=0.5)
    assert heard.cell(measure("ratio", over="contact")).tally == RatioTally()
    assert heard.cells(NPS, by=["channel"]) == []


def test_a_share_is_of_those_who_said_something(heard: Heard) -> None:
    labels = ["yes", "no", "yes", None, "unsure"]
    heard.hear(*({"name": "resolved", "label": label, "value": None} for label in labels))
    cell = heard.cell(measure("share", signal="resolved", of=("yes",)))
    assert (cell.tally.n, cell.excluded) == (4, {"missing": 1})
    assert estimate(cell.tally, measure("share", of=("yes",))).value == pytest.approx(50.0)


def test_large_values_keep_their_digits(heard: Heard) -> None:
    # Moments as seconds since 1970, one second apart: the squares alone would have lost the spread.
    heard.hear(*({"name": "answer", "value": 1_790_000_000.0 + step} for step in range(5)))
    metric = measure("mean")
    found = estimate(heard.cell(metric).tally, metric)
    assert found.value == 1_790_000_002.0
    assert found.high is not None
    assert found.low is not None
    assert found.high - found.low == pytest.approx(2 * 1.9632432, abs=1e-5)  # t(4) 2.7764451 · sqrt(2.5/5)


def test_values_beyond_every_integer_are_still_averaged(heard: Heard) -> None:
    heard.hear(*({"name": "answer", "value": value} for value in (1e20, 3e20)))
    assert estimate(heard.cell(measure("mean")).tally, measure("mean")).value == pytest.approx(2e20)


def test_a_ratio_of_employees_says_whose_signals_it_rests_on(heard: Heard) -> None:
    whose = {"subject_kind": "employee", "protected": True}
    for place in range(3):
        more = {"subject": f"e{place}", "issue": f"i{place}", "happened_at": "2026-03-31T22:30", **whose}
        heard.hear({"name": "lost_minutes", "value": 10.0, **more}, {"name": "incident", **more})
    heard.define(zone="Europe/Berlin")
    cell = heard.cell(measure("ratio", signal="lost_minutes", over="incident"))
    assert (cell.tally.n, len(cell.people or ())) == (3, 3)
    assert list(cell.months or ()) == ["2026-04"]


def test_a_quantile_holds_its_values(heard_everywhere: Heard) -> None:
    values = [300.0, 120.0, 480.0, 120.0, 60.0]
    heard_everywhere.hear(*answers(values, name="handle_time", scale=None, channel="phone"))
    tally = heard_everywhere.cell(measure("quantile", signal="handle_time", q=0.5)).tally
    assert tally == QuantileTally(q=0.5, values=(60, 120, 120, 300, 480), weights=(1, 1, 1, 1, 1))


def test_a_quantile_of_too_many_values_says_what_would_do(heard: Heard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("openxmo.core.metrics.quantiles.MOST_VALUES", 3)
    heard.hear(*answers([1, 2, 3, 4]))
    with pytest.raises(WrongUsage, match="has 4 of them here"):
        heard.cell(measure("quantile", q=0.5))


def test_a_ratio_is_tallied_by_what_links_both_sides(heard_everywhere: Heard) -> None:
    cost = {"name": "cost", "channel": "phone"}
    contact = {"name": "contact", "channel": "phone", "value": None}
    heard_everywhere.hear(
        {**cost, "issue": "i1", "value": 10.0},
        {**cost, "issue": "i1", "value": 5.0},
        {**cost, "issue": "i2", "value": 9.0},
        *({**contact, "issue": issue} for issue in ("i1", "i1", "i2", "i3")),
    )
    metric = measure("ratio", signal="cost", over="contact")
    # i1: 15 over 2, i2: 9 over 1, i3: 0 over 1.
    tally = RatioTally(n=3, y=24, x=4, yy=15**2 + 9**2, xx=4 + 1 + 1, xy=30 + 9)
    assert heard_everywhere.cell(metric).tally == tally
    assert heard_everywhere.table(metric, by=["channel"]) == {"phone": (3, 6.0)}


def test_a_condition_on_the_words_chooses_the_numerator_only(heard: Heard) -> None:
    heard.hear(
        {"name": "contact", "value": None, "contact": "k1", "channel": "chat", "label": "avoidable"},
        {"name": "contact", "value": None, "contact": "k2", "channel": "chat"},
        {"name": "contact", "value": None, "contact": "k3", "channel": "phone"},
    )
    avoidable = measure("ratio", signal="contact", over="contact", where={"label": "avoidable"})
    assert heard.mean(avoidable) == pytest.approx(1 / 3)
    assert heard.mean(avoidable, where=[("channel", "chat")]) == pytest.approx(1 / 2)


def test_an_index_is_the_mean_of_its_items_by_sub_index(heard_everywhere: Heard) -> None:
    # Sub-index a: items 1 (2 of 3 positive) and 2 (1 of 2); sub-index b: item 3 on another scale (1 of 2).
    given: dict[str, dict[str, float | None]] = {
        "r1": {"q1": 5.0, "q2": 4.0, "q3": 7.0},
        "r2": {"q1": 4.0, "q2": 3.0, "q3": 5.0},
        "r3": {"q1": 2.0, "q2": None},
    }
    scales = {"q1": "1..5", "q2": "1..5", "q3": "1..7"}
    heard_everywhere.hear(
        *(
            {"name": "pulse", "response": response, "item": item, "value": value, "scale": scales[item]}
            for response, items in given.items()
            for item, value in items.items()
        )
    )
    metric = measure("index", signal="pulse", items={"a": ("q1", "q2"), "b": ("q3",)})
    cell = heard_everywhere.cell(metric)
    assert isinstance(cell.tally, IndexTally)
    assert {item: tally.mean for item, tally in cell.tally.items.items()} == {
        "q1": pytest.approx(200 / 3),
        "q2": 50.0,
        "q3": 50.0,
    }
    assert cell.excluded == {"missing": 1}
    # Own indices: r1 (100 + 100) / 2, r2 (50 + 0) / 2, r3 0.
    assert cell.tally.respondents.n == 3
    assert cell.tally.respondents.mean == pytest.approx((100 + 25 + 0) / 3)
    assert estimate(cell.tally, metric).value == pytest.approx(((200 / 3 + 50) / 2 + 50) / 2)


def test_positive_on_a_reversed_scale_are_its_low_steps(heard: Heard) -> None:
    heard.hear(*answers([1.0, 2.0, 3.0, 5.0], name="pulse", item="effort", scale="5..1"))
    tally = heard.cell(measure("index", signal="pulse", items=("effort",))).tally
    assert isinstance(tally, IndexTally)
    assert tally.items["effort"].mean == 50


def test_an_index_refuses_one_item_on_two_scales(heard: Heard) -> None:
    heard.hear(
        *answers([4.0], name="pulse", item="q1", scale="1..5"), *answers([6.0], name="pulse", item="q1", scale="1..7")
    )
    with pytest.raises(WrongUsage, match="different scales") as refused:
        heard.cell(measure("index", signal="pulse", items=("q1",)))
    assert refused.value.where == "item q1"


def test_a_score_is_the_same_on_every_engine(heard_everywhere: Heard) -> None:
    heard_everywhere.define(
        Dimension(key="late", link="issue", signal="order_delivered", take="label"), zone="Europe/Amsterdam"
    )
    # Clocks go on one hour on Sunday 29 March, so week 14 begins on the 29th at 22:00 UTC.
    rows = []
    for place in range(40):
        moment = at("2026-03-27") + timedelta(hours=5 * place)
        plan = "gold" if place % 3 else "basic"
        about = {"happened_at": moment, "issue": f"o{place}", "attrs": [("plan", plan)]}
        rows.append({"name": "order_delivered", "label": "yes" if place % 4 == 0 else "no", **about})
        rows.append({"name": "review", "value": float(place % 5 + 1), "scale": "1..5", **about})
    heard_everywhere.hear(*rows)
    metric = measure("mean", signal="review")
    assert heard_everywhere.table(metric, by=["late", "attrs.plan"], every="week", where=[("late", "yes")]) == {
        ("yes", "basic", "2026-W13"): (2, 2.0),  # places 0, 12
        ("yes", "gold", "2026-W13"): (2, 4.5),  # 4, 8
        ("yes", "basic", "2026-W14"): (2, 3.5),  # 24, 36
        ("yes", "gold", "2026-W14"): (4, 2.5),  # 16, 20, 28, 32
    }


def planted_world(path: Path) -> list[dict[str, Any]]:
    """Contacts and the surveys after some of them; what its feed leaves out is withheld by the source."""
    signals = []
    with path.open(newline="", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            shared = {
                "happened_at": datetime.fromisoformat(row["ts"]).replace(tzinfo=UTC),
                "subject": row["customer"],
                "contact": row["contact_id"],
                "issue": row["case_id"],
                "attrs": [("period", row["period"])],
            }
            shared |= {name: row[name] for name in ("channel", "product", "reason", "site", "agent")}
            signals.append({**shared, "id": row["contact_id"], "name": "contact", "kind": "O", "value": None})
            if row["csat"]:
                reported = row["in_reported_feed"] == "1"
                signals.append(
                    {
                        **shared,
                        "id": f"s{row['contact_id']}",
                        "name": "csat",
                        "value": float(row["csat"]),
                        "scale": "1..5",
                        "excluded": None if reported else "withheld",
                    }
                )
    return signals


@pytest.mark.real_data
def test_the_planted_world_shows_what_was_collected_and_what_was_reported(heard: Heard, shared_data: Path) -> None:
    # 1,457 surveys collected (mean 3.60192, top-2 62.3198), 1,385 reported (3.71913, 65.5596); by period likewise.
    heard.hear(*planted_world(shared_data / "oracles" / "planted_cx_world_open.csv"))
    top, mean = measure("top_box", signal="csat", top=4), measure("mean", signal="csat")
    for metric, collected, reported in ((top, 62.319835278, 65.559566787), (mean, 3.60192175704, 3.71913357401)):
        everything, as_reported = heard.cell(metric, include_excluded=True), heard.cell(metric)
        assert (everything.tally.n, everything.excluded) == (1457, {})
        assert (as_reported.tally.n, as_reported.excluded) == (1385, {"withheld": 72})
        assert heard.mean(metric, include_excluded=True) == pytest.approx(collected, abs=1e-9)
        assert heard.mean(metric) == pytest.approx(reported, abs=1e-9)
    assert heard.table(top, by=["attrs.period"], include_excluded=True) == {
        "1": (721, pytest.approx(66.7128987517, abs=1e-9)),
        "2": (736, pytest.approx(58.0163043478, abs=1e-9)),
    }
    assert heard.table(mean, by=["attrs.period"]) == {
        "1": (721, pytest.approx(3.73925104022, abs=1e-9)),
        "2": (664, pytest.approx(3.69728915663, abs=1e-9)),
    }
    # 3,200 cases, 1,047 of them with more than one contact: resolved at first contact .6728125.
    fcr = Metric(key="fcr30", signal="contact", score=Score(kind="repeat_free", days=30))
    assert heard.cell(fcr).tally.n == 3200
    assert heard.mean(fcr) == pytest.approx(67.28125, abs=1e-9)
