"""Where a change lies: planted causes are found by name, and nothing is named where nothing is planted."""

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openxmo.core.understand.localisation import Contrast, localise, search_depth
from tests.spec.understand.cells import Row, cuts_of, drawn

CALLED = {"channel": ("phone", "chat", "email"), "product": ("P1", "P2", "P3", "P4"), "site": ("S1", "S2", "S3")}


def planted_rows(shared_data: Path, period: str) -> list[Row]:
    with (shared_data / "oracles" / "planted_cx_world_open.csv").open() as file:
        return [(row, float(row["csat"])) for row in csv.DictReader(file) if row["csat"] and row["period"] == period]


@pytest.mark.real_data
@pytest.mark.parametrize(
    "by", [("channel", "product"), ("product", "site", "channel"), ("channel", "product", "reason", "site", "agent")]
)
def test_chat_for_one_product_is_found_and_nothing_else(shared_data: Path, by: tuple[str, ...]) -> None:
    """A made-up world with a planted cause: chat x P3 fell by 2.15 of 5, the next worst cell by 0.61."""
    found = localise(cuts_of(by, planted_rows(shared_data, "1"), planted_rows(shared_data, "2")).rows(), min_n=30)
    assert [dict(cell.by) for cell in found] == [{"channel": "chat", "product": "P3"}]
    assert (found[0].n_before, found[0].n_after) == (30, 51)
    assert found[0].share == pytest.approx(0.4948, abs=1e-4)
    assert found[0].p < 0.001


@pytest.mark.real_data
def test_nothing_is_found_when_the_answers_of_the_same_world_are_shuffled(shared_data: Path) -> None:
    random = np.random.default_rng(10)
    rows = planted_rows(shared_data, "1") + planted_rows(shared_data, "2")
    alarms = 0
    for _ in range(40):
        scores = random.permutation([score for _, score in rows])
        mixed: list[Row] = [(by, float(score)) for (by, _), score in zip(rows, scores, strict=True)]
        alarms += bool(localise(cuts_of(("channel", "product", "site"), mixed[:721], mixed[721:]).rows(), min_n=30))
    assert alarms <= 2


def world(seed: int, fallen: dict[str, str] | None, fall: float = 0.0, n: int = 3000) -> list[dict[str, str | None]]:
    random = np.random.default_rng(seed)
    before = drawn(random, n, CALLED, period=0)
    after = drawn(random, n, CALLED, period=1, fallen=fallen, fall=fall)
    return [dict(cell.by) for cell in localise(cuts_of(tuple(CALLED), before, after).rows(), min_n=30)]


def test_at_most_one_world_in_twenty_without_a_cause_names_one() -> None:
    assert sum(bool(world(seed, None)) for seed in range(60)) <= 3


@pytest.mark.parametrize("shape", ["skewed", "rare", "promoters"])
def test_neither_skewed_nor_rare_scores_raise_more_alarms(shape: str) -> None:
    alarms = 0
    for seed in range(40):
        random = np.random.default_rng(1000 + seed)
        sides: list[list[Row]] = []
        for _ in (0, 1):
            rows = drawn(random, 2000, CALLED, period=0)
            scores = {
                "skewed": np.exp(random.normal(0, 1.2, 2000)),
                "rare": 100.0 * (random.random(2000) < 0.03),
                "promoters": random.choice([-100.0, 0.0, 100.0], 2000, p=[0.2, 0.3, 0.5]),
            }[shape]
            sides.append([(by, float(score)) for (by, _), score in zip(rows, scores, strict=True)])
        alarms += bool(localise(cuts_of(tuple(CALLED), sides[0], sides[1]).rows(), min_n=30))
    assert alarms <= 2


@pytest.mark.parametrize(
    "fallen",
    [
        {"channel": "chat"},
        {"product": "P2", "site": "S3"},
        {"channel": "email", "product": "P1", "site": "S2"},
    ],
    ids=lambda fallen: "-".join(fallen.values()),
)
def test_a_planted_fall_is_named_by_exactly_the_values_that_share_it(fallen: dict[str, str]) -> None:
    found = [world(100 + seed, fallen, 0.35, n=6000) for seed in range(10)]
    assert sum(names == [fallen] for names in found) >= 9


