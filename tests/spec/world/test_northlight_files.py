"""Northlight's office file and backlog: whole, applicable, and with the planted disagreement."""

import pytest

from openxmo.core.decide.appraisal import Appraisal, appraise, rescorers, scores
from openxmo.core.decide.items import load_items, what_blocks
from openxmo.core.decide.kano import Kano
from openxmo.core.decide.ranking import flips, ranks
from openxmo.core.world.cast import TEAMS
from openxmo.core.world.files import BACKLOG_FILE, OFFICE_FILE
from openxmo.office.accounts.roles import MISSIONS, ROLES
from openxmo.office.govern.actions import with_objects
from openxmo.office.govern.checks import check_office
from openxmo.office.govern.office import Office
from openxmo.office.govern.queries import read_default_office
from openxmo.office.portability.office_file import parse_office, write_office
from tests.spec.world.told import Told

RATE = 0.08
CHECK = "activation-check-18"


@pytest.fixture(scope="module")
def office() -> Office:
    return parse_office(OFFICE_FILE.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def appraisals() -> list[Appraisal]:
    return [appraise(item, rate=RATE, seed=1) for item in load_items(BACKLOG_FILE).item if not what_blocks(item, {})]


# THE OFFICE


def test_the_office_stands_on_top_of_the_day_one_office(office: Office) -> None:
    whole = with_objects(read_default_office(), *(item for _, _, item in office.each()))
    check_office(whole)
    assert parse_office(write_office(whole)) == whole


def test_every_role_is_held_and_five_people_hold_the_seven_of_the_office(office: Office) -> None:
    held = {role for person in office.people for role in person.roles}
    assert held == set(ROLES)
    seven = {role for roles in MISSIONS.values() for role in roles}
    assert len(seven) == 7
    assert sum(1 for person in office.people if seven & set(person.roles)) == 5


def test_agents_of_the_office_file_work_where_the_signals_say(office: Office, story: Told) -> None:
    where = {str(agent): team for agent, team in story.all("select distinct subject, team from s where name = 'pulse'")}
    agents = [person for person in office.people if person.agent]
    assert agents
    assert all(where[person.agent or ""] == person.units[0] for person in agents)


def test_every_unit_and_source_of_the_signals_is_declared(office: Office, story: Told) -> None:
    assert {unit for (unit,) in story.all("select distinct unit from s")} <= {unit.key for unit in office.units}
    assert {source for (source,) in story.all("select distinct source from s")} == {s.key for s in office.sources}
    assert {team for team, _ in TEAMS} <= {unit.key for unit in office.units}


def test_every_metric_measures_something_that_is_heard(office: Office, story: Told) -> None:
    heard = {name for (name,) in story.all("select distinct name from s")}
    assert {metric.signal for metric in office.metrics} <= heard


def test_every_instrument_of_the_signals_is_declared(office: Office, story: Told) -> None:
    whole = with_objects(read_default_office(), *(item for _, _, item in office.each()))
    declared = {f"{instrument.key}@{instrument.version}": instrument.scale for instrument in whole.instruments}
    rows = story.all("select distinct instrument, scale from s where instrument is not null and value is not null")
    assert {key: declared.get(str(key)) for key, _ in rows} == dict(rows)


# THE BACKLOG


def test_fourteen_items_and_the_one_without_facets_is_blocked() -> None:
    items = load_items(BACKLOG_FILE).item
    assert len(items) == 14
    assert [item.key for item in items if what_blocks(item, {})] == ["wifi-leaflet"]


def test_rice_and_wsjf_disagree_about_the_first(appraisals: list[Appraisal]) -> None:
    found = scores(appraisals)
    assert [key for key, rank in ranks(found["rice"]).items() if rank == 1] == ["chatbot"]
    assert [key for key, rank in ranks(found["wsjf"]).items() if rank == 1] == [CHECK]
    assert ranks(found["wsjf"])["chatbot"] == 13


def test_kano_makes_the_check_a_clear_must_be(appraisals: list[Appraisal]) -> None:
    kanos: dict[str, Kano] = {a.item.key: a.kano for a in appraisals if a.kano}
    assert (kanos[CHECK].category, kanos[CHECK].clear) == ("M", True)
    assert [key for key, kano in kanos.items() if kano.category == "M"] == [CHECK]


@pytest.mark.parametrize("framework", ["wsjf", "rice"])
def test_a_fifth_more_effort_flips_ranks_two_and_three_and_no_other(
    appraisals: list[Appraisal], framework: str
) -> None:
    found = {str(name): by_key for name, by_key in scores(appraisals).items()}[framework]
    again = {str(name): rescore for name, rescore in rescorers(appraisals, RATE).items()}[framework]
    assert [(flip.rank, flip.new_rank) for flip in flips(found, again)] == [(2, 3)]
