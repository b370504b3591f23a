"""Ideas as the tests of this room need them."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from openxmo.office.decide import actions, estimating
from openxmo.office.decide.models import Item
from openxmo.office.decide.vocabulary import read_vocabulary, words_in_force
from openxmo.office.decide.words import put_word
from openxmo.office.govern.office import Office
from openxmo.office.lib.clock import now

AT = now() - timedelta(hours=1)
FACETS = {
    "experience": "customer",
    "impact_area": "speed",
    "journey_stage": "onboarding",
    "strategic_alignment": "same evening",
}
WORDS: Mapping[str, tuple[str, ...]] = {facet: (word,) for facet, word in FACETS.items()}
MONEY = "EUR"


def propose(title: str, *, facets: Mapping[str, str] | None = None, unit: str | None = None) -> Item:
    """An idea; with facets, also their words in the office."""
    for facet in ("journey_stage", "strategic_alignment"):
        if facets and facets.get(facet):
            put_word(facet=facet, word=facets[facet], office=Office(), by="Lea", at=AT)
    return actions.propose_item(title=title, facets=facets, unit=unit, by="Ada", at=AT)


def estimate(item: Item, by: str = "Ada", **likely: Any) -> None:
    """`estimate(item, wsjf_value=8, rice_reach=(1, 2, 3))`."""
    ranges = {
        name.replace("_", ".", 1): given if isinstance(given, tuple) else (given, given, given)
        for name, given in likely.items()
    }
    units = {key: estimating.unit_of(key, MONEY) for key in ranges}
    estimating.record_estimates(item=item, estimates=ranges, units=units, currency=MONEY, by=by, at=now())


def force() -> Mapping[str, tuple[str, ...]]:
    return words_in_force(read_vocabulary(Office()))
