"""Where somebody who answered at a public link may be reached: the address that they left with their answer."""

from collections.abc import Iterable
from datetime import datetime

from openxmo.office.listen.models import ContactAddress


def responses_with_address(responses: Iterable[str]) -> frozenset[str]:
    """Those of these responses with which an address was left."""
    rows = ContactAddress.objects.filter(response__in=list(responses))
    return frozenset(rows.values_list("response", flat=True))


def responses_left_since(moment: datetime) -> frozenset[str]:
    return frozenset(ContactAddress.objects.filter(left_at__gte=moment).values_list("response", flat=True))


def find_address(response: str) -> str:
    """The address left with this response, or nothing."""
    if not response:
        return ""
    return ContactAddress.objects.filter(response=response).values_list("address", flat=True).first() or ""
