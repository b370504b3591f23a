"""What was promised, and how it would be judged: written before the start, then sealed."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from openxmo.core.prove.seal import is_whole
from openxmo.office.lib.pairs import together
from openxmo.office.prove.models.fixed import FixedRows, refuse
from openxmo.office.prove.models.initiative import Initiative


class Design(models.TextChoices):
    """How the effect is told from what would have happened anyway."""

    COMPARED = "difference-in-differences", "difference-in-differences"
    BEFORE_AFTER = "before/after", "before/after"


class PlanRows(FixedRows["Plan"]):
    fixed: ClassVar[Q] = Q(fixed_at__isnull=False)


class Plan(models.Model):
    """One version of an initiative's plan.

    `comparison` None takes every other value of `by`; [] leaves before and after alone. `expected` has
    the sign of the promised move in `unit`. `until` is the last day of the reading, itself left out.
    `baseline` is what was measured when the plan was fixed, `definition` the metric as it stood then.
    """

    initiative = models.ForeignKey(Initiative, on_delete=models.PROTECT, related_name="plans")
    number = models.PositiveIntegerField()
    reason = models.TextField(blank=True)
    metric = models.CharField(max_length=100)
    where = models.JSONField(default=list)
    design = models.CharField(max_length=40, choices=Design)
    by = models.CharField(max_length=100)
    treated = models.JSONField(default=list)
    comparison = models.JSONField(null=True, blank=True)
    drawn_by_lot = models.BooleanField(default=False)
    cluster = models.CharField(max_length=100, blank=True)
    every = models.CharField(max_length=10, choices=[(word, word) for word in ("week", "month", "quarter")])
    since = models.DateField(null=True, blank=True)
    change_on = models.DateField()
    until = models.DateField()
    expected = models.FloatField()
    unit = models.CharField(max_length=40, blank=True)
    ready_on = models.DateField()
    counter_metric = models.CharField(max_length=100, blank=True)
    counter_limit = models.FloatField(default=0)
    written_at = models.DateTimeField()
    written_by = models.CharField(max_length=200)
    fixed_at = models.DateTimeField(null=True, blank=True)
    fixed_by = models.CharField(max_length=200, blank=True)
    metric_version = models.PositiveIntegerField(null=True, blank=True)
    definition = models.JSONField(null=True, blank=True)
    baseline = models.JSONField(null=True, blank=True)
    scope = models.JSONField(null=True, blank=True)
    seal = models.CharField(max_length=64, blank=True)
    objects: ClassVar[models.Manager["Plan"]] = PlanRows.as_manager()

    class Meta:
        verbose_name = "the plan"
        ordering: ClassVar = ["initiative", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["initiative", "number"], name="plan_version_once"),
            together("plan", "fixed"),
            models.CheckConstraint(
                condition=Q(fixed_at__isnull=True) | (Q(baseline__isnull=False) & ~Q(seal="")), name="plan_fixed_whole"
            ),
            models.CheckConstraint(condition=Q(until__gt=F("change_on")), name="plan_reads_after_change"),
            models.CheckConstraint(condition=Q(number=1) | ~Q(reason=""), name="plan_changed_with_reason"),
            models.CheckConstraint(condition=Q(counter_limit__gte=0), name="plan_limit_not_negative"),
        ]

    class Privacy:
        personal: ClassVar[set[str]] = {"written_by", "fixed_by"}
        sensitive: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {
            "id", "initiative", "number", "reason", "metric", "where", "design", "by", "treated", "comparison",
            "drawn_by_lot", "cluster", "every", "since", "change_on", "until", "expected", "unit", "ready_on",
            "counter_metric", "counter_limit", "written_at", "fixed_at", "metric_version", "definition", "baseline",
            "scope", "seal",
        }  # fmt: skip
        kept = "as long as the office"

    def __str__(self) -> str:
        return f"{self.initiative} · {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None and Plan.objects.filter(pk=self.pk, fixed_at__isnull=False).exists():
            raise refuse("The plan")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        if self.fixed_at is not None:
            raise refuse("The plan")
        return super().delete(*args, **kwargs)

    @property
    def compared(self) -> bool:
        return self.design == Design.COMPARED

    def promise(self) -> dict[str, Any]:
        """Everything that is fixed, as it is sealed."""
        words = (
            "metric", "where", "design", "by", "treated", "comparison", "drawn_by_lot", "cluster", "every", "expected",
            "unit", "counter_metric", "counter_limit", "metric_version", "definition", "baseline", "scope", "number",
        )  # fmt: skip
        days = ("since", "change_on", "until", "ready_on")
        told = {day: str(getattr(self, day)) if getattr(self, day) else None for day in days}
        return {word: getattr(self, word) for word in words} | told

    @property
    def is_whole(self) -> bool:
        """Whether it still is what was sealed."""
        return is_whole(self.promise(), self.seal)
