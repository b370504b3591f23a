"""Rows that say what was fixed or found at a moment: once written they are neither changed nor deleted."""

from typing import Any, ClassVar, Self, TypeVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from openxmo.core.errors import WrongUsage

M = TypeVar("M", bound=models.Model)


def refuse(what: str) -> WrongUsage:
    return WrongUsage(
        _("%(what)s is fixed, and stays as it was written.") % {"what": what},
        mend=_("Write a new one, with the reason."),
    )


class FixedRows(models.QuerySet[M]):
    """Refuses to change or delete, in bulk too, the rows that `fixed` finds."""

    fixed: ClassVar[Q] = Q()

    def update(self, **values: Any) -> int:
        self._check(values)
        return super().update(**values)

    def delete(self) -> tuple[int, dict[str, int]]:
        self._check({})
        return super().delete()

    def bulk_update(self, *_: Any, **__: Any) -> int:
        raise refuse(str(self.model._meta.verbose_name).capitalize())

    def _check(self, values: dict[str, Any]) -> None:
        people = self.model.Privacy.personal  # type: ignore[attr-defined]
        if values and set(values) <= people:
            return  # whoever is erased is taken out of fixed rows too
        if self.filter(self.fixed).exists():
            raise refuse(str(self.model._meta.verbose_name).capitalize())


class Fixed(models.Model):
    """Written once."""

    objects: ClassVar[models.Manager[Self]] = FixedRows.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise refuse(str(self._meta.verbose_name).capitalize())
        super().save(*args, **kwargs)

    def delete(self, *_: Any, **__: Any) -> tuple[int, dict[str, int]]:
        raise refuse(str(self._meta.verbose_name).capitalize())
