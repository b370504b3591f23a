"""Did it work, by a plain table: for data that is no signal, such as a published study's."""

from datetime import datetime
from pathlib import Path

from openxmo.core.errors import WrongUsage
from openxmo.core.prove.before_after import before_after
from openxmo.core.prove.did import FEW_CLUSTERS, Effect, Errors, did, group_means
from openxmo.core.prove.table import Measurements, read_measurements
from openxmo.core.prove.verdict import verdict
from openxmo.questions.proof import Better, Proof, Row


def prove_table(
    path: Path,
    *,
    outcome: str,
    treated: str,
    after: str,
    cluster: str | None = None,
    errors: Errors | None = None,
    better: Better = "higher",
    unit: str = "",
    expected: float | None = None,
    ready: datetime | None = None,
    at: datetime | None = None,
) -> Proof:
    """The effect in a CSV or Parquet file with one row per measurement, from its 0/1 columns `treated` and `after`.

    Errors are clustered where a cluster column is named, else robust to unequal spread (HC1); all
    ways that the data allows are in `standard_errors`.
    """
    data = read_measurements(path, outcome=outcome, treated=treated, after=after, cluster=cluster)
    chosen: Errors = errors or ("cluster" if cluster else "hc1")
    if chosen == "cluster" and cluster is None:
        raise WrongUsage("Clustered errors need a cluster column.", mend="Name it with --cluster.")
    found = {way: effect_of(data, way) for way in ways(cluster)}
    effect = found[chosen]
    means = group_means(data.outcome, data.treated, data.after)
    few = data.clusters is not None and effect.clusters is not None and effect.clusters < 2 * FEW_CLUSTERS
    return Proof(
        outcome=outcome,
        unit=unit,
        design="difference-in-differences",
        rows=tuple(Row(group.treated, group.after, group.n, group.mean) for group in means),
        effect=effect,
        moved=None,
        pre_trend=None,
        verdict=verdict(effect.low, effect.high, better=better, expected=expected, at=at, ready=ready),
        cautions=(
            "One period on each side: whether both groups moved alike before the change cannot be checked.",
            *([f"Only {effect.clusters} clusters: errors are likely too small."] if few else []),
        ),
        standard_errors={way: each.standard_error for way, each in found.items()},
        dropped=data.dropped,
        scope=frozenset(),
    )


def ways(cluster: str | None) -> tuple[Errors, ...]:
    return ("ols", "hc1", "cluster") if cluster else ("ols", "hc1")


def effect_of(data: Measurements, errors: Errors) -> Effect:
    return did(data.outcome, data.treated, data.after, errors=errors, clusters=data.clusters)


def compare_table(path: Path, *, outcome: str, after: str, unit: str = "") -> Proof:
    """Before against after of a table that has no comparison group: what moved, not why."""
    data = read_measurements(path, outcome=outcome, treated=after, after=after, cluster=None)
    moved = before_after(data.outcome[~data.after], data.outcome[data.after])
    return Proof(
        outcome=outcome,
        unit=unit,
        design="before/after",
        rows=(Row(True, False, moved.n_before, moved.before), Row(True, True, moved.n_after, moved.after)),
        effect=None,
        moved=moved,
        pre_trend=None,
        verdict=None,
        dropped=data.dropped,
        scope=frozenset(),
    )
