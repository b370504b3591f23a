"""A case: somebody who is owed an answer, its clocks, and what was said to and fro."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from openxmo.office.act.models.causes import Cause, Problem
from openxmo.office.act.states import OPEN_CASES, CaseState
from openxmo.office.lib.pairs import together
from openxmo.office.lib.terms import Term

SETTLED = ~Q(state__in=sorted(OPEN_CASES))  # nobody has anything to do any more


class Case(models.Model):
    """Opened from what somebody said; `words` are theirs, redacted as all words that come in.

    `happened_at` starts its clocks. `due_at` is the clock that runs now (None: none runs), kept beside the
    clocks so that lists are read by it.
    """

    class Sort(models.TextChoices):
        ANSWER = "answer", _("negative answer")
        HARM = "harm", _("safety or vulnerability")
        COMPLAINT = "complaint", _("complaint")

    class Outcome(models.TextChoices):
        RECOVERED = "recovered", _("recovered")
        NOT_RECOVERED = "not_recovered", _("not recovered")

    opened_from = models.CharField(max_length=300, unique=True)
    answer = models.CharField(max_length=300, blank=True, db_index=True)  # source/response
    rule = models.CharField(max_length=100)
    sort = models.CharField(max_length=20, choices=Sort.choices, default=Sort.ANSWER)
    state = models.CharField(max_length=20, choices=CaseState.choices, default=CaseState.OPEN)
    severe = models.BooleanField(default=False)

    unit = models.CharField(max_length=200, blank=True)
    team = models.CharField(max_length=200, blank=True)
    subject = models.CharField(max_length=300, blank=True)
    account = models.CharField(max_length=300, blank=True)
    response = models.CharField(max_length=300, blank=True)
    contact = models.CharField(max_length=300, blank=True)
    channel = models.CharField(max_length=100, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    product = models.CharField(max_length=200, blank=True)
    stage = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=20, blank=True)
    words = models.TextField(blank=True)
    score_of = models.CharField(max_length=100, blank=True)
    score = models.FloatField(null=True)
    scale = models.CharField(max_length=40, blank=True)

    happened_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    first_reply_due_at = models.DateTimeField()
    resolve_due_at = models.DateTimeField(null=True)
    update_due_at = models.DateTimeField(null=True)
    final_due_at = models.DateTimeField(null=True)
    regulator = models.CharField(max_length=200, blank=True)

    owner = models.CharField(max_length=200, blank=True)
    taken_at = models.DateTimeField(null=True)
    taken_by = models.CharField(max_length=200, blank=True)
    first_reply_at = models.DateTimeField(null=True)
    first_reply_by = models.CharField(max_length=200, blank=True)
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.CharField(max_length=200, blank=True)
    confirmed_at = models.DateTimeField(null=True)
    reopened_at = models.DateTimeField(null=True)
    rounds = models.PositiveSmallIntegerField(default=0)  # how often it was reopened
    updated_at = models.DateTimeField(null=True)  # the update that a complaint is owed was given
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=200, blank=True)
    closed_why = models.TextField(blank=True)
    outcome = models.CharField(max_length=20, choices=Outcome.choices, blank=True)
    cause = models.ForeignKey(Cause, models.PROTECT, null=True, related_name="cases")
    cause_at = models.DateTimeField(null=True)
    cause_by = models.CharField(max_length=200, blank=True)
    problem = models.ForeignKey(Problem, models.SET_NULL, null=True, related_name="cases")

    class Meta:
        ordering: ClassVar = ["due_at", "id"]
        constraints: ClassVar = [together("case", verb) for verb in ("taken", "first_reply", "resolved", "closed")]
        indexes: ClassVar = [
            models.Index(fields=["due_at", "id"], condition=Q(due_at__isnull=False), name="case_by_clock"),
            models.Index(fields=["unit", "due_at"], condition=Q(due_at__isnull=False), name="case_by_unit_clock"),
            models.Index(fields=["owner", "due_at"], condition=Q(due_at__isnull=False), name="case_by_owner_clock"),
            models.Index(fields=["subject", "happened_at"], name="case_by_subject"),
            models.Index(fields=["cause", "cause_at"], name="case_by_cause"),
            models.Index(fields=["sort", "final_due_at"], name="case_by_sort_final"),
        ]

    class Privacy:
        personal: ClassVar[set[str]] = {
            "opened_from",
            "answer",
            "subject",
            "account",
            "response",
            "contact",
            "owner",
            "taken_by",
            "first_reply_by",
            "resolved_by",
            "closed_by",
            "cause_by",
        }
        sensitive: ClassVar[set[str]] = {"words", "closed_why"}
        plain: ClassVar[set[str]] = {
            "id",
            "rule",
            "sort",
            "state",
            "severe",
            "unit",
            "team",
            "channel",
            "reason",
            "product",
            "stage",
            "language",
            "score_of",
            "score",
            "scale",
            "happened_at",
            "opened_at",
            "due_at",
            "first_reply_due_at",
            "resolve_due_at",
            "update_due_at",
            "final_due_at",
            "regulator",
            "taken_at",
            "first_reply_at",
            "resolved_at",
            "confirmed_at",
            "reopened_at",
            "rounds",
            "updated_at",
            "closed_at",
            "outcome",
            "cause",
            "cause_at",
            "problem",
        }
        kept = Term(
            "answers_months",
            since=("happened_at", "resolved_at", "confirmed_at", "closed_at"),
            told="after it was settled",
            only=SETTLED,
        )
        words_kept = Term(
            "comments_months", since=("happened_at",), told="after they were said, or until it is settled", only=SETTLED
        )

    def __str__(self) -> str:
        return f"case {self.pk}"

    @property
    def name(self) -> str:
        """As the trail names it."""
        return f"case:{self.pk}"

    @property
    def scored(self) -> str:
        """What they answered, as people say it: `CSAT 1/5`."""
        if self.score is None or not self.scale:
            return ""
        best = max(float(end) for end in self.scale.split(".."))
        return f"{self.score_of.upper().replace('_', ' ')} {self.score:g}/{best:g}"


class ConversationEntry(models.Model):
    """One thing said in a case: to the customer, by the customer, or among ourselves."""

    class Way(models.TextChoices):
        LETTER = "letter", _("e-mail")
        CALL = "call", _("call")
        CHAT = "chat", _("chat")
        NOTE = "note", _("internal note")
        CUSTOMER = "customer", _("from the customer")

    class Delivery(models.TextChoices):
        WAITING = "waiting", _("being sent")
        SENT = "sent", _("sent")
        FAILED = "failed", _("not sent")

    case = models.ForeignKey(Case, models.CASCADE, related_name="entries")
    way = models.CharField(max_length=20, choices=Way.choices)
    words = models.TextField()
    said_at = models.DateTimeField()
    said_by = models.CharField(max_length=200, blank=True)  # empty: the customer
    delivery = models.CharField(max_length=10, choices=Delivery.choices, blank=True)  # of a letter

    class Meta:
        ordering: ClassVar = ["said_at", "id"]

    class Privacy:
        personal: ClassVar[set[str]] = {"said_by"}
        sensitive: ClassVar[set[str]] = {"words"}
        plain: ClassVar[set[str]] = {"id", "case", "way", "said_at", "delivery"}
        kept = "as long as the case"
        words_kept = Term(
            "comments_months",
            since=("said_at",),
            told="after they were said, or until the case is settled",
            only=~Q(case__state__in=sorted(OPEN_CASES)),
        )

    def __str__(self) -> str:
        return f"{self.way} in case {self.case_id}"
