"""Customers' signals cut by who served."""

from dataclasses import replace
from pathlib import Path

import pytest

from openxmo.core.errors import NotAllowed, WrongUsage
from openxmo.core.metrics.disclosure import Disclosure
from openxmo.core.release import AgentDisclosure, Look, LookLog, MemoryHistory, Released, Rules, Viewer, release
from tests.cast import ADA, AMY, CARL, NORTH, OTTO, ROOT, TOM
from tests.spec.metrics.heard import measure
from tests.spec.release.results import AT, Cells, cell, shown

RECORDED = AgentDisclosure(
    purpose="coaching", legal_basis="works agreement 12", consultation="works council, 3 May 2026"
)
OPEN = Rules(agents=RECORDED, teams={"amy": "x", "ben": "x", "zoe": "z"})
AGENTS = tuple(cell(None, n=n, agent=agent) for agent, n in (("amy", 40), ("ben", 35), ("cem", 90)))


def ask(
    viewer: Viewer, *cells: Disclosure, rules: Rules = OPEN, looks: list[Look] | None = None, **more: str
) -> Released[Cells]:
    log = (looks if looks is not None else []).append
    result = Cells(cells or AGENTS, scope=NORTH, **more)  # type: ignore[arg-type]
    return release(result, viewer, history=MemoryHistory(), at=AT, rules=rules, log=log)


@pytest.mark.parametrize("viewer", [ADA, TOM, AMY, OTTO, ROOT, CARL])
def test_nobody_sees_agents_before_the_office_has_recorded_why(viewer: Viewer) -> None:
    with pytest.raises(NotAllowed):
        ask(viewer, rules=Rules())


def test_the_agent_sees_the_own_numbers_and_no_others() -> None:
    assert shown(ask(AMY).result) == ["amy"]


def test_the_direct_lead_sees_the_own_team() -> None:
    assert shown(ask(TOM).result) == ["amy", "ben"]


@pytest.mark.parametrize("viewer", [ADA, OTTO])
def test_neither_analyst_nor_operator_sees_agents(viewer: Viewer) -> None:
    with pytest.raises(NotAllowed, match="is neither"):
        ask(viewer)


def test_carl_of_another_unit_is_refused_even_where_he_leads() -> None:
    with pytest.raises(NotAllowed, match="Carl does not see north"):
        ask(CARL, cell(None, n=50, agent="zoe"))


def test_few_answers_about_an_agent_are_withheld() -> None:
    found = ask(TOM, cell(None, n=29, agent="amy"), cell(None, n=30, agent="ben"))
    assert found.to_records()[0] == {"agent": "amy", "n": None, "value": None, "suppressed": "privacy"}
    assert shown(found.result) == ["ben"]


@pytest.mark.parametrize(
    "asked",
    [
        cell(None, n=50, about="agent:ben"),
        replace(cell(None, n=50), narrowed_by=(("agent", "ben"),)),
        replace(cell(None, n=50, region="coast"), narrowed_by=(("about", "agent:ben"),)),
        replace(cell(None, n=50), definition=measure("mean", where={"agent": "ben"})),
        cell(None, n=50, objects="agent:ben"),
        replace(cell(None, n=50), narrowed_by=(("objects", "agent:ben"),)),
    ],
)
def test_other_ways_to_ask_about_an_agent_are_the_same_cut(asked: Disclosure) -> None:
    with pytest.raises(NotAllowed, match="is neither"):
        ask(AMY, asked)
    assert len(shown(ask(TOM, asked).result)) == 1


def test_two_agents_together_are_nobodys_own_numbers() -> None:
    both = replace(cell(None, n=80), narrowed_by=(("agent", "amy"), ("agent", "ben")))
    with pytest.raises(NotAllowed, match="is neither"):
        ask(AMY, both)


def test_what_is_about_an_article_is_about_no_agent() -> None:
    assert shown(ask(ADA, cell(None, n=3, about="article:17")).result) == ["article:17"]


def test_agents_in_the_order_of_their_scores_are_refused() -> None:
    with pytest.raises(NotAllowed, match="never ranked"):
        ask(TOM, *reversed(AGENTS[:2]))


def test_a_rank_of_agents_is_refused() -> None:
    with pytest.raises(NotAllowed, match="never ranked"):
        ask(TOM, column="value_rank")


def test_every_look_is_logged_and_the_agent_can_read_it(tmp_path: Path) -> None:
    log = LookLog(tmp_path / "office" / "looks.ndjson")
    for viewer in (TOM, AMY):
        release(Cells(AGENTS, scope=NORTH), viewer, history=MemoryHistory(), at=AT, rules=OPEN, log=log)
    assert [look.viewer for look in log.looks_at("amy")] == ["Tom", "Amy"]
    assert list(log.looks_at("ben")) == [Look(AT, "Tom", ("team_lead",), "ben", "enps")]
    assert list(log.looks_at("cem")) == []


def test_a_look_that_a_power_cut_tore_off_hides_no_other(tmp_path: Path) -> None:
    log = LookLog(tmp_path / "looks.ndjson")
    look = Look(AT, "Tom", ("team_lead",), "amy", "csat")
    log(look)
    log.path.write_bytes(log.path.read_bytes() + b'\n{"at": "2026-1')
    log(look)
    assert list(log.looks_at("amy")) == [look, look]


def test_without_a_log_nothing_about_agents_is_shown() -> None:
    with pytest.raises(NotAllowed, match="logged"):
        release(Cells(AGENTS, scope=NORTH), TOM, history=MemoryHistory(), at=AT, rules=OPEN)


def test_a_refused_look_is_not_logged() -> None:
    looks: list[Look] = []
    with pytest.raises(NotAllowed):
        ask(ADA, looks=looks)
    assert looks == []


@pytest.mark.parametrize("missing", ["purpose", "legal_basis", "consultation"])
def test_all_three_must_be_recorded(missing: str) -> None:
    with pytest.raises(WrongUsage, match=missing.replace("_", " ")):
        replace(RECORDED, **{missing: " "})
