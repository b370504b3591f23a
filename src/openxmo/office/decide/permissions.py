"""Who may see an item, and who may change it: by person. How an item stands is judged in `policies.py`."""

from django.utils.translation import gettext as _

from openxmo.core.errors import NotAllowed
from openxmo.office.accounts.access import Access
from openxmo.office.accounts.roles import RIGHTS, Right
from openxmo.office.decide.models import Item
from openxmo.office.govern.queries import check_right


def check_see(access: Access, item: Item) -> None:
    """Whoever may read scores sees what concerns the whole office, and what concerns a unit they see."""
    check_right(access, Right.READ_SCORES)
    if item.unit and not access.sees_unit(item.unit):
        raise NotAllowed(
            _("This idea belongs to %(unit)s, and %(who)s does not see that unit.")
            % {"unit": item.unit, "who": access.name},
            mend=_("Ask whoever leads the office, if your work needs it."),
        )


def can_see(access: Access, item: Item) -> bool:
    return access.has(Right.READ_SCORES) and (not item.unit or access.sees_unit(item.unit))


def check_keep(access: Access, item: Item | None = None) -> None:
    """Whoever keeps the backlog may add to it, and change what they see of it."""
    check_right(access, Right.KEEP_BACKLOG)
    if item is not None:
        check_see(access, item)


def can_keep(access: Access, item: Item | None = None) -> bool:
    return access.has(Right.KEEP_BACKLOG) and (item is None or can_see(access, item))


def check_place(access: Access, unit: str) -> None:
    """Nobody puts an idea where they could not see it again."""
    if unit and not access.sees_unit(unit):
        raise NotAllowed(
            _("%(who)s does not see %(unit)s.") % {"who": access.name, "unit": unit},
            mend=_("To %(right)s, choose a unit of yours.") % {"right": RIGHTS[Right.KEEP_BACKLOG]},
        )


def check_change_words(access: Access) -> None:
    check_right(access, Right.CHANGE_OFFICE)


def can_change_words(access: Access) -> bool:
    return access.has(Right.CHANGE_OFFICE)
