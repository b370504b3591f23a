"""Who takes the first walk, over which office, when."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from openxmo.core.signals.store.home import Home
from openxmo.core.world.months import month_start
from openxmo.office.accounts.access import Access
from openxmo.office.govern.session import Session
from openxmo.office.ui.periods import add_months

SAMPLE = "sample.json"  # says of a home that it is the sample organisation, and when its story was told


@dataclass(frozen=True)
class Walk:
    """One person's first walk through an office."""

    office: Session
    access: Access
    at: datetime

    @cached_property
    def sample_told_at(self) -> datetime | None:
        """The moment of the sample's story; None for anybody's own office."""
        return read_sample(self.office.home)

    def month(self, number: int) -> date:
        """The first day of a month of the sample's story, M1 to M25; in an own office the same months back from now."""
        if self.sample_told_at is not None:
            return month_start(self.sample_told_at, number).date()
        return add_months(self.office.today().replace(day=1), number - 25)

    @property
    def is_sample(self) -> bool:
        return self.sample_told_at is not None


def read_sample(home: Home) -> datetime | None:
    path = home.path / SAMPLE
    if not path.exists():
        return None
    return datetime.fromisoformat(json.loads(path.read_text(encoding="utf-8"))["as_of"])
