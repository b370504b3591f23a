"""What happened in this contact: all that was heard about one call, chat or visit, as one record."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from openxmo.core.errors import WrongUsage
from openxmo.core.metrics.disclosure import Disclosure
from openxmo.core.metrics.periods import check_moments
from openxmo.core.signals.engines import Engine
from openxmo.core.signals.reading import read_signals
from openxmo.questions.alone import Alone

REPEAT_WINDOW = timedelta(days=7)  # of contacts that name no issue: the same person and reason within it
CONTEXT = ("subject", "account", "reason", "channel", "queue", "agent", "team", "product", "site", "unit", "issue")


@dataclass(frozen=True)
class ContactRecord(Alone):
    """One contact with its full context.

    `resolved` holds what the desk said and what the customer said, apart; `repeat_of` is the contact
    before it of the same issue, or of the same person and reason where no issue is named, and then
    `stitched` is true. `answers` keep their scale, so that no number is read in the wrong direction.
    """

    contact: str
    started_at: datetime
    ended_at: datetime | None
    context: Mapping[str, str | None]
    resolved: Mapping[str, str | None]
    repeat_of: str | None
    stitched: bool
    handling: Mapping[str, Any]
    answers: tuple[Mapping[str, Any], ...]
    transcript: tuple[Mapping[str, Any], ...]

    def to_document(self) -> dict[str, Any]:
        hidden = self.suppressed is not None
        return {
            "contact": self.contact,
            "started_at": self.started_at.isoformat(),
            "ended_at": self.ended_at.isoformat() if self.ended_at else None,
            **({} if hidden else self.context),
            "resolved": None if hidden else dict(self.resolved),
            "repeat_of": None if hidden else self.repeat_of,
            "stitched": None if hidden else self.stitched,
            **({} if hidden else self.handling),
            "answers": [] if hidden else [dict(answer) for answer in self.answers],
            "transcript": [] if hidden else [dict(line) for line in self.transcript],
            "suppressed": self.suppressed,
            "lake_version": self.lake_version,
        }

    def to_records(self) -> list[dict[str, Any]]:
        """One flat row, without answers and words."""
        document = self.to_document()
        return [{name: value for name, value in document.items() if not isinstance(value, list | dict)}]

    def disclosures(self) -> tuple[Disclosure, ...]:
        return self.disclosed("contact", n=1, siblings=f"contact {self.contact}")


def contact(
    key: str,
    *,
    engine: Engine,
    as_of: datetime,
    known_at: datetime | None = None,
    scope: frozenset[str] | None = None,
) -> ContactRecord:
    """The record of one contact; WrongUsage where none of that key is in sight."""
    check_moments(as_of, known_at)
    signals = read_signals(engine, as_of=as_of, known_at=known_at)
    signals = signals.filter(signals.mark.isnull())
    if scope is not None:
        signals = signals.filter(signals.unit.isin(sorted(scope)))
    rows = engine.fetch(signals.filter(signals.contact == key)).to_pylist()
    rows.sort(key=lambda row: (row["happened_at"], row["row"]))
    if not rows:
        raise WrongUsage(f"No contact {key} is in sight.", mend="Take its key from the source that told of it.")
    opening = next((row for row in rows if row["name"] == "contact"), rows[0])
    repeat_of, stitched = find_repeated(signals, opening, engine)
    protected = [row for row in rows if row["protected"]]
    return ContactRecord(
        contact=key,
        started_at=opening["happened_at"],
        ended_at=opening["ended_at"],
        context={name: first(rows, name, opening) for name in CONTEXT},
        resolved={
            "recorded": label_of(rows, "resolved", asked=False),
            "stated": label_of(rows, "resolved", asked=True),
        },
        repeat_of=repeat_of,
        stitched=stitched,
        handling={
            "transferred": any(row["name"] in ("transferred", "handoff") for row in rows),
            "escalated": any(row["name"] == "escalation" for row in rows),
            "handle_time": next((row["value"] for row in rows if row["name"] == "handle_time"), None),
        },
        answers=tuple(describe_answer(row) for row in rows if is_answer(row)),
        transcript=tuple(
            {"at": row["happened_at"].isoformat(), "who": row["label"], "text": row["text"]}
            for row in rows
            if row["name"] == "utterance"
        ),
        people=frozenset({protected[0]["row"]}) if protected else None,
        scope=scope,
        lake_version=engine.lake_version,
    )


def first(rows: Iterable[Mapping[str, Any]], name: str, opening: Mapping[str, Any]) -> str | None:
    """What the contact itself says, else the first signal of it that says anything."""
    found: str | None = opening[name] or next((row[name] for row in rows if row[name]), None)
    return found


def label_of(rows: Iterable[Mapping[str, Any]], name: str, *, asked: bool) -> str | None:
    found = [row["label"] for row in rows if row["name"] == name and (row["kind"] == "X") == asked]
    return found[-1] if found else None


def is_answer(row: Mapping[str, Any]) -> bool:
    """What people said of the contact; whether it was resolved stands by itself, invitations are no answers."""
    return row["kind"] == "X" and row["name"] not in ("resolved", "utterance") and "invitation" not in row["name"]


def describe_answer(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ("name", "item", "value", "label", "text", "scale", "instrument")}


def find_repeated(signals: Any, opening: Mapping[str, Any], engine: Engine) -> tuple[str | None, bool]:
    """The contact before this one of the same matter, and whether the matter was stitched by us."""
    named = opening["issue"] is not None
    if not named and (opening["subject"] is None or opening["reason"] is None):
        return None, False
    earlier = signals.filter(
        signals.name == "contact",
        signals.contact != opening["contact"],
        signals.happened_at <= opening["happened_at"],
    )
    if named:
        same = earlier.filter(earlier.issue == opening["issue"])
    else:
        same = earlier.filter(
            earlier.issue.isnull(),
            earlier.subject == opening["subject"],
            earlier.reason == opening["reason"],
            earlier.happened_at >= opening["happened_at"] - REPEAT_WINDOW,
        )
    order = same.order_by(same.happened_at.desc(), same.row.desc())
    found = engine.fetch(order.select("contact").limit(1))["contact"].to_pylist()
    return (found[0] if found else None), not named
