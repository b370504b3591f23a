"""Why did a score move? Parts that add up exactly to the change, and the groups in which it lies."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any, Self

import numpy as np

from openxmo.core.errors import WrongUsage
from openxmo.core.metrics.asked import Where
from openxmo.core.metrics.definitions import Definitions
from openxmo.core.metrics.differences import Difference, difference
from openxmo.core.metrics.dimensions import check_dimension, is_list
from openxmo.core.metrics.disclosure import Disclosure
from openxmo.core.metrics.estimates import Estimate, estimate
from openxmo.core.metrics.metric import Metric
from openxmo.core.metrics.people import is_guarded
from openxmo.core.metrics.periods import check_moments, check_range, open_zone, to_instant
from openxmo.core.signals.engines import Engine
from openxmo.core.understand.cuts import CutTable
from openxmo.core.understand.localisation import Localised, localise
from openxmo.core.understand.parts import Part, fold, most_telling, take_apart
from openxmo.core.understand.side_by_side import side_by_side
from openxmo.core.understand.sums import Places, Sums
from openxmo.core.understand.two_periods import NOBODY, Heard, Question, Range, TwoPeriods, score_two_periods, together

NOT_TAKEN_APART = {
    "quantile": "a quantile is not a sum over the groups",
    "index": "an index is a mean of several items' means",
}


@dataclass(frozen=True)
class PeriodScore:
    """The metric in one of the two periods, as a whole. `suppressed`: too_few (below min_n) or privacy."""

    asked: Range
    start: datetime
    end: datetime
    estimate: Estimate
    excluded: Mapping[str, int]
    suppressed: str | None


@dataclass(frozen=True)
class Explanation:
    """The change of a metric between two periods, taken apart by the cells of all dimensions of `by`.

    `shown` are the places (in `cuts`) of the cells that have a part of their own; all others are
    folded into one. In the metric's unit, except n and shares.
    """

    metric: Metric
    version: int | None
    by: tuple[str, ...]
    before: PeriodScore
    after: PeriodScore
    change: Difference
    cuts: CutTable
    heard: tuple[Mapping[int, Heard], Mapping[int, Heard]]  # protected people by finest cell, before and after
    shown: tuple[int, ...]
    localised: tuple[Localised, ...]
    scope: frozenset[str] | None
    narrowed_by: tuple[tuple[str, Any], ...]
    lake_version: int
    guarded: bool = False

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        return take_apart(self.cuts, self.shown) if self.change.value is not None else ()

    def to_document(self) -> dict[str, Any]:
        return {
            "before": self._period_document(self.before),
            "after": self._period_document(self.after),
            "change": {
                "value": self.change.value,
                "low": self.change.low,
                "high": self.change.high,
                "p": self.change.p,
            },
            "parts": [_part_document(part) for part in self.parts],
            "localised": [
                {
                    "by": dict(cell.by),
                    "share": cell.share,
                    "p": cell.p,
                    "n_before": cell.n_before,
                    "n_after": cell.n_after,
                }
                for cell in self.localised
            ],
        }

    def to_records(self) -> list[dict[str, Any]]:
        """A row for each part: a column for each dimension; in the last, `folded`, all other cells together."""
        return [
            {
                **{name: None if part.by is None else part.by[name] for name in self.by},
                "folded": part.by is None,
                "mix": part.mix,
                "rate": part.rate,
                "low": part.low,
                "high": part.high,
                "n_before": part.n_before,
                "n_after": part.n_after,
            }
            for part in self.parts
        ]

    def disclosures(self) -> tuple[Disclosure, ...]:
        """Before and after, in this order: of the whole, of each part, of each localised cell."""
        return tuple(
            disclosure
            for by, cells, sums, siblings in self._cells_shown()
            for disclosure in self._disclose(by, cells, sums, siblings)
        )

    def withhold(self, reasons: Mapping[int, str]) -> Self:
        """Without the cells of these disclosures: parts fold into the part of all others, localised cells go.

        Where the whole may not be shown nothing is. A folded cell is never alone in its part, and no
        localised cell stays that would tell some of the folded cells from the others by subtraction.
        """
        cells = {place // 2: reason for place, reason in reasons.items()}
        if 0 in cells:
            return self._without_all(cells[0])
        count = len(self.parts)
        hidden = {self.shown[place - 1] for place in cells if 1 <= place <= len(self.shown)}
        shown = fold(self.cuts, self.shown, hidden)
        if len(self.shown) < count and count in cells and shown:  # the folded part itself is too small
            shown = fold(self.cuts, shown, {shown[-1]})
        folded = set(self.cuts.places.tolist()) - set(shown)
        newly = set(self.shown) - set(shown)
        kept = tuple(
            cell
            for place, cell in enumerate(self.localised)
            if place + 1 + count not in cells
            and not _tells_apart(set(self.cuts.members(cell.by).tolist()), newly, folded)
        )
        return replace(self, shown=shown, localised=kept)

    def _cells_shown(self) -> Iterable[tuple[Mapping[str, str | None], Places, tuple[Sums, Sums], str]]:
        """What each row is about: its cut, its finest cells, their sums, and the family that it adds up with."""
        yield {}, self.cuts.places, self._sums(self.cuts.places), "whole"
        for place, part in enumerate(self.parts):
            if part.by is None:
                folded = np.setdiff1d(self.cuts.places, self.shown)
                yield {}, folded, self._sums(folded), "folded"
            else:
                cell = np.array([self.shown[place]])
                yield part.by, cell, self._sums(cell), "parts"
        for place, localised in enumerate(self.localised):
            yield localised.by, self.cuts.members(localised.by), localised.sums, f"localised {place}"

    def _sums(self, cells: Places) -> tuple[Sums, Sums]:
        return self.cuts.before.taken(cells), self.cuts.after.taken(cells)

    def _disclose(
        self, by: Mapping[str, str | None], cells: Places, sums: tuple[Sums, Sums], siblings: str
    ) -> Iterable[Disclosure]:
        for period, inside, heard in zip((self.before, self.after), sums, self.heard, strict=True):
            whose = together(heard[cell] for cell in cells.tolist() if cell in heard) if heard else NOBODY
            n = int(inside.n.sum())
            yield Disclosure(
                metric=self.metric.key,
                by=by,
                start=period.start,
                end=period.end,
                n=n,
                people=whose.people,
                siblings=f"{siblings} by {', '.join(self.by)} {period.start.isoformat()}",
                narrowed_by=self.narrowed_by,
                months=whose.months,
                guarded=self.guarded,
                effective_n=None if self.metric.score.kind == "ratio" else _effective_n(inside),
                uniform=n > 0 and inside.total().squared_residuals()[0] == 0,
                definition=self.metric,
            )

    def _without_all(self, reason: str) -> Self:
        nothing = Difference(None, None, None, None, self.change.method)
        periods = [
            replace(period, suppressed=reason, estimate=_blank(period.estimate), excluded={})
            for period in (self.before, self.after)
        ]
        return replace(self, before=periods[0], after=periods[1], change=nothing, shown=(), localised=())

    def _period_document(self, period: PeriodScore) -> dict[str, Any]:
        estimate = period.estimate
        is_private = period.suppressed not in (None, "too_few")
        return {
            "metric": self.metric.key,
            "version": self.version,
            "unit": self.metric.unit,
            "period": "..".join(moment.isoformat() for moment in period.asked),
            "n": None if is_private else estimate.n,
            "effective_n": None if is_private else estimate.effective_n,
            "value": None if period.suppressed else estimate.value,
            "low": estimate.low,
            "high": estimate.high,
            "method": estimate.method,
            "detectable": estimate.detectable,
            "suppressed": period.suppressed,
            "excluded": dict(period.excluded),
            "lake_version": self.lake_version,
        }


def explain(
    metric: Metric,
    *,
    engine: Engine,
    definitions: Definitions,
    by: Sequence[str],
    before: Range,
    after: Range,
    as_of: datetime,
    where: Where = (),
    weighted: bool = False,
    include_excluded: bool = False,
    known_at: datetime | None = None,
    scope: frozenset[str] | None = None,
) -> Explanation:
    """Take the change of `metric` from `before` to `after` (days in the office's zone, ends excluded) apart.

    The parts are the cells of all dimensions of `by` together, missing being a value; mix and rate
    are Kitagawa's (1955) and add up to the change. Only means of scores and ratios can be taken
    apart; lists, of which one signal has several values, cannot cut. Raises WrongUsage.
    """
    check_can_explain(metric, by, definitions)
    check_moments(as_of, known_at)
    zone = open_zone(definitions.zone)
    ends = _check_periods([to_instant(moment, zone) for moment in (*before, *after)])
    question = Question(
        metric=metric,
        engine=engine,
        definitions=definitions,
        by=tuple(by),
        where=tuple(where),
        weighted=weighted,
        include_excluded=include_excluded,
        as_of=as_of,
        known_at=known_at,
        scope=scope,
    )
    scored = score_two_periods(question, before, after)
    return _explanation(
        question,
        scored,
        _period_score(metric, scored, 0, before, ends[:2]),
        _period_score(metric, scored, 1, after, ends[2:]),
    )


def _explanation(question: Question, scored: TwoPeriods, before: PeriodScore, after: PeriodScore) -> Explanation:
    metric = question.metric
    change = difference(scored.totals[0], scored.totals[1], metric)
    is_known = change.value is not None
    cuts, localised = side_by_side(scored.cuts, lambda: localise(scored.rows, min_n=metric.min_n) if is_known else ())
    return Explanation(
        metric=metric,
        version=question.definitions.versions.get(f"metric:{metric.key}"),
        by=question.by,
        before=before,
        after=after,
        change=change,
        cuts=cuts,
        heard=scored.heard,
        shown=most_telling(cuts) if is_known else (),
        localised=localised,
        scope=question.scope,
        narrowed_by=tuple(question.where),
        lake_version=question.engine.lake_version,
        guarded=is_guarded(metric, question.where, question.engine),
    )


def check_can_explain(metric: Metric, by: Sequence[str], definitions: Definitions) -> None:
    """Raise, with what would do instead, where a change cannot be taken apart."""
    if metric.score.kind in NOT_TAKEN_APART:
        raise WrongUsage(
            f"The change of {metric.label or metric.key} cannot be taken apart: {NOT_TAKEN_APART[metric.score.kind]}.",
            mend="Explain a mean or a share of the same signal, such as the share above a limit.",
        )
    if not by:
        raise WrongUsage("A change is explained by something.", mend="Name dimensions: --by channel,product.")
    for name in by:
        check_dimension(name, definitions)
        if is_list(name, definitions):
            raise WrongUsage(
                f"A change cannot be taken apart by {name}: a signal can have several, and the parts would not add up.",
                mend="Leave it out, or choose one value with --where.",
            )


def _check_periods(ends: Sequence[datetime | None]) -> tuple[datetime, ...]:
    """The four ends, if they make two periods one after the other."""
    check_range(ends[0], ends[1])
    check_range(ends[2], ends[3])
    known = tuple(end for end in ends if end is not None)
    if len(known) < len(ends):
        raise WrongUsage("Both periods need a start and an end.", mend="Write them as 2026-01-01..2026-02-01.")
    if known[2] < known[1]:
        raise WrongUsage(
            "The period after begins before the period before has ended.",
            where=f"before ends {known[1]:%Y-%m-%d %H:%M}, after begins {known[2]:%Y-%m-%d %H:%M} UTC",
            mend="Name two periods that do not overlap, the earlier one as before.",
        )
    return known


def _period_score(
    metric: Metric, scored: TwoPeriods, side: int, asked: Range, ends: tuple[datetime, ...]
) -> PeriodScore:
    found = estimate(scored.totals[side], metric)
    start, end = ends
    return PeriodScore(
        asked=asked,
        start=start,
        end=end,
        estimate=found,
        excluded=scored.excluded[side],
        suppressed="too_few" if found.n < metric.min_n else None,
    )


def _part_document(part: Part) -> dict[str, Any]:
    return {
        "by": None if part.by is None else dict(part.by),
        "mix": part.mix,
        "rate": part.rate,
        "n_before": part.n_before,
        "n_after": part.n_after,
        "low": part.low,
        "high": part.high,
    }


def _effective_n(sums: Sums) -> float:
    whole = sums.total()
    return float(whole.x[0] ** 2 / whole.xx[0]) if whole.xx[0] > 0 else 0.0


def _blank(estimate: Estimate) -> Estimate:
    return Estimate(None, None, None, 0, 0.0, estimate.method, None)


def _tells_apart(members: set[int], newly: set[int], folded: set[int]) -> bool:
    """Whether a shown total over `members` would tell newly folded cells from the other folded ones."""
    return bool(members & newly) and not folded <= members
