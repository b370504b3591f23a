"""A sign-in for everybody of the sample organisation, all with one password: nothing in it is real."""

from datetime import datetime

from openxmo.core.signals.store.home import Home

SAMPLE_PASSWORD = "same evening, every time"
DOMAIN = "northlight.example"


def add_sign_ins(home: Home, *, moment: datetime) -> None:
    from django.contrib.auth.hashers import make_password

    from openxmo.office.accounts.models import User
    from openxmo.office.govern.queries import read_office

    known = set(User.objects.values_list("username", flat=True))
    password = make_password(SAMPLE_PASSWORD)
    User.objects.bulk_create(
        User(username=person.name, email=f"{person.name}@{DOMAIN}", password=password, date_joined=moment)
        for person in read_office(home).people
        if person.name not in known
    )


def sign_ins_by_role(home: Home) -> list[tuple[str, str]]:
    """One person for each role, as (role in words, name)."""
    from openxmo.office.accounts.roles import ROLES
    from openxmo.office.govern.queries import read_office

    first: dict[str, str] = {}
    for person in read_office(home).people:
        for role in person.roles:
            first.setdefault(role, person.name)
    return [(role.label, first[key]) for key, role in ROLES.items() if key in first]
