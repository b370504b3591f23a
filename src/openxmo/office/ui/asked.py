"""What the address asks for: a unit and a period, kept from page to page, so that any view can be shared."""

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext

from openxmo.core.errors import NotAllowed
from openxmo.office.lib.clock import now
from openxmo.office.ui.periods import DEFAULT, Period, offered, read_period

KEPT = ("unit", "period")


@dataclass(frozen=True)
class Asked:
    """`unit` is a key, None for all that the person sees; `given` is what the address itself says."""

    unit: str | None
    period: Period
    given: dict[str, str] = field(default_factory=dict)

    @property
    def since(self) -> date | None:
        return self.period.since

    @property
    def until(self) -> date | None:
        return self.period.until

    @cached_property
    def query(self) -> str:
        return urlencode(self.given)

    def carry(self, address: str) -> str:
        """The address with the same unit and period; what it already says wins."""
        parts = urlsplit(address)
        if parts.netloc or not self.given:
            return address
        said = parse_qsl(parts.query, keep_blank_values=True)
        names = {name for name, _ in said}
        said += [(name, value) for name, value in self.given.items() if name not in names]
        return urlunsplit(parts._replace(query=urlencode(said)))


def asked_of(request: HttpRequest) -> Asked:
    """What this request asks for. `NotAllowed` for a unit that the person does not see, `WrongUsage` for no period."""
    given = {name: request.GET[name] for name in KEPT if request.GET.get(name)}
    unit = given.get("unit")
    access: Any = getattr(request, "access", None)
    if unit and not (access and access.sees_unit(unit)):
        raise NotAllowed(
            gettext("You do not see the unit %s.") % unit, mend=gettext("Choose one of yours at the top of the page.")
        )
    return Asked(unit, read_period(given.get("period", DEFAULT), today=today()), given)


def periods_offered(asked: Asked) -> list[Period]:
    """The usual ones, and the one being looked at where it is another."""
    usual = offered(today())
    return usual if asked.period in usual else [asked.period, *usual]


def today() -> date:
    """The day it is in the office."""
    return timezone.localtime(now()).date()
