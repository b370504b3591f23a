"""The nine steps of the first walk, from what was heard to one's own file: each a question, its number, its page."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from openxmo.office.accounts.access import Access
from openxmo.office.accounts.roles import ROLES, Right
from openxmo.office.home import tales
from openxmo.office.home.walking import Walk
from openxmo.office.ui.periods import days


@dataclass(frozen=True)
class Step:
    """`tell` gives the step's number in a sentence; `query` is what its page is asked in the sample organisation."""

    key: str
    question: Any
    route: str
    right: Right
    tell: Callable[[Walk], str]
    query: Callable[[Walk], Mapping[str, str]] | None = None

    def address(self, walk: Walk) -> str:
        asked = dict(self.query(walk)) if self.query and walk.is_sample else {}
        return f"{reverse(self.route)}?{urlencode({**asked, 'step': self.key})}"

    def may(self, access: Access) -> bool:
        return access.has(self.right)

    @property
    def who_may(self) -> list[str]:
        """The roles that can open its page, in words."""
        return [role.label for role in ROLES.values() if self.right in role.rights]


def months(walk: Walk, first: int, until: int) -> str:
    return days(walk.month(first), walk.month(until)).key


def ask_trusted(walk: Walk) -> Mapping[str, str]:
    return {"period": months(walk, 13, 25)}


def ask_gap(walk: Walk) -> Mapping[str, str]:
    return {"period": months(walk, 24, 25)}


def ask_moved(walk: Walk) -> Mapping[str, str]:
    return {
        "metric": tales.MOVED,
        "by": "channel,product",
        "period": months(walk, 20, 23),
        "before": months(walk, 17, 20),
        "received": "1",
    }


SCORES = Right.READ_SCORES
STEPS: tuple[Step, ...] = (
    Step("heard", _("What was heard?"), "listen:imports", Right.IMPORT_SIGNALS, tales.heard),
    Step("trusted", _("Can it be trusted?"), "home-trust", SCORES, tales.trusted, ask_trusted),
    Step("gap", _("How far are we from what we strive for?"), "govern-gaps", SCORES, tales.gap, ask_gap),
    Step("moved", _("Why did it move?"), "understand-why", SCORES, tales.moved, ask_moved),
    Step("next", _("What should we improve next?"), "decide-backlog", SCORES, tales.next_),
    Step("needed", _("Who needs us today?"), "act-cases", Right.READ_CASES, tales.needed),
    Step("proved", _("Did it work?"), "prove-under-way", SCORES, tales.proved),
    Step("earned", _("What have we earned?"), "prove-ledger", SCORES, tales.earned),
    Step("own", _("And now with your own file?"), "listen:begin", Right.IMPORT_SIGNALS, tales.own_file),
)


def find_step(key: str) -> Step | None:
    return next((step for step in STEPS if step.key == key), None)


def number_of(step: Step) -> int:
    return STEPS.index(step) + 1


def after(step: Step) -> Step | None:
    """The next one; None after the last."""
    place = number_of(step)
    return STEPS[place] if place < len(STEPS) else None


def before(step: Step) -> Step | None:
    place = number_of(step) - 2
    return STEPS[place] if place >= 0 else None
