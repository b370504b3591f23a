"""The forms of this room. An initiative is planned in five steps, each a form of its own on one page."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from openxmo.core.decide.money import Range
from openxmo.core.errors import WrongUsage
from openxmo.core.metrics.definitions import Definitions
from openxmo.office.accounts.access import Access
from openxmo.office.accounts.roles import Right, rights_of
from openxmo.office.act.models import BlockerSort
from openxmo.office.govern.office import Office
from openxmo.office.prove.models import Plan
from openxmo.office.prove.terms import MoneyTerms, PlanTerms
from openxmo.office.understand.cuts import USUAL

Choices = list[tuple[str, Any]]
COLUMNS = (
    "site", "team", "unit", "region", "channel", "product", "segment", "queue", "reason", "stage", "journey",
    "touchpoint", "brand", "device", "persona", "language",
)  # fmt: skip
OTHERS, NAMED, NOBODY = "others", "named", "nobody"
SIGN = _("Signed: −8 if it should fall by 8, 8 if it should rise by 8, in the unit of the metric.")


def day_field(**more: Any) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more)


def read_words(text: str) -> tuple[str, ...]:
    """Values parted by commas or lines."""
    found = (word.strip() for line in text.splitlines() for word in line.split(","))
    return tuple(dict.fromkeys(word for word in found if word))


class WhoForm(forms.Form):
    """Step 1: what is done, and who answers for it."""

    title = forms.CharField(label=_("What is done"), max_length=200, help_text=_("As one says it: “Call ahead”."))
    about = forms.CharField(
        label=_("In a few words"), required=False, widget=forms.Textarea(attrs={"rows": 2}), max_length=2000
    )
    owner = forms.ChoiceField(label=_("Owner"), help_text=_("Does it, and answers for it."))
    sponsor = forms.ChoiceField(label=_("Sponsor"), help_text=_("Wants it, pays for it, and approves the plan."))
    unit = forms.ChoiceField(label=_("Unit"))
    item = forms.CharField(required=False, widget=forms.HiddenInput, max_length=300)
    recommendation = forms.CharField(required=False, widget=forms.HiddenInput, max_length=300)

    def __init__(self, *args: Any, office: Office, access: Access, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        runners = [p.name for p in office.people if Right.RUN_INITIATIVES in rights_of(p.roles)]
        readers = [p.name for p in office.people if Right.READ_SCORES in rights_of(p.roles)]
        units = [unit for unit in office.units if access.sees_unit(unit.key)]
        self.fields["owner"].choices = as_choices(runners)  # type: ignore[attr-defined]
        self.fields["sponsor"].choices = as_choices(readers)  # type: ignore[attr-defined]
        self.fields["unit"].choices = [("", "—"), *((unit.key, unit.label or unit.key) for unit in units)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if found.get("owner") and found.get("owner") == found.get("sponsor"):
            self.add_error("sponsor", _("Owner and sponsor are two people."))
        return found


class MeasureForm(forms.Form):
    """Step 2: what will tell."""

    metric = forms.ChoiceField(label=_("Metric that should move"))
    where = forms.CharField(
        label=_("Only where"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One condition a line, as in stage=onboarding. Leave empty for everything."),
    )

    def __init__(self, *args: Any, definitions: Definitions, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["metric"].choices = [("", "—"), *metric_choices(definitions)]  # type: ignore[attr-defined]

    def clean_where(self) -> tuple[tuple[str, str], ...]:
        pairs = []
        for line in self.cleaned_data["where"].splitlines():
            if line.strip():
                key, equals, value = line.partition("=")
                if not equals or not key.strip() or not value.strip():
                    raise forms.ValidationError(
                        _("“%(line)s” is no condition. Write it as stage=onboarding."), params={"line": line.strip()}
                    )
                pairs.append((key.strip(), value.strip()))
        return tuple(pairs)


class WhomForm(forms.Form):
    """Step 3: whom it reaches, and with whom they are compared."""

    by = forms.ChoiceField(label=_("Told apart by"), help_text=_("What says who gets the change: a site, a district."))
    treated = forms.CharField(
        label=_("Who gets the change"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Its values, parted by commas."),
    )
    against = forms.ChoiceField(
        label=_("Compared with"),
        choices=[
            (OTHERS, _("all others")),
            (NAMED, _("those named below")),
            (NOBODY, _("nobody: before and after alone, which is not evidence of effect")),
        ],
        initial=OTHERS,
    )
    comparison = forms.CharField(
        label=_("Those compared with"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    drawn_by_lot = forms.BooleanField(label=_("Who gets the change was drawn by lot"), required=False)
    cluster = forms.ChoiceField(
        label=_("Drawn or treated as one"),
        required=False,
        help_text=_("A district, a store, a team: whatever got the change as a whole. It keeps the interval honest."),
    )

    def __init__(self, *args: Any, definitions: Definitions, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cuts = cut_choices(definitions)
        self.fields["by"].choices = [("", "—"), *cuts]  # type: ignore[attr-defined]
        self.fields["cluster"].choices = [("", _("each by itself")), *cuts]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if found.get("against") == NAMED and not read_words(found.get("comparison", "")):
            self.add_error("comparison", _("Name those it is compared with."))
        if found.get("against") == NOBODY and found.get("drawn_by_lot"):
            self.add_error("drawn_by_lot", _("A lot needs somebody who does not get the change."))
        return found


class PromiseForm(forms.Form):
    """Step 4: what is promised, and when it can be known."""

    change_on = day_field(label=_("The change comes on"))
    until = day_field(label=_("It is read until"), help_text=_("The day itself is left out."))
    since = day_field(label=_("Earlier periods from"), required=False, help_text=_("Empty: from the first signal on."))
    every = forms.ChoiceField(
        label=_("Compared by"),
        choices=[("week", _("week")), ("month", _("month")), ("quarter", _("quarter"))],
        initial="month",
    )
    expected = forms.FloatField(label=_("Expected effect"), help_text=SIGN)
    ready_on = day_field(
        label=_("Verdict not before"),
        required=False,
        help_text=_("Empty: reckoned from the expected effect and what the design can show."),
    )


class HarmForm(forms.Form):
    """Step 5: what must not pay for it."""

    counter_metric = forms.ChoiceField(
        label=_("Counter-metric"), required=False, help_text=_("What gets worse when the first one is pressed.")
    )
    counter_limit = forms.FloatField(
        label=_("Tolerated loss"), min_value=0, initial=0, help_text=_("How much worse it may get, in its own unit.")
    )

    def __init__(self, *args: Any, definitions: Definitions, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["counter_metric"].choices = [("", _("none")), *metric_choices(definitions)]  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """Why an approved plan is changed."""

    reason = forms.CharField(
        label=_("Why the plan changes"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("It stands beside the verdict, with the day and what was changed."),
        max_length=2000,
    )


def as_choices(names: Iterable[str]) -> Choices:
    return [("", "—"), *((name, name) for name in sorted(names))]


def metric_choices(definitions: Definitions) -> Choices:
    """Those that can be proved: quantiles and indices do not add up over units."""
    fit = (each for each in definitions.metrics.values() if each.score.kind not in ("quantile", "index"))
    found: Choices = [
        (each.key, f"{each.label or each.key} ({each.unit})" if each.unit else each.label) for each in fit
    ]
    return sorted(found, key=lambda pair: str(pair[1]).lower())


def cut_choices(definitions: Definitions) -> Choices:
    """Declared dimensions first, then the columns of every signal; none that tells agents apart."""
    declared: Choices = [(each.key, each.label or each.key) for each in definitions.dimensions.values()]
    usual: Choices = [(name, USUAL.get(name, name)) for name in COLUMNS]
    return [*sorted(declared, key=lambda pair: str(pair[1]).lower()), *usual]


def read_terms(measure: MeasureForm, whom: WhomForm, promise: PromiseForm, harm: HarmForm) -> PlanTerms:
    """The terms of a plan, once all four forms are valid."""
    reached = whom.cleaned_data
    comparison: dict[str, tuple[str, ...] | None] = {OTHERS: None, NAMED: read_words(reached["comparison"]), NOBODY: ()}
    told = promise.cleaned_data
    return PlanTerms(
        metric=measure.cleaned_data["metric"],
        where=measure.cleaned_data["where"],
        by=reached["by"],
        treated=read_words(reached["treated"]),
        comparison=comparison[reached["against"]],
        drawn_by_lot=reached["drawn_by_lot"],
        cluster=reached["cluster"],
        counter_metric=harm.cleaned_data["counter_metric"],
        counter_limit=harm.cleaned_data["counter_limit"],
        **{name: told[name] for name in ("change_on", "until", "since", "every", "expected", "ready_on")},
    )


def initial_of(plan: Plan) -> dict[str, Any]:
    """A plan as the forms show it."""
    against = OTHERS if plan.comparison is None else NAMED if plan.comparison else NOBODY
    return {
        "metric": plan.metric,
        "where": "\n".join(f"{key}={value}" for key, value in plan.where),
        "by": plan.by,
        "treated": ", ".join(plan.treated),
        "against": against,
        "comparison": ", ".join(plan.comparison or ()),
        "drawn_by_lot": plan.drawn_by_lot,
        "cluster": plan.cluster,
        "every": plan.every,
        "since": plan.since,
        "change_on": plan.change_on,
        "until": plan.until,
        "expected": plan.expected,
        "ready_on": plan.ready_on,
        "counter_metric": plan.counter_metric,
        "counter_limit": plan.counter_limit,
    }


# THE WORK, AND THE MONEY


class MilestoneForm(forms.Form):
    title = forms.CharField(label=_("Milestone"), max_length=200)
    due_on = day_field(label=_("Due on"))


class BlockerForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=BlockerSort.choices)
    what = forms.CharField(label=_("What is in the way"), max_length=300)


class AffectedForm(forms.Form):
    who = forms.CharField(label=_("Whose work changes"), max_length=200)
    how_many = forms.IntegerField(label=_("How many people"), min_value=1, max_value=1_000_000)


class CountForm(forms.Form):
    how_many = forms.IntegerField(label=_("How many work the new way"), min_value=0)


class MoneyForm(forms.Form):
    """The effect is the verdict's own, so it is no field: only what it counts for, and what one is worth."""

    counted = forms.CharField(label=_("What is counted"), max_length=200, help_text=_("As in: activation issues."))
    volume_likely = forms.FloatField(label=_("How many in the period"), min_value=0)
    volume_low = forms.FloatField(label=_("At least"), required=False, min_value=0)
    volume_high = forms.FloatField(label=_("At most"), required=False, min_value=0)
    value_likely = forms.FloatField(label=_("What one is worth"), min_value=0)
    value_low = forms.FloatField(label=_("At least"), required=False, min_value=0)
    value_high = forms.FloatField(label=_("At most"), required=False, min_value=0)
    cost_likely = forms.FloatField(label=_("What it cost"), min_value=0, initial=0)
    cost_low = forms.FloatField(label=_("At least"), required=False, min_value=0)
    cost_high = forms.FloatField(label=_("At most"), required=False, min_value=0)
    period_from = day_field(label=_("Period from"))
    period_to = day_field(label=_("to"))
    assumptions = forms.CharField(
        label=_("What must hold"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=4000,
        help_text=_("Where the volume and the value come from, and what they leave out. Finance reads this."),
    )
    ENDS: ClassVar[tuple[str, ...]] = ("volume", "value", "cost")

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        for name in self.ENDS:
            if found.get(f"{name}_likely") is None:
                continue
            try:
                found[name] = range_of(found, name)
            except WrongUsage as problem:
                self.add_error(f"{name}_likely", problem.what)
        if found.get("period_from") and found.get("period_to") and found["period_to"] <= found["period_from"]:
            self.add_error("period_to", _("The period ends before it begins."))
        return found

    def terms(self) -> MoneyTerms:
        names = ("counted", "volume", "value", "cost", "period_from", "period_to", "assumptions")
        return MoneyTerms(**{name: self.cleaned_data[name] for name in names})


def range_of(found: dict[str, Any], name: str) -> Range:
    """A range of three fields; an end that is left empty is the likely value itself."""
    likely = float(found[f"{name}_likely"])
    low, high = found.get(f"{name}_low"), found.get(f"{name}_high")
    return Range(likely if low is None else low, likely, likely if high is None else high)
