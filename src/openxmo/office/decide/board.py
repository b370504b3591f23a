"""The backlog as its page shows it: rows with four ranks side by side, filtered and sorted."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from openxmo.core.decide.appraisal import FRAMEWORKS
from openxmo.core.decide.items import FACETS
from openxmo.core.decide.kano import MEANINGS
from openxmo.office.decide.queries import Entry
from openxmo.office.decide.states import OPEN, TONES, State
from openxmo.office.ui.components.words import money, number

NAMES = {"wsjf": "WSJF", "rice": "RICE", "kano": "Kano", "money": _("cost/benefit")}
ASKS = {
    "wsjf": _("What does waiting cost, for how much work?"),
    "rice": _("How many people, how much, how surely, for what effort?"),
    "kano": _("What do people feel with it, and without it?"),
    "money": _("Is it worth what it costs?"),
}
CATEGORIES = {
    "M": _("must-be"),
    "O": _("one-dimensional"),
    "A": _("attractive"),
    "I": _("indifferent"),
    "R": _("reverse"),
    "Q": _("questionable"),
}
assert CATEGORIES.keys() == MEANINGS.keys()
SORTS = ("together", *FRAMEWORKS, "evidence", "age", "title")
LAST = float("inf")
NOWHERE: tuple[None, Mapping[str, Any]] = (None, {})


@dataclass(frozen=True)
class Place:
    """Where one framework puts one item, in words; `flips` are those that a fifth more effort would favour."""

    framework: str
    rank: int | None
    found: Mapping[str, Any] | None = None  # what the ranking told of it
    currency: str = ""
    leads: float | None = None
    flips: tuple[str, ...] = ()
    rank_then: int | None = None

    @property
    def score(self) -> str:
        return in_words(self.framework, self.found, self.currency)[0] if self.found else ""

    @property
    def interval(self) -> str:
        return in_words(self.framework, self.found, self.currency)[1] if self.found else ""


@dataclass(frozen=True)
class Row:
    """An item with its four places in the order of `FRAMEWORKS`; `together` is its place by mean rank."""

    entry: Entry
    places: tuple[Place, ...]
    together: int | None

    @property
    def tone(self) -> str:
        return TONES[self.entry.item.state]

    def rank(self, framework: str) -> int | None:
        return next(place.rank for place in self.places if place.framework == framework)


def build_rows(entries: Iterable[Entry], document: Mapping[str, Any], currency: str) -> list[Row]:
    """Every entry with its places in a released ranking; blocked and closed ones have none."""
    ranked: dict[str, tuple[int, Mapping[str, Any]]] = {
        each["key"]: (place, each) for place, each in enumerate(document["items"], start=1)
    }
    flips = {(flip["key"], flip["by"]): flip for flip in document["flips"]}
    rows = []
    for entry in entries:
        together, found = ranked.get(entry.item.key, NOWHERE)
        places = tuple(
            _place(framework, found.get(framework), flips.get((entry.item.key, framework)), currency)
            for framework in FRAMEWORKS
        )
        rows.append(Row(entry, places, together))
    return rows


def _place(framework: str, found: Mapping[str, Any] | None, flip: Mapping[str, Any] | None, currency: str) -> Place:
    if not found:
        return Place(framework, None)
    return Place(
        framework,
        found["rank"],
        found=found,
        currency=currency,
        leads=found["leads"],
        flips=tuple(flip["overtaken_by"]) if flip else (),
        rank_then=flip["new_rank"] if flip else None,
    )


def in_words(framework: str, found: Mapping[str, Any], currency: str) -> tuple[str, str]:
    """The score and its range as they are read."""
    if framework == "kano":
        return str(CATEGORIES[found["category"]]), ""
    low, high = found["low"], found["high"]
    if framework == "money":
        return money(rounded(found["npv"]), currency), between(
            money(rounded(low), currency), money(rounded(high), currency)
        )
    digits = 1 if framework == "wsjf" else 0
    return number(found["score"], digits), between(number(low, digits), number(high, digits))


def rounded(amount: float) -> float:
    """To three digits that mean something: nobody knows a forecast to the pound."""
    size: int = 10 ** max(len(f"{abs(amount):.0f}") - 3, 0)
    return round(amount / size) * size


def between(low: str, high: str) -> str:
    return "" if low == high else gettext("%(low)s to %(high)s") % {"low": low, "high": high}


# FILTERS AND ORDER


@dataclass(frozen=True)
class Asked:
    """What the address asks the table for. `state` is one of them, `open` or `all`."""

    text: str = ""
    state: str = "open"
    sort: str = "together"
    facets: Mapping[str, str] | None = None
    units: frozenset[str] | None = None  # of the unit looked at; None is every one

    @property
    def narrow(self) -> bool:
        return bool(
            self.text or (self.facets and any(self.facets.values())) or self.units is not None or self.state != "open"
        )


def read_asked(given: Mapping[str, str], units: frozenset[str] | None) -> Asked:
    """From the address; what it does not know is as by default."""
    state = given.get("state", "open")
    sort = given.get("sort", "together")
    return Asked(
        text=given.get("q", "").strip(),
        state=state if state in ("open", "all", *State.values) else "open",
        sort=sort if sort in SORTS else "together",
        facets={facet: given.get(facet, "").strip() for facet in FACETS},
        units=units,
    )


def narrow(rows: Sequence[Row], asked: Asked) -> list[Row]:
    return [row for row in rows if _fits(row.entry, asked)]


def _fits(entry: Entry, asked: Asked) -> bool:
    item = entry.item
    if asked.state == "open" and item.state not in OPEN:
        return False
    if asked.state not in ("open", "all", item.state):
        return False
    if asked.units is not None and item.unit and item.unit not in asked.units:
        return False
    if any(word and getattr(item, facet) != word for facet, word in (asked.facets or {}).items()):
        return False
    words = f"{item.title} {item.description}".casefold()
    return all(word in words for word in asked.text.casefold().split())


def order(rows: Iterable[Row], sort: str) -> list[Row]:
    """By a framework's rank, by mean rank, by how often it was heard, by the newest evidence, or by title."""

    def together(row: Row) -> tuple[float, str]:
        return (row.together or LAST, row.entry.item.title.casefold())

    def key(row: Row) -> tuple[Any, ...]:
        if sort in FRAMEWORKS:
            return (row.rank(sort) or LAST, *together(row))
        if sort == "evidence":
            return (-row.entry.heard, *together(row))
        if sort == "age":
            newest = row.entry.newest
            return (newest is None, -(newest.timestamp() if newest else 0), *together(row))
        return (row.entry.item.title.casefold(),) if sort == "title" else together(row)

    return sorted(rows, key=key)


def days_since(moment: datetime | None, at: datetime) -> int | None:
    return None if moment is None else max((at - moment).days, 0)
