"""People of the office and their sign-ins: who may, who can, and who did last."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from openxmo.core.errors import WrongUsage
from openxmo.core.signals.store.home import Home
from openxmo.office.accounts import actions as sign_ins
from openxmo.office.accounts.models import User
from openxmo.office.accounts.roles import ROLES
from openxmo.office.govern.actions import put
from openxmo.office.govern.organisation import Person
from openxmo.office.govern.queries import read_office
from openxmo.office.lib.database import require_served


@dataclass(frozen=True)
class Admitted:
    """Whom the office named, or who has a sign-in. `stands` says whether the office names them now."""

    name: str
    roles: tuple[str, ...]
    units: tuple[str, ...]
    stands: bool
    user: User | None

    @property
    def role_labels(self) -> list[str]:
        return [ROLES[role].label for role in self.roles if role in ROLES]

    @property
    def can_sign_in(self) -> bool:
        return self.stands and self.user is not None and self.user.is_active


def list_admitted(home: Home) -> list[Admitted]:
    """Everybody of the office, with and without a sign-in; then sign-ins of people who left."""
    people = {person.name: person for person in read_office(home).people}
    users = {user.username: user for user in User.objects.all()}
    found = [Admitted(name, one.roles, one.units, True, users.get(name)) for name, one in people.items()]
    left = [Admitted(name, (), (), False, user) for name, user in users.items() if name not in people]
    return sorted(found, key=lambda one: one.name) + sorted(left, key=lambda one: one.name)


def admit(
    home: Home,
    name: str,
    *,
    roles: Sequence[str] = (),
    units: Sequence[str] = (),
    email: str = "",
    password: str | None = None,
    by: str,
    at: datetime,
) -> str:
    """Put a person into the office where it does not name them yet, and make their sign-in; returns the password.

    Somebody whom the office names keeps their roles: changing those is a change of the office.
    """
    require_served(home.path)
    known = {person.name: person for person in read_office(home).people}.get(name)
    if known is None and not roles:
        raise WrongUsage(_('The office does not know "%s", and no role is given.') % name, mend=_("Name their role."))
    if known is not None and not set(roles) <= set(known.roles):
        raise WrongUsage(
            _("%s stands in the office with other roles.") % name,
            mend=_("Leave the role out; what somebody holds is changed under *Who holds which role?*."),
        )
    with transaction.atomic():
        if known is None:
            put(home, Person(name=name, roles=tuple(roles), units=tuple(units)), by=by, at=at)
        _user, given = sign_ins.make_user(name, email=email, password=password, by=by, at=at)
    return given
