"""OpenXMO from Python and a notebook: what comes out is released, and narrowed to who asks."""

import inspect
from pathlib import Path
from typing import Any, get_type_hints

import pandas as pd
import pyarrow as pa
import pytest

import openxmo
from openxmo.core.decide.items import load_items
from openxmo.core.errors import NotAllowed, UnreadableInput, UserError, WrongUsage
from openxmo.core.release import Released
from openxmo.core.signals.store.home import Home
from openxmo.core.signals.store.lake import Lake
from openxmo.library import Session
from tests.functional.homes import TWO_UNITS, answers, ask, make_office, take_in

PEOPLE = f"""
{TWO_UNITS}
[[person]]
name = "paul"
roles = ["team_lead"]

[[ambition]]
key = "loved"
statement = "Customers recommend us."
metric = "nps"
target = 40
by = "2027-12-31"
"""
ITEMS = """
[[item]]
key = "quick-answers"
title = "Answer within the hour"
facets = { experience = "customer", impact_area = "service", journey_stage = "support", strategic_alignment = "high" }
wsjf = { value = 8, time = 5, risk = 3, size = 4 }
"""
NPS = openxmo.Metric(key="nps", signal="nps", score=openxmo.Score(kind="nps"))
MEAN = openxmo.Metric(key="mean", signal="nps", score=openxmo.Score(kind="mean"))


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """60 answers: 40 of the North, of which the half are tens, and 20 of the South, all of them detractors."""
    rows = answers([10, 5, 0, 5, 10, 1] * 10)
    for place, row in enumerate(rows):
        row |= (
            {"unit": "south", "contact": "k2"} if place % 3 == 2 else {"unit": "north", "contact": "k1", "agent": "a1"}
        )
    home = make_office(tmp_path_factory.mktemp("library") / "home", *rows, office=PEOPLE)
    (home.parent / "items.toml").write_text(ITEMS)
    (home.parent / "table.csv").write_text("fte,nj,d\n" + "".join(f"{n % 7},{n % 2},{n // 2 % 2}\n" for n in range(40)))
    return home


def questions(session: Session) -> dict[str, Any]:
    """Every question of a session, asked."""
    folder = session.home.path.parent
    days: dict[str, Any] = {"before": ("2026-03-01", "2026-03-02"), "after": ("2026-03-02", "2026-03-03")}
    return {
        "score": lambda: session.score("nps"),
        "explain": lambda: session.explain("nps", by=["unit"], **days),
        "gap": lambda: session.gap(),
        "course": lambda: session.course("loved", since="2026-03-01", until="2026-05-01"),
        "prove": lambda: session.prove(MEAN, by="unit", treated=["north"], change="2026-03-02", every="day"),
        "prove_table": lambda: session.prove_table(folder / "table.csv", outcome="fte", treated="nj", after="d"),
        "rank": lambda: session.rank(folder / "items.toml"),
        "catalogue": lambda: session.catalogue(),
        "feelings": lambda: session.feelings(),
        "sources": lambda: session.sources(),
        "contact": lambda: session.contact("k1"),
        "signals": lambda: session.signals("nps", size=5),
        "person": lambda: session.person("c1"),
        "moved": lambda: session.moved(until="2026-05-01"),
        "heard": lambda: session.heard("unit"),
    }


def public_methods() -> dict[str, Any]:
    found = inspect.getmembers(Session, inspect.isfunction)
    return {name: method for name, method in found if not name.startswith("_")}


# What a session has besides questions: none of it answers one.
# What answers nothing with numbers: rights, names, and whether something was heard at all.
NO_QUESTIONS = {"require", "record", "released", "metric", "label_of", "asked", "today", "may"}
NO_QUESTIONS |= {"prepare", "hears", "leaves_out"}


