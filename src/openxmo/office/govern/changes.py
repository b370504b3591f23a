"""What a change of the office amounts to: which objects it adds, changes and archives, and which series it breaks."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from openxmo.core.metrics.metric import Metric
from openxmo.office.govern.office import Office, to_builtins
from openxmo.office.govern.store import Standings

# What decides which signals a metric scores, and how. A change of any breaks its series.
SCORED_BY = ("signal", "where", "score", "once_per", "pick", "include_inferred")
BREAKING = {
    "metric": SCORED_BY,
    "dimension": ("column", "link", "signal", "take", "pick"),
    "xla": ("components",),
}


@dataclass(frozen=True)
class Change:
    """What happened to one object. `fields` are those that changed; `because` names what carried the break here."""

    kind: str
    key: str
    what: Literal["added", "changed", "archived", "unchanged"]
    version: int
    fields: tuple[str, ...] = ()
    broke: bool = False
    because: str = ""

    @property
    def note(self) -> str:
        """What changed in it, and whether its series breaks."""
        parts = [", ".join(self.fields)] if self.fields else []
        if self.broke:
            parts.append(f"its series breaks here, with {self.because}" if self.because else "its series breaks here")
        return "; ".join(parts)


@dataclass(frozen=True)
class Changes:
    """The outcome of an `apply`, or with `checked` what it would be."""

    changes: tuple[Change, ...]
    checked: bool = False

    def __bool__(self) -> bool:
        """Whether anything is (or would be) different."""
        return any(change.what != "unchanged" for change in self.changes)

    def keys(self, what: str) -> dict[str, list[str]]:
        """The keys of one outcome by kind: `changes.keys("added")` is `{"metric": ["nps"]}`."""
        found: dict[str, list[str]] = {}
        for change in self.changes:
            if change.what == what:
                found.setdefault(change.kind, []).append(change.key)
        return found

    @property
    def added(self) -> dict[str, list[str]]:
        return self.keys("added")

    @property
    def changed(self) -> dict[str, list[str]]:
        return self.keys("changed")

    @property
    def archived(self) -> dict[str, list[str]]:
        return self.keys("archived")

    @property
    def unchanged(self) -> dict[str, list[str]]:
        return self.keys("unchanged")

    @property
    def breaks(self) -> tuple[str, ...]:
        """Whose series break: `metric:nps`."""
        return tuple(f"{change.kind}:{change.key}" for change in self.changes if change.broke)

    def to_document(self) -> dict[str, Any]:
        return {
            "added": self.added,
            "changed": self.changed,
            "archived": self.archived,
            "unchanged": {kind: len(keys) for kind, keys in self.unchanged.items()},
            "breaks": list(self.breaks),
            "check": self.checked,
        }

    def to_records(self) -> list[dict[str, Any]]:
        """One row per object that is (or would be) different."""
        return [
            {
                "change": change.what,
                "kind": change.kind,
                "key": change.key,
                "version": change.version,
                "broke": change.broke,
                "note": change.note,
            }
            for change in self.changes
            if change.what != "unchanged"
        ]


def compare(standings: Standings, new: Office) -> tuple[Change, ...]:
    """What makes the office that stands into `new`; what `new` lacks is archived."""
    wanted = {(kind, key): item for kind, key, item in new.each()}
    found = [_compare_one(standings, place, item) for place, item in wanted.items()]
    gone = [
        Change(one.kind, one.key, "archived", one.version + 1)
        for place, one in standings.items()
        if place not in wanted and not one.archived
    ]
    return tuple(_carry_breaks([*found, *gone], new))


def _compare_one(standings: Standings, place: tuple[str, str], item: Any) -> Change:
    kind, key = place
    before = standings.get(place)
    if before is None:
        return Change(kind, key, "added", 1)
    fields = _differing(before.object, item)
    broke = any(field in BREAKING.get(kind, ()) for field in fields)
    if before.archived:
        return Change(kind, key, "added", before.version + 1, fields, broke)
    if not fields:
        return Change(kind, key, "unchanged", before.version)
    return Change(kind, key, "changed", before.version + 1, fields, broke)


def _differing(old: Any, new: Any) -> tuple[str, ...]:
    """The fields that are not written the same; true is not 1, though Python holds them equal."""
    before, after = to_builtins(old), to_builtins(new)
    return tuple(name for name in {**before, **after} if _written(before.get(name)) != _written(after.get(name)))


def _written(value: Any) -> bytes:
    return msgspec.json.encode(value, order="deterministic")


def _carry_breaks(changes: list[Change], new: Office) -> Iterator[Change]:
    """A metric that selects by a dimension breaks with it, and an XLA with its metrics."""
    broken = {f"{change.kind}:{change.key}" for change in changes if change.broke}
    carried: dict[str, str] = {}
    for metric in new.metrics:
        _carry(carried, broken, f"metric:{metric.key}", [f"dimension:{name}" for name in names_selected_by(metric)])
    for xla in new.xlas:
        _carry(carried, broken, f"xla:{xla.key}", [f"metric:{part.metric}" for part in xla.components])
    for change in changes:
        because = carried.get(f"{change.kind}:{change.key}")
        if because is None or change.what == "added":
            yield change
        else:
            version = change.version + 1 if change.what == "unchanged" else change.version
            yield Change(change.kind, change.key, "changed", version, change.fields, True, because)


def _carry(carried: dict[str, str], broken: set[str], name: str, used: Iterable[str]) -> None:
    cause = next((other for other in used if other in broken), None)
    if cause and name not in broken:
        carried[name] = cause
        broken.add(name)


def names_selected_by(metric: Metric) -> list[str]:
    """The columns, attributes and dimensions that decide which signals a metric scores."""
    return [*metric.where, *metric.score.fails_if, *metric.score.key]
