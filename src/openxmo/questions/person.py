"""What has this person been through? All that was heard of one customer or partner, across sources, in time order."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self

from openxmo.core.errors import WrongUsage
from openxmo.core.metrics.behind import read_place, write_place
from openxmo.core.metrics.disclosure import Disclosure
from openxmo.core.metrics.periods import check_moments
from openxmo.core.privacy.redaction import redact
from openxmo.core.signals.engines import Engine
from openxmo.core.signals.reading import read_signals
from openxmo.core.signals.store.tables import IDENTITIES
from openxmo.questions.alone import Alone

PAGE = 100
CONSENT = "consent"
KINDS = ("X", "O", "T", "B")
# What a row tells. Never who served.
SHOWN = (
    *("id", "source", "kind", "name", "item", "value", "label", "scale", "value_unit", "basis", "excluded"),
    *("contact", "issue", "response", "channel", "journey", "stage", "touchpoint", "reason", "product", "device"),
    *("segment", "unit"),
)


@dataclass(frozen=True)
class PersonHistory(Alone):
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
        return self.disclosed("person", n=self.total, siblings="one person", shows="words")

    def withhold(self, reasons: Mapping[int, str]) -> Self:
        return replace(super().withhold(reasons), rows=()) if reasons else self


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
    standing = read_signals(engine, as_of=as_of, known_at=known_at)
    keys = keys_of(standing, subjects, engine)
    protected = any(key["protected"] for key in keys)  # in whatever unit: else a scope would lift it
    if scope is not None:
        keys = [key for key in keys if key["unit"] in scope]
    if not keys:
        raise WrongUsage(f"Nothing of {subject} is in sight.", mend="Open a person from a signal or a case.")
    counts = Counter(key["kind"] for key in keys)
    chosen, further = ([], None) if protected else page(keys, kind=kind, after=after, size=size)
    agreed = [] if protected else [key for key in keys if key["name"] == CONSENT]
    whole = in_full(standing, [*chosen, *agreed], engine)
    return PersonHistory(
        subject=subject,
        subjects=subjects,
        total=len(keys),
        kinds={each: counts[each] for each in KINDS if counts[each]},
        first_at=keys[-1]["happened_at"],
        last_at=keys[0]["happened_at"],
        rows=tuple(whole[key["row"]] for key in chosen),
        further=further,
        consents=newest_consents([whole[key["row"]] for key in reversed(agreed)]),
        people=frozenset({0}) if protected else None,
        scope=scope,
        lake_version=engine.lake_version,
    )


def keys_of(standing: Any, subjects: Sequence[str], engine: Engine) -> list[Mapping[str, Any]]:
    """Where these subjects' signals lie, the newest first: the one look at the whole lake."""
    own = standing.filter(standing.subject.isin(subjects))
    found = engine.fetch(own.select("row", "month", "happened_at", "kind", "name", "protected", "unit")).to_pylist()
    return sorted(found, key=lambda key: (key["happened_at"], key["row"]), reverse=True)


def in_full(standing: Any, keys: Sequence[Mapping[str, Any]], engine: Engine) -> dict[int, Mapping[str, Any]]:
    """The whole signals of these keys, by row."""
    if not keys:
        return {}
    near = standing.filter(standing.month.isin(sorted({key["month"] for key in keys})))
    wanted = near.filter(near.row.isin([key["row"] for key in keys]))
    columns = ("row", "happened_at", "ended_at", "text", *SHOWN)
    return {row["row"]: row for row in engine.fetch(wanted.select(*columns)).to_pylist()}


def known_as(subject: str, engine: Engine) -> tuple[str, ...]:
    """All keys that stand for the same person today, this one first."""
    identities = engine.table(IDENTITIES)
    standing = identities.filter(identities.to_at.isnull())
    found = engine.fetch(standing.select("subject", "person").distinct()).to_pylist()
    persons = {row["person"] for row in found if row["subject"] == subject} | {subject}
    others = sorted({row["subject"] for row in found if row["person"] in persons} | persons)
    return (subject, *(other for other in others if other != subject))


def page(
    keys: Sequence[Mapping[str, Any]], *, kind: str | None, after: str | None, size: int
) -> tuple[Sequence[Mapping[str, Any]], str | None]:
    """The keys of one page, and the place where the next begins."""
    chosen = [key for key in keys if kind in (None, key["kind"])]
    if after is not None:
        last = read_place(after)
        chosen = [key for key in chosen if (key["happened_at"], key["row"]) < last]
    return chosen[:size], write_place(chosen[size - 1]) if len(chosen) > size else None


def newest_consents(said: Iterable[Mapping[str, Any]]) -> tuple[Mapping[str, Any], ...]:
    """The newest word on each thing that the person agreed to or refused; a value of 0 or the label "no" refuses."""
    newest: dict[str, Mapping[str, Any]] = {}
    for row in said:
        about = row["item"] or row["label"] or CONSENT
        given = row["value"] != 0 and row["label"] != "no"
        newest[about] = {"about": about, "given": given, "at": row["happened_at"].isoformat()}
    return tuple(newest[about] for about in sorted(newest))
