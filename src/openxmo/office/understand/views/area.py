"""*How is {area}?*: experience, operations and technology of one product, device, stage or touchpoint."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from openxmo.office.accounts.roles import Right
from openxmo.office.govern.requests import OfficeRequest
from openxmo.office.lib.entry import open_to
from openxmo.office.ui.asked import asked_of
from openxmo.office.understand import areas
from openxmo.office.understand.cuts import USUAL, in_words, label_of

OFFERED = ("product", "device", "stage", "touchpoint", "journey", "channel", "site", "region", "reason")
MOST_VALUES = 60


@open_to(Right.READ_SCORES)
def area(request: OfficeRequest) -> HttpResponse:
    office = request.office
    dimension = request.GET.get("dimension", "")
    value = request.GET.get("value", "")
    values = office.heard(dimension).result.values if dimension else ()
    context: dict[str, Any] = {
        "dimension": dimension,
        "value": value,
        "words": in_words(value),
        "dimension_label": label_of(dimension, office.definitions) if dimension else "",
        "dimensions": [(name, USUAL[name]) for name in OFFERED],
        "values": values[:MOST_VALUES],
        "unheard": bool(value) and value not in values,
    }
    if dimension and value:
        asked = asked_of(request)
        found = areas.look_at(office, dimension=dimension, value=value, period=asked.period, unit=asked.unit)
        months, lines = areas.time_line(office, found)
        context |= {
            "found": found,
            "kinds": [(kind, found.kinds[kind]) for kind in areas.KINDS],
            "months": months,
            "lines": lines,
            "charts": [
                (f"area-{line.row.metric.key}", line.row.kind, line.label, line.chart(months)) for line in lines
            ],
            "period": asked.period,
        }
    return render(request, "understand/area.html", context)
