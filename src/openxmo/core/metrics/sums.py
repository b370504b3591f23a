"""The sums of a tally in one aggregation, and the tally made of them."""

from collections.abc import Mapping
from typing import Any

import ibis

from openxmo.core.metrics.asked import Asked
from openxmo.core.metrics.horizon import STANDING_COLUMNS
from openxmo.core.metrics.instants import number
from openxmo.core.metrics.scores import MISSING, OF_FEW_OUTCOMES, problem, scored
from openxmo.core.metrics.selection import reason_left_out
from openxmo.core.metrics.tally import Tally

# What a cell's signals must agree on, or is asked about them, besides the cell itself.
FLAGS = ("left_out", "scale", "protected")


def sum_outcomes(signals: Any, asked: Asked, *, origin: float, constants: Mapping[str, Any]) -> Any:
    """A row for each cell, reason, scale and protection, with the sums of a tally, from signals with their `outcome`.

    Where outcomes are few, signals are counted by outcome and scored afterwards: a few thousand
    scores instead of millions. `constants` are columns of standing known to be the same in all of
    them: telling signals apart by them would cost as much as all the rest.
    """
    standing = [column for column in STANDING_COLUMNS if column not in constants]
    if asked.metric.weight_by is not None:
        standing.append("unweighted")
    known = {name: ibis.literal(value, type=signals[name].type()) for name, value in constants.items()}
    if asked.metric.score.kind in OF_FEW_OUTCOMES:
        return _from_counts(signals, asked, [*asked.keys, "outcome", *standing], known)
    return _from_values(signals, asked, [*asked.keys, *standing], known, origin)


def _from_counts(signals: Any, asked: Asked, keys: list[str], known: dict[str, Any]) -> Any:
    weights = {}
    if asked.has_weights:
        weights = {"w": signals.weight_.sum(), "w2": (signals.weight_ * signals.weight_).sum()}
    counted = signals.group_by(*keys).agg(n=signals.count(), **weights).mutate(**known)
    score = asked.metric.score
    left_out = ibis.coalesce(reason_left_out(counted, asked), problem(counted.outcome, score))
    scores = counted.mutate(left_out=left_out, score=scored(counted.outcome, score))
    return sum_scores(scores, asked.keys, weighted=asked.has_weights)


def _from_values(signals: Any, asked: Asked, keys: list[str], known: dict[str, Any], origin: float) -> Any:
    """The sums of values by standing first, so that the reason is found once for each group and not for each signal."""
    s = signals.outcome - number(origin) if origin else signals.outcome
    if asked.has_weights:
        sums = power_sums(signals.weight_, signals.weight_ * signals.weight_, s)
    else:
        sums = {"ws": s.sum(), "ws2": (s * s).sum()}
    valued = signals.mutate(valued=signals.outcome.notnull())
    summed = valued.group_by(*keys, "valued").agg(n=valued.count(), **sums).mutate(**known)
    missing = ibis.ifelse(summed.valued, ibis.null("string"), MISSING)
    reasons = summed.mutate(left_out=ibis.coalesce(reason_left_out(summed, asked), missing))
    rows = reasons.mutate(**without_left_out(reasons))
    return rows.group_by(*asked.keys, *FLAGS).agg(n=whole_sum(rows.n), **{name: rows[name].sum() for name in sums})


def without_left_out(rows: Any) -> dict[str, Any]:
    """Of what does not count only the number is of interest: neither its scale nor whether it is protected."""
    counts = rows.left_out.isnull()
    return {"scale": counts.ifelse(rows.scale, ibis.null("string")), "protected": counts & rows.protected}


def whole_sum(numbers: Any) -> Any:
    """A sum of counts as the integer that it is.

    DuckDB adds integers up in 128 bits; turned into 64 by way of Arrow that costs each process another
    library. Doubles hold numbers of signals exactly.
    """
    return numbers.sum().cast("float64").cast("int64")


def power_sums(w: Any, w2: Any, s: Any) -> dict[str, Any]:
    return {
        "w": w.sum(),
        "w2": w2.sum(),
        "ws": (w * s).sum(),
        "ws2": (w * s * s).sum(),
        "w2s": (w2 * s).sum(),
        "w2s2": (w2 * s * s).sum(),
    }


def sum_scores(scores: Any, keys: tuple[str, ...], *, weighted: bool) -> Any:
    """A row for each cell, reason, scale and protection with the sums of a tally.

    Takes `score`, `left_out`, `scale`, `protected`, `n` and, if weighted, `w` and `w2`.
    """
    counts = scores.left_out.isnull()
    rows = scores.mutate(score=counts.ifelse(scores.score, ibis.null("float64")), **without_left_out(scores))
    n, s = rows.n, rows.score
    if weighted:
        sums = power_sums(rows.w, rows.w2, s)
    else:
        sums = {"ws": (n * s).sum(), "ws2": (n * s * s).sum()}
    return rows.group_by(*keys, *FLAGS).agg(n=whole_sum(n), **sums)


def tally_of(row: Mapping[str, Any], *, origin: float) -> Tally:
    """The tally of one row of sums; without weights each signal weighs 1."""
    n = int(row["n"])
    ws, ws2 = row["ws"] or 0.0, row["ws2"] or 0.0
    if "w" not in row:
        return Tally(n=n, w=n, w2=n, ws=ws, ws2=ws2, w2s=ws, w2s2=ws2, origin=origin)
    return Tally(
        n=n,
        w=row["w"] or 0.0,
        w2=row["w2"] or 0.0,
        ws=ws,
        ws2=ws2,
        w2s=row["w2s"] or 0.0,
        w2s2=row["w2s2"] or 0.0,
        origin=origin,
    )
