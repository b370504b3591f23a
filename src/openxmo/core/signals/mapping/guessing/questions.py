"""What a file alone does not tell: six questions at most, and only those really open."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from openxmo.core.signals.mapping.guessing.columns import ColumnLook
from openxmo.core.signals.mapping.guessing.measures import Measure, scales_for
from openxmo.core.signals.mapping.guessing.planning import Plan, candidates

About = Literal["what", "when", "who", "scale", "direction", "unit"]


@dataclass(frozen=True)
class Question:
    """`about` one of six things; `why` it cannot be told, as a code; `choices` what would fit."""

    about: About
    why: str
    choices: tuple[str, ...] = ()


def open_questions(plan: Plan, columns: Sequence[ColumnLook]) -> tuple[Question, ...]:
    """What must be asked before this plan can be carried out, in the order in which people think of it."""
    by_name = {column.name: column for column in columns}
    found = [ask_what(plan, columns), ask_when(plan, columns, by_name), ask_who(plan, columns)]
    main = plan.measures[0] if plan.measures else None
    if main is not None and main.column in by_name:
        found += [ask_scale(main, by_name[main.column]), ask_direction(main), ask_unit(main)]
    return tuple(question for question in found if question is not None)


def ask_what(plan: Plan, columns: Sequence[ColumnLook]) -> Question | None:
    if plan.measures:
        return None
    likely = tuple(measure.column for measure in candidates(columns))
    return Question("what", "nothing_sure", likely or tuple(column.name for column in columns if column.distinct))


def ask_when(plan: Plan, columns: Sequence[ColumnLook], by_name: dict[str, ColumnLook]) -> Question | None:
    times = tuple(column.name for column in columns if column.is_time)
    if plan.day:
        return None
    if plan.when is None:
        return Question("when", "several" if times else "none", times)
    column = by_name.get(plan.when)
    if plan.dates is None:
        return Question("when", "ambiguous", column.formats if column else ())
    return None if plan.zone or plan.zoned else Question("when", "no_zone")


def ask_who(plan: Plan, columns: Sequence[ColumnLook]) -> Question | None:
    keys = tuple(
        column.name for column in columns if column.unique > 0.2 and not column.is_time and not column.is_words
    )
    return None if plan.subject_kind else Question("who", "kind", keys)


def ask_scale(main: Measure, column: ColumnLook) -> Question | None:
    if main.sort != "rating" or main.scale:
        return None
    return Question("scale", "unknown", scales_for(column.low or 0.0, column.high or 0.0))


def ask_direction(main: Measure) -> Question | None:
    if main.sort not in ("rating", "number") or main.lower_is_better is not None:
        return None
    return Question("direction", "unknown")


def ask_unit(main: Measure) -> Question | None:
    return Question("unit", "unknown") if main.sort == "number" and main.unit is None else None
