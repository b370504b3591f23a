"""Who must hear when a clock runs on: written when the case opens, told once each."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from openxmo.office.act.models.cases import Case


class EscalationEvent(models.Model):
    """One rung of a case's clock: due at a moment, then told to somebody, or called off because it was answered."""

    class Clock(models.TextChoices):
        REPLY = "reply", _("first reply")
        RESOLVE = "resolve", _("resolution")
        UPDATE = "update", _("update")
        FINAL = "final", _("final answer")

    class Step(models.TextChoices):
        WARN = "warn", _("warning")
        LEAD = "lead", _("team lead")
        HEAD = "head", _("unit head")

    case = models.ForeignKey(Case, models.CASCADE, related_name="escalations")
    clock = models.CharField(max_length=10, choices=Clock.choices)
    step = models.CharField(max_length=10, choices=Step.choices)
    round = models.PositiveSmallIntegerField(default=0)  # which reopening it belongs to
    due_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    told = models.JSONField(default=list)  # names of people
    called_off_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["due_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "clock", "step", "round"], name="escalation_once")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"],
                condition=Q(told_at__isnull=True, called_off_at__isnull=True),
                name="escalation_waiting",
            )
        ]

    class Privacy:
        personal: ClassVar[set[str]] = {"told"}
        sensitive: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {"id", "case", "clock", "step", "round", "due_at", "told_at", "called_off_at"}
        kept = "as long as the case"

    def __str__(self) -> str:
        return f"{self.clock} {self.step} of case {self.case_id}"
