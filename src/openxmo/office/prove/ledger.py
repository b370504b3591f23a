"""What was earned: the money of every initiative as finance left it, and its sums."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from openxmo.core.decide.money import Range
from openxmo.core.metrics.definitions import Definitions
from openxmo.core.prove.worth import Total, add_up
from openxmo.office.accounts.access import Access
from openxmo.office.prove.models import Initiative, MoneyClaim, Verdict, Word
from openxmo.office.prove.queries import claims_of, standing_plan, standing_verdict
from openxmo.office.prove.states import ClaimState, State
from openxmo.office.prove.visibility import visible_to


@dataclass(frozen=True)
class Line:
    """One claim as it stands; `ambitions` are the statements that its metric is an ambition of."""

    claim: MoneyClaim
    state: ClaimState
    experience: str
    ambitions: tuple[str, ...]
    answered_by: str
    reason: str

    @property
    def gain(self) -> Range:
        return self.claim.range_of("gain")

    @property
    def cost(self) -> Range:
        return self.claim.range_of("cost")

    @property
    def net(self) -> Range:
        return self.claim.range_of("net")


@dataclass(frozen=True)
class Sums:
    gain: Total
    cost: Total
    net: Total


@dataclass(frozen=True)
class Ledger:
    """`without` are initiatives that were judged and from which no money follows, with their verdict."""

    lines: tuple[Line, ...]
    without: tuple[tuple[Initiative, Verdict], ...]
    waiting: tuple[tuple[Initiative, Verdict], ...]  # proved, and nobody has claimed its money yet

    def of(self, state: ClaimState) -> list[Line]:
        return [line for line in self.lines if line.state == state]

    def sums(self, state: ClaimState) -> dict[str, Sums]:
        """By currency: amounts in different ones are never added."""
        by_currency: dict[str, list[Line]] = defaultdict(list)
        for line in self.of(state):
            by_currency[line.claim.currency].append(line)
        return {currency: sum_up(lines) for currency, lines in sorted(by_currency.items())}

    def by_experience(self) -> dict[tuple[str, str], Sums]:
        """What finance signed, by experience and currency."""
        found: dict[tuple[str, str], list[Line]] = defaultdict(list)
        for line in self.of(ClaimState.SIGNED):
            found[line.experience, line.claim.currency].append(line)
        return {key: sum_up(lines) for key, lines in sorted(found.items())}

    def by_ambition(self) -> dict[tuple[str, str], Sums]:
        """The same by ambition; "" is what serves none."""
        found: dict[tuple[str, str], list[Line]] = defaultdict(list)
        for line in self.of(ClaimState.SIGNED):
            for statement in line.ambitions or ("",):
                found[statement, line.claim.currency].append(line)
        return {key: sum_up(lines) for key, lines in sorted(found.items())}


def sum_up(lines: Iterable[Line]) -> Sums:
    listed = list(lines)
    return Sums(
        gain=add_up(line.gain for line in listed),
        cost=add_up(line.cost for line in listed),
        net=add_up(line.net for line in listed),
    )


def read_ledger(access: Access, definitions: Definitions) -> Ledger:
    """All that this person sees."""
    initiatives = list(visible_to(access).exclude(state=State.DRAFT).order_by("id"))
    claims = claims_of(initiatives)
    claimed = {claim.initiative.pk for claim in claims if not claim.is_void}
    judged = [(each, verdict) for each in initiatives if (verdict := standing_verdict(each)) is not None]
    worth = (Word.EFFECT, Word.HARM)
    return Ledger(
        lines=tuple(line_of(claim, definitions) for claim in claims),
        without=tuple((each, verdict) for each, verdict in judged if verdict.word not in worth),
        waiting=tuple((each, verdict) for each, verdict in judged if verdict.word in worth and each.pk not in claimed),
    )


def line_of(claim: MoneyClaim, definitions: Definitions) -> Line:
    plan = standing_plan(claim.initiative)
    key = plan.metric if plan else claim.metric
    metric, answer = definitions.metrics.get(key), claim.answer
    return Line(
        claim=claim,
        state=claim.state,
        experience=metric.experience if metric else "",
        ambitions=tuple(served_ambitions(key, definitions)),
        answered_by=answer.signed_by if answer else "",
        reason=answer.reason if answer else "",
    )


def served_ambitions(metric: str, definitions: Definitions) -> Iterator[str]:
    """Ambitions that are set on this metric, or on an XLA that it is part of."""
    for ambition in definitions.ambitions.values():
        xla = definitions.xlas.get(ambition.xla or "")
        parts = {component.metric for component in xla.components} if xla else set()
        if metric == ambition.metric or metric in parts:
            yield ambition.statement or ambition.key


COLUMNS = (
    "initiative", "unit", "state", "experience", "verdict", "evidence", "effect", "effect_low", "effect_high",
    "counted", "volume", "value", "currency", "gain", "gain_low", "gain_high", "cost", "net", "net_low", "net_high",
    "period_from", "period_to", "claimed_by", "claimed_at", "answered_by", "reason", "assumptions",
)  # fmt: skip


def to_records(ledger: Ledger) -> Iterator[dict[str, Any]]:
    """Flat rows, for a file."""
    for line in ledger.lines:
        claim = line.claim
        yield dict(
            zip(
                COLUMNS,
                (
                    claim.initiative.title, claim.initiative.unit, line.state.value, line.experience,
                    claim.verdict.word, claim.verdict.grade, claim.effect_likely, claim.effect_low, claim.effect_high,
                    claim.counted,
                    claim.volume_likely, claim.value_likely, claim.currency, claim.gain_likely, claim.gain_low,
                    claim.gain_high, claim.cost_likely, claim.net_likely, claim.net_low, claim.net_high,
                    claim.period_from.isoformat(), claim.period_to.isoformat(), claim.proposed_by,
                    claim.proposed_at.isoformat(), line.answered_by, line.reason, claim.assumptions,
                ),
                strict=True,
            )
        )  # fmt: skip
