"""Finding anything by a word: pages, metrics, cases, ideas, initiatives, customers; only what the person may open."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from openxmo.core.metrics.definitions import Definitions
from openxmo.office.accounts.access import Access
from openxmo.office.accounts.roles import Right
from openxmo.office.act import queries as cases
from openxmo.office.decide.visibility import visible_to as visible_items
from openxmo.office.lib.navigation import Place
from openxmo.office.prove.visibility import visible_to as visible_initiatives

MOST = 8  # of each kind
LONGEST = 200


@dataclass(frozen=True)
class Found:
    """`what` is the kind in words."""

    what: str
    label: str
    address: str
    note: str = ""


def find(words: str, *, access: Access, definitions: Definitions, places: Iterable[Place]) -> list[Found]:
    """All that fits, pages first; nothing for no word."""
    words = " ".join(words.split())[:LONGEST]
    if not words:
        return []
    return [
        *pages(words, places),
        *metrics(words, access, definitions),
        *ideas(words, access),
        *initiatives(words, access),
        *open_cases(words, access),
        *person(words, access),
    ]


def pages(words: str, places: Iterable[Place]) -> Iterator[Found]:
    fitting = [place for place in places if words.lower() in str(place.label).lower()]
    for place in fitting[:MOST]:
        yield Found(_("Page"), str(place.label), reverse(place.route))


def metrics(words: str, access: Access, definitions: Definitions) -> Iterator[Found]:
    if not access.has(Right.READ_SCORES):
        return
    fitting = [m for m in definitions.metrics.values() if words.lower() in f"{m.key} {m.label}".lower()]
    for metric in fitting[:MOST]:
        yield Found(
            _("Metric"), metric.label or metric.key, reverse("understand-measure", args=[metric.key]), metric.unit
        )


def ideas(words: str, access: Access) -> Iterator[Found]:
    for item in visible_items(access).filter(title__icontains=words)[:MOST]:
        yield Found(_("Idea"), item.title, reverse("decide-item", args=[item.pk]), item.get_state_display())


def initiatives(words: str, access: Access) -> Iterator[Found]:
    if not access.has(Right.READ_SCORES):
        return
    for each in visible_initiatives(access).filter(title__icontains=words)[:MOST]:
        yield Found(_("Initiative"), each.title, reverse("prove-initiative", args=[each.pk]), each.get_state_display())


def open_cases(words: str, access: Access) -> Iterator[Found]:
    if not access.has(Right.READ_CASES):
        return
    for case in cases.search(cases.open_cases_of(access), words)[:MOST]:
        yield Found(_("Case"), str(case), reverse("act-case", args=[case.pk]), case.get_state_display())


def person(words: str, access: Access) -> Iterator[Found]:
    """Somebody is looked up by their whole key; their page says whether they were ever heard of."""
    if access.has(Right.READ_ANSWERS) and " " not in words and len(words) >= 3:
        yield Found(
            _("Person"), words, reverse("understand-person", args=[words]), _("what this person has been through")
        )
