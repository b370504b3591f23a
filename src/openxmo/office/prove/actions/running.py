"""Running an initiative: started, ended, stopped; milestones, blockers, and those whose work changes."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from openxmo.core.errors import WrongUsage
from openxmo.office.accounts import audit
from openxmo.office.act import telling
from openxmo.office.act.models import Blocker
from openxmo.office.prove import permissions, policies
from openxmo.office.prove.actions.planning import person
from openxmo.office.prove.models import Affected, Initiative, Milestone, Plan
from openxmo.office.prove.queries import blocked_by, standing_plan
from openxmo.office.prove.states import State
from openxmo.office.prove.zones import day_of

Check = Callable[[Initiative], None]
Row = TypeVar("Row", Milestone, Affected)


def start(*, initiative: Initiative, by: str, at: datetime) -> None:
    """The change is made. Later than planned is allowed, and moves the reading as far."""

    def check(found: Initiative) -> None:
        plan: Plan | None = standing_plan(found)
        if plan is None:
            raise WrongUsage(_("Nothing starts before its plan is approved."))
        policies.check_start(found, plan, day_of(at))

    _step(initiative, State.UNDER_WAY, "started", "initiative started", by=by, at=at, check=check)


def end(*, initiative: Initiative, by: str, at: datetime) -> None:
    """The work is done; the verdict may still be due."""
    _step(initiative, State.ENDED, "ended", "initiative ended", by=by, at=at)


def stop(*, initiative: Initiative, reason: str, by: str, at: datetime) -> None:
    """Given up before its end, with the reason."""
    if not reason.strip():
        raise WrongUsage(_("An initiative is stopped only with a reason."), mend=_("Say why it is given up."))
    initiative.stop_reason = reason.strip()
    _step(initiative, State.STOPPED, "stopped", "initiative stopped", by=by, at=at, reason=reason.strip())


def _step(
    initiative: Initiative,
    state: State,
    field: str,
    what: str,
    *,
    by: str,
    at: datetime,
    check: Check | None = None,
    reason: str = "",
) -> None:
    permissions.check_run(person(by, at), initiative)
    with transaction.atomic():
        locked = Initiative.objects.select_for_update().get(pk=initiative.pk)
        policies.check_step(locked, state)
        if check is not None:
            check(locked)
        locked.state = state
        setattr(locked, f"{field}_at", at)
        setattr(locked, f"{field}_by", by)
        locked.stop_reason = reason or locked.stop_reason
        locked.save()
        audit.record(what, by=by, at=at, on=[locked.name])
    initiative.refresh_from_db()


# MILESTONES AND BLOCKERS


def add_milestone(*, initiative: Initiative, title: str, due_on: date, by: str, at: datetime) -> Milestone:
    permissions.check_run(person(by, at), initiative)
    told = {"title": needed(title, _("A milestone needs a name.")), "due_on": due_on}
    return _add(Milestone, initiative, "milestone added", by=by, at=at, **told)


def _add(model: type[Row], initiative: Initiative, what: str, *, by: str, at: datetime, **told: Any) -> Row:
    with transaction.atomic():
        made = model._default_manager.create(initiative=initiative, made_at=at, made_by=by, **told)
        audit.record(what, by=by, at=at, on=[initiative.name])
    return made


def reach_milestone(*, milestone: Milestone, by: str, at: datetime) -> None:
    permissions.check_run(person(by, at), milestone.initiative)
    with transaction.atomic():
        locked = Milestone.objects.select_for_update().get(pk=milestone.pk)
        if locked.done_at is None:
            locked.done_at, locked.done_by = at, by
            locked.save()
            audit.record("milestone reached", by=by, at=at, on=[locked.initiative.name])
    milestone.refresh_from_db()


def open_blocker(*, initiative: Initiative, kind: str, what: str, by: str, at: datetime) -> Blocker:
    """It stands among what is stuck, beside what holds recommendations and items up."""
    permissions.check_run(person(by, at), initiative)
    return telling.raise_blocker(on=initiative.name, unit=initiative.unit, sort=kind, said=what, by=by, at=at)


def clear_blocker(*, blocker: Blocker, how: str, by: str, at: datetime) -> None:
    permissions.check_run(person(by, at), blocked_by(blocker))
    telling.clear_blocker(
        blocker=blocker, how=needed(how, _("Say how it was cleared: others meet the same.")), by=by, at=at
    )


# THOSE WHOSE WORK CHANGES


def add_affected(*, initiative: Initiative, who: str, how_many: int, by: str, at: datetime) -> Affected:
    permissions.check_run(person(by, at), initiative)
    if how_many < 1:
        raise WrongUsage(_("A group of nobody is not affected."))
    told = {"who": needed(who, _("Say whose work changes.")), "how_many": how_many}
    return _add(Affected, initiative, "affected group added", by=by, at=at, **told)


def note_told(*, affected: Affected, by: str, at: datetime) -> None:
    _note(affected, "told", by=by, at=at)


def note_trained(*, affected: Affected, by: str, at: datetime) -> None:
    _note(affected, "trained", by=by, at=at)


def note_adopting(*, affected: Affected, how_many: int, by: str, at: datetime) -> None:
    """How many of the group now work the new way, counted on that day."""
    if not 0 <= how_many <= affected.how_many:
        raise WrongUsage(_("At most %(all)s of this group can work the new way.") % {"all": affected.how_many})
    _note(affected, "adopting", by=by, at=at, adopting=how_many)


def _note(affected: Affected, field: str, *, by: str, at: datetime, adopting: int | None = None) -> None:
    permissions.check_run(person(by, at), affected.initiative)
    with transaction.atomic():
        locked = Affected.objects.select_for_update().get(pk=affected.pk)
        setattr(locked, f"{field}_at", at)
        setattr(locked, f"{field}_by", by)
        if adopting is not None:
            locked.adopting = adopting
        locked.save()
        audit.record(f"affected group {field}", by=by, at=at, on=[locked.initiative.name])
    affected.refresh_from_db()


def needed(words: str, problem: str) -> str:
    if not words.strip():
        raise WrongUsage(problem)
    return words.strip()
