"""What was found, as it was found: each time an initiative is judged, one row more."""

from typing import ClassVar

from django.db import models

from openxmo.office.prove.models.fixed import Fixed
from openxmo.office.prove.models.initiative import Initiative
from openxmo.office.prove.models.plan import Plan


class Word(models.TextChoices):
    EFFECT = "effect", "effect"
    NONE = "no effect larger than", "no effect larger than"
    HARM = "harm", "harm"
    NOT_YET = "not yet knowable", "not yet knowable"
    NO_EVIDENCE = "not evidence of effect", "not evidence of effect"


class Verdict(Fixed):
    """`document` holds the numbers: the proof, both groups period by period, and the check of the counter-metric."""

    initiative = models.ForeignKey(Initiative, on_delete=models.PROTECT, related_name="verdicts")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="verdicts")
    number = models.PositiveIntegerField()
    word = models.CharField(max_length=40, choices=Word)
    bound = models.FloatField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    harmed_by = models.CharField(max_length=100, blank=True)
    grade = models.CharField(max_length=40)
    document = models.JSONField()
    lake_version = models.PositiveIntegerField()
    judged_at = models.DateTimeField()
    judged_by = models.CharField(max_length=200)

    class Meta:
        verbose_name = "the verdict"
        ordering: ClassVar = ["initiative", "number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["initiative", "number"], name="verdict_once")]

    class Privacy:
        personal: ClassVar[set[str]] = {"judged_by"}
        sensitive: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {
            "id", "initiative", "plan", "number", "word", "bound", "until", "harmed_by", "grade", "document",
            "lake_version", "judged_at",
        }  # fmt: skip
        kept = "as long as the office"

    def __str__(self) -> str:
        return self.word

    @property
    def name(self) -> str:
        return f"verdict:{self.pk}"
