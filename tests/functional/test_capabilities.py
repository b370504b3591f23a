"""What the office claims that it can do, shown whole: from rows in a file to what a person sees."""

import shutil
from pathlib import Path
from typing import Any

import msgspec
import pytest

from openxmo.core.signals.contract import Signal
from openxmo.core.signals.made_up import make_up
from tests.functional.homes import NOON, answers, ask, make_office, refuse, take_in
from tests.repo.references import REFERENCE

EASE = """
[[metric]]
key = "journey_ease"
signal = "ces"
score = { kind = "mean" }
where = { instrument = "ces@2" }

[[metric]]
key = "old_effort"
signal = "ces"
score = { kind = "mean" }
better = "lower"
where = { instrument = "ces@1" }

[[dimension]]
key = "house"
column = "site"
employees = true
"""


def rated(name: str, scores: list[float], *, scale: str, first: int = 0, **more: Any) -> list[dict[str, Any]]:
    return answers(scores, first=first, name=name, scale=scale, **more)


def staff(scores: list[float], *, first: int, site: str) -> list[dict[str, Any]]:
    people = [{"subject": f"e{first + place}"} for place in range(len(scores))]
    rows = rated("enps", scores, scale="0..10", first=first, subject_kind="employee", site=site)
    return [row | person for row, person in zip(rows, people, strict=True)]


@pytest.mark.capability("XMO-10")
def test_each_lagging_score_has_its_formula_interval_and_n_and_staff_a_minimum_group(tmp_path: Path) -> None:
    home = make_office(
        tmp_path / "home",
        *answers([10.0] * 20 + [8.0] * 10 + [3.0] * 10),
        *rated("csat", [5.0] * 24 + [4.0] * 12 + [2.0] * 4, scale="1..5", first=100, source="calls"),
        *rated("ces", [6.0] * 20 + [4.0] * 20, scale="1..7", first=200, source="ease"),
        *staff([9.0] * 20 + [5.0] * 19, first=300, site="north"),
        *staff([10.0, 0.0] * 4 + [7.0], first=400, site="south"),
        office=EASE,
    )
    shown = {key: ask(home, "score", key)["rows"][0] for key in ("nps", "csat", "ces", "enps")}
    assert shown["nps"]["value"] == pytest.approx(25.0)  # 50 % promoters less 25 % detractors
    assert shown["csat"]["value"] == pytest.approx(90.0)  # fours and fives of 40
    assert shown["ces"]["value"] == pytest.approx(5.0)
    for row in shown.values():
        assert row["low"] < row["value"] < row["high"]
        assert row["n"] >= 40
        assert row["method"] in ("adjusted Wald", "Wilson", "t")
    metric = {one["key"]: one for one in ask(home, "export")["metric"]}["csat"]
    assert metric["score"] == {"kind": "top_box", "top": 4}
    by_site = {row["by"]["house"]: row for row in ask(home, "score", "enps", "--by", "house")["rows"]}
    assert by_site["south"]["suppressed"] == "privacy"  # nine people
    assert by_site["south"]["n"] is None


@pytest.mark.capability("XMO-10")
def test_the_engagement_index_of_nine_people_is_not_told(tmp_path: Path) -> None:
    items = ("leaders-direction", "leaders-deeds", "supervisor-listens", "work-tools", "work-meaning")
    rows = [
        {**row, "item": item, "id": f"{row['id']}-{item}", "response": f"r{place}"}
        for item in items
        for place, row in enumerate(rated("engagement", [5.0, 2.0] * 22, scale="1..5", subject_kind="employee"))
    ]
    few, many = [row for row in rows if int(row["subject"][1:]) < 9], rows
    assert ask(make_office(tmp_path / "few", *few), "score", "engagement")["rows"][0]["suppressed"] == "privacy"
    told = ask(make_office(tmp_path / "many", *many), "score", "engagement")["rows"][0]
    assert told["value"] == pytest.approx(50.0)
    assert told["n"] == 44