def test_every_question_of_a_session_hands_out_a_released_answer_and_nothing_else(office: Path) -> None:
    asked = questions(openxmo.open(office))
    assert set(public_methods()) - NO_QUESTIONS == set(asked)
    for name, question in asked.items():
        returned = get_type_hints(getattr(Session, name))["return"]
        assert getattr(returned, "__origin__", returned) is Released, name
        answer = question()
        assert type(answer) is Released, name
        assert isinstance(answer.to_document(), dict), name
        assert isinstance(answer.to_pandas(), pd.DataFrame), name
        assert answer.to_arrow().num_rows == len(answer.to_records()), name
        assert answer._repr_html_().startswith("<table>"), name


def test_nobody_but_the_door_makes_a_released_answer() -> None:
    with pytest.raises(TypeError):
        Released(object(), object())  # type: ignore[type-var,arg-type]


def test_a_score_comes_as_a_frame_a_table_and_a_notebook_view(office: Path) -> None:
    answer = openxmo.open(office).score("nps", by=["unit"])
    frame = answer.to_pandas()
    assert list(frame["unit"]) == ["north", "south"]
    assert list(frame["n"]) == [40, 20]
    assert frame["value"][0] == 0.0
    assert pd.isna(frame["value"][1])
    assert frame["suppressed"][1] == "too_few"
    table = answer.to_arrow()
    assert isinstance(table, pa.Table)
    assert table.column("n").to_pylist() == [40, 20]
    view = answer._repr_html_()
    assert "<th>unit</th>" in view
    assert "north" in view
    assert repr(answer) == "Released(Scores, 2 rows)"


def test_the_library_and_the_command_say_the_same(office: Path) -> None:
    moment = "2026-04-01T00:00:00Z"
    told = openxmo.open(office).score("nps", by=["unit"], as_of=moment).to_document()
    assert told == ask(office, "score", "nps", "--by", "unit", "--as-of", moment)


def test_a_lake_is_asked_directly_with_an_own_metric(office: Path) -> None:
    for lake in (office, str(office), Lake.open(Home.at(office))):
        (row,) = openxmo.score(NPS, lake=lake).to_document()["rows"]
        assert (row["n"], row["value"]) == (60, pytest.approx(-100 / 3))
    moved = openxmo.explain(
        NPS, lake=office, before=("2026-03-01", "2026-03-02"), after=("2026-03-02", "2026-03-03"), by=["unit"]
    )
    assert type(moved) is Released
    document = moved.to_document()
    parts = sum(part["mix"] + part["rate"] for part in document["parts"])
    assert parts == pytest.approx(document["change"]["value"], abs=1e-9)


def test_a_metric_can_be_given_instead_of_named(office: Path) -> None:
    tops = openxmo.Metric(key="tops", signal="nps", score=openxmo.Score(kind="top_box", top=10))
    (row,) = openxmo.open(office).score(tops).to_document()["rows"]
    assert row["value"] == pytest.approx(100 * 20 / 60)


def test_a_person_sees_their_units_in_every_question(office: Path) -> None:
    nora = openxmo.open(office, as_user="nora")
    (row,) = nora.score("nps").to_document()["rows"]
    assert (row["n"], row["value"]) == (40, 0.0)
    assert nora.score("nps", where={"unit": "south"}).to_document()["rows"][0]["n"] == 0
    (ambition,) = nora.gap().to_document()["rows"]
    assert (ambition["n"], ambition["gap"]) == (40, 40.0)
    assert nora.contact("k1").to_document()["contact"] == "k1"
    with pytest.raises(WrongUsage, match="k2"):
        nora.contact("k2")
    days: dict[str, Any] = {"before": ("2026-03-01", "2026-03-02"), "after": ("2026-03-02", "2026-03-03")}
    parts = nora.explain("nps", by=["unit"], **days).to_document()["parts"]
    assert [part["by"] for part in parts] == [{"unit": "north"}]


def test_a_role_that_is_bound_to_units_and_has_none_sees_none(office: Path) -> None:
    assert openxmo.open(office, as_user="paul").score("nps").to_document()["rows"][0]["n"] == 0


@pytest.mark.parametrize("name", ["score", "explain", "gap", "prove", "contact", "sources"])
def test_the_administrator_gets_no_answers(office: Path, name: str) -> None:
    with pytest.raises(NotAllowed):
        questions(openxmo.open(office, as_user="adam"))[name]()


