"""From plain values, as a file or a screen gives them, to the objects of the office, or to sentences why not."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from functools import cache
from typing import Any

import msgspec
from django.utils.translation import gettext as _
from msgspec import inspect

from openxmo.core.errors import UnreadableInput
from openxmo.core.signals.contract import INSTRUMENT_PATTERN, SCALE_PATTERN
from openxmo.office.govern.naming import did_you_mean
from openxmo.office.govern.office import KINDS, SETTINGS, Office, build_office, identity, struct_of
from openxmo.office.govern.organisation import HOURS_PATTERN
from openxmo.office.govern.spans import SPAN_PATTERN

PATTERNS = {
    r"^[a-z][a-z0-9_-]*$": "a small letter, then small letters, digits, _ or -",
    r"\S": "at least one word",
    SPAN_PATTERN: "a length of time, like `4 business hours` or `30 days`",
    HOURS_PATTERN: "opening hours, like `09:00-17:00`",
    SCALE_PATTERN: "a scale, like `1..5`",
    INSTRUMENT_PATTERN: "an instrument and its version, like `csat@1`",
}
MOST_TOLD = 5
MOST_SHOWN = 60  # letters of a name in a sentence
WORDS = {"str": "text", "int": "a whole number", "float": "a number", "bool": "true or false", "array": "a list"}
WORDS |= {"object": "a table", "null": "nothing", "date": "a date"}


def read_form(document: Mapping[str, Any]) -> Office:
    """The office a document describes: `office` is a table, every other kind a list of tables.

    `UnreadableInput` names the first thing that is wrong, its place and the nearest known name, and lists the others.
    """
    objects, problems = _read(document)
    refuse(problems)
    return build_office(objects)


def problems_of(document: Mapping[str, Any]) -> list[str]:
    """All that is wrong with a document, each as a sentence that begins with its place."""
    return _read(document)[1]


def _read(document: Mapping[str, Any]) -> tuple[list[tuple[str, Any]], list[str]]:
    plain = _without_dates(document)
    problems = list(find_problems(plain))
    return ([], problems) if problems else _convert(plain)


def refuse(problems: Sequence[str]) -> None:
    """Raise the first of these problems, with the others in what to mend; nothing if there are none."""
    if not problems:
        return
    first, *others = (problem if problem.endswith("?") else f"{problem}." for problem in problems)
    more = _(" And %(count)s more.") % {"count": len(others) - MOST_TOLD} if len(others) > MOST_TOLD else ""
    told = "".join(_(" Also: %s") % other for other in others[:MOST_TOLD])
    raise UnreadableInput(first, mend=_("Nothing was changed.%(told)s%(more)s") % {"told": told, "more": more})


def find_problems(document: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with the form of a document: unknown, missing and doubled keys, and wrong choices."""
    known = [SETTINGS, *KINDS]
    for kind, tables in document.items():
        if kind not in known:
            yield f'unknown key "{kind}"{did_you_mean(kind, known)}'
        elif kind == SETTINGS:
            yield from (f"[{SETTINGS}]: {problem}" for problem in _look(tables, _info(kind), ""))
        elif not isinstance(tables, list):
            yield f"`{kind}` must be a list of tables: write [[{kind}]]"
        else:
            yield from _look_at_all(kind, tables)


def _look_at_all(kind: str, tables: list[Any]) -> Iterator[str]:
    seen = set()
    for number, table in enumerate(tables, start=1):
        name = _name_of(kind, table)
        place = f'[[{kind}]] "{shortened(name)}"' if name else f"[[{kind}]] number {number}"
        if name and name in seen:
            yield f"{place}: stands twice in the file"
        seen.add(name)
        yield from (f"{place}: {problem}" for problem in _look(table, _info(kind), ""))


def _name_of(kind: str, table: Any) -> str | None:
    if not isinstance(table, dict):
        return None
    if kind == "instrument" and "key" in table and "version" in table:
        return f"{table['key']}@{table['version']}"
    name = table.get("name" if kind == "person" else "key")
    return str(name) if name is not None else None


@cache
def _info(kind: str) -> inspect.Type:
    return inspect.type_info(struct_of(kind))


def _look(value: Any, info: inspect.Type, path: str) -> Iterator[str]:
    """Problems of one value against its type; what is left over is msgspec's to say."""
    match info:
        case inspect.UnionType():
            fitting = _fitting(value, info, path)
            if isinstance(fitting, str):
                yield fitting
            elif fitting is not None:
                yield from _look(value, fitting, path)
        case inspect.StructType():
            yield from _look_at_table(value, info, path)
        case inspect.VarTupleType() if isinstance(value, list):
            for place, item in enumerate(value, start=1):
                yield from _look(item, info.item_type, f"{path} {place}")
        case inspect.DictType() if isinstance(value, dict):
            for key, item in value.items():
                yield from _look(key, info.key_type, path)
                yield from _look(item, info.value_type, f"{path}.{key}")
        case _:
            yield from _look_at_scalar(value, info, path)


