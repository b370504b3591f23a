"""From the moment something is heard to the verdict: what came out of what."""

from collections import deque
from collections.abc import Callable, Iterable
from datetime import datetime

from openxmo.office.accounts.access import Access
from openxmo.office.govern.models import TrailLink
from openxmo.office.lib.things import Thing, find_thing

MOST_THINGS = 60  # that one trail shows


def link(earlier: str, later: str, *, by: str, at: datetime) -> None:
    """Record that `later` came out of `earlier` (names as in `lib/things.py`); twice is once."""
    TrailLink.objects.get_or_create(earlier=earlier, later=later, defaults={"made_by": by, "made_at": at})


def unlink(names: Iterable[str]) -> int:
    """Forget what these came out of: they are gone. What came out of them is told as long as it stands itself."""
    return TrailLink.objects.filter(later__in=list(names)).delete()[0]


def find_earlier(name: str, access: Access) -> list[Thing]:
    """What this came out of, and what that came out of: the nearest last, as far as they are seen."""
    return _walk(
        name, access, lambda names: TrailLink.objects.filter(later__in=names).values_list("earlier", flat=True)
    )[::-1]


def find_later(name: str, access: Access) -> list[Thing]:
    """What came out of this, the nearest first."""
    return _walk(
        name, access, lambda names: TrailLink.objects.filter(earlier__in=names).values_list("later", flat=True)
    )


def _walk(name: str, access: Access, step: Callable[[list[str]], Iterable[str]]) -> list[Thing]:
    seen, waiting = {name}, deque([name])
    found: list[Thing] = []
    while waiting and len(found) < MOST_THINGS:
        for other in step([waiting.popleft()]):
            if other not in seen:
                seen.add(other)
                waiting.append(other)
                thing = find_thing(other, access)
                found += [thing] if thing else []
    return found
