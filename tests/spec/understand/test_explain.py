"""The question "why did it move?", asked of a lake: parts that add up, localised cells, refusals, withholding."""

import csv
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from openxmo.core.errors import WrongUsage
from openxmo.core.metrics.definitions import Definitions
from openxmo.core.metrics.metric import Metric, Score
from openxmo.core.signals.engines import Engine, open_duckdb
from openxmo.questions.explain import Explanation, explain
from tests.spec.metrics.tallies import metric
from tests.spec.signals.lakes import add, make_lake, signal

BEFORE, AFTER = (date(2026, 1, 1), date(2026, 2, 1)), (date(2026, 2, 1), date(2026, 3, 1))
AS_OF = datetime(2026, 6, 1, tzinfo=UTC)
MEAN = Metric(key="csat-mean", signal="csat", score=Score(kind="mean"))
TOP = Metric(key="csat", signal="csat", score=Score(kind="top_box", top=4))
BY = ("channel", "product")


def answer(row: int, *, month: int, value: float | None, **more: Any) -> dict[str, Any]:
    return signal(row, datetime(2026, month, 15, tzinfo=UTC), name="csat", value=value, scale="1..5", **more)


def asked(engine: Engine, of: Metric = MEAN, by: tuple[str, ...] = BY, **more: Any) -> Explanation:
    given: dict[str, Any] = {"before": BEFORE, "after": AFTER, "as_of": AS_OF} | more
    return explain(of, engine=engine, definitions=Definitions(), by=by, **given)


