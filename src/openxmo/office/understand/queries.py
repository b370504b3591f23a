"""What other rooms' pages ask of this one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from openxmo.office.govern.session import Session
from openxmo.office.understand.address import Question, whole_period
from openxmo.questions.moved import periods_before


@dataclass(frozen=True)
class Mover:
    """One metric in its last whole period against the one before. `change` is as the estimate component reads it.

    `why` and `behind` are the addresses of the page that takes the change apart and of the signals.
    """

    key: str
    label: str
    unit: str
    better: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    change: Mapping[str, Any]
    p: float | None
    real: bool
    suppressed: str | None
    why: str
    behind: str


def movers(office: Session, at: datetime) -> list[Mover]:
    """All metrics, the clearest evidence first; `real` is after correction for the search (Holm, 5 %)."""
    document = office.moved(until=office.today(at)).to_document()
    return [_mover(office, row, at) for row in document["rows"]]


def compared(office: Session, at: datetime) -> int:
    """In how many metrics `movers` searched, which its page says."""
    found: int = office.moved(until=office.today(at)).to_document()["compared"]
    return found


def _mover(office: Session, row: Mapping[str, Any], at: datetime) -> Mover:
    metric = office.metric(row["metric"])
    start, middle, end, _ = periods_before(office.today(at), metric)
    after, before = whole_period(middle, end), whole_period(start, middle)
    asked = Question(metric=metric.key, period=after)
    return Mover(
        key=metric.key,
        label=row["label"],
        unit=row["unit"],
        better=row["better"],
        before={**row["before"], "min_n": metric.min_n, "label": before.label},
        after={**row["after"], "min_n": metric.min_n, "label": after.label},
        change={"value": row["change"], "low": row["low"], "high": row["high"], "real": row["real"]},
        p=row["corrected_p"],
        real=row["real"],
        suppressed=row["suppressed"],
        why=asked.address("understand-why", before=before.key),
        behind=asked.address("understand-signals"),
    )
