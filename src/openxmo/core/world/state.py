"""The world between two months: what does not change, and what the months leave behind."""

from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from openxmo.core.world.cast import Agents, Households, cast_agents, cast_households, draw_districts
from openxmo.core.world.chance import Bools, Carry, Floats, Ints, stream
from openxmo.core.world.months import HOUR, Month, story_months, to_micros
from openxmo.core.world.plan import CALM, STORY, Plan

DEFAULT_SIZE = 600_000
FIXED = 32_000  # signals whose number does not grow with the world: staff pulse, NPS waves, IT
SECOND = 1_000_000
NO_ANSWER = -1


@dataclass
class World:
    """One world being told. `alive` and `lost` change from month to month; `carry` keeps shares exact."""

    seed: int
    as_of: datetime
    plan: Plan
    scale: float
    months: tuple[Month, ...]
    agents: Agents
    households: Households
    checked: Bools  # the districts with the activation check
    alive: Bools
    lost: Ints  # CES points lost by the household's last answer, or NO_ANSWER
    by_ces2: Bools  # whether that answer was to CES 2.0
    carries: dict[str, Carry] = field(default_factory=dict)

    @property
    def now(self) -> int:
        return to_micros(self.as_of)

    def carry(self, part: str) -> Carry:
        return self.carries.setdefault(part, Carry())

    def chance(self, part: str, month: Month | None = None) -> np.random.Generator:
        return stream(self.seed, part, month.number if month else 0)

    def count(self, a_month: float, month: Month) -> int:
        """How many of something that happens `a_month` times in the default world."""
        return max(round(a_month * self.scale * month.share), 1)


def begin(*, seed: int, size: int, as_of: datetime, planted: bool) -> World:
    """The world before its first month."""
    plan = STORY if planted else CALM
    scale = max((size - FIXED) / (DEFAULT_SIZE - FIXED), 0.02)
    households = cast_households(seed, scale, plan.hub3_share)
    return World(
        seed=seed,
        as_of=as_of,
        plan=plan,
        scale=scale,
        months=story_months(as_of),
        agents=cast_agents(seed),
        households=households,
        checked=draw_districts(seed),
        alive=np.ones(len(households), dtype=bool),
        lost=np.full(len(households), NO_ANSWER),
        by_ces2=np.zeros(len(households), dtype=bool),
    )


def at_work(rng: np.random.Generator, month: Month, n: int) -> Ints:
    """n moments of the month between 08:00 and 20:00 UTC, so that day and month are the same in every zone near."""
    day = rng.integers(0, max(month.days, 1), n)
    second = rng.integers(8 * 3600, 20 * 3600, n)
    return month.first + (day * 86_400 + second) * SECOND


def later(rng: np.random.Generator, times: Ints, *, least: float, most: float) -> Ints:
    """Moments between `least` and `most` hours after, to the second."""
    hours: Floats = rng.uniform(least, most, len(times))
    return times + (hours * HOUR).astype(np.int64) // SECOND * SECOND
