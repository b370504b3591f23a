"""What the audit tells of those who looked."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

DEEDS: dict[str, Promise | str] = {
    "looked at a person": _("looked at one person's history"),
}