def _look_at_scalar(value: Any, info: inspect.Type, path: str) -> Iterator[str]:
    match info:
        case inspect.LiteralType() if isinstance(value, str) and value not in info.values:
            yield f'{path} knows no "{value}"{_offer(value, [str(choice) for choice in info.values])}'
        case inspect.StrType() if info.pattern in PATTERNS and isinstance(value, str):
            if not re.search(info.pattern or "", value):
                yield f'{path} "{shortened(value)}" must be {PATTERNS[info.pattern or ""]}'
            elif info.max_length is not None and len(value) > info.max_length:
                yield f"{path} has {len(value)} letters, and may have {info.max_length}"
        case inspect.FloatType() if isinstance(value, float) and not math.isfinite(value):
            yield f"{path} must be a number, not {value}"


def shortened(name: str) -> str:
    return name if len(name) <= MOST_SHOWN else f"{name[:MOST_SHOWN]}…"


def _offer(word: str, choices: Sequence[str]) -> str:
    """The nearest choice, else all of them."""
    return did_you_mean(word, choices) or f": it is one of {', '.join(choices)}"


def _fitting(value: Any, info: inspect.UnionType, path: str) -> inspect.Type | str | None:
    """The member of a union that a value means, a problem, or None where msgspec may judge."""
    structs = [kind for kind in info.types if isinstance(kind, inspect.StructType)]
    if isinstance(value, dict) and structs and structs[0].tag_field:
        tags = {str(kind.tag): kind for kind in structs}
        tag = value.get(structs[0].tag_field)
        if isinstance(tag, str) and tag in tags:
            return tags[tag]
        if tag is None:
            return f"{structs[0].tag_field} is missing: it is one of {', '.join(tags)}"
        return f'{structs[0].tag_field} knows no "{tag}"{_offer(str(tag), list(tags))}'
    if isinstance(value, float) and not math.isfinite(value):
        return f"{path} must be a number, not {value}"
    wanted: tuple[type, ...] = (inspect.StrType, inspect.LiteralType)
    if isinstance(value, dict):
        wanted = (inspect.StructType, inspect.DictType)
    elif isinstance(value, list):
        wanted = (inspect.VarTupleType,)
    return next((kind for kind in info.types if isinstance(kind, wanted)), None)


def _look_at_table(value: Any, info: inspect.StructType, path: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{path} must be a table".strip()
        return
    fields = {field.encode_name: field for field in info.fields}
    known = [*fields, info.tag_field] if info.tag_field else list(fields)
    for key, item in value.items():
        dotted = f"{path}.{key}".strip(".")
        if key in fields:
            yield from _look(item, fields[key].type, dotted)
        elif key not in known:
            yield f'unknown key "{dotted}"{did_you_mean(key, known)}'
    for key, field in fields.items():
        if field.required and key not in value:
            yield f"{f'{path}.{key}'.strip('.')} is missing"


def _convert(document: Mapping[str, Any]) -> tuple[list[tuple[str, Any]], list[str]]:
    objects, problems = [], []
    for kind, given in document.items():
        for table in [given] if kind == SETTINGS else given:
            place = f"[{SETTINGS}]" if kind == SETTINGS else f'[[{kind}]] "{shortened(str(_name_of(kind, table)))}"'
            try:
                objects.append((kind, msgspec.convert(table, struct_of(kind))))
            except msgspec.ValidationError as error:
                problems.append(f"{place}: {_in_words(str(error))}")
    names = [(kind, identity(item)) for kind, item in objects]
    doubled = sorted({name for name in names if names.count(name) > 1}) if len(set(names)) < len(names) else []
    return objects, [*problems, *(f'[[{kind}]] "{name}": stands twice in the file' for kind, name in doubled)]


def _in_words(message: str) -> str:
    """msgspec's sentence with the path in front: `min_n must be a whole number, not text`."""
    said, _, path = message.partition(" - at `$")
    place = path.strip("`").strip(".")
    types = re.fullmatch(r"Expected `([^`]+)`, got `([^`]+)`", said)
    if types:
        wanted = " or ".join(WORDS.get(name, name) for name in types[1].split(" | "))
        return f"{place} must be {wanted}, not {WORDS.get(types[2], types[2])}"
    return f"{place}: {said[0].lower()}{said[1:]}".lstrip(": ")


def _without_dates(value: Any) -> Any:
    """Dates as ISO words: a field that holds a date reads them, and so does one that holds words."""
    if isinstance(value, Mapping):
        return {key: _without_dates(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_without_dates(item) for item in value]
    return value.isoformat() if isinstance(value, (date, datetime, time)) else value
