"""What the listen room keeps beside the signals: who may answer where, who was asked, what is being imported.

Answers themselves are signals and stand in no row here.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from openxmo.office.lib.terms import Term
from openxmo.office.listen.states import ImportState


class Opening(models.Model):
    """A survey opened to be answered: at one public link, or at personal ones, with the place its answers belong to."""

    survey = models.CharField(max_length=100, db_index=True)  # the office's key
    label = models.CharField(max_length=200, blank=True)
    personal = models.BooleanField(default=False)
    unit = models.CharField(max_length=100, blank=True)
    channel = models.CharField(max_length=100, blank=True)
    touchpoint = models.CharField(max_length=100, blank=True)
    journey = models.CharField(max_length=100, blank=True)
    stage = models.CharField(max_length=100, blank=True)
    product = models.CharField(max_length=100, blank=True)
    site = models.CharField(max_length=100, blank=True)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=200)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.CharField(max_length=200, null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-made_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="opening_closed_pair",
                condition=Q(closed_at=None, closed_by=None) | Q(closed_at__isnull=False, closed_by__isnull=False),
            )
        ]

    class Privacy:
        personal: ClassVar[set[str]] = {"made_by", "closed_by"}
        sensitive: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {
            *("id", "survey", "label", "personal", "unit", "channel", "touchpoint", "journey", "stage", "product"),
            *("site", "valid_from", "valid_to", "made_at", "closed_at"),
        }
        kept = "as long as the office"

    def __str__(self) -> str:
        return self.label or self.survey


class PersonalLink(models.Model):
    """One person's own link to an opening: good for one answer, until it expires. `mode` is how the person is named."""

    opening = models.ForeignKey(Opening, on_delete=models.PROTECT, related_name="links")
    subject = models.CharField(max_length=300, db_index=True)
    subject_kind = models.CharField(max_length=20)
    account = models.CharField(max_length=300, blank=True)
    contact = models.CharField(max_length=300, blank=True)
    issue = models.CharField(max_length=300, blank=True)
    agent = models.CharField(max_length=300, blank=True)
    team = models.CharField(max_length=100, blank=True)
    expires_at = models.DateTimeField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=200)
    answered_at = models.DateTimeField(null=True, blank=True)
    refused_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["opening", "subject", "contact"], name="one_link_a_person_and_contact")
        ]

    class Privacy:
        personal: ClassVar[set[str]] = {"subject", "account", "contact", "issue", "agent", "made_by"}
        sensitive: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {
            *("id", "opening", "subject_kind", "team", "expires_at", "made_at", "answered_at", "refused_at"),
        }
        kept = Term("answers_months", since=("expires_at",), told="after it expired")

    def __str__(self) -> str:
        return f"link {self.pk}"


class Asking(models.Model):
    """That somebody was to be asked: they were (`held` empty), or the survey frequency rule held it back, and why."""

    opening = models.ForeignKey(Opening, on_delete=models.PROTECT, related_name="askings")
    subject = models.CharField(max_length=300, db_index=True)
    relationship = models.BooleanField()
    held = models.CharField(max_length=40, blank=True)
    held_until = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField(db_index=True)
    asked_by = models.CharField(max_length=200)

    class Meta:
        ordering: ClassVar = ["-asked_at", "-id"]

    class Privacy:
        personal: ClassVar[set[str]] = {"subject", "asked_by"}
        sensitive: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {"id", "opening", "relationship", "held", "held_until", "asked_at"}
        kept = Term("24 months", since=("asked_at", "held_until"), told="after the person was to be asked")

    def __str__(self) -> str:
        return f"asking {self.pk}"


class KnownComplaint(models.Model):
    """A complaint that is worked as a case, written by whoever works cases: while it is open nobody is surveyed."""

    case = models.CharField(max_length=100, unique=True)  # as the trail names it
    subject = models.CharField(max_length=300, db_index=True)
    happened_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Privacy:
        personal: ClassVar[set[str]] = {"subject"}
        sensitive: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {"id", "case", "happened_at", "settled_at"}
        kept = Term("24 months", since=("settled_at",), told="after it was settled")

    def __str__(self) -> str:
        return self.case


