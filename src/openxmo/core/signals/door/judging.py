"""Judging rows by the contract, one by one: what is wrong with a row, and where."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from math import isfinite
from typing import Any, get_args
from zoneinfo import ZoneInfo

import msgspec

from openxmo.core.errors import WrongUsage
from openxmo.core.signals.contract import LARGEST_NUMBER, MAX_ROW_BYTES, Basis, Kind, SubjectKind
from openxmo.core.signals.door.drafts import NAMES, Draft, decoder, fields_of
from openxmo.core.signals.mapping.nearest import suggest
from openxmo.core.signals.mapping.rows import RowError
from openxmo.core.signals.source import Source

UNKNOWN_KEY = re.compile(r"unknown field `(.*)`", re.DOTALL)
MISSING = re.compile(r"missing required field `(\w+)`")
PLACE = re.compile(r"at `\$\.(\w+)")
NUMBERS = ("value", "weight")
TIME_FORM = "write 2026-01-31T09:00:00Z"
TEXT_OF = {
    "str": "text",
    "float": "a number",
    "int": "a number",
    "null": "nothing",
    "bool": "true or false",
    "datetime": f"a time ({TIME_FORM})",
    "array": "a list",
    "object": "names with values",
    "bytes": "bytes",
    "date": "a day",
    "time": "a time of day",
    "decimal": "a number",
}
TYPE_NAMES = re.compile(rf"`((?:{'|'.join(TEXT_OF)})(?: \| (?:{'|'.join(TEXT_OF)}))*)`")
ENUM_VALUE = re.compile(r"Invalid enum value (.*)", re.DOTALL)
CHOICES = {"kind": get_args(Kind), "basis": get_args(Basis), "subject_kind": get_args(SubjectKind)}
FORMS = {
    "scale": "the two ends of the scale, as `0..10` or `5..1`",
    "about": "a kind in small letters, a colon and a key, as `agent:77`",
    "objects": "in each a kind in small letters, a colon and a key, as `order:77`",
    "instrument": "a key and a version without spaces, as `nps_after_call@3`",
}
TOO_LARGE = f"a number between -{LARGEST_NUMBER:g} and {LARGEST_NUMBER:g}"

TOO_LONG = RowError(None, "too_long", f"The row is longer than {MAX_ROW_BYTES // 1024 // 1024} MB.")
CUT_OFF = RowError(None, "cut_off", "The file ends inside this row; send the file again, whole.")


@dataclass(frozen=True)
class Judge:
    """Judges drafts, completing them by what is declared of their source.

    `source` and `zone` stand in where a row names none and its source declares none.
    """

    sources: Mapping[str, Source]
    source: str | None = None
    zone: str | None = None

    def __post_init__(self) -> None:
        for name in [self.zone, *(source.zone for source in self.sources.values())]:
            if name is not None:
                load_zone(name)

    def judge_line(self, line: bytes, *, last: bool = False) -> "Draft | RowError":
        """One line of NDJSON. `last` says that no line end follows, so it may be cut off."""
        try:
            draft = decoder.decode(line)
        except msgspec.ValidationError as error:
            return explain(str(error))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            return CUT_OFF if last else RowError(None, "not_json", f"The line is no JSON: {error}.")
        return self.complete(draft) or draft

    def judge_fields(self, fields: object) -> "Draft | RowError":
        """A row as a dictionary in the contract's names, its times as text or datetimes."""
        try:
            draft = msgspec.convert(fields, Draft)
        except (msgspec.ValidationError, RecursionError) as error:
            return find_infinite(fields) or explain(str(error))
        return self.complete(draft) or draft

    def complete(self, draft: Any) -> RowError | None:
        """Fills in what the source's declaration says, and checks what spans fields; None if all is well."""
        if draft.source is None:
            if not self.source:
                return RowError("source", "missing", "The row names no source; name one with --source.")
            draft.source = self.source
        declared = self.sources.get(draft.source)
        zone = (declared.zone if declared is not None else None) or self.zone
        return (
            settle_times(draft, zone)
            or check_numbers(draft)
            or check_rating(draft, declared.scale if declared is not None else None)
        )

    def complete_all(self, drafts: Collection[Any]) -> dict[int, RowError]:
        """The same for many drafts read from JSON, which knows no number that is none; the faults by their place."""
        faults = {}
        known = self.sources
        timed = not fields_of(drafts).isdisjoint(("ended_at", "revision"))
        for place, draft in enumerate(drafts):
            if (
                draft.happened_at.tzinfo is not UTC
                or draft.source is None
                or (timed and (draft.ended_at is not None or draft.revision is not None))
                or (known and draft.source in known)
            ):
                fault = self.complete(draft)
            elif draft.kind == "X":
                fault = check_rating(draft, None)
            else:
                continue
            if fault is not None:
                faults[place] = fault
        return faults


