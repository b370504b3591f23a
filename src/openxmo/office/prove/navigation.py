"""The pages of this room in the menu."""

from django.utils.translation import gettext_lazy as _

from openxmo.office.accounts.roles import Right
from openxmo.office.lib.navigation import Place

LOOKS = frozenset({Right.READ_SCORES.value})
PLACES = (
    Place("prove", _("What is under way?"), "prove-under-way", LOOKS),
    Place("prove", _("What have we earned?"), "prove-ledger", LOOKS),
)
