"""What came out of the signals on a page, asked in one go."""

from collections.abc import Iterable

from openxmo.office.accounts.access import Access
from openxmo.office.govern.models import TrailLink
from openxmo.office.lib.things import Thing, find_thing


def name_of(source: str, key: str) -> str:
    return f"signal:{source}/{key}"


def next_of(names: Iterable[str], access: Access) -> dict[str, list[Thing]]:
    """For each thing named, what came out of it directly and still stands."""
    found: dict[str, list[Thing]] = {}
    for earlier, later in TrailLink.objects.filter(earlier__in=list(names)).values_list("earlier", "later"):
        thing = find_thing(later, access)
        if thing is not None:
            found.setdefault(earlier, []).append(thing)
    return found
