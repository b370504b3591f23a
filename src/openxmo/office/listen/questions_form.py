"""The open questions of a file as a form: six at most, the rest of what was taken as read behind them."""

from datetime import UTC, datetime
from typing import Any, ClassVar
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext, gettext_lazy

from openxmo.core.signals.mapping.guessing import Answers
from openxmo.core.signals.mapping.guessing.answering import NOBODY
from openxmo.core.signals.mapping.guessing.measures import scales_for
from openxmo.office.govern.currencies import CURRENCIES
from openxmo.office.listen.actions.uploads import Described

KINDS = (
    ("customer", gettext_lazy("customers")),
    ("employee", gettext_lazy("employees: shown in groups only")),
    ("partner", gettext_lazy("partners")),
)
DIRECTIONS = (("higher", gettext_lazy("more is better")), ("lower", gettext_lazy("less is better")))
UNITS = (
    ("", gettext_lazy("a plain number")),
    ("s", gettext_lazy("seconds")),
    ("min", gettext_lazy("minutes")),
    ("h", gettext_lazy("hours")),
    ("d", gettext_lazy("days")),
    ("%", gettext_lazy("per cent")),
)
MAIN_CURRENCIES = ("EUR", "USD", "GBP", "CHF")
DAYS_FIRST = {"%d": gettext_lazy("day first"), "%m": gettext_lazy("month first"), "%Y": gettext_lazy("year first")}


