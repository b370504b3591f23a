"""Office files as a person would write them: a table for each object, its parts in line, in a fixed order."""

import json
import math
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
MOST_EXACT = 2.0**53
LONG = 100


def write_tables(kind: str, tables: Sequence[Mapping[str, Any]]) -> str:
    """`[[kind]]` tables, one after the other."""
    return "\n".join(f"[[{kind}]]\n{write_lines(table)}" for table in tables)


def write_lines(table: Mapping[str, Any]) -> str:
    """One line for each key of a table."""
    return "".join(f"{write_key(key)} = {write_value(value, wide=True)}\n" for key, value in table.items())


def write_key(key: str) -> str:
    return key if BARE_KEY.fullmatch(key) else _write_words(key)


def write_value(value: Any, *, wide: bool = False) -> str:
    """One value; a long list takes a line for each item where there is room (`wide`)."""
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            return _write_number(value)
        case str():
            return _write_words(value)
        case date():
            return value.isoformat()
        case Mapping():
            inside = ", ".join(f"{write_key(key)} = {write_value(item)}" for key, item in value.items())
            return f"{{ {inside} }}" if inside else "{}"
        case list() | tuple():
            return _write_list([write_value(item) for item in value], wide=wide)
    raise TypeError(f"an office file holds no {type(value).__name__}")


def _write_list(items: Sequence[str], *, wide: bool) -> str:
    if wide and sum(len(item) + 2 for item in items) > LONG:
        return "[\n" + "".join(f"    {item},\n" for item in items) + "]"
    return f"[{', '.join(items)}]"


def _write_number(value: float) -> str:
    """Whole numbers without a point; a field that holds a number reads both."""
    if not math.isfinite(value):
        raise ValueError("an office file holds no infinite numbers")
    return str(int(value)) if value.is_integer() and abs(value) < MOST_EXACT else repr(value)


def _write_words(value: str) -> str:
    # JSON's escapes are TOML's, except that TOML wants DEL escaped as well.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
