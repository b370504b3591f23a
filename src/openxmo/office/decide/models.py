"""What the backlog keeps: items with their evidence, estimates and actuals, merges, and the words they are sorted by.

Estimates, counted feelings and actuals are only ever added: the newest of each author counts, the others stay.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from openxmo.core.decide.items import EXPERIENCES
from openxmo.office.decide.states import State


class Item(models.Model):
    """One thing that could be improved. Without its four facets it is not ranked.

    `key` names it in items files and in the draws of a ranking. `unit` empty: it concerns the whole office.
    """

    key = models.CharField(max_length=100, unique=True)
    title = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    experience = models.CharField(max_length=20, blank=True)
    impact_area = models.CharField(max_length=100, blank=True)
    journey_stage = models.CharField(max_length=100, blank=True)
    strategic_alignment = models.CharField(max_length=100, blank=True)
    unit = models.CharField(max_length=100, blank=True, db_index=True)
    money_frame = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=20, choices=State.choices, default=State.PROPOSED, db_index=True)
    state_at = models.DateTimeField()
    state_by = models.CharField(max_length=200)
    reason = models.TextField(blank=True)
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged")
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=200)
    history = HistoricalRecords()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="decide_item_state"),
            models.CheckConstraint(
                condition=Q(experience__in=["", *EXPERIENCES]),
                name="decide_item_experience",
            ),
            models.CheckConstraint(
                condition=Q(state=State.MERGED, merged_into__isnull=False)
                | (~Q(state=State.MERGED) & Q(merged_into__isnull=True)),
                name="decide_item_merged_into",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.DECLINED) | ~Q(reason=""), name="decide_item_declined_with_reason"
            ),
        ]

    class Privacy:
        personal: ClassVar[set[str]] = {"created_by", "state_by"}
        sensitive: ClassVar[set[str]] = {"title", "description", "reason"}
        plain: ClassVar[set[str]] = {
            "id",
            "key",
            "experience",
            "impact_area",
            "journey_stage",
            "strategic_alignment",
            "unit",
            "money_frame",
            "state",
            "state_at",
            "merged_into",
            "revision",
            "created_at",
        }
        kept = "as long as the office"

    def __str__(self) -> str:
        return self.title

    @property
    def name(self) -> str:
        """As the trail names it."""
        return f"item:{self.pk}"

    @property
    def facets(self) -> dict[str, str]:
        """The facets that are given."""
        given = {
            "experience": self.experience,
            "impact_area": self.impact_area,
            "journey_stage": self.journey_stage,
            "strategic_alignment": self.strategic_alignment,
        }
        return {facet: word for facet, word in given.items() if word}


class Evidence(models.Model):
    """What speaks for an item: a thing by its name (`finding:3`, `signal:web/a17`), and how often it was heard."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="evidence")
    thing = models.CharField(max_length=300)
    count = models.PositiveIntegerField(default=1)
    note = models.TextField(blank=True)
    heard_at = models.DateTimeField()
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=200)

    class Meta:
        ordering: ClassVar = ["-heard_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["item", "thing"], name="decide_evidence_once"),
            models.CheckConstraint(condition=Q(count__gte=1), name="decide_evidence_counts"),
        ]

    class Privacy:
        personal: ClassVar[set[str]] = {"added_by"}
        sensitive: ClassVar[set[str]] = {"note"}
        plain: ClassVar[set[str]] = {"id", "item", "thing", "count", "heard_at", "added_at"}
        kept = "as long as the item"

    def __str__(self) -> str:
        return f"{self.thing} × {self.count}"


