"""What people fill in: an idea and its facets, estimates as ranges, Kano's answers, what it turned out to be."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from openxmo.core.decide.items import FACETS, KanoInput
from openxmo.core.decide.kano import ANSWERS, CATEGORIES
from openxmo.core.decide.quantities import check_estimate
from openxmo.core.errors import WrongUsage
from openxmo.office.accounts.access import Access
from openxmo.office.decide import asking
from openxmo.office.decide.models import Item
from openxmo.office.decide.vocabulary import EXPERIENCE_LABELS, LABELS, Vocabulary
from openxmo.office.govern.office import Office

Numbers = tuple[float, float, float]


class ItemForm(forms.Form):
    """An idea. Only its title is asked for at once; the facets may follow, and it waits unranked until they do."""

    title = forms.CharField(
        label=_("The idea in a few words"), max_length=200, help_text=_("What would be different, not how it is done.")
    )
    description = forms.CharField(
        label=_("What was heard, and what would change"), required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    experience = forms.ChoiceField(label=_("Whose experience is it about?"), required=False)
    impact_area = forms.ChoiceField(label=_("Impact area"), required=False)
    journey_stage = forms.ChoiceField(label=_("Journey stage"), required=False)
    strategic_alignment = forms.ChoiceField(label=_("Which ambition does it serve?"), required=False)
    unit = forms.ChoiceField(
        label=_("Whose is it?"), required=False, help_text=_("Whoever may see the unit sees the idea.")
    )
    money_frame = forms.CharField(
        label=_("What do its amounts of money count?"),
        max_length=300,
        required=False,
        help_text=_("For example: a year, all households, without VAT."),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *given: Any, vocabulary: Vocabulary, office: Office, access: Access, **named: Any) -> None:
        super().__init__(*given, **named)
        for facet in FACETS:
            held = str(self.initial.get(facet) or (self.data or {}).get(facet) or "")
            self._choices(facet).choices = facet_choices(vocabulary, facet, held)
        self._choices("unit").choices = unit_choices(office, access)

    def _choices(self, name: str) -> forms.ChoiceField:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        return field

    @property
    def facets(self) -> dict[str, str]:
        return {facet: self.cleaned_data[facet] for facet in FACETS}


def facet_choices(vocabulary: Vocabulary, facet: str, held: str) -> list[tuple[str, str]]:
    """The words in force, and the one that the item holds though it is not one of them."""
    words = [(choice.word, choice.label) for choice in vocabulary[facet] if not choice.retired]
    if facet == "experience":
        words = [(word, str(label)) for word, label in EXPERIENCE_LABELS.items()]
    if held and held not in dict(words):
        words.append((held, gettext("%s (no longer used)") % held))
    return [("", gettext("not yet said")), *words]


def unit_choices(office: Office, access: Access) -> list[tuple[str, str]]:
    units = [(unit.key, unit.label or unit.key) for unit in office.units if access.sees_unit(unit.key)]
    return [("", gettext("the whole office")), *sorted(units, key=lambda pair: pair[1].casefold())]


def initial_of(item: Item) -> dict[str, Any]:
    names = ("title", "description", *FACETS, "unit", "money_frame", "revision")
    return {name: getattr(item, name) for name in names}


# ESTIMATES


def read_estimates(given: Mapping[str, str], keys: Iterable[str]) -> tuple[dict[str, Numbers], dict[str, str]]:
    """The ranges that were filled in, and for each quantity that does not hold together the sentence why."""
    found: dict[str, Numbers] = {}
    wrong: dict[str, str] = {}
    for key in keys:
        texts = [given.get(f"{side}:{key}", "").strip() for side in asking.SIDES]
        if not any(texts):
            continue
        try:
            found[key] = _range(key, texts)
        except WrongUsage as error:
            wrong[key] = f"{error.what} {error.mend}".strip()
    return found, wrong


def _range(key: str, texts: list[str]) -> Numbers:
    """One number alone is a range without width: whoever writes it claims to know."""
    low, likely, high = texts
    if likely and not low and not high:
        low = high = likely
    if not (low and likely and high):
        raise WrongUsage(
            gettext("A range takes low, likely and high."), mend=gettext("Or the likely one alone, if it is sure.")
        )
    found = check_estimate(key, _number(low), _number(likely), _number(high))
    return found.low, found.likely, found.high


def _number(text: str) -> float:
    try:
        number = float(text.replace("\u202f", "").replace(" ", "").replace(",", ""))
    except ValueError:
        raise WrongUsage(gettext("“%s” is no number.") % text[:40]) from None
    if number != number or abs(number) == float("inf"):
        raise WrongUsage(gettext("“%s” is no number.") % text[:40])
    return number


def read_feelings(given: Mapping[str, str]) -> KanoInput | None:
    """Counts of categories (`kano:M`) or of pairs of answers (`pair:LD`); None where nothing is filled in."""
    counts = {letter: number for letter in CATEGORIES if (number := _count(given.get(f"kano:{letter}", "")))}
    pairs = {
        pair: number
        for pair in (first + second for first in ANSWERS for second in ANSWERS)
        if (number := _count(given.get(f"pair:{pair}", "")))
    }
    if counts and pairs:
        raise WrongUsage(gettext("Give counts of pairs or counts of categories, not both."))
    return KanoInput(counts=counts, pairs=pairs) if counts or pairs else None


def _count(text: str) -> int:
    text = text.strip()
    if not text:
        return 0
    if not text.isdigit():
        raise WrongUsage(gettext("“%s” is no count of people.") % text[:40])
    return int(text)


class ActualForm(forms.Form):
    """What a quantity turned out to be."""

    quantity = forms.ChoiceField(label=_("What was measured"))
    value = forms.FloatField(label=_("It turned out to be"))
    note = forms.CharField(label=_("How do we know?"), required=False, max_length=500)

    def __init__(self, *given: Any, currency: str, **named: Any) -> None:
        super().__init__(*given, **named)
        field = self.fields["quantity"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (key, f"{asking.label_of(key)} ({asking.unit_words(key, currency)})") for key in asking.measurable()
        ]


class EvidenceForm(forms.Form):
    """A thing that speaks for the idea, by its name."""

    thing = forms.CharField(
        label=_("What speaks for it?"),
        max_length=300,
        help_text=_("Its name, like finding:3, case:7 or note:fair-2026."),
    )
    count = forms.IntegerField(label=_("How often was it heard?"), min_value=1, initial=1)
    note = forms.CharField(label=_("In words"), required=False, widget=forms.Textarea(attrs={"rows": 2}))


class WordForm(forms.Form):
    facet = forms.ChoiceField(label=_("Facet"), choices=[(facet, LABELS[facet]) for facet in FACETS[1:]])
    word = forms.CharField(label=_("Word"), max_length=100)
    label = forms.CharField(label=_("As people read it"), max_length=200, required=False)
    ambition = forms.ChoiceField(label=_("Ambition that it stands for"), required=False)

    def __init__(self, *given: Any, office: Office, **named: Any) -> None:
        super().__init__(*given, **named)
        field = self.fields["ambition"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", gettext("none")), *((one.key, one.statement or one.key) for one in office.ambitions)]


class ImportForm(forms.Form):
    file = forms.FileField(
        label=_("Items file"), help_text=_("TOML, CSV or NDJSON, in the form of docs/explanation/ranking.md.")
    )
    unit = forms.ChoiceField(label=_("Whose are they?"), required=False)

    def __init__(self, *given: Any, office: Office, access: Access, **named: Any) -> None:
        super().__init__(*given, **named)
        field = self.fields["unit"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = unit_choices(office, access)


class RateForm(forms.Form):
    rate = forms.FloatField(
        label=_("A year's wait costs"), help_text=_("In per cent, like 8."), min_value=-50, max_value=99
    )
    why = forms.CharField(label=_("Why this rate?"), max_length=500)


SORT_WORDS = {
    "together": _("all four together"),
    "wsjf": "WSJF",
    "rice": "RICE",
    "kano": "Kano",
    "money": _("Cost/benefit"),
    "evidence": _("how often heard"),
    "age": _("newest evidence"),
    "title": _("title"),
}
