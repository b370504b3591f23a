"""What an address of this room asks for, and addresses that ask for it: any view can be shared and reloaded.

`metric`, `by=channel,product`, a condition as `where.channel=chat` (`a|b` means or, `~` means missing), `every`,
`weighted=1`, `received=1` (also what sources leave out); `unit` and `period` are the frame's.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, get_args
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

from openxmo.core.errors import WrongUsage
from openxmo.core.metrics.periods import Every
from openxmo.office.ui.asked import Asked, asked_of
from openxmo.office.ui.periods import Period, days

WHERE = "where."
MISSING = "~"
OR = "|"
MOST_CUTS = 2

Conditions = tuple[tuple[str, str | None], ...]


@dataclass(frozen=True)
class Question:
    """One metric, asked in some way. `unit` narrows to an organisation unit and all below it."""

    metric: str
    by: tuple[str, ...] = ()
    where: Conditions = ()
    period: Period | None = None
    unit: str | None = None
    every: Every | None = None
    weighted: bool = False
    received: bool = False

    @property
    def since(self) -> date | None:
        return self.period.since if self.period else None

    @property
    def until(self) -> date | None:
        return self.period.until if self.period else None

    def parameters(self) -> dict[str, str]:
        """As they stand in an address; what is left to its default is left out."""
        grouped: dict[str, list[str]] = {}
        for name, value in self.where:
            grouped.setdefault(WHERE + name, []).append(MISSING if value is None else value)
        said = {
            "metric": self.metric,
            "by": ",".join(self.by),
            **{name: OR.join(each) for name, each in grouped.items()},
        }
        said |= {"period": self.period.key if self.period else "", "unit": self.unit or "", "every": self.every or ""}
        said |= {"weighted": "1" if self.weighted else "", "received": "1" if self.received else ""}
        return {name: value for name, value in said.items() if value}

    def address(self, route: str, **more: str) -> str:
        """The address of a page of this room that asks the same."""
        said = {**self.parameters(), **more}
        return f"{reverse(route)}?{urlencode({name: value for name, value in said.items() if value})}"

    def narrowed(self, by: Mapping[str, str | None], period: Period | None = None) -> "Question":
        """The question about one cell: its cut as conditions, its period as the range."""
        kept = tuple(pair for pair in self.where if pair[0] not in by)
        return replace(self, by=(), every=None, where=(*kept, *by.items()), period=period or self.period)


def read_question(request: HttpRequest, *, default: str = "") -> Question:
    """The question that an address asks; WrongUsage for words that mean nothing."""
    asked: Asked = asked_of(request)
    every = request.GET.get("every") or None
    if every is not None and every not in get_args(Every):
        raise WrongUsage(
            gettext("There are no periods of a %s.") % every, mend=gettext("day, week, month, quarter, year")
        )
    by = tuple(dict.fromkeys(name for name in request.GET.get("by", "").split(",") if name))
    second = request.GET.get("by2", "")
    by = tuple(dict.fromkeys((*by, second))) if second else by
    if len(by) > MOST_CUTS:
        raise WrongUsage(gettext("A table is cut by two dimensions at most."), mend=gettext("Narrow by the third one."))
    return Question(
        metric=request.GET.get("metric") or default,
        by=by,
        where=read_where(request.GET),
        period=asked.period,
        unit=asked.unit,
        every=every,  # type: ignore[arg-type]  # looked up above
        weighted=request.GET.get("weighted") == "1",
        received=request.GET.get("received") == "1",
    )


def read_where(given: Mapping[str, Any]) -> Conditions:
    pairs = [(name.removeprefix(WHERE), str(value)) for name, value in given.items() if name.startswith(WHERE)]
    return tuple(
        (name, None if each == MISSING else each) for name, value in pairs if value for each in value.split(OR)
    )


def whole_period(since: date, until: date) -> Period:
    """A period by its days, the end left out."""
    return days(since, until)