def test_of_two_groups_the_one_that_moved_is_named_not_its_mirror() -> None:
    random = np.random.default_rng(12)
    two = {"channel": ("phone", "chat")}
    before = drawn(random, 2000, two, period=0)
    after = drawn(random, 2000, two, period=1, fallen={"channel": "chat"}, fall=0.3)
    assert [dict(cell.by) for cell in localise(cuts_of(("channel",), before, after).rows(), min_n=30)] == [
        {"channel": "chat"}
    ]


def test_a_fall_that_all_share_is_nobodys() -> None:
    random = np.random.default_rng(13)
    before = drawn(random, 3000, CALLED, period=0)
    after = [(by, score if random.random() < 0.6 else 0.0) for by, score in drawn(random, 3000, CALLED, period=1)]
    assert localise(cuts_of(tuple(CALLED), before, after).rows(), min_n=30) == ()


def test_two_causes_are_both_named_the_larger_share_first() -> None:
    random = np.random.default_rng(14)
    before, after = (drawn(random, 8000, CALLED, period=k) for k in (0, 1))
    fallen: list[Row] = []
    for by, score in after:
        hit = by["channel"] == "chat" or (by["product"] == "P4" and by["site"] == "S1")
        fallen.append((by, 0.0 if hit and random.random() < 0.5 else score))
    found = localise(cuts_of(tuple(CALLED), before, fallen).rows(), min_n=30)
    assert {"channel": "chat"} in [dict(cell.by) for cell in found]
    assert {"product": "P4", "site": "S1"} in [dict(cell.by) for cell in found]
    shares = [abs(cell.share or 0.0) for cell in found]
    assert shares == sorted(shares, reverse=True)


def test_a_cell_below_the_minimum_in_one_period_is_never_named() -> None:
    others: list[Row] = [({"site": "B"}, 100.0 * (i % 2)) for i in range(400)]
    before: list[Row] = [*[({"site": "A"}, 100.0)] * 29, *others]
    after: list[Row] = [*[({"site": "A"}, 0.0)] * 90, *others]
    assert localise(cuts_of(("site",), before, after).rows(), min_n=30) == ()
    assert [dict(cell.by) for cell in localise(cuts_of(("site",), before, after).rows(), min_n=29)] == [{"site": "A"}]


def test_missing_is_a_value_that_can_be_named() -> None:
    before: list[Row] = [({"site": None if i % 3 else "A"}, 100.0 * (i % 2)) for i in range(600)]
    after = [(by, score if by["site"] else 0.0) for by, score in before]
    assert [dict(cell.by) for cell in localise(cuts_of(("site",), before, after).rows(), min_n=30)] == [{"site": None}]


def test_the_search_goes_three_deep_and_two_deep_beyond_six_dimensions() -> None:
    assert [search_depth(n) for n in (1, 2, 3, 4, 6, 7, 8)] == [1, 2, 3, 3, 3, 2, 2]


@given(
    st.lists(st.tuples(st.floats(-40, 40), st.floats(1, 1e6)), min_size=1, max_size=200),
    st.sampled_from([0.05, 0.01, 0.2]),
)
def test_p_is_exact_wherever_it_can_decide_and_elsewhere_lies_between_the_level_and_one(
    drawn_from: list[tuple[float, float]], level: float
) -> None:
    z, freedom = (np.array(column) for column in zip(*drawn_from, strict=True))
    compared = Contrast(np.append(z, 0.0), np.append(freedom, 1.0))
    exact, quick = compared.p, compared.p_within(level)
    decides = (exact <= level) | (exact == 1.0)
    assert (quick[decides] == exact[decides]).all()
    assert ((quick[~decides] > level) & (quick[~decides] < 1)).all()