@pytest.mark.capability("CXM-10")
def test_satisfaction_hangs_on_its_contact_states_its_scale_and_is_held_back_where_few_answered(tmp_path: Path) -> None:
    call = {"contact": "k-1", "subject": "c0", "subject_kind": "customer"}
    opened = {"id": "o1", "source": "desk", "happened_at": "2026-03-01T00:00:00Z", "kind": "O", "name": "contact"}
    home = make_office(
        tmp_path / "home",
        {**opened, **call, "channel": "chat"},
        *rated("csat", [2.0], scale="1..5", contact="k-1"),
        *rated("csat", [5.0] * 30, scale="1..5", first=10, channel="phone"),
    )
    told = ask(home, "contact", "k-1")
    assert [(one["name"], one["value"], one["scale"]) for one in told["answers"]] == [("csat", 2.0, "1..5")]
    by_channel = {row["by"]["channel"]: row for row in ask(home, "score", "csat", "--by", "channel")["rows"]}
    assert by_channel["phone"]["value"] == 100.0
    few = by_channel[None]
    assert (few["suppressed"], few["value"], few["n"]) == ("too_few", None, 1)
    without_scale = rated("csat", [5.0], scale="1..5", first=90)[0] | {"scale": None}
    receipt = take_in(home, {name: value for name, value in without_scale.items() if value is not None}, name="bare")
    assert receipt["rejected"] == 1


@pytest.mark.capability("CXM-12")
def test_effort_is_told_by_journey_and_its_direction_never_turns(tmp_path: Path) -> None:
    home = make_office(
        tmp_path / "home",
        *rated("ces", [6.0] * 40, scale="1..7", instrument="ces@2", journey="join"),
        *rated("ces", [3.0] * 40, scale="1..7", instrument="ces@2", journey="leave", first=100),
        *rated("ces", [2.0] * 40, scale="5..1", instrument="ces@1", journey="join", first=200),
        office=EASE,
    )
    rows = ask(home, "score", "journey_ease", "--by", "journey")["rows"]
    by_journey = {row["by"]["journey"]: row["value"] for row in rows}
    assert by_journey == {"join": 6.0, "leave": 3.0}
    assert ask(home, "score", "old_effort")["rows"][0]["value"] == 2.0
    code, error = refuse(home, "score", "ces")
    assert code == 2
    assert "1..7" in f"{error}"
    assert "5..1" in f"{error}"


@pytest.mark.capability("CXM-13")
def test_net_promoter_is_refused_where_it_misleads_and_says_what_it_could_show(tmp_path: Path) -> None:
    home = make_office(tmp_path / "home", *answers([10.0, 10.0, 10.0, 3.0, 3.0] * 20, agent="amy", contact="k-1"))
    for cut in ("agent", "contact"):
        code, error = refuse(home, "score", "nps", "--by", cut)
        assert code == 2
        assert cut in error["what"]
    assert refuse(home, "score", "nps", "--every", "day")[0] == 2
    of_all = ask(home, "score", "nps")["rows"][0]
    of_some = ask(home, "score", "nps", "--until", "2026-03-03")["rows"][0]
    assert 0 < of_all["detectable"] < of_some["detectable"]
    assert ask(home, "contact", "k-1")["answers"][0]["value"] == 10.0
    weaknesses = {row["key"]: row["weakness"] for row in ask(home, "metrics")["rows"]}
    assert all(weaknesses.values())


@pytest.mark.capability("COM-19")
def test_events_have_an_open_schema_can_be_heard_again_and_are_judged_for_their_quality(tmp_path: Path) -> None:
    rows = list(make_up(200, seed=7, start=NOON))
    assert all(msgspec.convert(row, Signal, strict=False).id for row in rows)
    page = (REFERENCE / "signals.md").read_text(encoding="utf-8")
    columns = {line.split("`")[1] for line in page.splitlines() if line.count("`") > 1}
    assert set(Signal.__struct_fields__) <= columns
    home = make_office(tmp_path / "home", *rows)
    again = take_in(home, *rows, name="again")
    assert (again["accepted"], again["duplicates"]) == (0, 200)
    told = ask(home, "sources")
    for batch in (home / "raw").iterdir():
        shutil.copytree(batch, home / "inbox" / batch.name)
    ask(home, "worker", "--drain")
    counted = ask(home, "sources")["imports"]
    assert counted["accepted"] == 200
    assert counted["received"] == counted["accepted"] + counted["duplicates"]
    for row in told["rows"]:
        assert 0 < row["quality"] <= 1
        assert row["validity"] == 1.0
