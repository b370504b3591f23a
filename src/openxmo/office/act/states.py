"""The states of a case and of a recommendation, and the steps between them; the reference pages are drawn from here."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class CaseState(TextChoices):
    OPEN = "open", _("open")
    ANSWERED = "answered", _("answered")
    RESOLVED = "resolved", _("resolved")
    CONFIRMED = "confirmed", _("confirmed")
    REOPENED = "reopened", _("reopened")
    NOT_RECOVERED = "not_recovered", _("not recovered")
    DISMISSED = "dismissed", _("dismissed")


class RecommendationState(TextChoices):
    SENT = "sent", _("sent")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")
    COUNTERED = "countered", _("countered")
    UNANSWERED = "unanswered", _("unanswered")


@dataclass(frozen=True)
class Step:
    """One deed: from which states, to which, the words of its audit line."""

    deed: str
    before: tuple[str, ...]
    after: str
    audited: str


C, R = CaseState, RecommendationState
CASE_STEPS: Mapping[str, Step] = {
    step.deed: step
    for step in (
        Step("answer", (C.OPEN, C.REOPENED), C.ANSWERED, "case answered"),
        Step("resolve", (C.ANSWERED,), C.RESOLVED, "case resolved"),
        Step("confirm", (C.RESOLVED,), C.CONFIRMED, "case confirmed by the customer"),
        Step("reopen", (C.RESOLVED, C.CONFIRMED), C.REOPENED, "case reopened"),
        Step("give_up", (C.ANSWERED, C.REOPENED), C.NOT_RECOVERED, "case closed as not recovered"),
        Step("dismiss", (C.OPEN, C.ANSWERED), C.DISMISSED, "case dismissed"),
    )
}
RECOMMENDATION_STEPS: Mapping[str, Step] = {
    step.deed: step
    for step in (
        Step("accept", (R.SENT, R.UNANSWERED, R.COUNTERED), R.ACCEPTED, "recommendation accepted"),
        Step("decline", (R.SENT, R.UNANSWERED), R.DECLINED, "recommendation declined"),
        Step("counter", (R.SENT, R.UNANSWERED), R.COUNTERED, "recommendation countered"),
        Step("run_out", (R.SENT,), R.UNANSWERED, "recommendation unanswered"),
    )
}
OPEN_CASES = frozenset({C.OPEN, C.ANSWERED, C.REOPENED})  # somebody has something to do
WAITING_FOR_REPLY = frozenset({C.OPEN, C.REOPENED})
SETTLED = frozenset({C.RESOLVED, C.CONFIRMED, C.NOT_RECOVERED, C.DISMISSED})
UNANSWERED = frozenset({R.SENT, R.UNANSWERED})


def mermaid(steps: Mapping[str, Step], *, start: str) -> str:
    """The steps as a state diagram, for the reference page."""
    lines = ["stateDiagram-v2", f"    [*] --> {start}"]
    lines += [f"    {before} --> {step.after}: {step.deed}" for step in steps.values() for before in step.before]
    ended = {step.after for step in steps.values()} - {before for step in steps.values() for before in step.before}
    return "\n".join([*lines, *(f"    {state} --> [*]" for state in sorted(ended))])


def table(steps: Mapping[str, Step]) -> list[list[str]]:
    """A row for each step: the deed, from which states, to which, and what the audit says of it."""
    return [[step.deed, ", ".join(step.before), step.after, step.audited] for step in steps.values()]
