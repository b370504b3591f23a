"""The pages of this room that stand in the menu."""

from django.utils.translation import gettext_lazy as _

from openxmo.office.accounts.roles import Right
from openxmo.office.lib.navigation import Place

SCORES = frozenset({Right.READ_SCORES})
READS = frozenset({Right.READ_SCORES, Right.READ_AUDIT, Right.CHANGE_OFFICE, Right.KEEP_SYSTEM})
KEEPS = frozenset({Right.KEEP_SYSTEM})
PLACES = (
    Place("govern", _("What do we stand for?"), "govern-stand-for"),
    Place("govern", _("How far are we from it?"), "govern-gaps", SCORES),
    Place("govern", _("Who holds which role?"), "govern-roles"),
    Place("govern", _("How are we organised?"), "govern-units"),
    Place("govern", _("Do we keep our own standards?"), "govern-standards"),
    Place("govern", _("What did we decide to work by?"), "govern-office", READS),
    Place("govern", _("Who did what?"), "govern-audit", frozenset({Right.READ_AUDIT})),
    Place("govern", _("Who can sign in?"), "govern-people", KEEPS),
    Place("govern", _("Which keys are there?"), "govern-keys", frozenset({Right.KEEP_SYSTEM, Right.READ_SCORES})),
    Place("govern", _("What is held about me?"), "govern-mine"),
)
