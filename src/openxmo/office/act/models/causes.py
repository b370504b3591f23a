"""Why cases happen, in words that the leads agree on, and the problems that come back."""

from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import Q

from openxmo.office.lib.pairs import together


class Cause(models.Model):
    """One word of the vocabulary of root causes; what is archived stays on old cases and is offered no more."""

    key = models.SlugField(max_length=60, unique=True)
    label = models.CharField(max_length=120)
    handling_cost = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)  # of one case
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=200)
    archived_at = models.DateTimeField(null=True)
    archived_by = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["label"]
        constraints: ClassVar = [together("cause", "archived")]

    class Privacy:
        personal: ClassVar[set[str]] = {"changed_by", "archived_by"}
        sensitive: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {"id", "key", "label", "handling_cost", "changed_at", "archived_at"}
        kept = "as long as the office"

    def __str__(self) -> str:
        return self.label


class Problem(models.Model):
    """Cases with one cause that came back often enough; `item` is what it proposed for the backlog."""

    cause = models.ForeignKey(Cause, models.PROTECT, related_name="problems")
    opened_at = models.DateTimeField()
    why = models.CharField(max_length=200)  # which threshold it passed
    item = models.CharField(max_length=300, blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["-opened_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["cause"], condition=Q(closed_at__isnull=True), name="problem_once_a_cause"),
            together("problem", "closed"),
        ]

    class Privacy:
        personal: ClassVar[set[str]] = {"closed_by"}
        sensitive: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {"id", "cause", "opened_at", "why", "item", "closed_at"}
        kept = "as long as the office"

    def __str__(self) -> str:
        return f"problem {self.pk}"

    @property
    def name(self) -> str:
        return f"problem:{self.pk}"

    def cost(self) -> Decimal | None:
        """What its cases cost to handle, where the cost of one is known."""
        each = self.cause.handling_cost
        return None if each is None else each * self.cases.count()
