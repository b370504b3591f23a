"""Forgetting a person in what the machine side keeps."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q

from openxmo.office.jobs.models import KeptResponse


def forget(names: Collection[str], *, by: str, at: datetime) -> int:  # noqa: ARG001  (the same for every room)
    """Deletes stored answers that were given to these people or name them."""
    wanted = Q()
    for name in names:
        wanted |= Q(caller__endswith=f":{name}") | Q(body__icontains=name)
    return KeptResponse.objects.filter(wanted).delete()[0] if names else 0
