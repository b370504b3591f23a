"""The fields of one object of the office as a flat list: `score.top`, `components.1.weight`.

A list of tables (an XLA's components, a journey's stages) has a slot for each field of each row it
holds, and of some empty rows more.
"""

import inspect as source
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import msgspec
from msgspec import NODEFAULT, inspect

EMPTY_ROWS = 2
COMMENT = re.compile(r"^    (\w+): .*?  # (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Slot:
    """One field. `required` and `default` are those of its class; a field of a table that may be absent needs none."""

    path: str
    info: inspect.Type
    required: bool
    default: Any
    help: str
    group: str  # the table that it is part of, and the row of it

    @property
    def name(self) -> str:
        return self.path.rpartition(".")[2]


def slots_of(struct: Any, item: Any = None, *, path: str = "", needed: bool = True) -> Iterator[Slot]:
    """The slots of a class, with as many rows as `item` fills."""
    described = inspect.type_info(struct)
    assert isinstance(described, inspect.StructType)
    helps = comments_of(struct)
    for field in described.fields:
        info, optional = without_none(field.type)
        inside = f"{path}{field.encode_name}"
        value = getattr(item, field.name, None) if item is not None else None
        if isinstance(info, inspect.StructType):
            yield from slots_of(info.cls, value, path=f"{inside}.", needed=needed and not optional)
        elif isinstance(info, inspect.VarTupleType) and isinstance(info.item_type, inspect.StructType):
            rows = list(value or ())
            for place in range(len(rows) + EMPTY_ROWS):
                row = rows[place] if place < len(rows) else None
                yield from slots_of(info.item_type.cls, row, path=f"{inside}.{place + 1}.", needed=False)
        else:
            default = None if field.required else default_of(field)
            yield Slot(inside, info, needed and field.required, default, helps.get(field.name, ""), path.rstrip("."))


def without_none(info: inspect.Type) -> tuple[inspect.Type, bool]:
    """The type without nothing, and whether nothing was among it."""
    if not isinstance(info, inspect.UnionType):
        return info, False
    rest = tuple(kind for kind in info.types if not isinstance(kind, inspect.NoneType))
    if len(rest) == len(info.types):
        return info, False
    return (rest[0] if len(rest) == 1 else inspect.UnionType(rest)), True


def default_of(field: inspect.Field) -> Any:
    return field.default if field.default_factory is NODEFAULT else field.default_factory()


@cache
def comments_of(struct: Any) -> dict[str, str]:
    """What stands behind each field in the code says what it is for; it is what a person reads beside it."""
    return {name: f"{said[0].upper()}{said[1:]}" for name, said in COMMENT.findall(source.getsource(struct))}


def value_at(item: Any, path: str) -> Any:
    """What an object holds in a slot; None where it holds nothing."""
    for step in path.split("."):
        if item is None:
            return None
        if step.isdigit():
            item = item[int(step) - 1] if int(step) <= len(item) else None
        else:
            item = getattr(item, _field_name(type(item), step), None)
    return item


def _field_name(struct: Any, encoded: str) -> str:
    found = {field.encode_name: field.name for field in msgspec.structs.fields(struct)}
    return found.get(encoded, encoded)


def to_table(values: dict[str, Any]) -> dict[str, Any]:
    """Values by their paths as nested tables and lists, in the office file's form; empty rows are left out."""
    table: dict[str, Any] = {}
    for path, value in values.items():
        *way, last = path.split(".")
        inside = table
        for step in way:
            inside = inside.setdefault(step, {})
        inside[last] = value
    found = _rows_to_lists(table)
    assert isinstance(found, dict)
    return found


def _rows_to_lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if value and all(key.isdigit() for key in value):
        return [_rows_to_lists(value[key]) for key in sorted(value, key=int) if value[key]]
    return {key: _rows_to_lists(item) for key, item in value.items()}
