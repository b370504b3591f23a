"""Four rankings side by side: where they agree, where they do not, and what flips them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openxmo.core.decide.items import Item, KanoInput, MoneyInput, RiceInput, WsjfInput
from openxmo.core.decide.ranking import flips, ranks, tau_b
from openxmo.questions.rank import Ranking, rank

FACETS = {
    "experience": "customer",
    "impact_area": "effort",
    "journey_stage": "onboarding",
    "strategic_alignment": "same-evening",
}
SCORES = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 5).map(float), min_size=2)


def item(key: str, wsjf: float, rice: float, category: str = "O") -> Item:
    return Item(
        key=key,
        facets=FACETS,
        wsjf=WsjfInput(value=wsjf, time=1, risk=1, size=1),
        rice=RiceInput(reach=rice, impact=1, confidence=1, effort=1),
        kano=KanoInput(counts={category: 10}),  # type: ignore[dict-item]
        money=MoneyInput(cost=(90, 100, 110)),
    )


def ask(*items: Item) -> Ranking:
    return rank(items, discount_rate=0.08, seed=3, draws=200)


def test_equal_scores_share_the_better_rank() -> None:
    assert ranks({"a": 3, "b": 5, "c": 3, "d": 1}) == {"a": 2, "b": 1, "c": 2, "d": 4}


def test_tau_b_accounts_for_ties() -> None:
    # By hand: pairs ab concordant, ac concordant, bc tied in the second; tau-b = 2 / sqrt(3 * 2).
    tau, n = tau_b({"a": 3, "b": 2, "c": 1}, {"a": 2, "b": 1, "c": 1})
    assert tau == pytest.approx(2 / np.sqrt(6))
    assert n == 3


@given(SCORES, SCORES)
def test_tau_b_is_symmetric_and_bounded(first: dict[str, float], second: dict[str, float]) -> None:
    tau, n = tau_b(first, second)
    turned, same_n = tau_b(second, first)
    assert same_n == n
    assert (turned is None) == (tau is None)
    assert turned is None or turned == pytest.approx(tau)
    assert tau is None or -1 - 1e-12 <= tau <= 1 + 1e-12


@given(SCORES)
def test_a_ranking_agrees_with_itself(scores: dict[str, float]) -> None:
    tau, _ = tau_b(scores, scores)
    assert tau is None if len(set(scores.values())) == 1 else tau == pytest.approx(1)


def test_an_item_flips_only_if_others_pass_it() -> None:
    scores = {"far": 10.0, "near": 5.0, "close": 4.5, "last": 1.0}
    found = flips(scores, lambda key, factor: scores[key] / factor)
    assert [(flip.key, flip.rank, flip.new_rank, flip.overtaken_by) for flip in found] == [("near", 2, 3, ("close",))]


def test_four_rankings_stand_side_by_side_and_disagree_where_they_do() -> None:
    document = ask(item("chatbot", 2, 900, "A"), item("check", 9, 300, "M"), item("rota", 5, 100, "I")).to_document()
    by_key = {row["key"]: row for row in document["items"]}
    assert {key: row["wsjf"]["rank"] for key, row in by_key.items()} == {"chatbot": 3, "check": 1, "rota": 2}
    assert {key: row["rice"]["rank"] for key, row in by_key.items()} == {"chatbot": 1, "check": 2, "rota": 3}
    assert by_key["check"]["kano"]["rank"] == 1
    assert document["disagreement"][0]["key"] == "chatbot"
    assert (document["disagreement"][0]["best_by"], document["disagreement"][0]["worst_by"]) == ("rice", "wsjf")
    pairs = {(pair["first"], pair["second"]): pair["tau"] for pair in document["agreement"]}
    assert pairs[("wsjf", "rice")] == pytest.approx(-1 / 3)
    assert pairs[("wsjf", "money")] is None  # all cost the same and earn nothing: no order to agree with


def test_a_fifth_more_effort_names_who_falls_behind_whom() -> None:
    document = ask(item("first", 9, 900), item("second", 8, 800), item("far", 1, 10)).to_document()
    by_wsjf = [flip for flip in document["flips"] if flip["by"] == "wsjf"]
    assert by_wsjf == [{"by": "wsjf", "key": "first", "rank": 1, "new_rank": 2, "overtaken_by": ["second"]}]


def test_an_item_without_facets_is_blocked_and_listed() -> None:
    ranking = ask(item("chatbot", 2, 900), Item(key="idea", wsjf=WsjfInput(value=20, time=20, risk=20, size=1)))
    assert [row["key"] for row in ranking.to_records()] == ["chatbot"]
    assert list(ranking.blocked) == ["idea"]
    assert ranking.blocked["idea"] == ("Missing: experience, impact_area, journey_stage, strategic_alignment.",)


def test_an_item_is_ranked_only_where_its_inputs_are_given() -> None:
    part = Item(key="part", facets=FACETS, wsjf=WsjfInput(value=3, time=1, risk=1, size=1))
    row = next(row for row in ask(item("whole", 2, 9), part).to_records() if row["key"] == "part")
    assert (row["wsjf_rank"], row["rice_rank"], row["kano_rank"], row["money_rank"]) == (1, None, None, None)


def test_a_neighbour_changes_no_draw_and_the_seed_does() -> None:
    ranged = item("a", 2, 9)
    alone, beside = ask(ranged).to_records()[0], ask(item("b", 1, 1), ranged).to_records()
    assert next(row for row in beside if row["key"] == "a")["npv_low"] == alone["npv_low"]
    other = rank([ranged], discount_rate=0.08, seed=4, draws=200)
    assert other.to_records()[0]["npv_low"] != alone["npv_low"]


def test_a_must_be_comes_before_what_only_delights() -> None:
    document = ask(item("delight", 1, 1, "A"), item("must", 1, 1, "M"), item("odd", 1, 1, "Q")).to_document()
    assert {row["key"]: row["kano"]["rank"] for row in document["items"]} == {"must": 1, "delight": 2, "odd": 3}
