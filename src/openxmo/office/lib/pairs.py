"""A moment and whoever did it stand together or not at all, and the database sees to it."""

from django.db.models import CheckConstraint, Q


def together(model: str, verb: str) -> CheckConstraint:
    """`verb_at` is set exactly when `verb_by` is."""
    both = Q(**{f"{verb}_at__isnull": False}) & ~Q(**{f"{verb}_by": ""})
    neither = Q(**{f"{verb}_at__isnull": True, f"{verb}_by": ""})
    return CheckConstraint(condition=both | neither, name=f"{model}_{verb}_at_by")
