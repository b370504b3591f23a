"""What the audit tells of keeping, erasing and backups."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

DEEDS: dict[str, Promise | str] = {
    "erasure": _("erased a person"),
    "backup": _("made a backup"),
    "taken away past its time": _("took away what was kept long enough"),
}
