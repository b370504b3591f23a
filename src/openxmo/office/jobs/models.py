"""What the machine side keeps: who took which slot of a timed job, and answers that may be asked for again."""

from typing import ClassVar

from django.db import models

from openxmo.office.lib.terms import Term


class JobRun(models.Model):
    """One slot of one timed job: whoever makes the row runs it. A slot that failed leaves its error here."""

    job = models.CharField(max_length=100)
    slot = models.CharField(max_length=40)
    worker = models.CharField(max_length=200)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    failed = models.BooleanField(default=False)
    told = models.TextField(blank=True)  # what it did in a few words, or the error with its place

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["job", "slot"], name="one_run_a_slot")]
        indexes: ClassVar = [models.Index(fields=["started_at"], name="job_run_by_time")]

    class Privacy:
        personal: ClassVar[set[str]] = set()
        sensitive: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {"id", "job", "slot", "worker", "started_at", "ended_at", "failed", "told"}
        kept = Term("30 days", since=("started_at", "ended_at"), told="after it ran")

    def __str__(self) -> str:
        return f"{self.job} {self.slot}"


class KeptResponse(models.Model):
    """What a request with an Idempotency-Key was answered, for whoever sends it again."""

    caller = models.CharField(max_length=220)
    key = models.CharField(max_length=64)  # a hash of the Idempotency-Key
    request = models.CharField(max_length=64)  # a hash of method, address and body
    status = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(max_length=100, blank=True)
    body = models.TextField(blank=True)
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["caller", "key"], name="one_answer_a_key")]

    class Privacy:
        personal: ClassVar[set[str]] = {"caller"}
        sensitive: ClassVar[set[str]] = {"body"}
        plain: ClassVar[set[str]] = {"id", "key", "request", "status", "kind", "at"}
        kept = Term("24 hours", since=("at",), told="after the request")

    def __str__(self) -> str:
        return f"{self.caller} {self.at:%Y-%m-%d %H:%M}"
