"""What was heard since the rules last looked: the answers touched by it, whole, and single signals that stand alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import ibis

from openxmo.core.signals.engines import Engine
from openxmo.core.signals.reading import read_signals

Row = Mapping[str, Any]
RECENT = timedelta(days=14)  # what happened longer ago opens nothing: history may be imported at any time
OWN_SOURCE = "recontact"  # answers to "did this help?" go to their case, and open none
COMPLAINT = "complaint"
COLUMNS = (
    *("row", "source", "id", "happened_at", "kind", "name", "item", "basis", "value", "label", "text", "scale"),
    *("subject", "subject_kind", "account", "team", "contact", "response", "unit", "stage", "channel", "reason"),
    *("product", "language", "protected"),
)


@dataclass(frozen=True)
class Answer:
    """All that one person said at once: the rows of one response, or of one signal that belongs to none."""

    key: str
    rows: tuple[Row, ...]

    def first(self, name: str) -> str:
        """What the rows say of this column, the earliest that says anything."""
        return next((str(row[name]) for row in self.rows if row[name]), "")


def read_fresh(engine: Engine, *, after_import: int, responses: Iterable[str], at: datetime) -> list[Answer]:
    """The answers of which a row was heard after that import, or whose response is named, of the last 14 days.

    Answers of employees, and of people of whom it is not known whether they are, never come out.
    """
    signals = readable(engine, at)
    heard = signals.filter(signals.row >= (after_import + 1) << 32)
    says = heard.filter(
        heard.name.isin([COMPLAINT, "consent"])
        | ((heard.kind == "X") & (heard.text.notnull() | heard.value.notnull() | heard.label.notnull()))
    )
    new = engine.fetch(says.select("source", "id", "response", "name", "row")).to_pylist()
    touched = {row["response"] for row in new if row["response"]} | set(responses)
    answers = whole_answers(engine, signals, touched) if touched else []
    alone = [row["row"] for row in new if not row["response"]]
    return answers + ([single(row) for row in fetch(engine, signals.filter(signals.row.isin(alone)))] if alone else [])


def readable(engine: Engine, at: datetime) -> ibis.Table:
    """The recent signals that a rule may read: not marked, not of employees, not our own questions' answers."""
    signals = read_signals(engine, since=at - RECENT, as_of=at)
    return signals.filter(signals.mark.isnull(), ~signals.protected, signals.source != OWN_SOURCE)


def whole_answers(engine: Engine, signals: ibis.Table, responses: Iterable[str]) -> list[Answer]:
    """The answers with these responses, by source: two sources may use one word for two responses."""
    found: dict[str, list[Row]] = {}
    for row in fetch(engine, signals.filter(signals.response.isin(sorted(responses)))):
        if row["kind"] == "X" or row["name"] == "consent":
            found.setdefault(f"{row['source']}/{row['response']}", []).append(row)
    return [Answer(f"response:{key}", tuple(rows)) for key, rows in found.items()]


def fetch(engine: Engine, signals: ibis.Table) -> list[Row]:
    rows: list[Row] = engine.fetch(signals.select(*COLUMNS)).to_pylist()
    return sorted(rows, key=lambda row: (row["happened_at"], row["row"]))


def single(row: Row) -> Answer:
    return Answer(signal_name(row), (row,))


def signal_name(row: Row) -> str:
    return f"signal:{row['source']}/{row['id']}"
