"""Did it work, by the signals: the effect of a change on a metric, and the verdict."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from openxmo.core.errors import WrongUsage
from openxmo.core.metrics.asked import Reading, Where
from openxmo.core.metrics.definitions import Definitions
from openxmo.core.metrics.differences import difference
from openxmo.core.metrics.disclosure import Disclosure
from openxmo.core.metrics.metric import Metric
from openxmo.core.metrics.periods import Every, Period
from openxmo.core.prove.before_after import BeforeAfter
from openxmo.core.prove.did import FEW_CLUSTERS, Effect, PreTrend, did_of_means, panel_did, pre_trend
from openxmo.core.prove.groups import Group, Panel, Placed, gather, to_panel
from openxmo.core.prove.verdict import verdict
from openxmo.core.signals.engines import Engine
from openxmo.questions.proof import Better, Proof, Row
from openxmo.questions.trial import Trial

DRIFTED = "The groups were already drifting apart before the change."


def prove(
    metric: Metric,
    *,
    engine: Engine,
    definitions: Definitions,
    by: str,
    treated: Sequence[str],
    comparison: Sequence[str] | None = None,
    change: datetime,
    since: datetime | None = None,
    until: datetime | None = None,
    every: Every = "month",
    cluster: str | None = None,
    where: Where = (),
    include_excluded: bool = False,
    expected: float | None = None,
    ready: datetime | None = None,
    as_of: datetime,
    known_at: datetime | None = None,
    scope: frozenset[str] | None = None,
) -> Proof:
    """The effect of `change` on `metric` where the dimension `by` is one of `treated`.

    `comparison` None takes every other value; an empty one leaves only before and after, which is
    not evidence. With two or more units on each side (values of `by`, or of `cluster` within them)
    unit and period effects are taken out and errors clustered by unit; else answers are taken as
    independent, and the proof says so. The period in which the change falls is left out.

    `expected` is the promised effect in the metric's unit, `ready` the date the plan set for the
    verdict. Raises WrongUsage where a group is empty, or has no spread; where protected people are
    asked too, the proof carries it as its `problem` instead, for the exit door to judge first: else
    what is refused would tell who meets the conditions.
    """
    trial = Trial(metric, by, treated, comparison, change, cluster, where)
    reading = Reading(engine, definitions, as_of, known_at)
    placed, inside = trial.place(
        reading, since=since, until=until, every=every, scope=scope, include_excluded=include_excluded
    )
    guarded, sides = trial.is_guarded(reading), sorted(trial.sides)
    nothing = unproved(trial, reading, inside, scope)
    try:
        groups = [gather(placed, treated=side, after=after) for side in sides for after in (False, True)]
    except WrongUsage as problem:
        return with_problem(nothing, problem, guarded=guarded)
    told = [trial.disclose(group, guarded=guarded) for group in groups]
    common = with_groups(nothing, groups, told, metric.min_n)
    try:
        if len(sides) == 1:
            return replace(common, moved=moved_of(groups, metric))
        return judge(common, placed, groups, metric.better, expected=expected, ready=ready, at=as_of)
    except WrongUsage as problem:
        return with_problem(common, problem, guarded=guarded)


def unproved(trial: Trial, reading: Reading, inside: Iterable[Period], scope: frozenset[str] | None) -> Proof:
    """The proof before anything is told of the groups."""
    metric = trial.metric
    return Proof(
        outcome=metric.key,
        unit=metric.unit,
        design="difference-in-differences" if len(trial.sides) == 2 else "before/after",
        rows=(),
        effect=None,
        moved=None,
        pre_trend=None,
        verdict=None,
        change=trial.change,
        left_out=tuple(period.label for period in inside),
        version=reading.definitions.versions.get(f"metric:{metric.key}"),
        lake_version=reading.engine.lake_version,
        scope=scope,
        cells=(trial.unheard(),),
    )


def with_groups(proof: Proof, groups: Sequence[Group], told: Sequence[Disclosure], min_n: int) -> Proof:
    return replace(
        proof,
        rows=tuple(Row(group.treated, group.after, group.tally.n, group.mean) for group in groups),
        cautions=tuple(small_groups(groups, min_n)),
        cells=tuple(told),
    )


def with_problem(proof: Proof, problem: WrongUsage, *, guarded: bool) -> Proof:
    """The proof that cannot be given; raises at once where no protected people are asked."""
    if not guarded:
        raise problem
    return replace(proof, problem=problem, cautions=(problem.what,))


def judge(
    proof: Proof,
    placed: list[Placed],
    groups: list[Group],
    better: Better,
    *,
    expected: float | None,
    ready: datetime | None,
    at: datetime,
) -> Proof:
    """Add effect, check of earlier periods and verdict."""
    panel = to_panel(placed)
    smaller = min(panel.units(treated=True), panel.units(treated=False))
    effect, drift, cautions = (
        from_panel(panel, smaller) if smaller >= 2 else (*from_answers(groups), [single_unit_caution()])
    )
    told = verdict(
        effect.low,
        effect.high,
        better=better,
        expected=expected,
        started=proof.change,
        at=at,
        ready=ready,
        refuted=DRIFTED if drift is not None and drift.p < 0.05 else "",
    )
    return replace(
        proof,
        effect=effect,
        pre_trend=drift,
        verdict=told,
        units=smaller if smaller >= 2 else None,
        cautions=(*proof.cautions, *cautions),
    )


def from_panel(panel: Panel, smaller: int) -> tuple[Effect, PreTrend | None, list[str]]:
    columns = (panel.outcome, panel.unit, panel.period, panel.treated, panel.after)
    effect = panel_did(*columns, weights=panel.weights)
    drift = pre_trend(*columns, weights=panel.weights)
    cautions = []
    if smaller < FEW_CLUSTERS:
        cautions.append(f"Only {smaller} units on one side: clustered errors are likely too small.")
    if drift is None:
        cautions.append("Fewer than three periods before the change: whether both groups moved alike was not checked.")
    return effect, drift, cautions


def from_answers(groups: list[Group]) -> tuple[Effect, None]:
    measured = [group.measured() for group in groups]
    known = [each for each in measured if each is not None]
    if len(known) < 4:
        raise WrongUsage("A group has no spread to judge the effect by.", mend="Measure more answers or longer.")
    return did_of_means((known[0], known[1]), (known[2], known[3])), None


def single_unit_caution() -> str:
    return (
        "One unit on a side: answers are taken as independent, so anything else that befell that unit "
        "counts as effect. Name a cluster column if there is one."
    )


def small_groups(groups: Iterable[Group], min_n: int) -> list[str]:
    few = [group for group in groups if group.tally.n < min_n]
    return [f"{len(few)} of the groups hold fewer than {min_n} answers."] if few else []


def moved_of(groups: list[Group], metric: Metric) -> BeforeAfter:
    before, after = groups[0], groups[1]
    found = difference(before.tally, after.tally, metric)
    if before.mean is None or after.mean is None or found.value is None:
        raise WrongUsage("Nothing was measured on one side of the change.")
    return BeforeAfter(
        before.mean, after.mean, found.value, found.low, found.high, found.p, before.tally.n, after.tally.n
    )