@pytest.fixture(scope="module")
def planted(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """A made-up world with a planted cause: chat x P3 fell by 2.15 of 5. Its two periods are made calendar months."""
    with (shared_data / "oracles" / "planted_cx_world_open.csv").open() as file:
        rows = [row for row in csv.DictReader(file) if row["csat"]]
    lake = make_lake(tmp_path_factory.mktemp("planted"))
    add(lake, *(planted_answer(place, row) for place, row in enumerate(rows)))
    return open_duckdb(lake, threads=1)


def planted_answer(place: int, row: Mapping[str, str]) -> dict[str, Any]:
    dimensions = {name: row[name] for name in ("channel", "product", "reason", "site")}
    withheld = None if row["in_reported_feed"] == "1" else "withheld"
    return answer(place, month=int(row["period"]), value=float(row["csat"]), excluded=withheld, **dimensions)


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """Two channels and two products; in February email is new and 40 answers name no channel."""
    lake = make_lake(tmp_path)
    random = np.random.default_rng(20)
    rows, place = [], 0
    for month, cells in (
        (1, {("chat", "A"): 60, ("chat", "B"): 50, ("phone", "A"): 70, ("phone", "B"): 4}),
        (2, {("chat", "A"): 90, ("chat", "B"): 60, ("phone", "A"): 30, ("email", "A"): 35, (None, "A"): 40}),
    ):
        for (channel, product), n in cells.items():
            for value in random.integers(1, 6, n):
                rows.append(answer(place, month=month, value=float(value), channel=channel, product=product))
                place += 1
    add(lake, *rows)
    return open_duckdb(lake, threads=1)


@pytest.mark.real_data
def test_the_planted_fall_is_taken_apart_by_channel_as_computed_by_hand(planted: Engine) -> None:
    found = asked(planted, by=("channel",), include_excluded=True)
    assert (found.before.estimate.n, found.after.estimate.n) == (721, 736)
    assert found.before.estimate.value == pytest.approx(3.73925104022)
    assert found.change.value == pytest.approx(-0.271859735874, abs=1e-9)
    assert sum(part.mix for part in found.parts) == pytest.approx(-0.145668639865, abs=1e-9)
    assert sum(part.rate for part in found.parts) == pytest.approx(-0.12619109601, abs=1e-9)


@pytest.mark.real_data
@pytest.mark.parametrize("of", [MEAN, TOP], ids=lambda of: of.key)
def test_the_planted_cause_is_named_and_nothing_else(planted: Engine, of: Metric) -> None:
    found = asked(planted, of, by=("site", "product", "channel", "reason"), include_excluded=True)
    assert [dict(cell.by) for cell in found.localised] == [{"product": "P3", "channel": "chat"}]


@pytest.mark.real_data
def test_what_the_source_leaves_out_is_counted_by_reason(planted: Engine) -> None:
    found = asked(planted, by=("channel",))
    assert (found.before.estimate.n, found.after.estimate.n) == (721, 664)
    assert found.to_document()["after"]["excluded"] == {"withheld": 72}


def test_mix_and_rate_of_all_parts_are_the_change_also_with_new_vanished_and_missing_cells(engine: Engine) -> None:
    for of in (MEAN, TOP):
        found = asked(engine, of)
        assert found.change.value is not None
        assert sum(part.mix + part.rate for part in found.parts) == pytest.approx(found.change.value, abs=1e-9)
        by_name = {tuple((part.by or {}).values()): part for part in found.parts}
        assert by_name["email", "A"].rate == pytest.approx(0.0, abs=1e-12)
        assert by_name["phone", "B"].rate == pytest.approx(0.0, abs=1e-12)
        assert (by_name[None, "A"].n_before, by_name[None, "A"].n_after) == (0, 40)
        assert all(part.low < part.mix + part.rate < part.high for part in found.parts)


def test_the_document_has_the_contracts_names(engine: Engine) -> None:
    document = asked(engine).to_document()
    assert list(document) == ["before", "after", "change", "parts", "localised"]
    assert list(document["change"]) == ["value", "low", "high", "p"]
    assert set(document["parts"][0]) == {"by", "mix", "rate", "n_before", "n_after", "low", "high"}
    assert document["before"]["period"] == "2026-01-01..2026-02-01"
    assert document["after"]["n"] == 255


def test_the_largest_effect_comes_first(engine: Engine) -> None:
    effects = [abs(part.mix + part.rate) for part in asked(engine).parts]
    assert effects == sorted(effects, reverse=True)


def test_beyond_two_hundred_cells_the_others_fold_into_one_part_that_still_adds_up(tmp_path: Path) -> None:
    lake = make_lake(tmp_path)
    random = np.random.default_rng(21)
    add(
        lake,
        *(
            answer(place, month=1 + place % 2, value=float(random.integers(1, 6)), reason=f"r{random.integers(0, 300)}")
            for place in range(2500)
        ),
    )
    found = asked(open_duckdb(lake, threads=1), by=("reason",))
    assert len(found.parts) == 201
    assert [part.by for part in found.parts].count(None) == 1
    assert found.parts[-1].by is None
    assert found.change.value is not None
    assert sum(part.mix + part.rate for part in found.parts) == pytest.approx(found.change.value, abs=1e-9)
    assert sum(part.n_before + part.n_after for part in found.parts) == 2500


def test_a_withheld_part_folds_with_the_smallest_other_so_that_it_cannot_be_subtracted(engine: Engine) -> None:
    found = asked(engine)
    place = next(i for i, part in enumerate(found.parts) if part.n_after == 35)
    hidden = found.withhold({2 + 2 * place: "privacy"})
    assert len(hidden.parts) == len(found.parts) - 1
    folded = hidden.parts[-1]
    assert folded.by is None
    assert (folded.n_before, folded.n_after) == (4, 35)  # email x A, with phone x B, the smallest
    assert sum(part.mix + part.rate for part in hidden.parts) == pytest.approx(found.change.value, abs=1e-9)


def test_a_folded_part_that_is_itself_withheld_takes_another_in(engine: Engine) -> None:
    found = asked(engine)
    once = found.withhold({2: "privacy"})
    disclosures = once.disclosures()
    folded = next(i for i, shown in enumerate(disclosures) if i > 1 and shown.by == {})
    twice = once.withhold({folded: "privacy"})
    assert len(twice.parts) == len(once.parts) - 1
    assert sum(part.mix + part.rate for part in twice.parts) == pytest.approx(found.change.value, abs=1e-9)


def test_where_the_whole_is_withheld_nothing_is_told(engine: Engine) -> None:
    document = asked(engine).withhold({1: "privacy"}).to_document()
    assert document["change"] == {"value": None, "low": None, "high": None, "p": None}
    assert (document["parts"], document["localised"]) == ([], [])
    assert (document["before"]["n"], document["before"]["value"], document["before"]["suppressed"]) == (
        None,
        None,
        "privacy",
    )


@pytest.mark.real_data
def test_a_localised_cell_goes_when_it_would_tell_folded_cells_apart(planted: Engine) -> None:
    found = asked(planted, by=("site", "product", "channel"), include_excluded=True)
    inside = next(
        i for i, part in enumerate(found.parts) if part.by == {"site": "S1", "product": "P3", "channel": "chat"}
    )
    outside = next(i for i, part in enumerate(found.parts) if part.by is not None and part.by["channel"] == "phone")
    assert found.withhold({2 + 2 * outside: "privacy", 3 + 2 * inside: "privacy"}).localised == ()
    only_outside = [i for i, part in enumerate(found.parts) if part.by and part.by["channel"] == "phone"]
    assert found.withhold({2 + 2 * i: "privacy" for i in only_outside}).localised == found.localised


def test_disclosures_follow_the_rows_before_and_after_of_each(engine: Engine) -> None:
    found = asked(engine)
    disclosures = found.disclosures()
    assert len(disclosures) == 2 + 2 * len(found.parts) + 2 * len(found.localised)
    assert [shown.n for shown in disclosures[:2]] == [184, 255]
    for place, part in enumerate(found.parts):
        pair = disclosures[2 + 2 * place : 4 + 2 * place]
        assert [shown.by for shown in pair] == [part.by, part.by]
        assert [shown.n for shown in pair] == [part.n_before, part.n_after]
        assert pair[0].start == datetime(2026, 1, 1, tzinfo=UTC)
    befores = [shown.n for shown in disclosures if shown.siblings == disclosures[2].siblings]
    assert sum(befores) == 184


def test_a_period_of_nothing_has_no_change_and_no_parts(engine: Engine) -> None:
    document = asked(engine, after=(date(2026, 4, 1), date(2026, 5, 1))).to_document()
    assert document["change"]["value"] is None
    assert document["parts"] == []
    assert document["after"]["n"] == 0


def test_answers_on_another_scale_in_the_other_period_are_not_compared(tmp_path: Path) -> None:
    lake = make_lake(tmp_path)
    rows = [answer(i, month=1, value=4.0, channel="chat") for i in range(40)]
    rows += [answer(100 + i, month=2, value=6.0, channel="chat") | {"scale": "1..7"} for i in range(40)]
    add(lake, *rows)
    with pytest.raises(WrongUsage, match="different scales"):
        asked(open_duckdb(lake, threads=1), by=("channel",))
    with pytest.raises(WrongUsage, match="different scales"):
        asked(open_duckdb(lake, threads=1), by=("scale",))


def test_answers_without_a_scale_count_with_those_that_have_one(tmp_path: Path) -> None:
    lake = make_lake(tmp_path)
    add(lake, *(answer(i, month=1 + i % 2, value=float(1 + i % 5), channel="chat") for i in range(80)))
    add(lake, *(answer(i, month=1 + i % 2, value=3.0, channel="chat") | {"scale": None} for i in range(80, 120)))
    found = asked(open_duckdb(lake, threads=1), by=("channel",))
    assert [(part.n_before, part.n_after) for part in found.parts] == [(60, 60)]


@pytest.mark.parametrize(
    ("of", "by", "says"),
    [
        (metric("quantile", q=0.5), BY, "a quantile is not a sum"),
        (metric("index", items=("a", "b")), BY, "mean of several items"),
        (MEAN, (), "explained by something"),
        (MEAN, ("chanel",), "channel"),
        (MEAN, ("theme",), "would not add up"),
        (MEAN, ("channel", "channel"), "named twice"),
    ],
)
def test_what_cannot_be_explained_is_refused_with_a_sentence(
    engine: Engine, of: Metric, by: tuple[str, ...], says: str
) -> None:
    with pytest.raises(WrongUsage, match=says):
        asked(engine, of, by=by)


def test_periods_that_overlap_or_are_turned_round_are_refused(engine: Engine) -> None:
    with pytest.raises(WrongUsage, match="has ended"):
        asked(engine, after=(date(2026, 1, 20), date(2026, 3, 1)))
    with pytest.raises(WrongUsage, match="has ended"):
        asked(engine, before=AFTER, after=BEFORE)
    with pytest.raises(WrongUsage, match="ends before it starts"):
        asked(engine, before=(date(2026, 2, 1), date(2026, 1, 1)))


def test_the_records_are_a_row_for_each_part(engine: Engine) -> None:
    records = asked(engine).withhold({2: "privacy"}).to_records()
    assert list(records[0])[:3] == ["channel", "product", "folded"]
    assert [record["folded"] for record in records] == [False] * (len(records) - 1) + [True]