class QuestionsForm(forms.Form):
    """Fields appear only where something is asked, or may be put right; `asked` are the open ones."""

    what = forms.ChoiceField(label=gettext_lazy("What did people answer, or what was counted?"), required=False)
    when = forms.ChoiceField(label=gettext_lazy("Which column says when it happened?"), required=False)
    dates = forms.ChoiceField(label=gettext_lazy("How are the dates written?"), required=False)
    day = forms.DateField(
        label=gettext_lazy("Or one day for all rows"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    zone = forms.ChoiceField(label=gettext_lazy("In which time zone are the times?"), required=False)
    subject = forms.ChoiceField(label=gettext_lazy("Which column says who it was?"), required=False)
    subject_kind = forms.ChoiceField(
        label=gettext_lazy("Whose words are these?"), choices=KINDS, required=False, widget=forms.RadioSelect
    )
    scale = forms.ChoiceField(label=gettext_lazy("On which scale?"), required=False, widget=forms.RadioSelect)
    direction = forms.ChoiceField(
        label=gettext_lazy("Which end is good?"), choices=DIRECTIONS, required=False, widget=forms.RadioSelect
    )
    unit = forms.ChoiceField(label=gettext_lazy("In what is it counted?"), required=False)

    FIELDS: ClassVar[dict[str, tuple[str, ...]]] = {
        "what": ("what",),
        "when": ("when", "dates", "day", "zone"),
        "who": ("subject", "subject_kind"),
        "scale": ("scale",),
        "direction": ("direction",),
        "unit": ("unit",),
    }

    def __init__(self, *args: Any, described: Described, zone: str, **kwargs: Any) -> None:
        self.described = described
        plan = described.plan
        main = plan.measures[0] if plan.measures else None
        lower = main.lower_is_better if main else None
        initial = {
            "what": main.column if main else "",
            "when": plan.when or "",
            "dates": plan.dates or "",
            "day": plan.day,
            "zone": plan.zone or zone,
            "subject": plan.subject or NOBODY,
            "subject_kind": plan.subject_kind or "",
            "scale": (main.scale or "") if main else "",
            "direction": "" if lower is None else ("lower" if lower else "higher"),
            "unit": (main.unit or "") if main else "",
        }
        super().__init__(*args, **{**kwargs, "initial": initial})
        self._offer(zone)
        self._dress()
        self._leave_out()
        if "when" not in self.open_names:
            self.fields["day"].label = gettext("On which day did all of this happen?")

    def _dress(self) -> None:
        for field in self.fields.values():
            if not isinstance(field.widget, forms.RadioSelect):
                field.widget.attrs["class"] = "form-select" if isinstance(field, forms.ChoiceField) else "form-control"

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def _offer(self, zone: str) -> None:
        columns = self.described.columns
        by_name = {column.name: column for column in columns}
        every = [(column.name, column.name) for column in columns if column.distinct and not column.addresses]
        self._choose("what", [("", gettext("choose a column")), *every])
        times = [(column.name, column.name) for column in columns if column.is_time]
        self._choose("when", [("", gettext("none of them")), *times])
        formats = [form for column in columns for form in column.formats]
        self._choose(
            "dates", [("", gettext("choose")), *((form, show_format(form)) for form in dict.fromkeys(formats))]
        )
        self._choose("zone", [(each, each) for each in zones(zone)])
        self._choose("subject", [(NOBODY, gettext("nobody is named")), *every])
        main = self.described.plan.measures[0] if self.described.plan.measures else None
        seen = by_name.get(main.column) if main else None
        fitting = scales_for(seen.low or 0.0, seen.high or 0.0) if seen and seen.is_number else ()
        self._choose("scale", [(each, show_scale(each)) for each in fitting])
        self._choose("unit", [*((key, str(label)) for key, label in UNITS), *currencies()])

    def _leave_out(self) -> None:
        """Scale, direction and unit are asked of what has them; what is settled for good is not asked."""
        main = self.described.plan.measures[0] if self.described.plan.measures else None
        if main is None or main.sort != "rating":
            del self.fields["scale"]
        if main is None or main.sort not in ("rating", "number"):
            del self.fields["direction"]
        if main is None or main.sort != "number":
            del self.fields["unit"]
        if self.described.plan.zoned:
            del self.fields["zone"]

    @property
    def open_names(self) -> list[str]:
        """The fields of the open questions."""
        found = []
        for question in self.described.questions:
            names = {
                ("when", "ambiguous"): ("dates", "zone"),
                ("when", "no_zone"): ("zone",),
                ("when", "none"): ("day",),
                ("who", "kind"): ("subject_kind",),
            }.get((question.about, question.why), self.FIELDS[question.about])
            found += [name for name in names if name in self.fields and name not in found]
        return found

    @property
    def open_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.open_names]

    @property
    def settled_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name not in self.open_names]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        for name in self.open_names:
            if not found.get(name) and name not in ("day", "when", "dates", "unit") and name not in self.errors:
                self.add_error(name, gettext("Please answer this: the file alone does not tell."))
        return found

    def answers(self) -> Answers:
        found = self.cleaned_data
        day = found.get("day")
        return Answers(
            what=found.get("what") or None,
            when=found.get("when") or None,
            dates=found.get("dates") or None,
            day=day.isoformat() if day and not found.get("when") else None,
            zone=found.get("zone") or None,
            subject=found.get("subject") or None,
            subject_kind=found.get("subject_kind") or None,
            scale=found.get("scale") or None,
            direction=found.get("direction") or None,
            unit=found.get("unit") if "unit" in self.fields else None,
            source=self.described.record.source,
        )


def zones(first: str) -> list[str]:
    """The office's own first."""
    return list(dict.fromkeys([first, "UTC", *sorted(zone for zone in available_timezones() if "/" in zone)]))


def currencies() -> list[tuple[str, str]]:
    """The common ones first; a value in any other is imported with a mapping file."""
    return [(code, code) for code in dict.fromkeys([*MAIN_CURRENCIES, *sorted(CURRENCIES)])]


def show_format(form: str) -> str:
    """A date form as an example that shows which number is the day."""
    if form == "iso":
        return "2026-04-03"
    if form.startswith("epoch"):
        return gettext("seconds or thousandths since 1970")
    shown = datetime(2026, 4, 3, 14, 5, tzinfo=UTC).strftime(form)
    return gettext("%(shown)s for 3 April 2026 (%(order)s)") % {"shown": shown, "order": DAYS_FIRST.get(form[:2], "")}


def show_scale(scale: str) -> str:
    low, _, high = scale.partition("..")
    return gettext("%(low)s to %(high)s") % {"low": low, "high": high}
