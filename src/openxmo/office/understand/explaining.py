"""What the page *Why did {metric} move?* shows of a released explanation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from openxmo.core.metrics.metric import Metric
from openxmo.office.govern.session import Session
from openxmo.office.ui.periods import Period
from openxmo.office.understand import asking
from openxmo.office.understand.address import Question
from openxmo.office.understand.cuts import in_words
from openxmo.office.understand.findings import Finding, finding_in

MOST_STEPS = 10
QUOTES = 3


@dataclass(frozen=True)
class Why:
    """`mix` and `rate` are the sums of the parts: together they are the change."""

    document: Mapping[str, Any]
    parts: tuple[Mapping[str, Any], ...]
    places: tuple[Mapping[str, Any], ...]
    mix: float | None
    rate: float | None
    real: bool | None
    chart: Mapping[str, Any] | None


def explain(office: Session, question: Question, before: Period, *, addresses: "Addresses") -> Why:
    """Asks why `question.metric` moved from `before` to the question's period, by its cuts."""
    assert question.period is not None
    assert question.period.since is not None
    assert question.period.until is not None
    assert before.since is not None
    assert before.until is not None
    metric = office.metric(question.metric)
    document = office.explain(
        metric,
        before=(before.since, before.until),
        after=(question.period.since, question.period.until),
        by=question.by,
        where=asking.conditions(office, question),
        include_excluded=question.received,
    ).to_document()
    parts = sorted(document["parts"], key=lambda part: -abs(part["mix"] + part["rate"]))
    change = document["change"]
    known = change["value"] is not None
    ends = (change["low"], change["high"])
    return Why(
        document=document,
        parts=tuple({**part, "label": label(part["by"]), "whole": part["mix"] + part["rate"]} for part in parts),
        places=tuple(place(office, question, metric, each, addresses, change) for each in document["localised"]),
        mix=sum(part["mix"] for part in parts) if known else None,
        rate=sum(part["rate"] for part in parts) if known else None,
        real=None if not known or None in ends else bool(ends[0] > 0 or ends[1] < 0),
        chart=waterfall(metric, document, parts) if known else None,
    )


@dataclass(frozen=True)
class Addresses:
    """How a finding of this page is named: the keys of its two periods."""

    before: str
    after: str

    def finding(self, metric: str, by: Mapping[str, str | None]) -> Finding:
        return finding_in(metric, self.before, self.after, by)


def label(by: Mapping[str, str | None] | None) -> str:
    if by is None:
        return gettext("all others")
    return ", ".join(in_words(value) for value in by.values())


def waterfall(metric: Metric, document: Mapping[str, Any], parts: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """From the one number to the other in steps that add up: the largest parts, all others as one."""
    shown, rest = parts[:MOST_STEPS], parts[MOST_STEPS:]
    steps = [(label(part["by"]), part["mix"] + part["rate"]) for part in shown]
    if rest:
        steps.append((gettext("all others"), sum(part["mix"] + part["rate"] for part in rest)))
    names = [gettext("before"), *(name for name, _ in steps), gettext("after")]
    values = [document["before"]["value"], *(value for _, value in steps), document["after"]["value"]]
    return {
        "kind": "waterfall",
        "unit": metric.unit,
        "x": names,
        "series": [{"name": metric.label or metric.key, "values": values}],
        "totals": [0, len(names) - 1],
    }


def place(
    office: Session,
    question: Question,
    metric: Metric,
    found: Mapping[str, Any],
    addresses: Addresses,
    change: Mapping[str, Any],
) -> Mapping[str, Any]:
    """A place where the change lies: its share, its certainty, its words, and what it is called."""
    narrowed = question.narrowed(found["by"])
    finding = addresses.finding(metric.key, found["by"])
    return {
        **found,
        "label": label(found["by"]),
        "finding": finding,
        "quotes": quotes(office, narrowed, fell=(change["value"] or 0) < 0),
        "behind": narrowed.address("understand-signals"),
    }


def quotes(office: Session, narrowed: Question, *, fell: bool) -> list[Mapping[str, Any]]:
    """A few of the words said there, those that speak for the move first; none where single answers are not shown."""
    document = asking.behind(office, narrowed, size=200).to_document()
    if document["words"]:
        return [{"text": text} for text in document["words"][:QUOTES]]
    said = [row for row in document["rows"] if row["text"] and row["left_out"] is None]
    low_first = 1 if fell else -1
    said.sort(key=lambda row: (low_first * (row["score"] or 0.0), low_first * (row["value"] or 0.0)))
    different: dict[str, Mapping[str, Any]] = {}
    for row in said:
        different.setdefault(row["text"], row)
    return list(different.values())[:QUOTES]