def settle_times(draft: Any, zone: str | None) -> RowError | None:
    """Puts all times into UTC. A time without a zone is read in `zone`, or refused."""
    for name in ("happened_at", "ended_at", "revision"):
        time = getattr(draft, name)
        if not isinstance(time, datetime) or time.tzinfo is UTC:
            continue
        if time.tzinfo is None and zone is None:
            return RowError(
                name, "no_zone", f"The time of `{name}` names no zone, and neither does its source or the import."
            )
        try:
            setattr(
                draft, name, (time if time.tzinfo else time.replace(tzinfo=load_zone(zone or "UTC"))).astimezone(UTC)
            )
        except (OverflowError, ValueError):
            return RowError(name, "bad_value", f"The time of `{name}` lies outside the years 1 to 9999.")
    if isinstance(draft.revision, datetime):
        draft.revision = draft.revision.timestamp()
    if draft.ended_at is not None and draft.ended_at < draft.happened_at:
        return RowError("ended_at", "ends_before_start", "It ended before it happened.")
    return None


def find_infinite(fields: object) -> RowError | None:
    """The number of a row that is none: the contract's bounds refuse it too, but say less."""
    if isinstance(fields, dict):
        for name in NUMBERS:
            number = fields.get(name)
            if isinstance(number, float) and not isfinite(number):
                return not_finite(name, number)
    return None


def not_finite(name: str, number: float) -> RowError:
    return RowError(name, "not_a_number", f"`{name}` is {number}: neither a number nor absent.")


def check_numbers(draft: Any) -> RowError | None:
    for name in ("value", "weight", "revision"):
        number = getattr(draft, name)
        if number is not None and not isfinite(number):
            return not_finite(name, number)
        if number is not None and abs(number) > LARGEST_NUMBER:
            return RowError(name, "bad_value", f"`{name}`: expected {TOO_LARGE}.")
    return None


def check_rating(draft: Any, declared_scale: str | None) -> RowError | None:
    """A rating is an answer with a number; without a scale nobody can read it."""
    if draft.kind != "X" or draft.value is None or draft.basis not in (None, "asked"):
        return None
    if draft.scale is None and declared_scale is not None:
        draft.scale = declared_scale
    if draft.scale is None:
        if draft.instrument is not None:
            return None
        return RowError("scale", "no_scale", "A rating needs its `scale` (as `0..10`) or its `instrument`.")
    low, high = read_scale(draft.scale)
    if not low <= draft.value <= high:
        return RowError("value", "outside_scale", f"{draft.value:g} lies outside the scale {draft.scale}.")
    return None


@lru_cache(maxsize=1024)
def read_scale(scale: str) -> tuple[float, float]:
    low, high = sorted(float(end) for end in scale.split(".."))
    return low, high


@lru_cache(maxsize=64)
def load_zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        raise WrongUsage(f"There is no time zone `{name}`.", mend="Zones look like `Europe/Berlin`.") from None


def explain(message: str) -> RowError:
    """msgspec's message as a reason with a field and a sentence."""
    if found := UNKNOWN_KEY.search(message):
        return RowError(found[1], "unknown_key", f"There is no `{found[1]}` in a signal. {suggest(found[1], NAMES)}")
    if found := MISSING.search(message):
        return RowError(found[1], "missing", f"`{found[1]}` is missing.")
    place = PLACE.search(message)
    if place is None:
        return RowError(None, "not_an_object", f"The row is no JSON object: {in_words(message)}.")
    return RowError(place[1], "bad_value", f"`{place[1]}`: {say_value(place[1], message)}.")


def say_value(field: str, message: str) -> str:
    """What is wrong with a field's value, in the words of the contract."""
    said = message.split(" - at ")[0]
    if found := ENUM_VALUE.match(said):
        return f"{found[1]} is none of {', '.join(CHOICES[field])}"
    if field in FORMS and "matching regex" in said:
        return f"expected {FORMS[field]}"
    if "of length >= 1" in said:
        return "it is empty"
    if "`float` <= " in said or "`float` >= -" in said:
        return f"expected {TOO_LARGE}"
    if "`float` >= 0" in said:
        return "expected a number that is not below 0"
    return in_words(message)


def in_words(message: str) -> str:
    said = message.split(" - at ")[0]
    said = said[:1].lower() + said[1:]
    said = TYPE_NAMES.sub(lambda found: " or ".join(TEXT_OF[name] for name in found[1].split(" | ")), said)
    return said.replace("RFC3339 encoded datetime", f"time ({TIME_FORM})")
