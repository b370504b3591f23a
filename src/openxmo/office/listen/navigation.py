"""The pages of this room in the menu."""

from typing import Any

from django.utils.translation import gettext_lazy

from openxmo.office.accounts.roles import Right
from openxmo.office.lib.navigation import Place

SURVEYS = frozenset({Right.CHANGE_OFFICE, Right.IMPORT_SIGNALS, Right.EXCLUDE_ANSWERS})


def place(label: Any, route: str, *rights: str) -> Place:
    return Place("listen", label, f"listen:{route}", frozenset(rights))


PLACES: tuple[Place, ...] = (
    place(gettext_lazy("Whom do we listen to, where, and who is missing?"), "coverage", Right.READ_SCORES),
    place(gettext_lazy("Which surveys run?"), "surveys", *SURVEYS),
    place(gettext_lazy("Who was asked, who answered?"), "asked", *SURVEYS),
    place(gettext_lazy("What came in, and did we lose any?"), "imports", Right.IMPORT_SIGNALS),
    place(gettext_lazy("What do you want to know?"), "begin", Right.IMPORT_SIGNALS),
    place(gettext_lazy("What have you noticed?"), "noticed"),
)
