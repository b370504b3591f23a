"""Who holds which role, how we are organised, and whether we keep our own standards."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from openxmo.office.accounts.roles import Right
from openxmo.office.govern import store
from openxmo.office.govern.holding import hold_roles
from openxmo.office.govern.middleware import served_home
from openxmo.office.govern.organisation import Unit
from openxmo.office.govern.queries import read_office
from openxmo.office.govern.requests import OfficeRequest
from openxmo.office.govern.standards import judge_standards
from openxmo.office.lib.clock import now
from openxmo.office.lib.entry import open_to_signed_in
from openxmo.office.ui.asked import today

READS = (Right.READ_SCORES, Right.READ_AUDIT, Right.CHANGE_OFFICE, Right.KEEP_SYSTEM)


@open_to_signed_in
@require_GET
def roles(request: OfficeRequest) -> HttpResponse:
    coverage, missions, others = hold_roles(read_office(served_home()).people)
    context = {
        "coverage": coverage,
        "missions": missions,
        "others": others,
        "care": [holder for holder in coverage.holders if holder.why],
        "tone": {"green": "better", "amber": "open", "red": "worse"}[coverage.light],
        "held": coverage.roles_total - len(coverage.uncovered),
        "changes": request.access.has(Right.CHANGE_ROLES),
    }
    return render(request, "govern/roles.html", context)


@open_to_signed_in
@require_GET
def standards(request: OfficeRequest) -> HttpResponse:
    home = served_home()
    judged = judge_standards(read_office(home), store.read_standings(home), at=now())
    lights = [one.light for one in judged]
    context = {
        "judged": judged,
        "kept": lights.count("kept"),
        "broken": lights.count("broken"),
        "untold": lights.count("unknown") + lights.count("nothing"),
        "changes": request.access.has(Right.CHANGE_OFFICE),
        "reads": request.access.has(*READS),
    }
    return render(request, "govern/standards.html", context)


@dataclass(frozen=True)
class Branch:
    """A unit in the tree; `depth` is how many stand above it."""

    unit: Unit
    depth: int
    people: tuple[str, ...]
    stands: bool

    @property
    def levels(self) -> range:
        return range(self.depth)


@open_to_signed_in
@require_GET
def units(request: OfficeRequest) -> HttpResponse:
    office = read_office(served_home())
    day = today()
    branches = list(branches_of(office.units, {one.key: _people(office.people, one.key) for one in office.units}, day))
    context = {
        "branches": branches,
        "standing": sum(branch.stands for branch in branches),
        "gone": sum(not branch.stands for branch in branches),
        "day": day,
        "changes": request.access.has(Right.CHANGE_ROLES),
    }
    return render(request, "govern/units.html", context)


def _people(people: Iterable[object], unit: str) -> tuple[str, ...]:
    return tuple(str(getattr(one, "name", "")) for one in people if unit in getattr(one, "units", ()))


def branches_of(units: Iterable[Unit], people: dict[str, tuple[str, ...]], day: date) -> Iterator[Branch]:
    """The units, each under the one that it is part of."""
    below: dict[str | None, list[Unit]] = {}
    for unit in units:
        below.setdefault(unit.parent, []).append(unit)

    def walk(parent: str | None, depth: int) -> Iterator[Branch]:
        for unit in below.get(parent, ()):
            yield Branch(unit, depth, people[unit.key], unit.stands_on(day))
            yield from walk(unit.key, depth + 1)

    yield from walk(None, 0)
