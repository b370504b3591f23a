"""What the office keeps in its database."""

from typing import ClassVar

from django.db import models


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
        kept = "as long as either end"

    def __str__(self) -> str:
        return f"{self.earlier} → {self.later}"
