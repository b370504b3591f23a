"""The words of the four facets: what an item may be sorted by, shared by the whole office.

Impact areas have words from the first day on; stages come from the office's journeys, alignment from its
ambitions. Words that were added stand beside them, and a word that was retired can no longer be chosen.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.utils.translation import gettext_lazy as _

from openxmo.core.decide.items import EXPERIENCES, FACETS
from openxmo.office.decide.models import Word
from openxmo.office.govern.office import Office

LABELS = {
    "experience": _("experience"),
    "impact_area": _("impact area"),
    "journey_stage": _("journey stage"),
    "strategic_alignment": _("ambition it serves"),
}
EXPERIENCE_LABELS = {
    "customer": _("Customers"),
    "employee": _("Employees"),
    "partner": _("Partners"),
    "product": _("Products"),
}
FIRST_IMPACT_AREAS = (
    "effort",
    "speed",
    "reliability",
    "clarity",
    "knowledge",
    "channels",
    "price and billing",
    "processes",
    "tools",
    "partners",
)


@dataclass(frozen=True)
class Choice:
    """One word of a facet. `origin` says where it comes from: office, first day, or added here."""

    word: str
    label: str
    origin: str
    ambition: str = ""
    retired: bool = False


Vocabulary = Mapping[str, tuple[Choice, ...]]


def read_vocabulary(office: Office, heard: Iterable[str] = ()) -> Vocabulary:
    """Every facet with its words, the retired ones too. `heard` are stages that signals name."""
    rows: dict[str, list[Word]] = {facet: [] for facet in FACETS}
    for row in Word.objects.all():
        rows.setdefault(row.facet, []).append(row)
    named = {row.ambition for row in rows["strategic_alignment"] if row.ambition}
    given = {
        "experience": [Choice(word, str(EXPERIENCE_LABELS[word]), "office") for word in EXPERIENCES],
        "impact_area": [Choice(word, word, "first day") for word in FIRST_IMPACT_AREAS],
        "journey_stage": [
            *(
                Choice(stage.key, stage.label or stage.key, "office")
                for each in office.journeys
                for stage in each.stages
            ),
            *(Choice(stage, stage, "signals") for stage in heard),
        ],
        "strategic_alignment": [
            Choice(ambition.key, ambition.statement or ambition.key, "office", ambition=ambition.key)
            for ambition in office.ambitions
            if ambition.key not in named
        ],
    }
    statements = {ambition.key: ambition.statement for ambition in office.ambitions}
    return {facet: _with_rows(given[facet], rows[facet], statements) for facet in FACETS}


def _with_rows(given: list[Choice], rows: list[Word], statements: Mapping[str, str]) -> tuple[Choice, ...]:
    found = {choice.word: choice for choice in reversed(given)}
    for row in rows:
        label = row.label or statements.get(row.ambition, "") or row.word
        before = found.get(row.word)
        if before is not None:
            found[row.word] = replace(before, retired=row.retired, label=row.label or before.label)
        else:
            found[row.word] = Choice(row.word, label, "added", ambition=row.ambition, retired=row.retired)
    return tuple(sorted(found.values(), key=lambda choice: choice.label.casefold()))


def words_in_force(vocabulary: Vocabulary) -> dict[str, tuple[str, ...]]:
    """The words that an item may hold, in the form the ranking takes."""
    return {facet: tuple(each.word for each in choices if not each.retired) for facet, choices in vocabulary.items()}


def label_of(vocabulary: Vocabulary, facet: str, word: str) -> str:
    return next((choice.label for choice in vocabulary.get(facet, ()) if choice.word == word), word)


def ambition_like(word: str, office: Office) -> str:
    """The ambition that a word names, whatever stands between its parts: `same evening` is `same_evening`."""
    plain = word.casefold().replace(" ", "_").replace("-", "_")
    return next((one.key for one in office.ambitions if one.key.casefold().replace("-", "_") == plain), "")
