"""Offices for tests: any that the classes allow, drawn by hypothesis, and a home to keep one in."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import msgspec
from hypothesis import strategies as st
from msgspec import inspect

from openxmo.core.signals.store.home import Home, make_home
from openxmo.office.govern.office import KINDS, SETTINGS, Office, build_office, identity, struct_of

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
TUESDAY = datetime(2026, 3, 3, 9, tzinfo=UTC)
WEDNESDAY = datetime(2026, 3, 4, 9, tzinfo=UTC)


def new_home(folder: Path) -> Home:
    home = Home.at(folder)
    make_home(home, office_id="test", at=MONDAY)
    return home


def offices() -> st.SearchStrategy[Office]:
    """Offices whose every field may hold whatever its type allows."""
    kinds = st.lists(st.sampled_from(sorted(KINDS)), max_size=3, unique=True)
    return st.tuples(objects_of(SETTINGS), kinds.flatmap(lambda names: st.tuples(*map(some_of, names)))).map(assemble)


def some_of(kind: str) -> st.SearchStrategy[list[tuple[str, Any]]]:
    return st.lists(objects_of(kind), min_size=1, max_size=2, unique_by=lambda pair: identity(pair[1]))


def assemble(parts: tuple[tuple[str, Any], tuple[list[tuple[str, Any]], ...]]) -> Office:
    settings, others = parts
    return build_office([settings, *(pair for group in others for pair in group)])


def objects_of(kind: str) -> st.SearchStrategy[tuple[str, Any]]:
    struct = struct_of(kind)
    return values(inspect.type_info(struct)).map(lambda form: (kind, msgspec.convert(form, struct)))


def values(info: Any) -> st.SearchStrategy[Any]:
    match info:
        case inspect.StructType():
            return tables(info)
        case inspect.UnionType():
            return st.one_of([values(kind) for kind in info.types])
        case inspect.LiteralType():
            return st.sampled_from(info.values)
        case inspect.VarTupleType():
            return st.lists(values(info.item_type), min_size=info.min_length or 0, max_size=info.max_length or 3)
        case inspect.DictType():
            return st.dictionaries(values(info.key_type), values(info.value_type), max_size=2)
        case inspect.StrType() if info.pattern:
            return st.from_regex(info.pattern.replace("$", r"\Z"), fullmatch=True).filter(lambda word: len(word) < 60)
        case inspect.StrType():
            return st.text(min_size=info.min_length or 0, max_size=8)
        case inspect.FloatType():
            low, is_open = (info.gt, True) if info.gt is not None else (info.ge, False)
            return st.floats(low, info.le, exclude_min=is_open, allow_nan=False, allow_infinity=False)
        case inspect.IntType():
            return st.integers(info.ge or 0, 10**6)
    return PLAIN[type(info)]


PLAIN: dict[type, st.SearchStrategy[Any]] = {
    inspect.BoolType: st.booleans(),
    inspect.DateType: st.dates(date(1900, 1, 1), date(2100, 1, 1)),
    inspect.NoneType: st.none(),
}


def tables(info: inspect.StructType) -> st.SearchStrategy[dict[str, Any]]:
    required = {f.encode_name: values(f.type) for f in info.fields if f.required}
    optional = {f.encode_name: values(f.type) for f in info.fields if not f.required}
    tag = {str(info.tag_field): st.just(info.tag)} if info.tag_field else {}
    return st.fixed_dictionaries(required | tag, optional=optional)
