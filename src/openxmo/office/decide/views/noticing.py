"""What have our people noticed? Read by whoever keeps the backlog, and made evidence of an idea."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from openxmo.core.errors import WrongUsage
from openxmo.office.accounts.roles import Right
from openxmo.office.decide import noticed
from openxmo.office.decide.permissions import check_keep
from openxmo.office.decide.views.frame import Frame
from openxmo.office.govern.requests import OfficeRequest
from openxmo.office.lib.entry import open_to
from openxmo.office.listen.visibility import notices_for


@open_to(Right.KEEP_BACKLOG)
@require_safe
def listed(request: OfficeRequest) -> HttpResponse:
    frame = Frame(request)
    heard = noticed.notices_heard(request.access)
    new = reverse("decide-item-new")
    context = {
        "heard": [
            (each, frame.unit_label(each.notice.unit), f"{new}?{urlencode({'evidence': each.name})}") for each in heard
        ],
        "waiting": sum(not each.used for each in heard),
        "items": [entry.item for entry in frame.entries if entry.is_open],
    }
    return render(request, "decide/noticed.html", context)


@open_to(Right.KEEP_BACKLOG)
@require_POST
def speak_for(request: OfficeRequest, notice_id: int) -> HttpResponse:
    """What was noticed speaks for an idea that stands already."""
    frame = Frame(request)
    notice = notices_for(request.access).filter(pk=notice_id).first()
    if notice is None:
        raise Http404(gettext("There is no such notice."))
    given = request.POST.get("item", "")
    if not given.isdigit():
        raise WrongUsage(gettext("No idea is chosen."), mend=gettext("Choose the one that this speaks for."))
    item = frame.find(int(given))
    check_keep(request.access, item)
    noticed.speak_for(notice=notice, item=item, by=frame.by, at=frame.at)
    messages.success(request, gettext("It speaks for “%s” now.") % item.title)
    return redirect("decide-noticed")
