"""What the office keeps in its database."""

from typing import ClassVar

from django.db import models


class OfficeChange(models.Model):
    """All that one person changed in the office at once. Rows are only ever added, but for an erasure."""

    number = models.PositiveIntegerField(unique=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=200)
    reason = models.TextField(default="")
    stamp = models.CharField(max_length=32)  # new whenever the row is written: what was read by it can be kept by it

    class Meta:
        ordering: ClassVar = ["number"]

    class Privacy:
        personal: ClassVar[set[str]] = {"by", "reason"}
        sensitive: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {"id", "number", "at", "stamp"}
        kept = "as long as the office"

    def __str__(self) -> str:
        return f"change {self.number} by {self.by}"


class OfficeVersion(models.Model):
    """One object of the office as one change left it, in the form of the office file."""

    change = models.ForeignKey(OfficeChange, on_delete=models.CASCADE, related_name="versions")
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=400)
    version = models.PositiveIntegerField()
    what = models.CharField(max_length=10)
    object = models.TextField()  # JSON
    broke = models.CharField(max_length=10, null=True)  # the day on which its series breaks, if it does

    class Meta:
        ordering: ClassVar = ["change__number", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(what__in=["added", "changed", "archived"]), name="version_what"),
        ]
        indexes: ClassVar = [models.Index(fields=["kind", "key"], name="version_of")]

    class Privacy:
        personal: ClassVar[set[str]] = {"key", "object"}  # the office's people are objects of it
        sensitive: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {"id", "change", "kind", "version", "what", "broke"}
        kept = "as long as the office"

    def __str__(self) -> str:
        return f"{self.kind} {self.key} version {self.version}"


class TrailLink(models.Model):
    """`later` came out of `earlier`: a case out of a signal, an item out of cases, an initiative out of an item."""

    earlier = models.CharField(max_length=300, db_index=True)
    later = models.CharField(max_length=300, db_index=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["earlier", "later"], name="trail_once")]

    class Privacy:
        personal: ClassVar[set[str]] = {"made_by"}
        sensitive: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {"id", "earlier", "later", "made_at"}
        kept = "as long as what came of it"

    def __str__(self) -> str:
        return f"{self.earlier} → {self.later}"


class WriterLease(models.Model):
    """Whose turn it is to write signals that lie at an object store, and until when if it is not renewed."""

    lake = models.CharField(max_length=500, unique=True)  # its address
    token = models.PositiveBigIntegerField(default=0)  # of this turn: each has its own
    holder = models.CharField(max_length=200, blank=True)  # the machine as it was started, and the home's lock
    what = models.CharField(max_length=100, blank=True)  # what whoever waits is told; it names nobody
    until = models.DateTimeField(null=True)

    class Privacy:
        personal: ClassVar[set[str]] = set()
        sensitive: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {"id", "lake", "token", "holder", "what", "until"}
        kept = "as long as the office"

    def __str__(self) -> str:
        return f"{self.lake} until {self.until}"
