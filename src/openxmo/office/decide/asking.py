"""The quantities as people are asked for them: by ranking, in words, with their unit and their steps."""

from dataclasses import dataclass

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from openxmo.core.decide.quantities import QUANTITIES, find_quantity
from openxmo.core.decide.rice import CONFIDENCES, IMPACTS
from openxmo.office.decide.estimating import unit_of

LABELS = {
    "wsjf.value": _("value for people and business"),
    "wsjf.time": _("how fast it loses worth"),
    "wsjf.risk": _("risk it takes away, or what it opens"),
    "wsjf.size": _("size of the job"),
    "rice.reach": _("people reached in a quarter"),
    "rice.impact": _("impact on each of them"),
    "rice.confidence": _("how sure we are"),
    "rice.effort": _("effort"),
    "money.cost": _("cost now"),
    "money.running": _("running cost"),
    "money.customer": _("benefit from customers"),
    "money.business": _("benefit to the business"),
    "money.employee": _("benefit from employees"),
}
UNITS = {"points": _("points"), "people": _("people"), "person-months": _("person-months"), "step": ""}
STEP_WORDS = {
    "massive": _("massive"),
    "high": _("high"),
    "medium": _("medium"),
    "low": _("low"),
    "minimal": _("minimal"),
}
YEARS = 3  # asked for, unless more are known
SIDES = ("low", "likely", "high")


@dataclass(frozen=True)
class Question:
    """One quantity in the form: `steps` are the only answers there are, as (number, words)."""

    key: str
    label: str
    unit: str
    steps: tuple[tuple[float, str], ...] = ()


def label_of(key: str) -> str:
    """`benefit from customers, year 2`."""
    stem, dot, year = key.rpartition(".")
    if dot and year.isdigit():
        return gettext("%(what)s, year %(year)s") % {"what": LABELS[stem], "year": year}
    return str(LABELS[key])


def unit_words(key: str, currency: str) -> str:
    unit = unit_of(key, currency)
    return str(UNITS.get(unit, unit))


def questions(asker: str, currency: str, years: int = YEARS) -> list[Question]:
    """What a ranking asks, in its order."""
    keys: list[str] = []
    for quantity in QUANTITIES.values():
        if quantity.asker == asker:
            keys += [f"{quantity.key}.{year}" for year in range(1, years + 1)] if quantity.yearly else [quantity.key]
    return [Question(key, label_of(key), unit_words(key, currency), _steps(key)) for key in keys]


def _steps(key: str) -> tuple[tuple[float, str], ...]:
    words = {"rice.impact": IMPACTS, "rice.confidence": CONFIDENCES}.get(key, {})
    return tuple(
        (step, f"{step:g} · {STEP_WORDS[words[step]]}") for step in sorted(find_quantity(key).steps, reverse=True)
    )


def measurable() -> list[str]:
    """The quantities that can turn out: relative points cannot."""
    keys = [key for key, quantity in QUANTITIES.items() if quantity.unit not in ("points", "step")]
    return [
        *(key for key in keys if not QUANTITIES[key].yearly),
        *(f"{key}.{year}" for key in keys if QUANTITIES[key].yearly for year in range(1, YEARS + 1)),
    ]