class Estimate(models.Model):
    """What one person thinks a quantity is: the lowest, the likely and the highest that would not surprise."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="estimates")
    quantity = models.CharField(max_length=40)
    low = models.FloatField()
    likely = models.FloatField()
    high = models.FloatField()
    unit = models.CharField(max_length=40)
    note = models.TextField(blank=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=200)

    class Meta:
        ordering: ClassVar = ["made_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(low__lte=F("likely"), likely__lte=F("high")), name="decide_estimate_in_order"
            )
        ]

    class Privacy:
        personal: ClassVar[set[str]] = {"made_by"}
        sensitive: ClassVar[set[str]] = {"note"}
        plain: ClassVar[set[str]] = {"id", "item", "quantity", "low", "likely", "high", "unit", "made_at"}
        kept = "as long as the item"

    def __str__(self) -> str:
        return f"{self.quantity} {self.low:g}–{self.likely:g}–{self.high:g} {self.unit}"


class Feelings(models.Model):
    """What Kano's paired questions found for an item, as counts of pairs or of categories, or the category alone."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="feelings")
    given = models.JSONField()
    note = models.TextField(blank=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=200)

    class Meta:
        ordering: ClassVar = ["made_at", "id"]

    class Privacy:
        personal: ClassVar[set[str]] = {"made_by"}
        sensitive: ClassVar[set[str]] = {"note"}
        plain: ClassVar[set[str]] = {"id", "item", "given", "made_at"}
        kept = "as long as the item"

    def __str__(self) -> str:
        return f"Kano's answers for {self.item_id}"


class Actual(models.Model):
    """What a quantity turned out to be. A later one replaces it in what estimates are judged by."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="actuals")
    quantity = models.CharField(max_length=40)
    value = models.FloatField()
    unit = models.CharField(max_length=40)
    note = models.TextField(blank=True)
    measured_at = models.DateTimeField()
    measured_by = models.CharField(max_length=200)

    class Meta:
        ordering: ClassVar = ["measured_at", "id"]

    class Privacy:
        personal: ClassVar[set[str]] = {"measured_by"}
        sensitive: ClassVar[set[str]] = {"note"}
        plain: ClassVar[set[str]] = {"id", "item", "quantity", "value", "unit", "measured_at"}
        kept = "as long as the item"

    def __str__(self) -> str:
        return f"{self.quantity} was {self.value:g} {self.unit}"


class Merge(models.Model):
    """One item was found to be another. Its evidence counts for the other until the merge is undone."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="merges")
    into = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="merges_into")
    state_before = models.CharField(max_length=20, choices=State.choices)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=200)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=(Q(undone_at__isnull=True) & Q(undone_by=""))
                | (Q(undone_at__isnull=False) & ~Q(undone_by="")),
                name="decide_merge_undone_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["item"], condition=Q(undone_at__isnull=True), name="decide_merge_standing_once"
            ),
        ]

    class Privacy:
        personal: ClassVar[set[str]] = {"made_by", "undone_by"}
        sensitive: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {"id", "item", "into", "state_before", "made_at", "undone_at"}
        kept = "as long as the item"

    def __str__(self) -> str:
        return f"{self.item_id} went into {self.into_id}"


class Word(models.Model):
    """One word of a facet, shared by the whole office. `ambition` is what a word of alignment stands for."""

    facet = models.CharField(max_length=30)
    word = models.CharField(max_length=100)
    label = models.CharField(max_length=200, blank=True)
    ambition = models.CharField(max_length=100, blank=True)
    retired = models.BooleanField(default=False)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=200)
    history = HistoricalRecords()

    class Meta:
        ordering: ClassVar = ["facet", "word"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["facet", "word"], name="decide_word_once")]

    class Privacy:
        personal: ClassVar[set[str]] = {"changed_by"}
        sensitive: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {"id", "facet", "word", "label", "ambition", "retired", "changed_at"}
        kept = "as long as the office"

    def __str__(self) -> str:
        return self.label or self.word


class DiscountRate(models.Model):
    """What a year's wait costs, as a share: the newest one counts for all items."""

    rate = models.FloatField()
    why = models.TextField(blank=True)
    set_at = models.DateTimeField()
    set_by = models.CharField(max_length=200)

    class Meta:
        ordering: ClassVar = ["set_at", "id"]
        constraints: ClassVar = [models.CheckConstraint(condition=Q(rate__gt=-1), name="decide_rate_above_minus_one")]

    class Privacy:
        personal: ClassVar[set[str]] = {"set_by"}
        sensitive: ClassVar[set[str]] = {"why"}
        plain: ClassVar[set[str]] = {"id", "rate", "set_at"}
        kept = "as long as the office"

    def __str__(self) -> str:
        return f"{self.rate:.1%}"
