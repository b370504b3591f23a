"""What may be done in which state, whoever does it."""

from django.utils.translation import gettext as _

from openxmo.core.errors import WrongUsage
from openxmo.office.act.models import Blocker, Case, Recommendation
from openxmo.office.act.states import CASE_STEPS, OPEN_CASES, RECOMMENDATION_STEPS, UNANSWERED, CaseState


def check_step(case: Case, deed: str) -> None:
    if not can_step(case, deed):
        step = CASE_STEPS[deed]
        states = ", ".join(str(CaseState(state).label) for state in step.before)
        raise WrongUsage(
            _("This case is %(state)s, and that takes one that is %(states)s.")
            % {"state": CaseState(case.state).label, "states": states},
            where=case.name,
            mend=_("Load the page again: somebody may have gone on with it."),
        )


def can_step(case: Case, deed: str) -> bool:
    return case.state in CASE_STEPS[deed].before


def is_open(case: Case) -> bool:
    return case.state in OPEN_CASES


def check_clear_here(blocker: Blocker) -> None:
    """Among what is stuck, everything is cleared but what holds an initiative up: its page asks how."""
    if blocker.on_initiative:
        raise WrongUsage(
            _("What holds an initiative up is cleared on the initiative's own page, by whoever runs it."),
            where=blocker.on,
            mend=_("Open it there, and say how it was cleared."),
        )


def check_recommendation_step(recommendation: Recommendation, deed: str) -> None:
    if not can_answer_now(recommendation, deed):
        raise WrongUsage(
            _("This was answered already: %(state)s.") % {"state": recommendation.get_state_display()},
            where=recommendation.name,
            mend=_("Whoever asked can send a new recommendation."),
        )


def can_answer_now(recommendation: Recommendation, deed: str = "accept") -> bool:
    if recommendation.settled_at is not None:
        return False
    return recommendation.state in RECOMMENDATION_STEPS[deed].before


def is_unanswered(recommendation: Recommendation) -> bool:
    return recommendation.state in UNANSWERED
