"""Indices over several items: the mean of the items' percent positive, by sub-index.

Positive are the two best steps of the item's own scale (4 and 5 of 1..5). The respondents' own
indices are tallied beside the items, because the items of one person are not independent.
"""

from collections.abc import Mapping
from typing import Any

import ibis

from openxmo.core.metrics.asked import Asked, Reading
from openxmo.core.metrics.cells import Gathered, ends_of, gather, key_of
from openxmo.core.metrics.checks import index_groups
from openxmo.core.metrics.instants import number
from openxmo.core.metrics.people import People, protected_people
from openxmo.core.metrics.scores import MISSING, hit
from openxmo.core.metrics.selection import (
    reason_left_out,
    select_signals,
    take_lists_apart,
)
from openxmo.core.metrics.simple import Found
from openxmo.core.metrics.sums import sum_scores, tally_of
from openxmo.core.metrics.tally import IndexTally, Tally

NO_SCALE = "no_scale"


def tally_indices(asked: Asked, reading: Reading) -> tuple[Found, People]:
    """The tallies of each cell's items and of its respondents."""
    groups = index_groups(asked.metric.score)
    signals = _answers(asked, reading, [item for items in groups.values() for item in items])
    rows = reading.engine.fetch(sum_scores(signals, (*asked.keys, "item"), weighted=asked.has_weights)).to_pylist()
    cells = gather(rows, asked, by_item=True)
    persons = _respondents(signals, asked, groups)
    respondents = {
        key_of(row, asked): tally_of(row, origin=0.0)
        for row in reading.engine.fetch(sum_scores(persons, asked.keys, weighted=asked.has_weights)).to_pylist()
    }
    found: Found = {
        key: (IndexTally(_items(cell), groups, respondents.get(key, Tally())), cell) for key, cell in cells.items()
    }
    if any(cell.protected for cell in cells.values()):
        return found, protected_people(signals, asked, reading)
    return found, {}


def _answers(asked: Asked, reading: Reading, items: list[str]) -> Any:
    """The answers to the items, scored 100 where positive and 0 where not."""
    signals = select_signals(asked, reading)
    signals = take_lists_apart(signals.filter(signals.item.isin(items)), asked, reading)
    scales = reading.engine.fetch(signals.select("scale").distinct())["scale"].to_pylist()
    score = _positive(signals, [scale for scale in scales if scale])
    unfit = ibis.cases((signals.value.isnull(), MISSING), (signals.scale.isnull(), NO_SCALE), else_=ibis.null("string"))
    reason = ibis.coalesce(reason_left_out(signals, asked), unfit)
    one = ibis.literal(1, type="int64")
    weights = {"w": signals.weight_, "w2": signals.weight_ * signals.weight_} if asked.has_weights else {}
    return signals.mutate(score=score, left_out=reason, n=one, **weights)


def _positive(signals: Any, scales: list[str]) -> Any:
    """The two best steps of each scale."""
    branches = []
    for scale in sorted(scales):
        low, high = ends_of(scale)
        is_best = signals.value >= number(high - 1) if low < high else signals.value <= number(high + 1)
        branches.append((signals.scale == scale, hit(is_best)))
    return ibis.cases(*branches, else_=ibis.null("float64")) if branches else ibis.null("float64")


def _respondents(answers: Any, asked: Asked, groups: dict[str, tuple[str, ...]]) -> Any:
    """One index a respondent: the mean of the sub-indices that he or she answered, each the mean of its items."""
    counted = answers.filter(answers.left_out.isnull())
    group_of = ibis.cases(
        *((counted.item.isin(items), name) for name, items in groups.items()), else_=ibis.null("string")
    )
    alone = ibis.literal("row:") + counted.row.cast("string")
    counted = counted.mutate(group_=group_of, person_=ibis.coalesce(counted.response, counted.subject, alone))
    weights = {"w": counted.w.max()} if asked.has_weights else {}
    by_group = counted.group_by(*asked.keys, "person_", "group_").agg(score=counted.score.mean(), **weights)
    weights = {"w": by_group.w.max()} if asked.has_weights else {}
    persons = by_group.group_by(*asked.keys, "person_").agg(score=by_group.score.mean(), **weights)
    if asked.has_weights:
        persons = persons.mutate(w2=persons.w * persons.w)
    return persons.mutate(
        n=ibis.literal(1, type="int64"),
        left_out=ibis.null("string"),
        scale=ibis.null("string"),
        protected=ibis.literal(False),
    )


def _items(cell: Gathered[Mapping[str, Any]]) -> dict[str, Tally]:
    items: dict[str, Tally] = {}
    for row in cell.counted:
        items[row["item"]] = items.get(row["item"], Tally()) + tally_of(row, origin=0.0)
    return dict(sorted(items.items()))
