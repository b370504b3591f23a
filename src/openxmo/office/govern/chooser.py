"""Choosing metrics on purpose: two usually, rarely three, each with its weak spot in view."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from openxmo.core.errors import WrongUsage
from openxmo.core.metrics.definitions import Definitions
from openxmo.core.metrics.metric import Metric
from openxmo.office.govern.practice import Programme
from openxmo.office.govern.queries import get_metric


@dataclass(frozen=True)
class Choice:
    """The metrics chosen for a purpose, what each is weak at, and what to think of before going on."""

    metrics: tuple[str, ...]
    why: str
    weaknesses: dict[str, str]
    warnings: tuple[str, ...]

    def to_document(self) -> dict[str, Any]:
        return {
            "metrics": list(self.metrics),
            "why": self.why,
            "weaknesses": dict(self.weaknesses),
            "warnings": list(self.warnings),
        }

    def to_records(self) -> list[dict[str, Any]]:
        return [{"metric": key, "weakness": self.weaknesses[key]} for key in self.metrics]


def choose_metrics(definitions: Definitions, keys: Sequence[str], *, why: str) -> Choice:
    """Judge a choice: it warns at one metric and at three or more, never at two. `why` is kept with the choice."""
    chosen = [get_metric(definitions, key) for key in dict.fromkeys(keys)]
    if not chosen:
        raise WrongUsage(_("No metric was chosen."), mend=_("Choose two: one to move, and one that shows the harm."))
    if not why.strip():
        raise WrongUsage(_("The choice gives no reason."), mend=_("Say which decision these metrics serve."))
    return Choice(
        metrics=tuple(metric.key for metric in chosen),
        why=why.strip(),
        weaknesses={metric.key: metric.weakness for metric in chosen},
        warnings=tuple(_warnings(chosen)),
    )


def judge_programme(definitions: Definitions, programme: Programme) -> Choice:
    """The choice that a programme of the office has made and given its reason for."""
    return choose_metrics(definitions, programme.metrics, why=programme.why_these)


def _warnings(chosen: Sequence[Metric]) -> list[str]:
    if len(chosen) == 1:
        counter = chosen[0].counter_metric
        beside = f": put {counter} beside it" if counter else ": put a second one beside it"
        return [f"One metric alone can be improved by harming what it does not see{beside}."]
    if len(chosen) > 2:
        return [
            f"{len(chosen)} metrics are seldom all needed, and each costs answers: which one would change no decision?"
        ]
    return []
