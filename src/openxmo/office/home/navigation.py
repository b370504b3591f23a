"""The pages of this room in the menu."""

from django.utils.translation import gettext_lazy as _

from openxmo.office.accounts.roles import Right
from openxmo.office.lib.navigation import Place

SCORES = frozenset({Right.READ_SCORES})
PLACES: tuple[Place, ...] = (
    Place("home", _("Where do I start?"), "start"),
    Place("home", _("Where do we stand?"), "home-stand", SCORES),
    Place("home", _("What is our experience worth, and what is next?"), "home-worth", SCORES),
    Place("home", _("Where does the process fail the customer?"), "home-process", SCORES),
    Place("home", _("How is my team?"), "home-team", SCORES),
    Place("home", _("Can we trust our scores?"), "home-trust", SCORES),
)
