"""The people of the office's tests: the same in every test, so that a name says what it may do.

North and South are units of the same organisation. Carl leads a team in South and must be refused
everywhere in North; Root keeps the system and sees no answers; Olga holds a role and no unit.
"""

import shutil
from pathlib import Path
from typing import Any

from openxmo.core.signals.store.home import Home
from openxmo.office.accounts.access import Access
from openxmo.office.accounts.audit import read_audit, record
from openxmo.office.govern.actions import init_office, put
from openxmo.office.govern.organisation import Person, Unit
from openxmo.office.govern.queries import access_of
from openxmo.office.govern.store import read_history, replace_history
from openxmo.office.lib.clock import now

PASSWORD = "correct horse battery"
UNITS = (
    Unit(key="company", label="The company"),
    Unit(key="north", label="North", parent="company"),
    Unit(key="south", label="South", parent="company"),
)
PEOPLE = (
    Person(name="Lea", roles=("xmo_lead",)),
    Person(name="Sue", roles=("survey_architect",)),
    Person(name="Cole", roles=("collection_expert",)),
    Person(name="Val", roles=("validation_expert",)),
    Person(name="Ada", roles=("analyst",)),
    Person(name="Finn", roles=("findings_interpretation_lead",)),
    Person(name="Xena", roles=("experience_interpretation_lead",)),
    Person(name="Amy", roles=("agent",), units=("north",), agent="amy", team="x"),
    Person(name="Ben", roles=("agent",), units=("north",), agent="ben", team="x"),
    Person(name="Tom", roles=("team_lead",), units=("north",), leads=("x",)),
    Person(name="Carl", roles=("team_lead",), units=("south",), leads=("z",)),
    Person(name="Rita", roles=("receiving_team",), units=("north",)),
    Person(name="Quinn", roles=("qa_coach",), units=("north",)),
    Person(name="Kim", roles=("knowledge_owner",), units=("north",)),
    Person(name="Pete", roles=("process_improver",)),
    Person(name="Dee", roles=("service_designer",)),
    Person(name="Iris", roles=("integrity_reviewer",)),
    Person(name="Fay", roles=("finance",)),
    Person(name="Pia", roles=("people_leader",), units=("north",)),
    Person(name="Dan", roles=("data_protection",)),
    Person(name="Eng", roles=("data_engineer",)),
    Person(name="Eve", roles=("executive",)),
    Person(name="Root", roles=("administrator",)),
    Person(name="Olga", roles=("agent",), agent="olga"),
)


def make_office_with_people(folder: Path) -> Path:
    """A new office in this folder, with its default file, the units and the cast."""
    from openxmo.office.portability.keeping import make_office

    make_office(folder)
    home = Home.at(folder)
    init_office(home, at=now())
    put(home, *UNITS, *PEOPLE, by="operator", at=now())
    return folder


def serve_copy(made: Path, folder: Path, settings: Any) -> Home:
    """Copy an office and serve it in this test: its rows stand in the test's database from then on."""
    shutil.copytree(made, folder, ignore=shutil.ignore_patterns("office.sqlite3*"))
    settings.OPENXMO_HOME = folder
    home = Home.at(folder)
    replace_history(home, read_history(Home.at(made)))
    for row in read_audit(made):
        record(row.what, by=row.by, at=row.at, on=row.on)
    return home


def access(home: Home, name: str) -> Access:
    """What this person may see and do today."""
    return access_of(home, name, at=now())


def add_users() -> None:
    """A sign-in for each of them, in the test's database."""
    from django.contrib.auth import get_user_model

    user = get_user_model()
    user.objects.bulk_create(user(username=person.name, password="!") for person in PEOPLE)
