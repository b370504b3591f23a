"""You said, we did: what was told back to those who spoke."""

from typing import ClassVar

from django.db import models

from openxmo.office.lib.pairs import together


class Note(models.Model):
    """`slug` is in its public address, drawn by chance; `about` names the items and initiatives behind it."""

    slug = models.CharField(max_length=40, unique=True)
    you_said = models.TextField()
    we_did = models.TextField()
    about = models.JSONField(default=list)
    unit = models.CharField(max_length=200, blank=True)
    written_at = models.DateTimeField()
    written_by = models.CharField(max_length=200)
    published_at = models.DateTimeField(null=True)
    published_by = models.CharField(max_length=200, blank=True)
    told_to = models.PositiveIntegerField(default=0)  # how many people were sent it
    heard_in = models.DateField(null=True, blank=True)  # when what was said was heard

    class Meta:
        ordering: ClassVar = ["-written_at", "-id"]
        constraints: ClassVar = [together("note", "published")]

    class Privacy:
        personal: ClassVar[set[str]] = {"written_by", "published_by"}
        sensitive: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {
            "id",
            "slug",
            "you_said",
            "we_did",
            "about",
            "unit",
            "written_at",
            "published_at",
            "told_to",
            "heard_in",
        }
        kept = "as long as the office"

    def __str__(self) -> str:
        return f"note {self.pk}"

    @property
    def name(self) -> str:
        return f"note:{self.pk}"
