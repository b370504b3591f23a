"""What has this person been through? All that was heard of one customer or partner, across sources, in time order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self

import ibis

from openxmo.core.errors import WrongUsage
from openxmo.core.metrics.behind import read_place, write_place
from openxmo.core.metrics.disclosure import Disclosure
from openxmo.core.metrics.periods import check_moments
from openxmo.core.privacy.redaction import redact
from openxmo.core.signals.engines import Engine
from openxmo.core.signals.reading import instant, read_signals
from openxmo.core.signals.store.tables import IDENTITIES

PAGE = 100
CONSENT = "consent"
# What a row tells. Never who served.
SHOWN = (
    *("id", "source", "kind", "name", "item", "value", "label", "scale", "value_unit", "basis", "excluded"),
    *("contact", "issue", "response", "channel", "journey", "stage", "touchpoint", "reason", "product", "device"),
    *("segment", "unit"),
)


@dataclass(frozen=True)
class PersonHistory:
    """One page of a person's signals, the newest first. `subjects` are the keys that were found to be this person.

    `consents` is the newest word on each thing agreed to or refused. `people` is not None where any of the signals
    is protected, and then nothing is shown: no employee's history is anybody's to read.
    """

    subject: str
    subjects: tuple[str, ...]
    total: int
    kinds: Mapping[str, int]
    first_at: datetime | None
    last_at: datetime | None
    rows: tuple[Mapping[str, Any], ...]
    further: str | None
    consents: tuple[Mapping[str, Any], ...]
    people: frozenset[int] | None
    scope: frozenset[str] | None
    lake_version: int
    suppressed: str | None = None

    def to_document(self) -> dict[str, Any]:
        hidden = self.suppressed is not None
        return {
            "subject": self.subject,
            "also": [] if hidden else [each for each in self.subjects if each != self.subject],
            "n": None if hidden else self.total,
            "kinds": {} if hidden else dict(self.kinds),
            "first_at": None if hidden or self.first_at is None else self.first_at.isoformat(),
            "last_at": None if hidden or self.last_at is None else self.last_at.isoformat(),
            "rows": self.to_records(),
            "consents": [] if hidden else [dict(consent) for consent in self.consents],
            "further": None if hidden else self.further,
            "suppressed": self.suppressed,
            "lake_version": self.lake_version,
        }

    def to_records(self) -> list[dict[str, Any]]:
        """A flat row for each signal of the page."""
        return [] if self.suppressed else [told(row) for row in self.rows]

    def disclosures(self) -> tuple[Disclosure, ...]:
        return (
            Disclosure(
                metric="person",
                by={},
                start=None,
                end=None,
                n=self.total,
                people=self.people,
                siblings="one person",
                shows="words",
            ),
        )

    def withhold(self, reasons: Mapping[int, str]) -> Self:
        return replace(self, suppressed=reasons[0], rows=()) if reasons else self


def told(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "happened_at": row["happened_at"].isoformat(),
        "ended_at": row["ended_at"].isoformat() if row["ended_at"] else None,
        **{name: row[name] for name in SHOWN},
        "text": redact(row["text"]) if row["text"] else None,
    }


def person(
    subject: str,
    *,
    engine: Engine,
    as_of: datetime,
    known_at: datetime | None = None,
    scope: frozenset[str] | None = None,
    kind: str | None = None,
    after: str | None = None,
    size: int = PAGE,
) -> PersonHistory:
    """The history of whoever has this key; WrongUsage where nothing of that key is in sight.

    `kind` narrows the rows to one of X, O, T, B; `after` is the `further` of the page before.
    """
    check_moments(as_of, known_at)
    subjects = known_as(subject, engine)
    own = read_signals(engine, as_of=as_of, known_at=known_at)
    own = own.filter(own.subject.isin(subjects))
    summed = own.group_by("kind").agg(
        n=own.count(), protected=own.protected.any(), first=own.happened_at.min(), last=own.happened_at.max()
    )
    everywhere = engine.fetch(summed).to_pylist()
    protected = any(row["protected"] for row in everywhere)  # in whatever unit: else a scope would lift it
    if scope is not None:
        own = own.filter(own.unit.isin(sorted(scope)))
    sums = everywhere if scope is None else engine.fetch(_sums(own)).to_pylist()
    if not sums:
        raise WrongUsage(f"Nothing of {subject} is in sight.", mend="Open a person from a signal or a case.")
    rows, further = ([], None) if protected else page(own, engine, kind=kind, after=after, size=size)
    return PersonHistory(
        subject=subject,
        subjects=subjects,
        total=sum(row["n"] for row in sums),
        kinds={row["kind"]: row["n"] for row in sorted(sums, key=lambda row: "XOTB".find(row["kind"]))},
        first_at=min(row["first"] for row in sums),
        last_at=max(row["last"] for row in sums),
        rows=tuple(rows),
        further=further,
        consents=() if protected else tuple(newest_consents(own, engine)),
        people=frozenset({0}) if protected else None,
        scope=scope,
        lake_version=engine.lake_version,
    )


def _sums(own: Any) -> Any:
    return own.group_by("kind").agg(n=own.count(), first=own.happened_at.min(), last=own.happened_at.max())


def known_as(subject: str, engine: Engine) -> tuple[str, ...]:
    """All keys that stand for the same person today, this one first."""
    identities = engine.table(IDENTITIES)
    standing = identities.filter(identities.to_at.isnull())
    found = engine.fetch(standing.select("subject", "person").distinct()).to_pylist()
    persons = {row["person"] for row in found if row["subject"] == subject} | {subject}
    others = sorted({row["subject"] for row in found if row["person"] in persons} | persons)
    return (subject, *(other for other in others if other != subject))


def page(
    own: Any, engine: Engine, *, kind: str | None, after: str | None, size: int
) -> tuple[Sequence[Mapping[str, Any]], str | None]:
    if kind is not None:
        own = own.filter(own.kind == kind)
    if after is not None:
        moment, row = read_place(after)
        earlier = (own.happened_at == instant(moment)) & (own.row < row)
        own = own.filter((own.happened_at < instant(moment)) | earlier)
    order = [ibis.desc(own.happened_at), ibis.desc(own.row)]
    columns = ("happened_at", "ended_at", "row", "text", *SHOWN)
    found = engine.fetch(own.select(*columns).order_by(order).limit(size + 1)).to_pylist()
    return found[:size], write_place(found[size - 1]) if len(found) > size else None


def newest_consents(own: Any, engine: Engine) -> Sequence[Mapping[str, Any]]:
    """The newest word on each thing that the person agreed to or refused; a value of 0 or the label "no" refuses."""
    said = own.filter(own.name == CONSENT)
    rows = engine.fetch(said.select("happened_at", "label", "item", "value", "attrs").order_by("happened_at"))
    newest: dict[str, Mapping[str, Any]] = {}
    for row in rows.to_pylist():
        about = row["item"] or row["label"] or CONSENT
        given = row["value"] != 0 and row["label"] != "no"
        newest[about] = {"about": about, "given": given, "at": row["happened_at"].isoformat()}
    return [newest[about] for about in sorted(newest)]
