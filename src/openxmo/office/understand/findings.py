"""A place where a change lies, as a thing that other pages can name: `finding:why/METRIC/BEFORE/AFTER/CELL`."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from django.urls import reverse
from django.utils.translation import gettext

from openxmo.office.accounts.access import Access
from openxmo.office.accounts.roles import Right
from openxmo.office.lib.things import Thing, shown_if
from openxmo.office.understand.address import MISSING, WHERE

KIND = "finding"
WHY = "why"


@dataclass(frozen=True)
class Finding:
    """Where a metric's change between two periods (by their keys) lies: a cell, or everywhere where that is empty."""

    metric: str
    before: str
    after: str
    cell: tuple[tuple[str, str], ...]

    @property
    def name(self) -> str:
        return f"{KIND}:{WHY}/{self.metric}/{self.before}/{self.after}/{urlencode(self.cell)}"

    @property
    def where(self) -> str:
        return ", ".join(f"{name} {value}" for name, value in self.cell)

    @property
    def address(self) -> str:
        said = {"metric": self.metric, "before": self.before, "period": self.after}
        if self.cell:
            said["by"] = ",".join(name for name, _ in self.cell)
        return f"{reverse('understand-why')}?{urlencode(said)}"

    @property
    def signals(self) -> str:
        """The answers of the later period in that cell."""
        said = {"metric": self.metric, "period": self.after, **{WHERE + name: value for name, value in self.cell}}
        return f"{reverse('understand-signals')}?{urlencode(said)}"


def finding_in(metric: str, before: str, after: str, by: Mapping[str, str | None]) -> Finding:
    cell = tuple((name, MISSING if value is None else value) for name, value in by.items())
    return Finding(metric, before, after, cell)


def read_finding(key: str) -> Finding | None:
    """The finding with this key; None for one that is not written as they are."""
    parts = key.split("/", 4)
    if len(parts) != 5 or parts[0] != WHY:
        return None
    return Finding(parts[1], parts[2], parts[3], tuple(parse_qsl(parts[4], keep_blank_values=True)))


def describe_finding(key: str, access: Access) -> Thing | None:
    found = read_finding(key)
    if found is None:
        return None
    label = gettext("Why %s moved") % found.metric
    where = found.where
    thing = Thing(f"{KIND}:{key}", gettext("Finding"), f"{label}: {where}" if where else label, found.address)
    return shown_if(access.has(Right.READ_SCORES), thing)
