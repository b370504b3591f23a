"""The plan of an import: which column says who, when and what, guessed by names and values."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import msgspec

from openxmo.core.signals.mapping.guessing.columns import ColumnLook, describe_columns
from openxmo.core.signals.mapping.guessing.looking import Look
from openxmo.core.signals.mapping.guessing.measures import Measure, measure_of, plain

# A column's plain name, whole; the first field that knows it takes it.
NAMES = {
    "response": r"(response|answer|submission|survey response|respnum|reply)( ?(id|no|nr|number|key))?",
    "contact": r"(contact|call|chat|conversation|interaction|session|visit)( ?(id|no|nr|number|key))",
    "issue": r"(issue|ticket|case|order|claim|incident|matter)( ?(id|no|nr|number|key))?",
    "account": r"(account|household|company|organi[sz]ation|business|tenant)( ?(id|no|nr|number|key|name))?",
    "subject": r"(customer|client|user|member|respondent|subject|person|guest|patient|passenger|employee|consumer|"
    r"partner|participant|contact)( ?(id|no|nr|number|key|ref))?|(uid|cid|cust id)",
    "agent": r"(agent|advisor|adviser|operator|rep|handled by|served by)( ?(id|no|name|key))?",
    "team": r"team( ?(id|name))?",
    "unit": r"(unit|department|division|business unit)( ?(id|name))?",
    "channel": r"channel|contact channel|medium|mode",
    "journey": r"journey",
    "stage": r"(journey )?(stage|step|phase)",
    "touchpoint": r"touch ?point",
    "queue": r"queue|skill",
    "site": r"site|location|store|branch|office",
    "region": r"region|country|state|district|area|market",
    "reason": r"(contact |call )?(reason|topic|category|issue type|type)",
    "product": r"product( name)?|service|plan|item",
    "brand": r"brand|airline",
    "device": r"device|platform|browser",
    "segment": r"(customer )?segment|tier|cohort",
    "persona": r"persona",
    "language": r"(language|lang|locale)",
}
KEYS = frozenset({"response", "contact", "issue", "account", "subject", "agent"})
WHEN = re.compile(r"date|time|stamp|when|submitted|answered|completed|created|responded|_at$| at$|day$")
ANSWERED = re.compile(r"submitted|answered|completed|responded|response|happened|end|survey|created")
EMPLOYEES = re.compile(r"employee|staff|\benps\b|colleague|worker|manager|supervisor")
PARTNERS = re.compile(r"partner|supplier|vendor|dealer|installer")
CUSTOMERS = re.compile(r"customer|client|guest|patient|passenger|buyer|consumer|order|shopper|subscriber")
ORDER = ("nps", "enps", "csat", "ces", "effort", "resolved")
MOST_EXTRAS = 25


class Plan(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Everything a mapping is written from. `None` is not known yet; `when` may be a column or `day` one day for all.

    `measures` come with the one that matters most first. `fields` are the other columns by the
    contract's field, `extras` those kept as attributes, `left_out` those not taken, such as e-mail addresses.
    """

    source: str
    measures: tuple[Measure, ...] = ()
    when: str | None = None
    dates: str | None = None
    zone: str | None = None
    zoned: bool = False
    day: str | None = None
    subject: str | None = None
    subject_kind: str | None = None
    fields: dict[str, str] = {}
    extras: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def guess(seen: Look, *, source: str, columns: Sequence[ColumnLook] = ()) -> Plan:
    """The plan that names and values suggest; what they leave open is None."""
    columns = columns or describe_columns(seen)
    used = {column.name for column in columns if not column.distinct or column.addresses}
    when = find_when(columns)
    used |= {when.name} if when else set()
    measures = find_measures([column for column in columns if column.name not in used])
    used |= {measure.column for measure in measures}
    fields = find_fields([column for column in columns if column.name not in used])
    used |= set(fields.values())
    extras = [column.name for column in columns if column.name not in used and column.is_category][:MOST_EXTRAS]
    return Plan(
        source=source,
        measures=apart(measures, fields),
        when=when.name if when else None,
        dates=when.formats[0] if when and len(when.formats) == 1 else None,
        zoned=bool(when and when.zoned),
        subject=fields.pop("subject", None),
        subject_kind=find_kind(seen.columns, measures),
        fields=fields,
        extras=tuple(extras),
        left_out=tuple(column.name for column in columns if column.name not in {*used, *extras} or column.addresses),
        missing=tuple(sorted({word for column in columns for word in column.missing})),
    )


def find_when(columns: Sequence[ColumnLook]) -> ColumnLook | None:
    """The one column of moments, or the one whose name says that then it was answered."""
    times = [column for column in columns if column.is_time and column.filled > 0.5]
    named = [column for column in times if ANSWERED.search(plain(column.name))]
    if len(times) == 1:
        return times[0]
    return named[0] if len(named) == 1 else None


def find_measures(columns: Sequence[ColumnLook]) -> tuple[Measure, ...]:
    """What is surely measured, what people said first, words last; a doubtful column only where it is the only one."""
    found = candidates(columns)
    sure = [measure for measure in found if measure.sure and measure.sort != "words"]
    if not sure and len(found) == 1:
        return found
    return (*sure, *[measure for measure in found if measure.sort == "words"][:1]) if sure else ()


def apart(measures: Sequence[Measure], fields: Mapping[str, str]) -> tuple[Measure, ...]:
    """NPS beside the key of a contact is asked of the contact, and never pooled with that of the relationship."""
    if "contact" not in fields:
        return tuple(measures)
    return tuple(replace(measure, name="tnps") if measure.name == "nps" else measure for measure in measures)


def candidates(columns: Sequence[ColumnLook]) -> tuple[Measure, ...]:
    """Every column that may measure something, the likeliest first; of two of one name the likelier."""
    # A column whose name is one of the contract's keys or cuts is no measure, though it holds numbers.
    found = [m for column in columns if not is_cut(column) and (m := measure_of(column)) is not None]
    taken: dict[str, Measure] = {}
    for measure in sorted(found, key=rank):
        taken.setdefault(measure.name if measure.sort != "words" else f"words {measure.column}", measure)
    return tuple(sorted(taken.values(), key=lambda measure: measure.sort == "words"))


def is_cut(column: ColumnLook) -> bool:
    name = plain(column.name)
    return any(re.fullmatch(pattern, name) for pattern in NAMES.values()) and not column.is_words


def rank(measure: Measure) -> tuple[int, int, int]:
    known = ORDER.index(measure.name) if measure.name in ORDER else len(ORDER)
    return known, 0 if measure.sort == "rating" else 1, 0 if measure.sure else 1


def find_fields(columns: Sequence[ColumnLook]) -> dict[str, str]:
    found: dict[str, str] = {}
    for field, pattern in NAMES.items():
        for column in columns:
            fits = re.fullmatch(pattern, plain(column.name)) and column.name not in found.values()
            if fits and (field in KEYS or column.is_category):
                found[field] = column.name
                break
    return found


def find_kind(names: Sequence[str], measures: Sequence[Measure]) -> str | None:
    """Whose words these are, where the names say it of one sort alone."""
    if measures and measures[0].name == "enps":
        return "employee"
    said = " ".join(plain(name) for name in (*names, *(measure.name for measure in measures)))
    sorts = {"employee": EMPLOYEES, "partner": PARTNERS, "customer": CUSTOMERS}
    kinds = [kind for kind, pattern in sorts.items() if pattern.search(said)]
    return kinds[0] if len(kinds) == 1 else None
