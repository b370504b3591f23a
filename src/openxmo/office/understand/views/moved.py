"""*What moved and is real?*"""

from django.http import HttpResponse
from django.shortcuts import render

from openxmo.office.accounts.roles import Right
from openxmo.office.govern.requests import OfficeRequest
from openxmo.office.lib.clock import now
from openxmo.office.lib.entry import open_to
from openxmo.office.understand import queries


@open_to(Right.READ_SCORES)
def moved(request: OfficeRequest) -> HttpResponse:
    at = now()
    rows = queries.movers(request.office, at)
    real = [row for row in rows if row.real]
    context = {
        "rows": rows,
        "real": real,
        "better": [row for row in real if (row.change["value"] > 0) == (row.better == "higher")],
        "compared": queries.compared(request.office, at),
    }
    return render(request, "understand/moved.html", context)
