"""People who sign in, and the record of who did what."""

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """Somebody who can sign in. What they may do stands in the office's people, under the same name."""

    class Privacy:
        personal: ClassVar[set[str]] = {"username", "first_name", "last_name", "email", "last_login", "date_joined"}
        sensitive: ClassVar[set[str]] = {"password"}
        plain: ClassVar[set[str]] = {"id", "is_superuser", "is_staff", "is_active", "groups", "user_permissions"}
        kept = "until the person leaves the office"


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
        kept = "24 months"

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.by}: {self.what}"
