"""Changes of the office. Each happens whole or not at all, is checked first, and leaves versions and an audit line."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from openxmo.core.errors import NotAllowed
from openxmo.core.signals.store.home import Home
from openxmo.office.accounts import audit
from openxmo.office.govern import store
from openxmo.office.govern.changes import Change, Changes, compare
from openxmo.office.govern.checks import check_office
from openxmo.office.govern.form import read_form
from openxmo.office.govern.office import SETTINGS, Office, build_office, identity, kind_of, to_builtins
from openxmo.office.govern.queries import read_default_office

OPERATOR = "operator"


def change_office(
    home: Home, revise: Callable[[Office], Office], *, by: str, at: datetime, check: bool = False, reason: str = ""
) -> Changes:
    """Make the office what `revise` makes of the one that stands; with `check` only say what that would do.

    `reason` is what whoever changes it says to those who will ask.

    `UnreadableInput` where the new office does not hold together, `NotAllowed` where it gives `by` other rights;
    then nothing was changed.
    """
    if check:
        return Changes(_judge(home, revise, by=by)[0], checked=True)
    with store.writing(home):
        changes, new, standings = _judge(home, revise, by=by)
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
    home: Home, revise: Callable[[Office], Office], *, by: str
) -> tuple[tuple[Change, ...], Office, store.Standings]:
    standings = store.read_standings(home)
    old = store.office_of(standings)
    new = revise(old)
    check_office(new)
    check_own_place(old, new, by)
    return compare(standings, new), new, standings


def check_own_place(old: Office, new: Office, by: str) -> None:
    """Nobody gives themselves a role or a unit, nor takes themselves out: on a screen, by a file or over the API."""
    before, after = place_of(old, by), place_of(new, by)
    if before is not None and before != after:
        raise NotAllowed(_("Nobody changes their own roles."), mend=_("Ask somebody else who may."))


def place_of(office: Office, name: str) -> tuple[object, ...] | None:
    """What a person's rights come from."""
    person = next((each for each in office.people if each.name == name), None)
    if person is None:
        return None
    return person.roles, person.units, person.agent, person.leads, person.team


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
