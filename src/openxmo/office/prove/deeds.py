"""What the audit tells of initiatives, verdicts and money."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

DEEDS: dict[str, Promise | str] = {
    "initiative planned": _("planned an initiative"),
    "plan changed": _("changed a plan"),
    "plan approved": _("approved a plan"),
    "initiative started": _("started an initiative"),
    "initiative ended": _("ended an initiative"),
    "initiative stopped": _("stopped an initiative"),
    "initiative judged": _("judged an initiative"),
    "milestone added": _("added a milestone"),
    "milestone reached": _("reached a milestone"),
    "affected group added": _("named a group that it changes"),
    "affected group told": _("told a group what changes"),
    "affected group trained": _("trained a group"),
    "affected group adopting": _("wrote down how many have taken it up"),
    "money claimed": _("claimed money"),
    "money signed": _("signed money"),
    "money refused": _("refused money"),
    "money voided": _("voided money, since the verdict changed"),
    "people erased from initiatives": _("took erased people out of initiatives"),
}
