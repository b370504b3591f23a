"""What the audit tells of the office itself."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

DEEDS: dict[str, Promise | str] = {
    "office changed": _("changed the office"),
    "person erased from the office": _("took an erased person out of the office"),
    "sign-in of somebody who left taken away": _("took the sign-in of somebody who left away"),
}
