"""The money of an initiative: claimed by those who ran it, answered by finance."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from openxmo.core.decide.money import Range
from openxmo.core.errors import WrongUsage
from openxmo.core.prove.worth import Worth, worth_of
from openxmo.office.accounts import audit
from openxmo.office.govern import trail
from openxmo.office.govern.middleware import served_home
from openxmo.office.govern.queries import read_office
from openxmo.office.prove import permissions, policies
from openxmo.office.prove.actions.planning import person
from openxmo.office.prove.models import Initiative, MoneyClaim, Signature, Verdict
from openxmo.office.prove.queries import standing_verdict
from openxmo.office.prove.terms import MoneyTerms


def claim_money(*, initiative: Initiative, terms: MoneyTerms, by: str, at: datetime) -> MoneyClaim:
    """Say what the verdict that stands was worth. The effect is the verdict's own, never typed."""
    permissions.check_propose_money(person(by, at), initiative)
    verdict = standing_verdict(initiative)
    policies.check_claimable(verdict)
    policies.check_money(terms)
    assert verdict is not None
    metric, effect = measured_of(verdict)
    found = worth_from(verdict, terms)
    ranges = {"effect": effect, "volume": terms.volume, "value": terms.value, "cost": terms.cost}
    ranges |= {"gain": found.gain, "net": found.net}
    with transaction.atomic():
        Initiative.objects.select_for_update().get(pk=initiative.pk)
        policies.check_unclaimed(verdict)
        claim = MoneyClaim.objects.create(
            initiative=initiative,
            verdict=verdict,
            metric=metric,
            counted=terms.counted.strip(),
            currency=read_office(served_home()).settings.currency,
            period_from=terms.period_from,
            period_to=terms.period_to,
            assumptions=terms.assumptions.strip(),
            proposed_at=at,
            proposed_by=by,
            **{
                f"{name}_{end}": getattr(each, end)
                for name, each in ranges.items()
                for end in ("low", "likely", "high")
            },
        )
        trail.link(verdict.name, claim.name, by=by, at=at)
        audit.record("money claimed", by=by, at=at, on=[initiative.name, claim.name])
    return claim


def sign_money(*, claim: MoneyClaim, by: str, at: datetime) -> Signature:
    """Finance agrees: the claim counts in the ledger."""
    return _answer(claim, signed=True, reason="", by=by, at=at)


def refuse_money(*, claim: MoneyClaim, reason: str, by: str, at: datetime) -> Signature:
    """Finance does not agree, and says why."""
    if not reason.strip():
        raise WrongUsage(_("A claim is refused only with a reason."), mend=_("Say what does not hold."))
    return _answer(claim, signed=False, reason=reason.strip(), by=by, at=at)


def _answer(claim: MoneyClaim, *, signed: bool, reason: str, by: str, at: datetime) -> Signature:
    permissions.check_answer_money(person(by, at), claim)
    with transaction.atomic():
        Initiative.objects.select_for_update().get(pk=claim.initiative.pk)  # no verdict comes in between
        standing = standing_verdict(claim.initiative)
        assert standing is not None
        policies.check_answerable(claim, standing)
        made = Signature.objects.create(claim=claim, signed=signed, reason=reason, signed_at=at, signed_by=by)
        what = "money signed" if signed else "money refused"
        audit.record(what, by=by, at=at, on=[claim.initiative.name, claim.name])
    return made


def measured_of(verdict: Verdict) -> tuple[str, Range]:
    """The measure that the money follows from: the counter-metric where that was harmed, else the plan's own."""
    found: dict[str, Any] = verdict.document["counter"] if verdict.harmed_by else verdict.document
    effect = found["proof"]["effect"]
    return found["proof"]["outcome"], Range(effect["low"], effect["value"], effect["high"])


def worth_from(verdict: Verdict, terms: MoneyTerms) -> Worth:
    """What the claim comes to, before anything is kept."""
    found: dict[str, Any] = verdict.document["counter"] if verdict.harmed_by else verdict.document
    _metric, effect = measured_of(verdict)
    return worth_of(
        effect, better=found["better"], unit=found["unit"], volume=terms.volume, value=terms.value, cost=terms.cost
    )
