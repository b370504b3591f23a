"""This room's pages in the menu."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from openxmo.office.accounts.roles import Right
from openxmo.office.lib.navigation import Place

CASES = (Right.READ_CASES, Right.WORK_CASES)
ASKING = (Right.RECOMMEND, Right.KEEP_BACKLOG)


def place(label: Any, route: str, *rights: str) -> Place:
    return Place("act", label, f"act-{route}", frozenset(rights))


PLACES: tuple[Place, ...] = (
    place(_("Who needs us today?"), "cases", *CASES),
    place(_("Which complaints are near the regulator's clock?"), "complaints", *CASES),
    place(_("What keeps coming back?"), "problems", *CASES),
    place(_("What is being asked of us?"), "asked-of-us", Right.ANSWER_RECOMMENDATIONS),
    place(_("What have we asked of others?"), "asked-of-others", *ASKING),
    place(_("Do our findings reach a lever?"), "levers", *ASKING),
    place(_("What is stuck?"), "stuck", *ASKING, Right.RUN_INITIATIVES, Right.ANSWER_RECOMMENDATIONS),
    place(_("You said, we did: what came of it?"), "notes"),
)
