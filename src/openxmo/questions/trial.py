"""Who got a change and with whom they are compared: what every question about its effect begins with."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from openxmo.core.errors import WrongUsage
from openxmo.core.metrics.asked import Reading, Where
from openxmo.core.metrics.disclosure import Disclosure
from openxmo.core.metrics.metric import Metric
from openxmo.core.metrics.people import is_guarded
from openxmo.core.metrics.periods import Every, Period
from openxmo.core.metrics.scoring import score_cells
from openxmo.core.prove.groups import Group, Placed, place_cells
from openxmo.questions.score import is_uniform


@dataclass(frozen=True)
class Trial:
    """A metric over those whose dimension `by` is one of `treated`, and over those of `comparison`.

    `comparison` None takes every other value; an empty one leaves only before and after.
    """

    metric: Metric
    by: str
    treated: Sequence[str]
    comparison: Sequence[str] | None
    change: datetime
    cluster: str | None = None
    where: Where = ()

    @property
    def sides(self) -> tuple[bool, ...]:
        """The treated, and those they are compared with, if anybody."""
        return (True,) if self.comparison is not None and not self.comparison else (True, False)

    def place(
        self,
        reading: Reading,
        *,
        since: datetime | None,
        until: datetime | None,
        every: Every,
        scope: frozenset[str] | None,
        include_excluded: bool = False,
    ) -> tuple[list[Placed], list[Period]]:
        """The cells that take part, and the periods left out because the change falls inside them."""
        check_adds_up(self.metric)
        cells = score_cells(
            self.metric,
            engine=reading.engine,
            definitions=reading.definitions,
            by=(self.by, self.cluster) if self.cluster else (self.by,),
            where=self.where,
            since=since,
            until=until,
            every=every,
            include_excluded=include_excluded,
            as_of=reading.as_of,
            known_at=reading.known_at,
            scope=scope,
        )
        others = None if self.comparison is None else frozenset(self.comparison)
        return place_cells(cells, by=self.by, treated=frozenset(self.treated), comparison=others, change=self.change)

    def is_guarded(self, reading: Reading) -> bool:
        return is_guarded(self.metric, self.where, reading.engine)

    def unheard(self) -> Disclosure:
        """What saying that a group is empty would disclose: it is judged by what chose the group."""
        named = (*self.treated, *(self.comparison or ()))
        return Disclosure(
            metric=self.metric.key,
            definition=self.metric,
            by={},
            start=None,
            end=None,
            n=0,
            people=None,
            siblings="nobody",
            narrowed_by=(*self.where, *((self.by, value) for value in named)),
            guarded=True,
        )

    def disclose(self, group: Group, *, guarded: bool) -> Disclosure:
        """What telling of this group discloses."""
        return Disclosure(
            metric=self.metric.key,
            definition=self.metric,
            by={self.by: self._named(group)},
            start=group.start,
            end=group.end,
            n=group.tally.n,
            people=group.people,
            siblings=f"{'after' if group.after else 'before'} {group.start.isoformat()}",
            months=group.months or None,
            narrowed_by=tuple(self.where),
            guarded=guarded,
            uniform=is_uniform(group.tally),
        )

    def _named(self, group: Group) -> str:
        if group.treated:
            return ", ".join(self.treated)
        return "all others" if self.comparison is None else ", ".join(self.comparison)


def check_adds_up(metric: Metric) -> None:
    if metric.score.kind in ("quantile", "index"):
        raise WrongUsage(
            "Quantiles and indices do not add up over units and periods.", mend="Prove a mean, a share or a ratio."
        )
