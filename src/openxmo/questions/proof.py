"""What a proof says: groups, effect, verdict; for a metric of the lake and for a plain table alike."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Literal, Self

from openxmo.core.errors import WrongUsage
from openxmo.core.metrics.disclosure import Disclosure
from openxmo.core.prove.before_after import BeforeAfter
from openxmo.core.prove.did import Effect, PreTrend
from openxmo.core.prove.verdict import Verdict

Better = Literal["higher", "lower"]
Design = Literal["difference-in-differences", "before/after"]


@dataclass(frozen=True)
class Row:
    """The mean of one group on one side of the change; `suppressed` is None or why it is not shown."""

    treated: bool
    after: bool
    n: int | None
    mean: float | None
    suppressed: str | None = None


@dataclass(frozen=True)
class Proof:
    """The effect with its interval, what it rests on, and the verdict in words.

    A before/after design has no effect and no verdict: its `moved` is labelled "not evidence of effect".
    """

    outcome: str
    unit: str
    design: Design
    rows: tuple[Row, ...]
    effect: Effect | None
    moved: BeforeAfter | None
    pre_trend: PreTrend | None
    verdict: Verdict | None
    cautions: tuple[str, ...] = ()
    standard_errors: Mapping[str, float] | None = None  # by each way of reckoning them
    change: datetime | None = None
    units: int | None = None  # treated or compared as one, on the smaller side; None where answers are independent
    left_out: tuple[str, ...] = ()  # periods in which the change falls
    dropped: int = 0  # rows of a table that lacked a value
    version: int | None = None
    lake_version: int | None = None
    scope: frozenset[str] | None = None
    cells: tuple[Disclosure, ...] = ()
    suppressed: str | None = None
    problem: WrongUsage | None = None  # why there is none; told only once the exit door has let the proof through

    def to_document(self) -> dict[str, Any]:
        return {
            "outcome": self.outcome,
            "version": self.version,
            "unit": self.unit,
            "design": self.design,
            "change": self.change.isoformat() if self.change else None,
            "groups": [asdict(row) for row in self.rows],
            "effect": asdict(self.effect) if self.effect else None,
            "effect_unit": self.effect_unit,
            "standard_errors": dict(self.standard_errors) if self.standard_errors else None,
            "moved": asdict(self.moved) if self.moved else None,
            "pre_trend": asdict(self.pre_trend) if self.pre_trend else None,
            "verdict": self.verdict_document(),
            "units": self.units,
            "cautions": list(self.cautions),
            "left_out": list(self.left_out),
            "dropped": self.dropped,
            "suppressed": self.suppressed,
            "lake_version": self.lake_version,
        }

    def verdict_document(self) -> dict[str, Any] | None:
        if self.verdict is None:
            return None
        until = self.verdict.until.isoformat() if self.verdict.until else None
        return {**asdict(self.verdict), "until": until, "sentence": self.verdict.sentence(self.effect_unit)}

    @property
    def effect_unit(self) -> str:
        """An effect is a difference, and that of two shares is in points."""
        return "points" if self.unit == "%" else self.unit

    def to_records(self) -> list[dict[str, Any]]:
        """One flat row per group, then one for the effect where there is one."""
        records: list[dict[str, Any]] = [
            {
                "row": f"{'treated' if row.treated else 'comparison'} {'after' if row.after else 'before'}",
                "n": row.n,
                "value": row.mean,
                "low": None,
                "high": None,
                "p": None,
                "suppressed": row.suppressed,
            }
            for row in self.rows
        ]
        found = self.effect
        if found:
            told = {"n": found.n, "value": found.value, "low": found.low, "high": found.high, "p": found.p}
            records.append({"row": "effect", **told, "suppressed": None})
        return records

    def disclosures(self) -> tuple[Disclosure, ...]:
        return self.cells

    def withhold(self, reasons: Mapping[int, str]) -> Self:
        """Without its groups a proof says nothing: the effect and three means would give the fourth.

        Nor do its cautions, which tell of small and empty groups.
        """
        if not reasons:
            return self
        reason = next(iter(reasons.values()))
        return replace(
            self,
            rows=tuple(replace(row, n=None, mean=None, suppressed=reason) for row in self.rows),
            effect=None,
            moved=None,
            pre_trend=None,
            verdict=None,
            standard_errors=None,
            units=None,
            cautions=(),
            problem=None,
            suppressed=reason,
        )
