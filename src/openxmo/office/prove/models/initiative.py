"""The improvement itself: who owns it, how it stands, what is next, whom it changes."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from openxmo.office.lib.pairs import together
from openxmo.office.prove.states import State


class Initiative(models.Model):
    """`item` and `recommendation` name what it came out of (`item:3`, `recommendation:2`); "" where nothing."""

    title = models.CharField(max_length=200)
    about = models.TextField(blank=True)
    owner = models.CharField(max_length=200)
    sponsor = models.CharField(max_length=200)
    unit = models.CharField(max_length=100, db_index=True)
    item = models.CharField(max_length=300, blank=True)
    recommendation = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=20, choices=State, default=State.DRAFT, db_index=True)
    planned_start = models.DateField()
    planned_end = models.DateField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=200)
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.CharField(max_length=200, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    started_by = models.CharField(max_length=200, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=200, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)
    stopped_by = models.CharField(max_length=200, blank=True)
    stop_reason = models.TextField(blank=True)
    history = HistoricalRecords()

    class Meta:
        ordering: ClassVar = ["planned_start", "id"]
        constraints: ClassVar = [
            *(together("initiative", verb) for verb in ("approved", "started", "ended", "stopped")),
            models.CheckConstraint(condition=Q(state__in=State.values), name="initiative_state_known"),
            models.CheckConstraint(condition=Q(planned_end__gt=F("planned_start")), name="initiative_ends_after_start"),
            models.CheckConstraint(
                condition=Q(stopped_at__isnull=True) | ~Q(stop_reason=""), name="initiative_stopped_with_reason"
            ),
        ]

    class Privacy:
        personal: ClassVar[set[str]] = {
            "owner", "sponsor", "made_by", "approved_by", "started_by", "ended_by", "stopped_by",
        }  # fmt: skip
        sensitive: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {
            "id", "title", "about", "unit", "item", "recommendation", "state", "planned_start", "planned_end",
            "made_at", "approved_at", "started_at", "ended_at", "stopped_at", "stop_reason",
        }  # fmt: skip
        kept = "as long as the office"

    def __str__(self) -> str:
        return self.title

    @property
    def name(self) -> str:
        """As things are named: `initiative:1`."""
        return f"initiative:{self.pk}"


class Milestone(models.Model):
    initiative = models.ForeignKey(Initiative, on_delete=models.PROTECT, related_name="milestones")
    title = models.CharField(max_length=200)
    due_on = models.DateField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=200)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.CharField(max_length=200, blank=True)
    history = HistoricalRecords()

    class Meta:
        ordering: ClassVar = ["due_on", "id"]
        constraints: ClassVar = [together("milestone", "done")]

    class Privacy:
        personal: ClassVar[set[str]] = {"made_by", "done_by"}
        sensitive: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {"id", "initiative", "title", "due_on", "made_at", "done_at"}
        kept = "as long as the office"

    def __str__(self) -> str:
        return self.title


class Affected(models.Model):
    """A group whose work changes: how many, when they were told, trained, and how many now work the new way."""

    initiative = models.ForeignKey(Initiative, on_delete=models.PROTECT, related_name="affected")
    who = models.CharField(max_length=200)
    how_many = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=200)
    told_at = models.DateTimeField(null=True, blank=True)
    told_by = models.CharField(max_length=200, blank=True)
    trained_at = models.DateTimeField(null=True, blank=True)
    trained_by = models.CharField(max_length=200, blank=True)
    adopting = models.PositiveIntegerField(null=True, blank=True)
    adopting_at = models.DateTimeField(null=True, blank=True)
    adopting_by = models.CharField(max_length=200, blank=True)
    history = HistoricalRecords()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            *(together("affected", verb) for verb in ("told", "trained", "adopting")),
            models.CheckConstraint(
                condition=Q(adopting__isnull=True) | Q(adopting__lte=F("how_many")), name="affected_adopting_within"
            ),
        ]

    class Privacy:
        personal: ClassVar[set[str]] = {"made_by", "told_by", "trained_by", "adopting_by"}
        sensitive: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {
            "id", "initiative", "who", "how_many", "made_at", "told_at", "trained_at", "adopting", "adopting_at",
        }  # fmt: skip
        kept = "as long as the office"

    def __str__(self) -> str:
        return self.who
