"""What the audit tells of imports, marks and surveys."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

DEEDS: dict[str, Promise | str] = {
    "import": _("imported signals"),
    "withdrawal": _("withdrew an import"),
    "marked spam": _("marked answers as spam"),
    "marked duplicate": _("marked answers as given twice"),
    "marked excluded": _("marked answers as left out"),
    "lifted spam": _("let answers count again that were marked as spam"),
    "lifted duplicate": _("let answers count again that were marked as given twice"),
    "lifted excluded": _("let answers count again that were marked as left out"),
    "file sent": _("sent a file to import"),
    "import started": _("began an import"),
    "import stopped": _("stopped an import"),
    "survey opened": _("opened a survey"),
    "survey closed": _("closed a survey"),
    "people asked": _("asked people to answer"),
    "noticed something": _("told what they noticed"),
    "person erased from surveys and imports": _("took an erased person out of surveys and imports"),
}
