"""What the audit tells of the jobs themselves."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

DEEDS: dict[str, Promise | str] = {
    "source silent": _("saw a source fall silent"),
}
