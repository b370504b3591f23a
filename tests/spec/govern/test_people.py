"""People and roles: who may do what, within which units, and whether the office's seven roles are filled."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from openxmo.core.errors import NotAllowed, UnreadableInput, WrongUsage
from openxmo.core.release.viewer import OPERATOR
from openxmo.office.accounts.roles import MISSIONS, RIGHTS, ROLES, Right, rights_of
from openxmo.office.govern.actions import init_office
from openxmo.office.govern.checks import check_office
from openxmo.office.govern.chooser import choose_metrics, judge_programme
from openxmo.office.govern.coverage import check_coverage
from openxmo.office.govern.office import Office
from openxmo.office.govern.organisation import Person, Settings, Unit
from openxmo.office.govern.queries import (
    access_of,
    check_right,
    definitions,
    find_person,
    find_rules,
    find_viewer,
    get_metric,
    get_xla,
    has_right,
    read_default_office,
    read_office,
)
from openxmo.office.portability.office_file import apply, parse_office
from tests.spec.govern.offices import new_home

OFFICE = Office(
    settings=Settings(zone="Europe/Berlin"),
    units=(
        Unit(key="all"),
        Unit(key="north", parent="all"),
        Unit(key="ardmore", parent="north", valid_to=date(2026, 4, 1)),
        Unit(key="brenwick", parent="north", valid_from=date(2026, 4, 1)),
        Unit(key="desk-3", parent="ardmore"),
        Unit(key="south", parent="all"),
    ),
    people=(
        Person(name="ann", roles=("xmo_lead",)),
        Person(name="ted", roles=("team_lead", "qa_coach"), units=("north",), agent="a-1", team="red", leads=("blue",)),
        Person(name="una", roles=("team_lead",)),
        Person(name="max", roles=("administrator",)),
    ),
)
MARCH = datetime(2026, 3, 15, tzinfo=UTC)
APRIL = datetime(2026, 4, 15, tzinfo=UTC)


def test_a_person_sees_their_units_and_all_below_them_that_stand_that_day() -> None:
    assert access_of(OFFICE, "ted", at=MARCH).units == frozenset({"north", "ardmore", "desk-3"})
    assert access_of(OFFICE, "ted", at=APRIL).units == frozenset({"north", "brenwick"})


def test_the_day_is_that_of_the_offices_zone() -> None:
    late = datetime(2026, 3, 31, 22, 30, tzinfo=UTC)  # 00:30 on 1 April in Berlin
    assert "brenwick" in (access_of(OFFICE, "ted", at=late).units or ())


def test_without_units_an_office_wide_role_sees_all_and_any_other_none() -> None:
    assert access_of(OFFICE, "ann", at=MARCH).units is None
    assert access_of(OFFICE, "una", at=MARCH).units == frozenset()


def test_access_carries_agent_key_teams_led_and_the_rights_of_all_roles() -> None:
    ted = access_of(OFFICE, "ted", at=MARCH)
    assert (ted.agent, ted.leads, ted.roles) == ("a-1", ("blue",), ("team_lead", "qa_coach"))
    assert ted.rights == rights_of(["team_lead"]) | rights_of(["qa_coach"])


def test_a_viewer_is_what_the_exit_door_needs_to_know_of_a_person() -> None:
    ted = find_viewer(OFFICE, "ted", at=APRIL)
    assert (ted.name, ted.roles, ted.agent, ted.leads) == ("ted", ("team_lead", "qa_coach"), "a-1", frozenset({"blue"}))
    assert ted.units == frozenset({"north", "brenwick"})
    assert ted.reads_scores
    assert not find_viewer(OFFICE, "max", at=APRIL).reads_scores
    assert find_viewer(OFFICE, None, at=APRIL) == OPERATOR


def test_the_rules_of_the_exit_door_come_from_the_office() -> None:
    rules = find_rules(OFFICE)
    assert (rules.zone, rules.employees, rules.comments, rules.agents) == ("Europe/Berlin", 10, 20, None)
    assert rules.teams == {"a-1": "red"}
    open_office = parse_office(
        """
        [office.minimum_groups]
        employees = 12
        comments = 25
        [office.agent_disclosure]
        purpose = "coaching"
        legal_basis = "works agreement"
        consultation = "works council, 2 March 2026"
        [[dimension]]
        key = "region"
        employees = true
        """
    )
    check_office(open_office)
    rules = find_rules(open_office)
    assert (rules.employees, rules.comments, rules.employee_cuts) == (12, 25, frozenset({"region"}))
    assert rules.agents is not None
    assert rules.agents.legal_basis == "works agreement"


def test_an_unknown_person_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(NotAllowed, match='nobody called "tedd" in this office, did you mean "ted"'):
        find_person(OFFICE, "tedd")


def test_a_missing_right_is_refused_with_the_roles_that_have_it() -> None:
    una = access_of(OFFICE, "una", at=MARCH)
    assert not has_right(una, Right.SIGN_MONEY)
    with pytest.raises(NotAllowed) as caught:
        check_right(una, Right.SIGN_MONEY)
    assert caught.value.what == "una may not sign what an improvement was worth."
    assert caught.value.mend == "These roles may: finance."


def test_these_are_all_the_roles() -> None:
    assert [len(MISSIONS[mission]) for mission in (1, 2, 3)] == [3, 3, 1]
    assert len(ROLES) == 21
    assert all(role.label and role.description.endswith(".") for role in ROLES.values())
    assert set(RIGHTS) == set(Right)
    assert all(any(right in role.rights for role in ROLES.values()) for right in Right)


def test_the_administrator_sees_no_answers() -> None:
    assert rights_of(["administrator"]) == {Right.KEEP_SYSTEM, Right.CHANGE_ROLES}


def test_an_unknown_role_gives_no_right() -> None:
    assert rights_of(["emperor"]) == frozenset()


def test_an_unknown_metric_is_named_with_the_nearest() -> None:
    office = read_default_office()
    with pytest.raises(WrongUsage) as caught:
        get_metric(office, "npss")
    assert "npss" in caught.value.what
    assert "nps" in caught.value.mend
    assert get_metric(definitions(office), "nps").label == "NPS"
    with pytest.raises(WrongUsage, match='There is no XLA "start"'):
        get_xla(office, "start")


# COVERAGE: the seven roles among five people, as brighthorse.co.uk combines them

FIVE = (
    Person(name="P1", roles=("survey_architect", "validation_expert")),
    Person(name="P2", roles=("collection_expert",)),
    Person(name="P3", roles=("findings_interpretation_lead", "experience_interpretation_lead")),
    Person(name="P4", roles=("analyst",)),
    Person(name="P5", roles=("xmo_lead",)),
)


@pytest.mark.capability("ROLE-02")
def test_five_people_fill_the_seven_roles_and_only_own_surveys_ask_for_a_second_reader() -> None:
    coverage = check_coverage(FIVE)
    assert (coverage.roles_total, coverage.people, coverage.uncovered) == (7, 5, ())
    assert coverage.workflow_intact
    assert {holder.name: holder.light for holder in coverage.holders} == {
        "P1": "amber",
        "P2": "green",
        "P3": "green",
        "P4": "green",
        "P5": "green",
    }
    assert coverage.reasons == ("P1: validates surveys of their own making: name a second reader",)


@pytest.mark.capability("ROLE-02")
def test_only_a_missing_lead_is_red() -> None:
    coverage = check_coverage(FIVE[:4])
    assert coverage.uncovered == ("xmo_lead",)
    assert not coverage.workflow_intact
    assert coverage.light == "red"
    assert coverage.reasons[0] == "nobody leads the office: an XMO lead is always needed"
    without_analyst = check_coverage([person for person in FIVE if person.name != "P4"])
    assert (without_analyst.uncovered, without_analyst.light) == (("analyst",), "amber")
    assert without_analyst.workflow_intact


def test_a_named_second_reader_makes_it_green() -> None:
    read = Person(name="P1", roles=("survey_architect", "validation_expert"), second_reader="P4")
    assert check_coverage([read, *FIVE[1:]]).light == "green"


def test_two_more_heads_or_one_less_keep_the_work_between_the_roles() -> None:
    seven = [Person(name=role, roles=(role,)) for roles in MISSIONS.values() for role in roles]
    four = [
        Person(name="a", roles=MISSIONS[1], second_reader="b"),
        Person(name="b", roles=MISSIONS[2][1:]),
        Person(name="c", roles=("analyst",)),
        Person(name="d", roles=MISSIONS[3]),
    ]
    for people in (seven, four):
        coverage = check_coverage(people)
        assert (coverage.light, coverage.uncovered, coverage.workflow_intact) == ("green", (), True)


def test_roles_that_are_seldom_combined_are_amber() -> None:
    both = Person(name="x", roles=("xmo_lead", "analyst", "survey_architect"))
    coverage = check_coverage([both, *FIVE])
    assert coverage.holders[0].light == "amber"
    assert "look at the load" in coverage.holders[0].why


def test_people_outside_the_office_do_not_count() -> None:
    assert check_coverage([*FIVE, Person(name="z", roles=("agent",))]).people == 5


# CHOOSING METRICS


@pytest.mark.capability("CXM-04")
@pytest.mark.parametrize(("keys", "warnings"), [(["csat"], 1), (["csat", "fcr7"], 0), (["csat", "fcr7", "ces"], 1)])
def test_the_chooser_warns_at_one_metric_and_at_three_but_never_at_two(keys: list[str], warnings: int) -> None:
    choice = choose_metrics(definitions(read_default_office()), keys, why="Decide where to coach.")
    assert len(choice.warnings) == warnings
    assert choice.metrics == tuple(keys)
    assert choice.why == "Decide where to coach."
    assert all(choice.weaknesses[key] for key in keys)


def test_the_chooser_names_the_metric_to_put_beside_a_lone_one() -> None:
    choice = choose_metrics(definitions(read_default_office()), ["handle_time"], why="Shorten the queue.")
    assert choice.warnings == ("One metric alone can be improved by harming what it does not see: put fcr7 beside it.",)


@pytest.mark.capability("CXM-04")
def test_a_programmes_choice_and_its_reason_are_kept_with_the_office(tmp_path: Path) -> None:
    home = new_home(tmp_path)
    init_office(home, at=MARCH)
    text = '[[programme]]\nkey = "calls"\nmetrics = ["csat", "fcr7"]\nwhy_these = "Decide where to coach."'
    apply(home, text, by="ann", at=APRIL)
    kept = read_office(home)
    choice = judge_programme(definitions(kept), kept.programmes[0])
    assert (choice.metrics, choice.why, choice.warnings) == (("csat", "fcr7"), "Decide where to coach.", ())
    with pytest.raises(UnreadableInput, match="why_these is missing"):
        apply(home, text.replace("Decide where to coach.", ""), by="ann", at=APRIL)
    with pytest.raises(UnreadableInput, match='there is no metric "fcr9", did you mean "fcr7"'):
        apply(home, text.replace("fcr7", "fcr9"), by="ann", at=APRIL)


def test_a_choice_without_metric_or_reason_is_refused() -> None:
    office = definitions(read_default_office())
    with pytest.raises(WrongUsage, match="No metric was chosen"):
        choose_metrics(office, [], why="x")
    with pytest.raises(WrongUsage, match="gives no reason"):
        choose_metrics(office, ["nps", "csat"], why=" ")
    assert choose_metrics(office, ["nps", "nps", "csat"], why="x").warnings == ()
