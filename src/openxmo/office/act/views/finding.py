"""Finding what an address names, with the rights of who asks: refused where it is not theirs."""

from django.http import Http404
from django.utils.translation import gettext as _

from openxmo.office.accounts.access import Access
from openxmo.office.act.models import Case, Recommendation
from openxmo.office.act.permissions import check_see_case, check_see_recommendation, check_work_case


def find_case(access: Access, key: int, *, to_work: bool = False) -> Case:
    case = Case.objects.select_related("cause", "problem").filter(pk=key).first()
    if case is None:
        raise Http404(_("There is no such case."))
    (check_work_case if to_work else check_see_case)(access, case)
    return case


def find_recommendation(access: Access, key: int) -> Recommendation:
    found = Recommendation.objects.prefetch_related("quotes").filter(pk=key).first()
    if found is None:
        raise Http404(_("There is no such recommendation."))
    check_see_recommendation(access, found)
    return found
