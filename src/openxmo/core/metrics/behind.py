"""The signals that a number rests on, one by one: which of them count, and why the others do not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import ibis

from openxmo.core.errors import WrongUsage
from openxmo.core.metrics.asked import Asked, Reading
from openxmo.core.metrics.checks import index_groups
from openxmo.core.metrics.instants import micros_of, moment_of
from openxmo.core.metrics.people import protected_people
from openxmo.core.metrics.scores import SIMPLE_KINDS, problem, scored
from openxmo.core.metrics.selection import reason_left_out, select_signals
from openxmo.core.metrics.simple import outcomes, reason
from openxmo.core.signals.engines.standing import STANDING
from openxmo.core.signals.reading import instant

Months = Mapping[str, frozenset[int]]
Row = Mapping[str, Any]
MOST_WORDS = 40  # of protected people that are shown together


@dataclass(frozen=True)
class Counts:
    """How many signals count, how many do not by reason, and the protected people among those that count.

    `protected` is whether any of them all, counted or not, is of a protected person.
    """

    counted: int
    excluded: Mapping[str, int]
    months: Months | None
    protected: bool


def signals_behind(asked: Asked, reading: Reading) -> Any:
    """The signals of a metric with `left_out` (null where one counts) and `score` (where each has one)."""
    metric = asked.metric
    if metric.score.kind in SIMPLE_KINDS:
        signals = outcomes(asked, reading)
        return signals.mutate(left_out=reason(signals, asked), score=scored(signals.outcome, metric.score))
    signals = select_signals(asked, reading)
    left_out = reason_left_out(signals, asked)
    if metric.score.kind == "index":
        items = [item for group in index_groups(metric.score).values() for item in group]
        signals = signals.filter(signals.item.isin(items))
        left_out = reason_left_out(signals, asked)
    if metric.score.kind in ("index", "quantile", "ratio"):
        left_out = ibis.coalesce(left_out, problem(signals.value, metric.score))
    return signals.mutate(left_out=left_out, score=ibis.null("float64"))


def count_behind(signals: Any, asked: Asked, reading: Reading) -> Counts:
    summed = signals.group_by("left_out").agg(n=signals.count(), protected=signals.protected.any())
    rows = reading.engine.fetch(summed).to_pylist()
    months = None
    if any(row["protected"] for row in rows if row["left_out"] is None):
        months = protected_people(signals, asked, reading).get(())
    return Counts(
        counted=sum(row["n"] for row in rows if row["left_out"] is None),
        excluded={row["left_out"]: row["n"] for row in sorted(rows, key=str) if row["left_out"] is not None},
        months=months,
        protected=any(row["protected"] for row in rows),
    )


def page_behind(signals: Any, reading: Reading, *, after: str | None, size: int) -> tuple[list[Row], str | None]:
    """A page of the signals, the newest first, in full and with the words said beside them, and where the next begins.

    Nothing in it looks at who is protected: ask it only of signals that nobody protected is among.
    """
    if after is not None:
        moment, row = read_place(after)
        earlier = (signals.happened_at == instant(moment)) & (signals.row < row)
        signals = signals.filter((signals.happened_at < instant(moment)) | earlier)
    order = [ibis.desc(signals.happened_at), ibis.desc(signals.row)]
    keys = signals.select("row", "month", "happened_at", "left_out", "score").order_by(order).limit(size + 1)
    found = reading.engine.fetch(keys).to_pylist()
    shown = found[:size]
    rows = in_full(shown, reading)
    further = write_place(shown[-1]) if len(found) > size else None
    return rows, further


def in_full(keys: Sequence[Row], reading: Reading) -> list[Row]:
    """The whole signals of these keys, each with what its response says in words."""
    if not keys:
        return []
    standing = reading.engine.table(STANDING)
    near = standing.filter(standing.month.isin(sorted({key["month"] for key in keys})))
    whole = near.filter(near.row.isin([key["row"] for key in keys]))
    by_row = {row["row"]: row for row in reading.engine.fetch(whole).to_pylist()}
    responses = sorted({row["response"] for row in by_row.values() if row["response"] and not row["text"]})
    said = words_of(near, responses, reading)
    return [
        {**by_row[key["row"]], **key, "text": by_row[key["row"]]["text"] or said.get(by_row[key["row"]]["response"])}
        for key in keys
        if key["row"] in by_row
    ]


def words_of(signals: Any, responses: Sequence[str], reading: Reading) -> dict[str, str]:
    """What was said in words in each of these responses."""
    if not responses:
        return {}
    said = signals.filter(signals.response.isin(responses), signals.text.notnull(), signals.mark.isnull())
    found = reading.engine.fetch(said.select("response", "text", "row").order_by("row")).to_pylist()
    words: dict[str, str] = {}
    for row in found:
        words.setdefault(row["response"], row["text"])
    return words


def protected_words(signals: Any, asked: Asked, reading: Reading) -> tuple[list[str], Months | None]:
    """Words of the protected people whose signals count, in no order that tells who or when, and whose they are."""
    counted = signals.filter(signals.left_out.isnull() & signals.protected)
    standing = reading.signals_of_any_name(since=asked.since, until=asked.until)
    said = standing.filter(standing.text.notnull() & standing.protected & standing.mark.isnull())
    answered = counted.filter(counted.response.notnull()).select("response").distinct()
    said = said.filter(said.row.isin(counted.row) | said.response.isin(answered.response))
    said = said.mutate(left_out=ibis.null("string"))
    whose = protected_people(said, asked, reading).get(())
    if whose is None:
        return [], None
    words = reading.engine.fetch(said.select("text").order_by(said.text.hash()).limit(MOST_WORDS))
    return words["text"].to_pylist(), whose


def write_place(row: Row) -> str:
    return f"{micros_of(row['happened_at'])}.{row['row']}"


def read_place(words: str) -> tuple[datetime, int]:
    """The moment and the key of the last signal of the page before."""
    moment, _, row = words.partition(".")
    try:
        place = moment_of(int(moment)), int(row)
    except (ValueError, OverflowError):
        place = None
    if place is None or not -(2**63) <= place[1] < 2**63:
        raise WrongUsage(f"`{words[:80]}` is no place in the list of signals.", mend="Begin with the first page.")
    return place
