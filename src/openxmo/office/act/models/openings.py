"""How far the rules have read, what they fired on, and what waits for a person to judge."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from openxmo.office.act.models.cases import Case
from openxmo.office.lib.pairs import together
from openxmo.office.lib.terms import Term


class OpeningCursor(models.Model):
    """The one row that says up to which import the rules have judged."""

    import_number = models.BigIntegerField(default=0)
    looked_at = models.DateTimeField()

    class Privacy:
        personal: ClassVar[set[str]] = set()
        sensitive: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {"id", "import_number", "looked_at"}
        kept = "as long as the office"

    def __str__(self) -> str:
        return f"read up to import {self.import_number}"


class Firing(models.Model):
    """A rule has spoken about one thing heard, and never does again."""

    rule = models.CharField(max_length=100)
    on = models.CharField(max_length=300)
    fired_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["rule", "on"], name="rule_fires_once")]
        indexes: ClassVar = [models.Index(fields=["on"], name="firing_by_thing")]

    class Privacy:
        personal: ClassVar[set[str]] = {"on"}
        sensitive: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {"id", "rule", "fired_at"}
        kept = Term("answers_months", since=("fired_at",), told="after the rule spoke")

    def __str__(self) -> str:
        return f"{self.rule} on {self.on}"


class PossibleComplaint(models.Model):
    """Words that may be a complaint, or tell of harm: somebody reads them and says what they are."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        ACCEPTED = "accepted", _("a case")
        DISMISSED = "dismissed", _("dismissed")

    signal = models.CharField(max_length=300, unique=True)
    answer = models.CharField(max_length=300, blank=True, db_index=True)
    topics = models.JSONField(default=list)
    words = models.TextField()
    unit = models.CharField(max_length=200, blank=True)
    team = models.CharField(max_length=200, blank=True)
    facts = models.JSONField(default=dict)  # what the case would be opened with
    happened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=20, choices=State.choices, default=State.WAITING)
    case = models.ForeignKey(Case, models.SET_NULL, null=True, related_name="possible_complaints")
    judged_at = models.DateTimeField(null=True)
    judged_by = models.CharField(max_length=200, blank=True)
    judged_why = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["due_at", "id"]
        constraints: ClassVar = [together("possible", "judged")]
        indexes: ClassVar = [
            models.Index(fields=["unit", "due_at"], condition=Q(state="waiting"), name="possible_waiting")
        ]

    class Privacy:
        personal: ClassVar[set[str]] = {"signal", "answer", "judged_by"}
        sensitive: ClassVar[set[str]] = {"words", "facts", "judged_why"}
        plain: ClassVar[set[str]] = {
            "id",
            "topics",
            "unit",
            "team",
            "happened_at",
            "due_at",
            "state",
            "case",
            "judged_at",
        }
        kept = Term(
            "answers_months", since=("happened_at", "judged_at"), told="after it was judged", only=~Q(state="waiting")
        )
        words_kept = Term(
            "comments_months",
            since=("happened_at",),
            told="after they were said, or until they are judged",
            only=~Q(state="waiting"),
        )

    def __str__(self) -> str:
        return f"possible complaint {self.pk}"
