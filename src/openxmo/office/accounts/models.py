"""People who sign in, the keys of programs, and the record of who did what."""

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models

from openxmo.office.lib.terms import Term


class User(AbstractUser):
    """Somebody who can sign in. What they may do stands in the office's people, under the same name."""

    class Privacy:
        personal: ClassVar[set[str]] = {"username", "first_name", "last_name", "email", "last_login", "date_joined"}
        sensitive: ClassVar[set[str]] = {"password"}
        plain: ClassVar[set[str]] = {"id", "is_superuser", "is_staff", "is_active", "groups", "user_permissions"}
        kept = "until 30 days after the person left the office"


class AuditEvent(models.Model):
    """`by` did `what` to the things named in `on`: ids alone, no names, no words, no foreign keys."""

    at = models.DateTimeField(db_index=True)
    by = models.CharField(max_length=200, db_index=True)
    what = models.CharField(max_length=100, db_index=True)
    on = models.JSONField(default=list)

    class Meta:
        ordering: ClassVar = ["at", "id"]

    class Privacy:
        personal: ClassVar[set[str]] = {"by"}
        sensitive: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {"id", "at", "what", "on"}
        kept = Term("logs_months", since=("at",), told="after it was done")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.by}: {self.what}"


class ApiKey(models.Model):
    """A program's key: kept as a hash alone, so that who reads the database cannot use it.

    It acts with the rights of the person `acts_as` names; without one, as the operator does, whom the
    minimum groups bind as well.
    """

    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    acts_as = models.CharField(max_length=200, null=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=200)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.CharField(max_length=200, null=True)
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["name", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | models.Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="key_revoked_pair",
            ),
            models.UniqueConstraint(
                fields=["name"], condition=models.Q(revoked_at__isnull=True), name="key_name_in_use_once"
            ),
        ]

    class Privacy:
        personal: ClassVar[set[str]] = {"acts_as", "made_by", "revoked_by"}
        sensitive: ClassVar[set[str]] = {"digest"}
        plain: ClassVar[set[str]] = {"id", "name", "scopes", "made_at", "revoked_at", "last_used_at"}
        kept = Term("logs_months", since=("revoked_at",), told="after it was revoked")

    def __str__(self) -> str:
        return self.name
