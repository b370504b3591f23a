"""What the audit tells of sign-ins and keys."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

DEEDS: dict[str, Promise | str] = {
    "sign-in made": _("made a sign-in"),
    "password reset": _("gave a new password"),
    "link to set a password made": _("made a link by which somebody sets their password"),
    "sessions ended": _("signed somebody out everywhere"),
    "second factor taken off": _("took a second factor off"),
    "tie to the identity provider taken off": _("untied a sign-in from the identity provider"),
    "e-mail changed": _("changed an e-mail address"),
    "key made": _("made a key"),
    "key revoked": _("revoked a key"),
}
