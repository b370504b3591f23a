"""What an effect was worth: claimed by those who ran it, signed or refused by finance."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from openxmo.core.decide.money import Range
from openxmo.office.lib.terms import Term
from openxmo.office.prove.models.fixed import Fixed
from openxmo.office.prove.models.initiative import Initiative
from openxmo.office.prove.models.verdict import Verdict
from openxmo.office.prove.states import ClaimState


def ordered(name: str) -> models.CheckConstraint:
    low, likely, high = f"{name}_low", f"{name}_likely", f"{name}_high"
    return models.CheckConstraint(
        condition=Q(**{f"{low}__lte": F(likely), f"{likely}__lte": F(high)}), name=f"claim_{name}_ordered"
    )


class MoneyClaim(Fixed):
    """Effect × volume × value of one, all as ranges, for one period in one currency.

    The effect is copied from the verdict that it follows from, in the unit of its metric.
    """

    initiative = models.ForeignKey(Initiative, on_delete=models.PROTECT, related_name="claims")
    verdict = models.ForeignKey(Verdict, on_delete=models.PROTECT, related_name="claims")
    metric = models.CharField(max_length=100)
    effect_low = models.FloatField()
    effect_likely = models.FloatField()
    effect_high = models.FloatField()
    counted = models.CharField(max_length=200)
    volume_low = models.FloatField()
    volume_likely = models.FloatField()
    volume_high = models.FloatField()
    value_low = models.FloatField()
    value_likely = models.FloatField()
    value_high = models.FloatField()
    cost_low = models.FloatField(default=0)
    cost_likely = models.FloatField(default=0)
    cost_high = models.FloatField(default=0)
    gain_low = models.FloatField()
    gain_likely = models.FloatField()
    gain_high = models.FloatField()
    net_low = models.FloatField()
    net_likely = models.FloatField()
    net_high = models.FloatField()
    currency = models.CharField(max_length=3)
    period_from = models.DateField()
    period_to = models.DateField()
    assumptions = models.TextField()
    proposed_at = models.DateTimeField()
    proposed_by = models.CharField(max_length=200)

    class Meta:
        verbose_name = "the claim"
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            *(ordered(name) for name in ("effect", "volume", "value", "cost", "gain", "net")),
            models.CheckConstraint(condition=Q(period_to__gt=F("period_from")), name="claim_period_ends_after_start"),
        ]

    class Privacy:
        personal: ClassVar[set[str]] = {"proposed_by"}
        sensitive: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {
            "id", "initiative", "verdict", "metric", "counted", "currency", "period_from", "period_to", "assumptions",
            "proposed_at", "effect_low", "effect_likely", "effect_high", "volume_low", "volume_likely", "volume_high",
            "value_low", "value_likely", "value_high", "cost_low", "cost_likely", "cost_high", "gain_low",
            "gain_likely", "gain_high", "net_low", "net_likely", "net_high",
        }  # fmt: skip
        kept = Term(
            "10 years",
            since=("proposed_at", "signature__signed_at"),
            told="after it was answered or replaced, as bookkeeping is kept",
            only=Q(signature__isnull=False) | Q(initiative__verdicts__number__gt=F("verdict__number")),
        )

    def __str__(self) -> str:
        return f"{self.initiative} · {self.currency} {self.gain_likely:,.0f}"

    def range_of(self, name: str) -> Range:
        return Range(*(float(getattr(self, f"{name}_{end}")) for end in ("low", "likely", "high")))

    @property
    def name(self) -> str:
        return f"money:{self.pk}"

    @property
    def is_void(self) -> bool:
        """Judged again since: the money no longer follows from the verdict that stands."""
        return self.initiative.verdicts.filter(number__gt=self.verdict.number).exists()

    @property
    def answer(self) -> "Signature | None":
        return Signature.objects.filter(claim=self).first()

    @property
    def state(self) -> ClaimState:
        if self.is_void:
            return ClaimState.VOID
        answer = self.answer
        if answer is None:
            return ClaimState.CLAIMED
        return ClaimState.SIGNED if answer.signed else ClaimState.REFUSED


class Signature(Fixed):
    """The answer of finance: signed, or refused with a reason. One for each claim, and for good."""

    claim = models.OneToOneField(MoneyClaim, on_delete=models.PROTECT, related_name="signature")
    signed = models.BooleanField()
    reason = models.TextField(blank=True)
    signed_at = models.DateTimeField()
    signed_by = models.CharField(max_length=200)

    class Meta:
        verbose_name = "the signature"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(signed=True) | ~Q(reason=""), name="signature_refused_with_reason")
        ]

    class Privacy:
        personal: ClassVar[set[str]] = {"signed_by"}
        sensitive: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {"id", "claim", "signed", "reason", "signed_at"}
        kept = "as long as the claim"

    def __str__(self) -> str:
        return f"{self.claim}: {'signed' if self.signed else 'refused'}"
