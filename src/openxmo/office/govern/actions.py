"""Changes of the office. Each happens whole or not at all, is checked first, and leaves versions and an audit line."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from openxmo.core.errors import NotAllowed
from openxmo.core.signals.store.home import Home
from openxmo.office.accounts import audit
from openxmo.office.accounts.roles import Right, rights_of
from openxmo.office.govern import store
from openxmo.office.govern.changes import Change, Changes, compare
from openxmo.office.govern.checks import check_office
from openxmo.office.govern.form import read_form
from openxmo.office.govern.office import SETTINGS, Office, build_office, identity, kind_of, to_builtins
from openxmo.office.govern.queries import read_default_office

OPERATOR = "operator"
MOST_NAMED = 5


def change_office(
    home: Home,
    revise: Callable[[Office], Office],
    *,
    by: str,
    at: datetime,
    check: bool = False,
    reason: str = "",
    with_roles: bool = True,
) -> Changes:
    """Make the office what `revise` makes of the one that stands; with `check` only say what that would do.

    `reason` is what whoever changes it says to those who will ask; without `with_roles` nobody's roles change by it.

    `UnreadableInput` where the new office does not hold together, `NotAllowed` where it gives anybody roles or units
    that `by` may not give, and themselves any; then nothing was changed.
    """
    if check:
        return Changes(_judge(home, revise, by=by, with_roles=with_roles)[0], checked=True)
    with store.writing(home):
        changes, new, standings = _judge(home, revise, by=by, with_roles=with_roles)
        done = Changes(changes)
        if not done:
            return done
        number = 1 + len(store.read_history(home))
        store.add_change(home, _change_set(number, changes, new, standings, by=by, at=at, reason=reason))
        audit.record("office changed", by=by, at=at, on=[f"office:{number}"], home=home.path)
    return done


def put(home: Home, *objects: Any, by: str, at: datetime, reason: str = "") -> Changes:
    """Add these objects, or put them in place of those with the same keys. All others stay."""
    sound = [_as_in_a_file(item) for item in objects]
    return change_office(home, lambda office: with_objects(office, *sound), by=by, at=at, reason=reason)


def archive(home: Home, kind: str, key: str, *, by: str, at: datetime, reason: str = "") -> Changes:
    """Take one object out of use. Its versions stay, and it can be put back."""

    def revise(office: Office) -> Office:
        left = [(k, item) for k, name, item in office.each() if (k, name) != (kind, key)]
        return build_office(left)

    return change_office(home, revise, by=by, at=at, reason=reason)


def init_office(home: Home, *, at: datetime, by: str = OPERATOR) -> bool:
    """Write the default office, unless one is there already. Returns whether it was written."""
    if store.has_office(home):
        return False
    default = read_default_office()
    return bool(change_office(home, lambda office: office if store.has_office(home) else default, by=by, at=at))


def _as_in_a_file(item: Any) -> Any:
    """The object as a file would give it, which is checked as its class alone would not."""
    kind = kind_of(item)
    plain = to_builtins(item)
    office = read_form({kind: plain if kind == SETTINGS else [plain]})
    return office.settings if kind == SETTINGS else office.of(kind)[0]


def with_objects(office: Office, *objects: Any) -> Office:
    """`office` with these objects added, or in place of those with the same keys."""
    new = {(kind_of(item), identity(item)): item for item in objects}
    kept = {(kind, key): item for kind, key, item in office.each()}
    return build_office((kind, item) for (kind, _), item in {**kept, **new}.items())


def _judge(
    home: Home, revise: Callable[[Office], Office], *, by: str, with_roles: bool
) -> tuple[tuple[Change, ...], Office, store.Standings]:
    standings = store.read_standings(home)
    old = store.office_of(standings)
    new = revise(old)
    check_office(new)
    check_places(old, new, by, with_roles=with_roles)
    return compare(standings, new), new, standings


def check_places(old: Office, new: Office, by: str, *, with_roles: bool = True) -> None:
    """Roles and units are given by those who may, and never to themselves: on a screen, by a file or over the API.
    So is the tree of units.

    Whoever the office does not name is whoever runs it on this machine.
    """
    before, moved = places_of(old), differing(places_of(old), places_of(new))
    if by in before and by in moved:
        raise NotAllowed(_("Nobody changes their own roles."), mend=_("Ask somebody else who may."))
    held = rights_of(before[by].roles) if by in before else frozenset(Right)
    moved += differing(tree_of(old), tree_of(new))
    if moved and not (with_roles and Right.CHANGE_ROLES in held):
        raise NotAllowed(
            _("%(by)s may not change what others may do and see: %(who)s.") % {"by": by, "who": _in_short(moved)},
            mend=_("Ask the XMO lead or an administrator. All else can be changed without it."),
        )


class Place(NamedTuple):
    """What a person's rights come from."""

    roles: tuple[str, ...]
    units: tuple[str, ...]
    agent: str | None
    leads: tuple[str, ...]
    team: str | None


def places_of(office: Office) -> dict[str, Place]:
    return {one.name: Place(one.roles, one.units, one.agent, one.leads, one.team) for one in office.people}


def tree_of(office: Office) -> dict[str, tuple[str | None, date | None, date | None]]:
    """Which units stand under which, and when: whoever sees one sees all below it."""
    return {one.key: (one.parent, one.valid_from, one.valid_to) for one in office.units}


def differing(before: Mapping[str, object], after: Mapping[str, object]) -> list[str]:
    return sorted(name for name in {*before, *after} if before.get(name) != after.get(name))


def _in_short(names: Sequence[str]) -> str:
    told = ", ".join(names[:MOST_NAMED])
    return told if len(names) <= MOST_NAMED else f"{told} …"


def _change_set(
    number: int,
    changes: tuple[Change, ...],
    new: Office,
    standings: store.Standings,
    *,
    by: str,
    at: datetime,
    reason: str,
) -> store.ChangeSet:
    items = {(kind, key): item for kind, key, item in new.each()}
    day = at.astimezone(ZoneInfo(new.settings.zone)).date().isoformat()
    versions = []
    for change in changes:
        if change.what == "unchanged":
            continue
        place = (change.kind, change.key)
        item = items[place] if place in items else standings[place].object
        versions.append(
            store.Version(
                kind=change.kind,
                key=change.key,
                version=change.version,
                what=change.what,
                object=to_builtins(item),
                broke=day if change.broke else None,
            )
        )
    return store.ChangeSet(number=number, at=at.astimezone(UTC), by=by, versions=tuple(versions), reason=reason)
