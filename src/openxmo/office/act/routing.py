"""Whose a new case is: the team by rule or by who served, and in it whoever has the fewest open cases."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from openxmo.office.act.models import Case
from openxmo.office.act.people import agents_of
from openxmo.office.act.rules import find_routing
from openxmo.office.govern.office import Office


class Load:
    """How many open cases each person has, kept while several cases are given out."""

    def __init__(self, names: Iterable[str] | None = None) -> None:
        rows = Case.objects.filter(due_at__isnull=False).exclude(owner="")
        rows = rows if names is None else rows.filter(owner__in=list(names))
        self.counts = Counter(rows.values_list("owner", flat=True))

    def least_loaded(self, names: Iterable[str]) -> str:
        """Whoever has the fewest; by name where several do; nobody where there is nobody."""
        found = min(sorted(names), key=lambda name: self.counts[name], default="")
        if found:
            self.counts[found] += 1
        return found


def route(office: Office, facts: dict[str, Any], load: Load) -> dict[str, str]:
    """The team and the owner of a case with these facts; no owner: it waits in the lead's queue."""
    rule = find_routing(office, **{key: facts[key] for key in ("unit", "channel", "reason", "product")})
    team = rule.team if rule else facts["team"]
    return {"team": team, "owner": load.least_loaded(agents_of(office, team=team, unit=facts["unit"]))}
