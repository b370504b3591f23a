"""Who may ask, and where: surveys are opened by those who keep them or run the collection, within their units."""

from openxmo.core.errors import NotAllowed
from openxmo.office.accounts.access import Access
from openxmo.office.accounts.roles import Right

ASKING = (Right.CHANGE_OFFICE, Right.IMPORT_SIGNALS)


def check_ask(access: Access, unit: str) -> None:
    """NotAllowed unless this person may ask people of this unit."""
    if not access.has(*ASKING):
        raise NotAllowed(
            f"{access.name} may not open a survey.",
            mend="Survey architects, collection experts and whoever leads the office may.",
        )
    if not access.sees_unit(unit or None):
        raise NotAllowed(
            f"{access.name} may not ask in {unit or 'the whole organisation'}.", mend="Choose a unit that is yours."
        )


def can_ask(access: Access, unit: str) -> bool:
    return access.has(*ASKING) and access.sees_unit(unit or None)
