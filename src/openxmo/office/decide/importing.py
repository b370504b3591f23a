"""Taking an items file into the backlog: the form of `xmo rank FILE`, kept as rows that people go on with."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec
from django.db import transaction

from openxmo.core.decide.appraisal import kano_of
from openxmo.core.decide.items import FACETS, ItemsFile, load_items
from openxmo.core.decide.items import Item as CoreItem
from openxmo.core.decide.money import Range
from openxmo.core.decide.quantities import check_estimate, take_apart
from openxmo.core.errors import WrongUsage
from openxmo.office.accounts import audit
from openxmo.office.accounts.access import Access
from openxmo.office.decide.actions import propose_item
from openxmo.office.decide.estimating import record_estimates, record_feelings, set_rate, unit_of
from openxmo.office.decide.models import Estimate, Feelings, Item
from openxmo.office.decide.permissions import check_keep
from openxmo.office.decide.queries import find_rate, newest_estimates, pooled
from openxmo.office.decide.vocabulary import ambition_like, read_vocabulary
from openxmo.office.decide.words import put_word
from openxmo.office.govern.office import Office


@dataclass(frozen=True)
class Imported:
    """`added` and `known` are items, by their keys; `words` were new to the office, `unknown` were left out."""

    added: tuple[str, ...]
    known: tuple[str, ...]
    words: tuple[str, ...]
    unknown: tuple[str, ...]
    rate: float | None


@transaction.atomic
def import_items(
    source: Path | ItemsFile,
    *,
    office: Office,
    by: str,
    at: datetime,
    unit: str | None = None,
    add_words: bool = True,
    access: Access | None = None,
) -> Imported:
    """Items, estimates and counted feelings of a file, all or none; the author of its estimates is `by`.

    An item whose key the backlog holds gets the file's estimates and keeps its words; the same file twice
    changes nothing. With `add_words` the facet words that the office lacks are added to its vocabulary, and
    the file's discount rate is taken; without, the items that hold such words stay blocked. `access`, where
    given, must reach every item that the file names again.
    """
    listed = load_items(source) if isinstance(source, Path) else source
    new, unknown = find_words(listed, office)
    if add_words:
        for facet, word in new:
            put_word(facet=facet, word=word, ambition=_ambition(facet, word, office), office=office, by=by, at=at)
    held = {item.key: item for item in Item.objects.filter(key__in=[one.key for one in listed.item])}
    if access is not None:
        for item in held.values():
            check_keep(access, item)
    for one in listed.item:
        row = held.get(one.key) or propose_item(
            title=one.title or one.key, facets=one.facets, unit=unit, by=by, at=at, key=one.key
        )
        _take_numbers(one, row, currency=office.settings.currency, by=by, at=at)
    rate = listed.discount_rate if add_words and listed.discount_rate not in (None, find_rate()) else None
    if rate is not None:
        set_rate(rate=rate, why="the items file says so", by=by, at=at)
    audit.record("items imported", by=by, at=at, on=[f"item:{pk}" for pk in _ids(listed.item)])
    return Imported(
        added=tuple(one.key for one in listed.item if one.key not in held),
        known=tuple(held),
        words=tuple(word for _, word in new) if add_words else (),
        unknown=tuple(word for _, word in ((*unknown,) if add_words else (*new, *unknown))),
        rate=rate,
    )


def find_words(listed: ItemsFile, office: Office) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Facet words that the office lacks: those to add, and those that the file's own list of words does not hold."""
    vocabulary = read_vocabulary(office)
    known = {(facet, choice.word) for facet, choices in vocabulary.items() for choice in choices}
    used = [(facet, word.strip()) for one in listed.item for facet, word in one.facets.items() if word.strip()]
    declared = [(facet, word) for facet, words in listed.facets.items() for word in words]
    lacking = [pair for pair in dict.fromkeys((*declared, *used)) if pair not in known and pair[0] in FACETS[1:]]
    allowed = [pair for pair in lacking if pair[0] not in listed.facets or pair in declared]
    return allowed, [pair for pair in lacking if pair not in allowed]


def _ambition(facet: str, word: str, office: Office) -> str:
    return ambition_like(word, office) if facet == "strategic_alignment" else ""


def _take_numbers(one: CoreItem, row: Item, *, currency: str, by: str, at: datetime) -> None:
    mine = pooled(newest_estimates(Estimate.objects.filter(item=row, made_by=by)))
    ranges = {key: found for key, found in take_apart(one).items() if mine.get(key) != found}
    for key, found in ranges.items():
        _check(one, key, found)
    record_estimates(
        item=row,
        estimates={key: (found.low, found.likely, found.high) for key, found in ranges.items()},
        units={key: unit_of(key, currency) for key in ranges},
        currency=currency,
        by=by,
        at=at,
    )
    if one.kano is not None:
        kano_of(one.kano, one.key)
        newest = Feelings.objects.filter(item=row).last()
        if newest is None or newest.given != msgspec.to_builtins(one.kano):
            record_feelings(item=row, given=one.kano, by=by, at=at)


def _check(one: CoreItem, key: str, found: Range) -> None:
    try:
        check_estimate(key, found.low, found.likely, found.high)
    except WrongUsage as error:
        raise WrongUsage(error.what, where=f"item {one.key}", mend=error.mend) from error


def _ids(items: Iterable[CoreItem]) -> list[int]:
    return list(Item.objects.filter(key__in=[one.key for one in items]).values_list("pk", flat=True))
