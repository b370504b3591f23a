"""The backlog's pages that stand in the menu."""

from django.utils.translation import gettext_lazy as _

from openxmo.office.accounts.roles import Right
from openxmo.office.lib.navigation import Place

READ = frozenset({Right.READ_SCORES})
PLACES: tuple[Place, ...] = (
    Place("decide", _("What should we improve next?"), "decide-backlog", READ),
    Place("decide", _("What have our people noticed?"), "decide-noticed", frozenset({Right.KEEP_BACKLOG})),
    Place("decide", _("Whose experience do our ideas serve?"), "decide-experiences", READ),
    Place("decide", _("Which ideas are the same?"), "decide-duplicates", READ),
    Place("decide", _("How good are our estimates?"), "decide-estimators", READ),
    Place("decide", _("Which words do we sort ideas by?"), "decide-vocabulary", frozenset({Right.CHANGE_OFFICE})),
)
