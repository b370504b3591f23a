"""How employees' answers may be asked for: by declared cuts, and over whole calendar months."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from openxmo.core.errors import NotAllowed
from openxmo.core.metrics.disclosure import Disclosure
from openxmo.core.metrics.periods import EARLIEST, LATEST, day_start
from openxmo.core.release.rules import Rules

# Conditions of a metric that say what was asked, and not of whom.
WHAT_IS_ASKED = frozenset({"item", "instrument", "scale", "kind", "basis", "subject_kind"})


def check_cuts(disclosures: Iterable[Disclosure], rules: Rules) -> None:
    """Raise NotAllowed where a protected cell is cut by something undeclared, or over other than whole months."""
    for disclosure in disclosures:
        if not (disclosure.people or disclosure.guarded):
            continue
        names = names_of_cuts(disclosure, rules) if disclosure.people else names_of_choices(disclosure, rules)
        undeclared = sorted(names - rules.employee_cuts)
        if undeclared:
            declared = ", ".join(sorted(rules.employee_cuts)) or "none yet"
            raise NotAllowed(
                f"Answers of employees are not cut by {undeclared[0]}.",
                where=f"metric {disclosure.metric}",
                mend=f"Cuts declared for employees: {declared}. Declare a dimension with employees = true.",
            )
        whole = starts_month(disclosure.start, rules.zone) and starts_month(disclosure.end, rules.zone)
        if disclosure.people and not whole:
            raise NotAllowed(
                "Answers of employees are shown over whole months, quarters and years only.",
                where=f"metric {disclosure.metric}, {shown(disclosure.start)} to {shown(disclosure.end)}",
                mend="Ask from the first of a month to the first of another, or by month, quarter or year.",
            )


def names_of_cuts(disclosure: Disclosure, rules: Rules) -> set[str]:
    """What the cell is cut by: its own cut, what the asker narrowed it by, and what the asker's own metric selects."""
    return {*disclosure.by, *names_of_choices(disclosure, rules)}


def names_of_choices(disclosure: Disclosure, rules: Rules) -> set[str]:
    """What chooses whose answers count: an empty cell is judged by it too, for who is not there says something.

    A refusal of the full cells only would tell that somebody meets the conditions.
    """
    names = {key for key, _ in disclosure.narrowed_by}
    definition = disclosure.definition
    if definition is not None and rules.metrics.get(definition.key) != definition:
        names |= definition.where.keys() - WHAT_IS_ASKED
    return names


def starts_month(moment: datetime | None, zone: str) -> bool:
    """Whether a month of the office begins at that moment; an open end is as good."""
    if moment is None or moment in (EARLIEST, LATEST):
        return True
    day = moment.astimezone(ZoneInfo(zone)).date()
    return day.day == 1 and day_start(day, ZoneInfo(zone)) == moment


def is_one_month(start: datetime | None, end: datetime | None, zone: str) -> bool:
    if start is None or end is None:
        return False
    first, last = start.astimezone(ZoneInfo(zone)), end.astimezone(ZoneInfo(zone))
    return (last.year * 12 + last.month) - (first.year * 12 + first.month) == 1


def month_of(start: datetime, zone: str) -> str:
    return f"{start.astimezone(ZoneInfo(zone)):%Y-%m}"


def shown(moment: datetime | None) -> str:
    return "the open end" if moment is None else f"{moment:%Y-%m-%d}"
