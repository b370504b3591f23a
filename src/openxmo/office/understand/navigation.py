"""The pages of this room that stand in the menu."""

from django.utils.translation import gettext_lazy as _

from openxmo.office.accounts.roles import Right
from openxmo.office.lib.navigation import Place

SCORES = frozenset({Right.READ_SCORES})
PLACES = (
    Place("understand", _("What is a score, and for whom?"), "understand-explore", SCORES),
    Place("understand", _("What moved and is real?"), "understand-moved", SCORES),
    Place("understand", _("Why did it move?"), "understand-why", SCORES),
    Place("understand", _("How is one product, device or stage?"), "understand-area", SCORES),
    Place("understand", _("What has a person been through?"), "understand-people", frozenset({Right.READ_ANSWERS})),
    Place("understand", _("What do we measure?"), "understand-measures", SCORES),
)
