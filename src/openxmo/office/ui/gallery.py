"""Every component in every state on one page: what to copy from, and what the tests look at."""

from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, gettext_lazy

from openxmo.office.lib.clock import now
from openxmo.office.lib.entry import open_to_signed_in
from openxmo.office.lib.things import Thing
from openxmo.office.ui.samples import CHARTS, ESTIMATES, LONG_NAME, SPARKS, TABLE


class SampleForm(forms.Form):
    """One field of each sort, as rooms use them."""

    title = forms.CharField(label=gettext_lazy("What should be improved?"), max_length=80)
    why = forms.CharField(
        label=gettext_lazy("Why"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("What customers or colleagues said, in a sentence or two."),
    )
    effort = forms.IntegerField(label=gettext_lazy("Effort in person days"), min_value=1)
    stage = forms.ChoiceField(
        label=gettext_lazy("Stage"), choices=[("join", gettext_lazy("Joining")), ("use", gettext_lazy("Using"))]
    )
    size = forms.ChoiceField(
        label=gettext_lazy("Size"),
        choices=[("s", gettext_lazy("Small")), ("l", gettext_lazy("Large"))],
        widget=forms.RadioSelect,
    )
    told = forms.BooleanField(label=gettext_lazy("The team was told"), required=False)
    starts = forms.DateField(
        label=gettext_lazy("Starts on"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    file = forms.FileField(label=gettext_lazy("Evidence"), required=False)


@open_to_signed_in
def show(request: HttpRequest) -> HttpResponse:
    wrong = SampleForm({"w-title": "", "w-effort": "0", "w-stage": "use", "w-size": "s"}, prefix="w")
    wrong.add_error(None, forms.ValidationError(gettext_lazy("This improvement stands in the backlog already.")))
    at = now()
    context: dict[str, Any] = {
        "estimates": ESTIMATES,
        "charts": CHARTS,
        "sparks": SPARKS,
        "table": TABLE,
        "long_name": LONG_NAME,
        "tones": ["better", "worse", "open", "info", "quiet"],
        "form": SampleForm(),
        "wrong": wrong,
        "soon": at + timedelta(hours=3, minutes=20),
        "warned": at - timedelta(minutes=5),
        "past": at - timedelta(hours=2),
        "far": at + timedelta(days=6),
        "at": at,
        "earlier": [Thing("signal:web/a17", "Answer", gettext("“It took three calls”"), "/ui/gallery/")],
        "later": [
            Thing("item:3", "Item", LONG_NAME, "/ui/gallery/", "ranked 2nd"),
            Thing("initiative:1", "Initiative", gettext("Activation check"), "/ui/gallery/", "under way"),
        ],
        "long_ago": at - timedelta(days=400),
        "quarter": timedelta(days=2, hours=3),
    }
    return render(request, "ui/gallery.html", context)
