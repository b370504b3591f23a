"""Joining: the order, the visit, the firm that installs, what was promised and what it was like."""

import numpy as np
import pyarrow as pa

from openxmo.core.world.cast import COAST, FIRMS_OF, REGIONS, SLOW_FIRMS
from openxmo.core.world.chance import Bools, Floats, Ints, choose, choose_by_group, with_mean
from openxmo.core.world.months import DAY, Month
from openxmo.core.world.rows import Column, facts, keys, named, rows
from openxmo.core.world.state import SECOND, World, at_work, later
from openxmo.core.world.words import RIVAL

ORDERS_A_MONTH = 250
ASKED = 0.4  # of the orders: what do you expect, and what was it like
RATED = 0.25  # of the visits


def tell_onboarding(world: World, month: Month) -> list[pa.Table]:
    """The month's orders from order to first use."""
    rng = world.chance("orders", month)
    n = world.count(ORDERS_A_MONTH, month)
    who = rng.choice(np.flatnonzero(world.alive), n, replace=False)
    region = world.households.district[who] // 6
    firm = np.cumsum([0, *FIRMS_OF])[region] + (rng.random(n) * np.array(FIRMS_OF)[region]).astype(np.int64)
    orders = Orders(world, month, who, at_work(rng, month, n), region, firm)
    slow = firm < SLOW_FIRMS
    return [
        *_steps(orders, slow, rng),
        *_promise(orders, rng),
        *_visits(orders, rng),
        *([_rival_note(month)] if month.number == world.plan.rival_note else []),
    ]


class Orders:
    """One month's orders, and the row that each step of one makes."""

    def __init__(self, world: World, month: Month, who: Ints, when: Ints, region: Ints, firm: Ints) -> None:
        self.world, self.month, self.who, self.when, self.region, self.firm = world, month, who, when, region, firm

    def __len__(self) -> int:
        return len(self.who)

    def rows(self, pick: Ints, name: str, when: Ints, *, source: str = "orders", **columns: Column) -> pa.Table:
        homes, who = self.world.households, self.who[pick]
        district = homes.district[who]
        own: dict[str, Column] = {
            "subject": homes.key(who),
            "subject_kind": "customer",
            "account": homes.account(who),
            "unit": "field-operations",
        }
        return rows(
            len(pick),
            id=keys(f"{name}-{columns.get('item', '')}".rstrip("-"), pick, self.month.number),
            source=source,
            happened_at=when,
            name=name,
            issue=keys("order", pick, self.month.number),
            journey="join",
            stage="onboarding",
            region=named(REGIONS, self.region[pick]),
            product=homes.product(who),
            segment="home",
            attrs=facts(
                len(pick),
                district=homes.district_name(who),
                check=named(("no", "yes"), self.world.checked[district]),
                installer=keys("firm", self.firm[pick] + 1),
            ),
            **(own | columns),
        )


def _steps(orders: Orders, slow: Bools, rng: np.random.Generator) -> list[pa.Table]:
    """Order taken, firm answered, installed on time or not, live; four firms of the North take their time."""
    plan, every = orders.world.plan, np.arange(len(orders))
    hours = _two_means(rng.gamma(4, 1, len(orders)), slow, plan.slow_firms_hours, plan.firms_hours, low=0.2)
    days = _two_means(rng.gamma(6, 1, len(orders)), slow, plan.slow_firms_days, plan.firms_days, low=0.5)
    on_time = choose_by_group(
        np.full(len(orders), plan.installed_on_time),
        np.zeros(len(orders), dtype=np.int64),
        rng,
        carry=orders.world.carry("on_time"),
    )
    live = orders.when + (days * 86_400).astype(np.int64) * SECOND
    firm: dict[str, Column] = {
        "subject": keys("firm", orders.firm + 1),
        "subject_kind": "partner",
        "account": keys("firm", orders.firm + 1),
    }
    return [
        orders.rows(every, "stage_enter", orders.when, kind="O", label="onboarding"),
        orders.rows(
            every, "partner_response", orders.when, source="partners", kind="O", value=hours, value_unit="h", **firm
        ),
        orders.rows(every, "installed_on_time", live, kind="O", label=named(("no", "yes"), on_time)),
        orders.rows(every, "time_to_onboard", live, kind="O", value=days, value_unit="d"),
        orders.rows(every, "stage_leave", live, kind="O", label="onboarding"),
    ]


def _two_means(values: Floats, slow: Bools, slow_mean: float, mean: float, *, low: float) -> Floats:
    """The values spread about two means, to a tenth: one for the slow, one for all others."""
    told: Floats = values / values.mean()
    for which, wanted in ((slow, slow_mean), (~slow, mean)):
        told[which] = with_mean(told[which] * wanted, wanted, places=1, low=low)
    return told


def _promise(orders: Orders, rng: np.random.Generator) -> list[pa.Table]:
    """'Works the same evening', 0 to 10: what is expected at the order, and what it was like two weeks later."""
    plan = orders.world.plan
    pick = np.flatnonzero(choose(np.full(len(orders), ASKED), rng))
    hoped = plan.expected_after if orders.month.number >= plan.rival_note else plan.expected_before
    expected = with_mean(rng.normal(hoped, 1.2, len(pick)), hoped, low=0, high=10)
    experienced = with_mean(rng.normal(plan.experienced, 2.2, len(pick)), plan.experienced, low=0, high=10)
    asked = {"kind": "X", "item": "same_evening", "scale": "0..10", "source": "surveys"}
    return [
        orders.rows(pick, "expected", later(rng, orders.when[pick], least=0.1, most=1), value=expected, **asked),
        orders.rows(pick, "experienced", orders.when[pick] + 14 * DAY, value=experienced, **asked),
    ]


def _visits(orders: Orders, rng: np.random.Generator) -> list[pa.Table]:
    """Satisfaction with the technician's visit; those of the Coast call ahead."""
    plan = orders.world.plan
    pick = np.flatnonzero(choose(np.full(len(orders), RATED), rng, within=(orders.region,)))
    coast = orders.region[pick] == COAST
    chance = np.where(coast, plan.visit_top2_coast, plan.visit_top2)
    pleased = choose_by_group(chance, coast.astype(np.int64), rng, carry=orders.world.carry("visits"))
    draw = rng.random(len(pick))
    value = np.where(pleased, 4 + (draw < 0.7), 1 + np.floor(draw * 3))
    when = later(rng, orders.when[pick], least=3, most=9)
    return [
        orders.rows(
            pick,
            "csat_visit",
            when,
            source="surveys",
            kind="X",
            value=value,
            scale="1..5",
            instrument="csat-visit@1",
            response=keys("visit", pick, orders.month.number),
            touchpoint="technician_visit",
            agent=keys("technician", orders.firm[pick] + 1, pick % 3),
        )
    ]


def _rival_note(month: Month) -> pa.Table:
    return rows(
        1,
        id="note-rival-live-in-24-h",
        source="research",
        happened_at=np.array([month.first + 9 * 3600 * SECOND]),
        kind="B",
        name="note",
        basis="researched",
        about="competitor:brightwave",
        label="promise",
        text=RIVAL,
        journey="join",
        stage="onboarding",
        unit="northlight",
    )
