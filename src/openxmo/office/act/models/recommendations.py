"""What the office asks of other teams, what they answer, and what holds things up."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from openxmo.office.act.states import RecommendationState
from openxmo.office.lib.pairs import together
from openxmo.office.lib.terms import Term


class Lever(models.TextChoices):
    """The ways in which a finding can change something."""

    QUALITY = "quality", _("quality assurance")
    COACHING = "coaching", _("coaching")
    KNOWLEDGE = "knowledge", _("knowledge")
    CHANNEL = "channel", _("channel strategy")
    FCR = "fcr", _("first-contact resolution")
    PRODUCT = "product", _("product and policy")
    IT = "it", _("IT")
    HR = "hr", _("HR")
    MARKETING = "marketing", _("marketing")


class Recommendation(models.Model):
    """Asked of one team, with its reasons; accepted, declined with a reason, or countered."""

    class Strength(models.TextChoices):
        STRONG = "strong", _("strong: an experiment, or several sources that agree")
        FAIR = "fair", _("fair: one sound comparison")
        WEAK = "weak", _("weak: single answers or an opinion")

    item = models.CharField(max_length=300, blank=True, db_index=True)
    asked = models.CharField(max_length=300)
    why = models.TextField()
    strength = models.CharField(max_length=10, choices=Strength.choices)
    cost_of_not_acting = models.TextField(blank=True)
    may_be_wrong = models.TextField()
    unit = models.CharField(max_length=200)
    lever = models.CharField(max_length=20, choices=Lever.choices)
    evidence = models.JSONField(default=list)  # names of things
    state = models.CharField(max_length=20, choices=RecommendationState.choices, default=RecommendationState.SENT)
    sent_at = models.DateTimeField()
    sent_by = models.CharField(max_length=200)
    due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=200, blank=True)
    reason = models.TextField(blank=True)
    proposal = models.TextField(blank=True)
    settled_at = models.DateTimeField(null=True)  # a counter that was taken up by whoever asked
    settled_by = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["due_at", "id"]
        constraints: ClassVar = [together("recommendation", verb) for verb in ("answered", "settled")]
        indexes: ClassVar = [
            models.Index(fields=["unit", "state", "due_at"], name="recommendation_by_unit"),
            models.Index(fields=["state", "due_at"], name="recommendation_by_state"),
        ]

    class Privacy:
        personal: ClassVar[set[str]] = {"sent_by", "answered_by", "settled_by"}
        sensitive: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {
            "id",
            "item",
            "asked",
            "why",
            "strength",
            "cost_of_not_acting",
            "may_be_wrong",
            "unit",
            "lever",
            "evidence",
            "state",
            "sent_at",
            "due_at",
            "answered_at",
            "reason",
            "proposal",
            "settled_at",
        }
        kept = "as long as the office"

    def __str__(self) -> str:
        return self.asked

    @property
    def name(self) -> str:
        return f"recommendation:{self.pk}"


class Quote(models.Model):
    """Somebody's words that stand beside a recommendation, as they were when it was sent."""

    recommendation = models.ForeignKey(Recommendation, models.CASCADE, related_name="quotes")
    said = models.CharField(max_length=300)  # the case or signal they are from
    words = models.TextField()
    stage = models.CharField(max_length=200, blank=True)
    score = models.CharField(max_length=60, blank=True)

    class Privacy:
        personal: ClassVar[set[str]] = {"said"}
        sensitive: ClassVar[set[str]] = {"words"}
        plain: ClassVar[set[str]] = {"id", "recommendation", "stage", "score"}
        kept = Term(
            "comments_months",
            since=("recommendation__sent_at", "recommendation__answered_at"),
            told="after the recommendation was answered",
            only=Q(recommendation__state__in=[RecommendationState.ACCEPTED, RecommendationState.DECLINED]),
        )

    def __str__(self) -> str:
        return f"quote of {self.said}"


class BlockerSort(models.TextChoices):
    """What keeps a thing from moving; the field's own list."""

    PRIORITY = "priority", _("priority")
    BUDGET = "budget", _("budget")
    ACCOUNTABILITY = "accountability", _("accountability")
    POLITICS = "politics", _("politics")
    CULTURE = "culture", _("culture")
    TECHNICAL = "technical", _("technical")
    DEPENDENCY = "dependency", _("dependency")


class Blocker(models.Model):
    """What holds a recommendation, an item or an initiative up, by its type, until it is cleared."""

    on = models.CharField(max_length=300, db_index=True)
    unit = models.CharField(max_length=200, blank=True)
    sort = models.CharField(max_length=20, choices=BlockerSort.choices)
    said = models.CharField(max_length=300)
    raised_at = models.DateTimeField()
    raised_by = models.CharField(max_length=200)
    cleared_at = models.DateTimeField(null=True)
    cleared_by = models.CharField(max_length=200, blank=True)
    how_cleared = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["raised_at", "id"]
        constraints: ClassVar = [
            together("blocker", "cleared"),
            models.CheckConstraint(condition=Q(sort__in=BlockerSort.values), name="blocker_sort_known"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["sort", "raised_at"], condition=Q(cleared_at__isnull=True), name="blocker_standing")
        ]

    class Privacy:
        personal: ClassVar[set[str]] = {"raised_by", "cleared_by"}
        sensitive: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {"id", "on", "unit", "sort", "said", "raised_at", "cleared_at", "how_cleared"}
        kept = "as long as the office"

    def __str__(self) -> str:
        return f"{self.sort} holds {self.on} up"

    @property
    def on_initiative(self) -> bool:
        return self.on.startswith("initiative:")
