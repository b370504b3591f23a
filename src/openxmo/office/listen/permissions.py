"""Who may ask, and where: surveys are opened by those who keep them or run the collection, within their units.

And who may take an import back: its signals may be of any unit.
"""

from django.utils.translation import gettext as _

from openxmo.core.errors import NotAllowed
from openxmo.office.accounts.access import Access
from openxmo.office.accounts.roles import Right

ASKING = (Right.CHANGE_OFFICE, Right.IMPORT_SIGNALS)


def check_ask(access: Access, unit: str) -> None:
    """NotAllowed unless this person may ask people of this unit."""
    if not access.has(*ASKING):
        raise NotAllowed(
            _("%(who)s may not open a survey.") % {"who": access.name},
            mend=_("Survey architects, collection experts and whoever leads the office may."),
        )
    if not access.sees_unit(unit or None):
        raise NotAllowed(
            _("%(who)s may not ask in %(unit)s.") % {"who": access.name, "unit": unit or _("the whole organisation")},
            mend=_("Choose a unit that is yours."),
        )


def can_ask(access: Access, unit: str) -> bool:
    return access.has(*ASKING) and access.sees_unit(unit or None)


def check_withdraw(access: Access, sent_by: str) -> None:
    """NotAllowed unless this person may take back an import that `sent_by` sent."""
    if not access.has(Right.WITHDRAW_IMPORTS):
        raise NotAllowed(
            _("%(who)s may not withdraw an import.") % {"who": access.name},
            mend=_("Those who import, and whoever leads the office, may."),
        )
    if access.units is not None and access.name != sent_by:
        raise NotAllowed(
            _("%(who)s sees some units only, and this import may hold signals of others.") % {"who": access.name},
            mend=_("Whoever sent it takes it back, or somebody who sees every unit."),
        )


def can_withdraw(access: Access, sent_by: str) -> bool:
    return access.has(Right.WITHDRAW_IMPORTS) and (access.units is None or access.name == sent_by)