class Reply(models.Model):
    """That one response came in, once. What was answered stands in signals alone."""

    opening = models.ForeignKey(Opening, on_delete=models.PROTECT, related_name="replies")
    link = models.OneToOneField(PersonalLink, null=True, blank=True, on_delete=models.SET_NULL, related_name="reply")
    response = models.CharField(max_length=100, unique=True)
    subject = models.CharField(max_length=300, db_index=True)
    receipt = models.CharField(max_length=100)
    answered_at = models.DateTimeField(db_index=True)

    class Privacy:
        personal: ClassVar[set[str]] = {"subject"}
        sensitive: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {"id", "opening", "link", "response", "receipt", "answered_at"}
        kept = Term("answers_months", since=("answered_at",), told="after the answer")

    def __str__(self) -> str:
        return self.response


class ContactAddress(models.Model):
    """Where somebody who agreed to be contacted can be reached about one response. Never part of a signal."""

    response = models.CharField(max_length=100, unique=True)
    subject = models.CharField(max_length=300, db_index=True)
    unit = models.CharField(max_length=100, blank=True)
    address = models.CharField(max_length=320)
    left_at = models.DateTimeField()

    class Privacy:
        personal: ClassVar[set[str]] = {"subject", "address"}
        sensitive: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {"id", "response", "unit", "left_at"}
        kept = Term("comments_months", since=("left_at",), told="after it was left, unless a case about it is open")

    def __str__(self) -> str:
        return f"address for {self.response}"


class FileImport(models.Model):
    """A file on its way in: what was said of it, how far it is, what came of it. The file itself lies in the home."""

    name = models.CharField(max_length=255)
    folder = models.CharField(max_length=60, unique=True)
    bytes = models.BigIntegerField()
    source = models.CharField(max_length=200)
    answers = models.JSONField(default=dict)  # what somebody said of the columns; no cell of the file
    mapping = models.TextField(blank=True)
    state = models.CharField(max_length=20, choices=ImportState.choices(), default=ImportState.OPEN)
    step = models.CharField(max_length=60, blank=True)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(null=True, blank=True)
    stop = models.BooleanField(default=False)
    batch = models.CharField(max_length=100, blank=True)
    result = models.JSONField(default=dict)  # counts
    fault = models.TextField(blank=True)
    made_at = models.DateTimeField(db_index=True)
    made_by = models.CharField(max_length=200)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    touched_at = models.DateTimeField(null=True, blank=True)  # by the worker that runs it

    class Meta:
        ordering: ClassVar = ["-made_at", "-id"]

    class Privacy:
        personal: ClassVar[set[str]] = {"made_by", "name"}
        sensitive: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {
            *("id", "folder", "bytes", "source", "answers", "mapping", "state", "step", "done", "total", "stop"),
            *("batch", "result", "fault", "made_at", "started_at", "finished_at", "touched_at"),
        }
        kept = Term(
            "24 months",
            since=("made_at", "finished_at"),
            told="after it was sent and stored",
            only=~Q(state__in=[ImportState.WAITING, ImportState.RUNNING]),
        )

    def __str__(self) -> str:
        return self.name


class KnownForm(models.Model):
    """The answers given for files with these columns, so that the next one needs none."""

    signature = models.CharField(max_length=64, unique=True)
    answers = models.JSONField(default=dict)
    mapping = models.TextField(blank=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=200)

    class Privacy:
        personal: ClassVar[set[str]] = {"made_by"}
        sensitive: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {"id", "signature", "answers", "mapping", "made_at"}
        kept = "as long as the office"

    def __str__(self) -> str:
        return self.signature


class Notice(models.Model):
    """What an employee noticed and lets whoever keeps the backlog read, without their name. The signal is there anyway.

    Without that permission there is no row, and the words are only shown among those of many.
    """

    signal = models.CharField(max_length=100, unique=True)  # its key within the source
    text = models.TextField()
    about = models.CharField(max_length=300, blank=True)
    stage = models.CharField(max_length=100, blank=True)
    unit = models.CharField(max_length=100, blank=True, db_index=True)
    subject = models.CharField(max_length=300, db_index=True)
    noticed_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-noticed_at", "-id"]

    class Privacy:
        personal: ClassVar[set[str]] = {"subject"}
        sensitive: ClassVar[set[str]] = {"text", "about"}
        plain: ClassVar[set[str]] = {"id", "signal", "stage", "unit", "noticed_at"}
        kept = Term("comments_months", since=("noticed_at",), told="after it was noticed")

    def __str__(self) -> str:
        return f"noticed:{self.pk}"
