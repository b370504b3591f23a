"""Who gives people their roles and units: on screens and by an office file, never to themselves."""

import html
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from openxmo.core.signals.store.home import Home
from openxmo.office.govern.queries import access_of, read_office
from openxmo.office.lib.clock import now

SignIn = Callable[[str], Client]


def person_form(name: str, *roles: str, **more: object) -> dict[str, object]:
    return {"name": name, "roles": list(roles), **more}


def roles_in(home: Home) -> dict[str, tuple[str, ...]]:
    return {one.name: one.roles for one in read_office(home).people}


def test_a_survey_architect_changes_nobody_s_roles_on_a_screen(home: Home, sign_in: SignIn) -> None:
    sue, before = sign_in("Sue"), roles_in(home)
    assert sue.get("/govern/edit/person/Amy/").status_code == 403
    assert sue.post("/govern/edit/person/Amy/", person_form("Amy", "xmo_lead", read_version="1")).status_code == 403
    assert sue.post("/govern/archive/person/Amy/", {"reason": "x"}).status_code == 403
    assert sue.post("/govern/new/person/", person_form("Mole", "xmo_lead")).status_code == 403
    assert roles_in(home) == before
    for address in ("/govern/roles/", "/govern/office/person/", "/govern/office/person/Amy/"):
        page = sue.get(address).content.decode()
        assert "/govern/edit/person/" not in page
        assert "/govern/new/person/" not in page
    assert sue.get("/govern/edit/metric/nps/").status_code == 200  # all else she changes as before


@pytest.mark.parametrize("name", ["Lea", "Root"])
def test_the_lead_and_the_administrator_give_and_take_roles(name: str, home: Home, sign_in: SignIn) -> None:
    person = sign_in(name)
    assert person.post("/govern/edit/person/Amy/", person_form("Amy", "qa_coach", read_version="1")).status_code == 302
    assert roles_in(home)["Amy"] == ("qa_coach",)
    assert person.post("/govern/new/person/", person_form("Una", "agent", units=["north"])).status_code == 302
    assert roles_in(home)["Una"] == ("agent",)
    assert person.post("/govern/archive/person/Una/", {"reason": "left"}).status_code == 302
    assert "Una" not in roles_in(home)
    assert person.get(f"/govern/edit/person/{name}/").status_code == 403  # never their own


def test_what_is_changed_must_be_there(home: Home, sign_in: SignIn) -> None:
    answer = sign_in("Lea").post("/govern/new/person/", person_form("Una", "agent", read_version="1"))
    assert answer.status_code == 422
    assert "so there is none to change" in answer.content.decode()
    assert "Una" not in roles_in(home)


def test_the_tree_of_units_says_who_sees_what_and_is_theirs_to_change_as_well(home: Home, sign_in: SignIn) -> None:
    form = {"key": "deep", "parent": "north"}
    assert sign_in("Sue").post("/govern/new/unit/", form).status_code == 403
    assert sign_in("Sue").post("/govern/archive/unit/south/", {"reason": "x"}).status_code == 403
    assert "/govern/new/unit/" not in sign_in("Sue").get("/govern/units/").content.decode()
    assert "/govern/new/unit/" in sign_in("Lea").get("/govern/units/").content.decode()
    assert sign_in("Root").post("/govern/new/unit/", form).status_code == 302
    assert access_of(home, "Tom", at=now()).units == frozenset({"north", "deep"})


def test_the_administrator_changes_people_and_no_definition(sign_in: SignIn) -> None:
    root = sign_in("Root")
    assert "/govern/edit/person/Amy/" in root.get("/govern/people/").content.decode()
    assert "/govern/edit/person/Root/" not in root.get("/govern/people/").content.decode()
    for address in ("/govern/new/metric/", "/govern/edit/metric/nps/", "/govern/edit/office/office/"):
        assert root.get(address).status_code == 403, address
    assert root.post("/govern/archive/metric/nps/", {"reason": "x"}).status_code == 403


@pytest.mark.parametrize(
    ("table", "named"),
    [
        ('[[person]]\nname = "Amy"\nroles = ["analyst"]\n', "Amy"),
        ('[[person]]\nname = "Carl"\nroles = ["receiving_team"]\nunits = ["north", "south"]\n', "Carl"),
        ('[[person]]\nname = "Mole"\nroles = ["xmo_lead"]\n', "Mole"),
        ('[[unit]]\nkey = "south"\nparent = "north"\n', "south"),
        ('[[unit]]\nkey = "deep"\nparent = "north"\n', "deep"),
    ],
)
def test_an_office_file_changes_roles_only_for_those_who_may(
    table: str, named: str, home: Home, sign_in: SignIn
) -> None:
    before = read_office(home)
    page = {"file": SimpleUploadedFile("office.toml", table.encode())}
    shown = sign_in("Sue").post("/portability/office-file/", page)
    assert shown.status_code == 422
    assert f"may not change what others may do and see: {named}" in html.unescape(shown.content.decode())
    assert sign_in("Sue").post("/portability/office-file/apply/", {"text": table}).status_code == 403
    assert read_office(home) == before
    assert sign_in("Lea").post("/portability/office-file/apply/", {"text": table}).status_code == 302
    assert read_office(home) != before


def test_a_file_without_people_or_with_people_as_they_stand_is_applied_as_before(home: Home, sign_in: SignIn) -> None:
    whole = sign_in("Sue").get("/portability/office-file/download/").content.decode()
    text = whole + '\n[[dimension]]\nkey = "brand2"\ncolumn = "attrs.brand2"\n'
    assert sign_in("Sue").post("/portability/office-file/apply/", {"text": text}).status_code == 302
    assert "brand2" in {one.key for one in read_office(home).dimensions}


def test_pruning_people_away_takes_their_roles(home: Home, sign_in: SignIn) -> None:
    without = [one for one in read_office(home).people if one.name != "Amy"]
    kept = "\n".join(f'[[person]]\nname = "{one.name}"\nroles = {list(one.roles)}' for one in without)
    answer = sign_in("Sue").post("/portability/office-file/apply/", {"text": kept, "prune": "1"})
    assert answer.status_code == 403
    assert "Amy" in roles_in(home)
