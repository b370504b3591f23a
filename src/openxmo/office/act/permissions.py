"""Who may do what in this room, whatever state things are in. Each rule raises a sentence, or answers yes or no."""

from django.utils.translation import gettext as _

from openxmo.core.errors import NotAllowed
from openxmo.office.accounts.access import Access
from openxmo.office.accounts.roles import Right
from openxmo.office.act.models import Case, Problem, Recommendation


def check_see_case(access: Access, case: Case) -> None:
    if not can_see_case(access, case):
        raise NotAllowed(_("This case belongs to another unit."), mend=_("Ask the lead of that unit."))


def can_see_case(access: Access, case: Case) -> bool:
    return access.has(Right.READ_CASES, Right.WORK_CASES) and access.sees_unit(case.unit or None)


def can_see_problem(access: Access, problem: Problem) -> bool:
    """Whoever sees one of its cases."""
    if not access.has(Right.READ_CASES, Right.WORK_CASES):
        return False
    return access.units is None or problem.cases.filter(unit__in=access.units).exists()


def check_work_case(access: Access, case: Case) -> None:
    check_see_case(access, case)
    if not access.has(Right.WORK_CASES):
        raise NotAllowed(
            _("%(who)s may see this case and not work it.") % {"who": access.name},
            mend=_("Agents and leads of its unit may."),
        )


def check_lead_cases(access: Access) -> None:
    """Reassigning, judging possible complaints, the vocabulary of causes: leads of cases."""
    if not can_lead_cases(access):
        raise NotAllowed(
            _("%(who)s may not do this for others.") % {"who": access.name},
            mend=_("Team leads and the office's lead may."),
        )


def can_lead_cases(access: Access) -> bool:
    return bool({"team_lead", "xmo_lead"} & set(access.roles))


def can_work_case(access: Access, case: Case) -> bool:
    return access.has(Right.WORK_CASES) and access.sees_unit(case.unit or None)


def check_answer(access: Access, recommendation: Recommendation) -> None:
    if not can_answer(access, recommendation):
        raise NotAllowed(_("This is asked of another team."), mend=_("Whoever answers for that team may."))


def can_answer(access: Access, recommendation: Recommendation) -> bool:
    return access.has(Right.ANSWER_RECOMMENDATIONS) and access.sees_unit(recommendation.unit)


def check_see_recommendation(access: Access, recommendation: Recommendation) -> None:
    if not can_see_recommendation(access, recommendation):
        raise NotAllowed(_("This is asked of another team."), mend=_("Whoever answers for that team may see it."))


def can_see_recommendation(access: Access, recommendation: Recommendation) -> bool:
    """Who was asked; who asked; and whoever may ask, within their units."""
    asks = access.has(Right.RECOMMEND, Right.KEEP_BACKLOG)
    own = recommendation.sent_by == access.name or access.sees_unit(recommendation.unit)
    return can_answer(access, recommendation) or (asks and own)
