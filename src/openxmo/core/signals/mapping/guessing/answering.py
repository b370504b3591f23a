"""The answers to the open questions put into the plan."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import msgspec

from openxmo.core.signals.mapping.guessing.columns import ColumnLook
from openxmo.core.signals.mapping.guessing.measures import WIDEST, Measure, is_yes_no, measure_of, slug
from openxmo.core.signals.mapping.guessing.planning import Plan, apart

NOBODY = "-"  # the file names nobody


class Answers(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What somebody said of a file; None leaves the guess. `subject` "-" says that nobody is named."""

    what: str | None = None
    when: str | None = None
    dates: str | None = None
    day: str | None = None
    zone: str | None = None
    subject: str | None = None
    subject_kind: str | None = None
    scale: str | None = None
    direction: Literal["higher", "lower"] | None = None
    unit: str | None = None
    source: str | None = None


def settle(plan: Plan, columns: Sequence[ColumnLook], answers: Answers) -> Plan:
    """The plan with these answers. A second rating without a scale of its own shares the main one's if it fits."""
    by_name = {column.name: column for column in columns}
    measures = choose_main(plan, by_name, answers.what)
    if measures:
        measures = complete(measures, by_name, answers)
    when, dates, zoned = settle_when(plan, by_name, answers)
    subject = answers.subject if answers.subject in by_name else plan.subject
    taken = {measure.column for measure in measures} | {when, subject}
    return msgspec.structs.replace(
        plan,
        source=answers.source or plan.source,
        measures=apart(measures, plan.fields),
        when=None if answers.day else when,
        day=answers.day,
        dates="iso" if answers.day else dates,
        zone=answers.zone or plan.zone,
        zoned=zoned,
        subject=None if answers.subject == NOBODY else subject,
        subject_kind=answers.subject_kind or plan.subject_kind,
        fields={field: name for field, name in plan.fields.items() if name not in taken},
        extras=tuple(name for name in plan.extras if name not in taken),
        left_out=tuple(name for name in plan.left_out if name not in taken),
    )


def choose_main(plan: Plan, by_name: dict[str, ColumnLook], what: str | None) -> tuple[Measure, ...]:
    """The measures with the one that was asked for first."""
    if what is None or what not in by_name:
        return plan.measures
    main = next((measure for measure in plan.measures if measure.column == what), None) or made(by_name[what])
    return (main, *(measure for measure in plan.measures if measure.column != what and measure.name != main.name))


def made(column: ColumnLook) -> Measure:
    """A measure of a column that somebody says is one."""
    found = measure_of(column)
    if found is not None:
        return found
    if is_yes_no(column):
        return Measure(column.name, slug(column.name), "yes_no")
    if column.is_number:
        small = column.whole and (column.low or 0) >= 0 and (column.high or 0) <= WIDEST
        return Measure(column.name, slug(column.name), "rating" if small else "number")
    return Measure(column.name, "comment", "words")


def complete(measures: tuple[Measure, ...], by_name: dict[str, ColumnLook], answers: Answers) -> tuple[Measure, ...]:
    """The main measure with its scale, direction and unit; others that lack a scale share it, or go."""
    lower = None if answers.direction is None else answers.direction == "lower"
    main = measures[0]
    if main.sort == "rating":
        main = replace(main, scale=answers.scale or main.scale)
    main = replace(
        main,
        lower_is_better=lower if lower is not None else main.lower_is_better,
        unit=answers.unit if answers.unit is not None and main.sort == "number" else main.unit,
    )
    main = named_by_scale(main)
    others = [share(measure, main, by_name.get(measure.column)) for measure in measures[1:]]
    return (main, *(measure for measure in others if measure is not None and measure.name != main.name))


def named_by_scale(measure: Measure) -> Measure:
    """CSAT and CES are so called on their own scale only: other scales are never pooled with them."""
    own = {"csat": ("1..5", False), "ces": ("1..7", False), "nps": ("0..10", False), "enps": ("0..10", False)}
    if measure.name in own and (measure.scale, bool(measure.lower_is_better)) != own[measure.name]:
        return replace(measure, name=slug(measure.column) if slug(measure.column) not in own else f"{measure.name}_own")
    return measure


def share(measure: Measure, main: Measure, column: ColumnLook | None) -> Measure | None:
    if measure.sort != "rating":
        return measure
    lower = measure.lower_is_better if measure.lower_is_better is not None else main.lower_is_better
    if measure.scale is None and main.scale and column is not None and within(column, main.scale):
        measure = replace(measure, scale=main.scale)
    return named_by_scale(replace(measure, lower_is_better=lower)) if measure.scale and lower is not None else None


def within(column: ColumnLook, scale: str) -> bool:
    low, _, high = scale.partition("..")
    return column.low is not None and column.high is not None and float(low) <= column.low <= column.high <= float(high)


def settle_when(plan: Plan, by_name: dict[str, ColumnLook], answers: Answers) -> tuple[str | None, str | None, bool]:
    """The column of moments, its form (only one that reads every value) and whether it carries zones."""
    when = answers.when if answers.when in by_name else plan.when
    column = by_name.get(when or "")
    if column is None:
        return when, plan.dates, plan.zoned
    if answers.dates in column.formats:
        return when, answers.dates, column.zoned
    return when, column.formats[0] if len(column.formats) == 1 else None, column.zoned
