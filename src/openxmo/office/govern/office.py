"""The office as one frozen object, in the form of the office file: a tuple of objects for each kind."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import msgspec
from msgspec import NODEFAULT
from msgspec.structs import FieldInfo, fields

from openxmo.core.metrics.metric import Ambition, Dimension, Metric, Xla
from openxmo.core.signals.source import Source
from openxmo.office.govern.organisation import Calendar, Objective, Person, Settings, Unit
from openxmo.office.govern.practice import Instrument, Journey, Programme, Rule, Standard, Survey

SETTINGS = "office"  # the kind, and the key, of the one Settings


class Office(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Everything that is declared. Objects of a kind stand in the order of their keys, whatever order they came in."""

    settings: Settings = msgspec.field(name=SETTINGS, default=Settings())
    units: tuple[Unit, ...] = msgspec.field(name="unit", default=())
    people: tuple[Person, ...] = msgspec.field(name="person", default=())
    calendars: tuple[Calendar, ...] = msgspec.field(name="calendar", default=())
    sources: tuple[Source, ...] = msgspec.field(name="source", default=())
    instruments: tuple[Instrument, ...] = msgspec.field(name="instrument", default=())
    dimensions: tuple[Dimension, ...] = msgspec.field(name="dimension", default=())
    metrics: tuple[Metric, ...] = msgspec.field(name="metric", default=())
    objectives: tuple[Objective, ...] = msgspec.field(name="objective", default=())
    ambitions: tuple[Ambition, ...] = msgspec.field(name="ambition", default=())
    xlas: tuple[Xla, ...] = msgspec.field(name="xla", default=())
    standards: tuple[Standard, ...] = msgspec.field(name="standard", default=())
    journeys: tuple[Journey, ...] = msgspec.field(name="journey", default=())
    rules: tuple[Rule, ...] = msgspec.field(name="rule", default=())
    programmes: tuple[Programme, ...] = msgspec.field(name="programme", default=())
    surveys: tuple[Survey, ...] = msgspec.field(name="survey", default=())

    def __post_init__(self) -> None:
        for kind in KINDS.values():
            given = getattr(self, kind.field)
            msgspec.structs.force_setattr(self, kind.field, tuple(sorted(given, key=identity)))

    def of(self, kind: str) -> tuple[Any, ...]:
        """The objects of a kind as the office file names it: `office.of("metric")`."""
        objects: tuple[Any, ...] = getattr(self, KINDS[kind].field)
        return objects

    def each(self) -> Iterator[tuple[str, str, Any]]:
        """Every object with its kind and identity, the settings first."""
        yield SETTINGS, SETTINGS, self.settings
        for kind in KINDS:
            for item in self.of(kind):
                yield kind, identity(item), item


@dataclass(frozen=True)
class Kind:
    """One kind of object: its name in the file, its class, and the field of `Office` that holds it."""

    name: str
    struct: Any
    field: str


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("unit", Unit, "units"),
        Kind("person", Person, "people"),
        Kind("calendar", Calendar, "calendars"),
        Kind("source", Source, "sources"),
        Kind("instrument", Instrument, "instruments"),
        Kind("dimension", Dimension, "dimensions"),
        Kind("metric", Metric, "metrics"),
        Kind("objective", Objective, "objectives"),
        Kind("ambition", Ambition, "ambitions"),
        Kind("xla", Xla, "xlas"),
        Kind("standard", Standard, "standards"),
        Kind("journey", Journey, "journeys"),
        Kind("rule", Rule, "rules"),
        Kind("programme", Programme, "programmes"),
        Kind("survey", Survey, "surveys"),
    )
}


def identity(item: Any) -> str:
    """What tells an object from others of its kind: its key, a person's name, an instrument's `key@version`."""
    match item:
        case Settings():
            return SETTINGS
        case Person():
            return item.name
        case Instrument():
            return f"{item.key}@{item.version}"
    key: str = item.key
    return key


def kind_of(item: Any) -> str:
    """The kind of an object, as the office file names it."""
    if isinstance(item, Settings):
        return SETTINGS
    return next(kind.name for kind in KINDS.values() if isinstance(item, kind.struct))


def struct_of(kind: str) -> Any:
    """The class of a kind, as msgspec decodes it."""
    return Settings if kind == SETTINGS else KINDS[kind].struct


def build_office(objects: Iterable[tuple[str, Any]]) -> Office:
    """An office of these (kind, object) pairs; without settings it has the defaults."""
    fields: dict[str, list[Any]] = {}
    settings = Settings()
    for kind, item in objects:
        if kind == SETTINGS:
            settings = item
        else:
            fields.setdefault(KINDS[kind].field, []).append(item)
    return Office(settings=settings, **{name: tuple(items) for name, items in fields.items()})


def to_builtins(item: Any) -> Any:
    """An object as plain values, without the fields that are as by default; dates stay dates.

    msgspec's own omits a default only where it is the very same object, so that equal objects
    could be written differently.
    """
    if isinstance(item, msgspec.Struct):
        tag = {item.__struct_config__.tag_field: item.__struct_config__.tag} if item.__struct_config__.tag_field else {}
        given = {f.encode_name: getattr(item, f.name) for f in fields(item) if getattr(item, f.name) != default_of(f)}
        return tag | {key: to_builtins(value) for key, value in given.items()}
    if isinstance(item, dict):
        return {key: to_builtins(value) for key, value in item.items()}
    return [to_builtins(value) for value in item] if isinstance(item, (list, tuple)) else item


def default_of(field: FieldInfo) -> Any:
    """The default of a field; of a required one, something that no value equals."""
    return field.default if field.default_factory is NODEFAULT else field.default_factory()
