"""What the routers say by themselves: drop-outs a week, by firmware."""

import numpy as np
import pyarrow as pa

from openxmo.core.world.cast import DISTRICTS, REGIONS
from openxmo.core.world.chance import Ints
from openxmo.core.world.months import DAY, Month
from openxmo.core.world.rows import facts, keys, named, rows
from openxmo.core.world.state import SECOND, World

ROUTERS = 240  # that report; half of them Hub 3
NEW_SHARE = 0.3  # of the Hub 3: set up since the move, with the new firmware
STAGED_DISTRICTS = 4
STAGED_DAYS = 35
OLD, NEW, STAGED = range(3)
FIRMWARE = ("3.1", "3.2", "3.3")


def tell_dropouts(world: World, month: Month) -> pa.Table:
    """One row a router and week: the drop-outs of the week that ends in this month."""
    rng, plan = world.chance("dropouts", month), world.plan
    routers = max(round(ROUTERS * world.scale), 40)
    weeks = np.arange(0, max(month.days - 6, 0), 7)
    router = np.tile(np.arange(routers), len(weeks))
    when = month.first + np.repeat(weeks + 6, routers) * DAY + rng.integers(3600, 80_000, len(router)) * SECOND
    firmware = firmware_of(world, month, router, routers, when)
    mean = np.array([plan.dropouts, plan.dropouts_new_firmware, plan.dropouts_staged])[firmware]
    return rows(
        len(router),
        id=keys("dropout", router, month.number, np.repeat(weeks, routers)),
        source="router-telemetry",
        happened_at=when,
        kind="T",
        name="dropout",
        value=rng.poisson(mean).astype(float),
        device=keys("router", router + 1),
        product=named(("hub_2", "hub_3"), router % 2),
        stage=named(("use", "onboarding"), firmware > OLD),
        region=named(REGIONS, router % 36 // 6),
        unit="it",
        attrs=facts(len(router), firmware=named(FIRMWARE, firmware), district=named(DISTRICTS, router % 36)),
    )


def firmware_of(world: World, month: Month, router: Ints, routers: int, when: Ints) -> Ints:
    """New Hub 3 come with 3.2 from the move on; in the last five weeks 3.3 is rolled out in four districts."""
    new = (router % 2 == 1) & (router < NEW_SHARE * routers) & (month.number >= world.plan.move)
    staged = new & (router % 36 < STAGED_DISTRICTS * 2) & (when >= world.now - STAGED_DAYS * DAY)
    return np.where(staged, STAGED, np.where(new, NEW, OLD))
