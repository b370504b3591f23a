"""Pages for people with a signed link: a customer says whether it helped, a team answers what it is asked.

Opening a link shows and changes nothing; mail programmes open links before people do. Only the form acts.
"""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from openxmo.core.errors import UserError
from openxmo.office.act import links, policies
from openxmo.office.act.confirming import hear_answer
from openxmo.office.act.forms import AnswerForm, ConfirmForm
from openxmo.office.act.models import Case, Recommendation
from openxmo.office.act.permissions import check_answer
from openxmo.office.act.views.recommendations import described, take_answer
from openxmo.office.govern.middleware import served_home
from openxmo.office.govern.queries import access_of
from openxmo.office.govern.requests import OfficeRequest
from openxmo.office.lib.clock import now
from openxmo.office.lib.entry import open_to_link


@open_to_link(why="a customer says whether an answer helped, by the signed link in their letter")
@require_http_methods(["GET", "POST"])
def confirm(request: OfficeRequest, token: str) -> HttpResponse:
    facts = links.read(links.CONFIRM, token)
    case = Case.objects.filter(pk=facts["case"]).first()
    if case is None:
        raise Http404(_("There is nothing here any more."))
    form = ConfirmForm(request.POST or None)
    heard = facts["round"] != case.rounds or case.state != "resolved"
    if request.method == "POST" and not heard and form.is_valid():
        said = form.cleaned_data
        try:
            hear_answer(
                served_home(),
                case=case,
                helped=said["helped"] == "yes",
                score=said["score"],
                words=said["words"],
                round=facts["round"],
                at=now(),
            )
        except UserError:
            return render(request, "act/confirm.html", {"heard": True})
        return render(request, "act/confirm.html", {"heard": True, "helped": said["helped"]})
    status = 422 if request.method == "POST" and not heard else 200
    return render(request, "act/confirm.html", {"heard": heard, "form": form}, status=status)


@open_to_link(why="whoever answers for a team does so by the signed link in their letter, in their own name")
@require_http_methods(["GET", "POST"])
def answer(request: OfficeRequest, token: str) -> HttpResponse:
    facts = links.read(links.ANSWER, token)
    found = Recommendation.objects.prefetch_related("quotes").filter(pk=facts["recommendation"]).first()
    if found is None:
        raise Http404(_("There is nothing here any more."))
    access = access_of(served_home(), facts["name"], at=now())
    check_answer(access, found)  # who left the office answers no more
    form = AnswerForm(request.POST or None)
    status = 200
    said = ""
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                found = take_answer(found, form, by=facts["name"])
                status = 200
            except UserError as error:
                said, status = error.told, 409
    context = {
        **described(found, access),
        "form": form,
        "said": said,
        "name": facts["name"],
        "answering": policies.can_answer_now(found),
    }
    return render(request, "act/answer.html", context, status=status)
