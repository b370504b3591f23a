"""What a score may be cut and chosen by: columns, attributes, and declared dimensions, borrowed ones too."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

import ibis

from openxmo.core.errors import WrongUsage
from openxmo.core.metrics.asked import Conditions, Reading
from openxmo.core.metrics.definitions import Definitions
from openxmo.core.metrics.linking import ATTRIBUTE, attach, borrow, exists_linked, field
from openxmo.core.metrics.metric import Condition, Dimension
from openxmo.core.signals.contract import DIMENSIONS
from openxmo.core.signals.store.tables import ENRICHMENTS

CUTS = frozenset(DIMENSIONS)
# What may be asked for in a condition though not cut by: each value would be a cell of one.
CHOICES = CUTS | {"value", "value_unit", "subject", "contact", "issue", "response", "receipt"}
LISTS = frozenset({"objects", "theme"})
EXISTS = "exists:"
TRUTH = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


def is_list(name: str, definitions: Definitions) -> bool:
    """Whether one signal can have several values of this dimension, and so counts in several cells."""
    return underlying(name, definitions) in LISTS


def underlying(name: str, definitions: Definitions) -> str:
    """The column or attribute that a dimension reads, of the signal itself or of the one it borrows from."""
    if name in CHOICES or name in LISTS or name.startswith(ATTRIBUTE):
        return name
    dimension = definitions.dimensions[name]
    return dimension.take if dimension.signal else _own_column(dimension)


def _own_column(dimension: Dimension) -> str:
    if dimension.column:
        return dimension.column
    return dimension.key if dimension.key in CUTS | LISTS else ATTRIBUTE + dimension.key


def check_dimension(name: str, definitions: Definitions, *, use: str = "cut by") -> None:
    """Raise, with the nearest known names, unless a score can be `use` (cut by, chosen by) this name."""
    columns = CUTS if use == "cut by" else CHOICES
    if name in columns or name in LISTS or name in definitions.dimensions:
        return
    if name.startswith(ATTRIBUTE) and len(name) > len(ATTRIBUTE):
        return
    if use != "cut by" and name.startswith(EXISTS) and len(name) > len(EXISTS):
        return
    known = sorted({*columns, *LISTS, *definitions.dimensions})
    raise WrongUsage(f"There is no dimension {name!r} to be {use}.", mend=nearest(name, known))


def nearest(name: str, known: Iterable[str], *, otherwise: str = "") -> str:
    """A sentence with the known names most like `name`."""
    candidates = sorted(set(known))
    close = get_close_matches(name.removeprefix(ATTRIBUTE), candidates, n=3, cutoff=0.6)
    if close:
        return f"Did you mean {' or '.join(close)}?"
    if len(candidates) > 12:
        return otherwise or "Columns, attributes (attrs.x) and declared dimensions can be named."
    return f"Known are: {', '.join(candidates)}." if candidates else otherwise


def add_dimension(signals: Any, name: str, *, named: str, reading: Reading) -> Any:
    """The signals with the dimension's value in a new column; a list gives a row for each of its values."""
    dimension = None if name in CHOICES | LISTS else reading.definitions.dimensions.get(name)
    if dimension is not None and dimension.signal:
        return borrow(signals, dimension, named=named, reading=reading)
    column = underlying(name, reading.definitions)
    if column == "objects":
        each = ibis.ifelse(signals.objects.length() > 0, signals.objects, ibis.array([ibis.null("string")]))
        return signals.mutate(each.unnest().name(named))
    if column == "theme":
        return attach(signals, themes(reading), on="row", named=named)
    return signals.mutate(field(signals, column).name(named))


def themes(reading: Reading) -> Any:
    found = reading.engine.table(ENRICHMENTS)
    themes = found.filter(found.what == "theme")
    if reading.known_at is not None:
        themes = themes.filter(themes.enriched_at <= ibis.literal(reading.known_at, type="timestamp('UTC')"))
    return themes.select(link=themes.row, taken=themes.label).distinct()


def add_conditions(signals: Any, where: Conditions, *, reading: Reading, named: str) -> tuple[Any, Any]:
    """The signals (with helper columns) and one expression that says whether a signal meets all conditions."""
    met: Any = ibis.literal(True)
    for place, (name, values) in enumerate(where.items()):
        check_dimension(name, reading.definitions, use="chosen by")
        helper = f"{named}_{place}"
        signals = _add_condition(signals, name, values, helper, reading)
        met = signals[helper] if place == 0 else met & signals[helper]
    return signals, met


def _add_condition(signals: Any, name: str, values: tuple[Condition | None, ...], helper: str, reading: Reading) -> Any:
    if name.startswith(EXISTS):
        wanted = [_truth(name, value) for value in values]
        found = exists_linked(signals, name.removeprefix(EXISTS), named=f"{helper}_found", reading=reading)
        there = found[f"{helper}_found"]
        if len(set(wanted)) > 1:
            return found.mutate(ibis.literal(True).name(helper))
        return found.mutate((there if wanted[0] else ~there).name(helper))
    if is_list(name, reading.definitions):
        return _holds_one_of(signals, name, values, helper, reading)
    added = add_dimension(signals, name, named=f"{helper}_value", reading=reading)
    return added.mutate(_is_one_of(added[f"{helper}_value"], name, values).name(helper))


def _holds_one_of(signals: Any, name: str, values: tuple[Condition | None, ...], helper: str, reading: Reading) -> Any:
    wanted = [as_text(value) for value in values if value is not None]
    if underlying(name, reading.definitions) == "objects":
        holds: Any = ibis.literal(False)
        for value in wanted:
            holds = holds | signals.objects.contains(value).fill_null(False)
        return signals.mutate(holds.name(helper))
    found = themes(reading)
    rows = found.filter(found.taken.isin(wanted)).select("link").distinct().mutate(taken=ibis.literal(True))
    added = attach(signals, rows, on="row", named=f"{helper}_value")
    return added.mutate(added[f"{helper}_value"].fill_null(False).name(helper))


def _is_one_of(column: Any, name: str, values: tuple[Condition | None, ...]) -> Any:
    present = [value for value in values if value is not None and value != ""]
    numeric = column.type().is_numeric()
    wanted = [as_number(name, value) if numeric else as_text(value) for value in present]
    is_wanted = column.isin(wanted).fill_null(False) if wanted else ibis.literal(False)
    return is_wanted if len(present) == len(values) else is_wanted | column.isnull()


def _truth(name: str, value: Condition | None) -> bool:
    if isinstance(value, bool):
        return value
    if str(value).lower() in TRUTH:
        return TRUTH[str(value).lower()]
    raise WrongUsage(f"{name} is either true or false, not {value!r}.")


def as_text(value: Condition) -> str:
    """A value as it stands in a column of words: 7.0 is written 7, true is written true."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:.15g}" if isinstance(value, float | int) else value


def as_number(name: str, value: Condition) -> float:
    try:
        return float(value)
    except ValueError as error:
        raise WrongUsage(f"{name} holds numbers, and {value!r} is none.") from error
