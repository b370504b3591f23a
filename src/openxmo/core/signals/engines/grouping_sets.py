"""Counts by several sets of columns in one pass over the rows, which Ibis by itself cannot say.

An expression like any other: every engine fetches it, and Ibis writes all of its SQL. DuckDB and
Spark both know GROUPING SETS.
"""

from collections.abc import Sequence
from typing import Any

import ibis.expr.datatypes as dt
import ibis.expr.operations as ops
import sqlglot as sg
import sqlglot.expressions as sge
from ibis.backends.sql.compilers.base import SQLGlotCompiler
from ibis.common.annotations import attribute
from ibis.common.collections import FrozenOrderedDict
from ibis.expr.schema import Schema

COUNT, GROUPED = "n", "grouped"


class GroupingSets(ops.Relation):  # type: ignore[misc]  # Ibis tells no types
    """The rows of `parent` counted by each of `sets`, which name places in `columns`."""

    parent: ops.Relation
    columns: tuple[str, ...]
    sets: tuple[tuple[int, ...], ...]
    values = FrozenOrderedDict()

    @attribute  # type: ignore[untyped-decorator]
    def schema(self) -> Schema:
        types = {name: self.parent.schema[name].copy(nullable=True) for name in self.columns}
        return Schema({**types, COUNT: dt.int64, GROUPED: dt.int64})


def count_by_sets(rows: Any, sets: Sequence[Sequence[str]]) -> Any:
    """A row for each combination of values in each set of columns: the values, `n`, and `grouped`.

    Columns that are not in a row's set are null in it. `grouped` has a bit for each column, the
    first column's the highest, which is 0 where the column is in the set (`set_bits`).
    """
    columns = columns_of(sets)
    places = tuple(tuple(columns.index(name) for name in names) for names in sets)
    return GroupingSets(rows.select(*columns).op(), columns, places).to_expr()


def set_bits(sets: Sequence[Sequence[str]]) -> list[int]:
    """What `grouped` is in the rows of each set."""
    columns = columns_of(sets)
    return [sum(1 << place for place, name in enumerate(reversed(columns)) if name not in names) for names in sets]


def columns_of(sets: Sequence[Sequence[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for names in sets for name in names))


def _compile(self: SQLGlotCompiler, _: GroupingSets, *, parent: Any, columns: Any, sets: Any) -> sge.Select:
    quoted = self.quoted
    fields = [sg.column(name, table=parent.alias_or_name, quoted=quoted) for name in columns]
    count = sge.Count(this=sge.Star()).as_(COUNT, quoted=quoted)
    grouped = sge.Anonymous(this="GROUPING_ID", expressions=[field.copy() for field in fields])
    chosen = [sge.Tuple(expressions=[fields[place].copy() for place in places]) for places in sets]
    select = sg.select(
        *(field.as_(name, quoted=quoted) for field, name in zip(fields, columns, strict=True)),
        count,
        self.cast(grouped, dt.int64).as_(GROUPED, quoted=quoted),
    )
    select.set("group", sge.Group(grouping_sets=[sge.GroupingSets(expressions=chosen)]))
    return select.from_(parent)


# Ibis looks for the translation of an operation by this name.
SQLGlotCompiler.visit_GroupingSets = _compile