def test_what_cannot_be_opened_is_a_sentence(office: Path, tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput, match="xmo init"):
        openxmo.open(tmp_path / "nowhere")
    with pytest.raises(NotAllowed, match="norra"):
        openxmo.open(office, as_user="norra")
    with pytest.raises(UserError, match="nps"):
        openxmo.open(office).score("npz")


def test_a_session_sees_what_came_in_since_it_was_opened(tmp_path: Path) -> None:
    home = make_office(tmp_path / "home", *answers([9, 9]))
    session = openxmo.open(home)
    assert session.score("nps").to_document()["rows"][0]["n"] == 2
    take_in(home, *answers([9, 3], first=10))
    assert session.score("nps").to_document()["rows"][0]["n"] == 4


def test_importing_the_library_is_light_until_it_is_used() -> None:
    assert {"Metric", "Score", "Session", "open", "score", "explain"} <= set(openxmo.__all__)
    with pytest.raises(AttributeError):
        _ = openxmo.nothing


def test_the_items_of_the_ranking_are_those_of_the_file(office: Path) -> None:
    items = office.parent / "items.toml"
    ranking = openxmo.open(office).rank(items).to_document()
    ranked = [row["key"] for row in ranking["items"]] + [row["key"] for row in ranking["blocked"]]
    assert ranked == [item.key for item in load_items(items).item]


def test_a_list_of_values_means_or_and_one_name_needs_no_list(office: Path) -> None:
    session = openxmo.open(office)
    both = session.score("nps", by="unit", where={"unit": ["north", "south"]})
    assert [(row["unit"], row["n"]) for row in both.to_records()] == [("north", 40), ("south", 20)]
    nobody = openxmo.score(MEAN, lake=office, by="unit", where={"unit": ("south",), "contact": None})
    assert nobody.to_records() == []
    south = openxmo.score(NPS, lake=office, by="unit", where=[("unit", ["south"])])
    assert [row["n"] for row in south.to_records()] == [20]
    days: dict[str, Any] = {"before": ("2026-03-01", "2026-03-02"), "after": ("2026-03-02", "2026-03-03")}
    assert session.explain("nps", by="unit", **days).to_document()["parts"]
    assert session.prove(MEAN, by="unit", treated="north", change="2026-03-02", every="day").to_document()["groups"]


@pytest.mark.parametrize(
    ("where", "told"),
    [
        ({"unit": {"north": 1}}, "cannot be chosen by a dict"),
        ({"unit": [["north"]]}, "cannot be chosen by a list"),
        ({"unit": []}, "No value of unit"),
        ("unit=north", "no condition"),
        ([("unit", "north", "south")], "no condition"),
    ],
)
def test_a_condition_that_cannot_be_is_told_in_a_sentence(office: Path, where: Any, told: str) -> None:
    with pytest.raises(WrongUsage, match=told):
        openxmo.open(office).score("nps", where=where)
    with pytest.raises(WrongUsage, match=told):
        openxmo.score(NPS, lake=office, where=where)


def test_a_lake_knows_no_metric_by_its_key(office: Path) -> None:
    days: dict[str, Any] = {"before": ("2026-03-01", "2026-03-02"), "after": ("2026-03-02", "2026-03-03")}
    key: Any = "nps"
    for ask_it in (
        lambda: openxmo.score(key, lake=office),
        lambda: openxmo.explain(key, lake=office, by="unit", **days),
    ):
        with pytest.raises(WrongUsage, match="no metric") as told:
            ask_it()
        assert "openxmo.open(home)" in told.value.mend


def test_days_at_the_ends_of_the_calendar_are_the_ends_of_time(office: Path) -> None:
    session = openxmo.open(office)
    assert session.score("nps", since="0001-01-01", until="9999-12-31").to_records()[0]["n"] == 60
    with pytest.raises(WrongUsage, match="year 1"):
        session.score("nps", as_of="0001-01-01")
    with pytest.raises(WrongUsage, match="year 1"):
        session.contact("k1", as_of="0001-01-01")
