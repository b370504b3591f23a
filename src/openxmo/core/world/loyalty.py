"""What loyalty is worth: who leaves, who renews, and who would recommend."""

import numpy as np
import pyarrow as pa

from openxmo.core.world.chance import Floats, Ints, choose_by_group
from openxmo.core.world.months import Month
from openxmo.core.world.rows import Column, keys, named, rows
from openxmo.core.world.state import NO_ANSWER, World, at_work, later

SOURCE = "billing"
USUAL_LOSS = 1.6  # CES points below the best, of those who were not heard
YEARLY_FEE = 420.0
ASKED = 1_000  # invited to each NPS wave, one a quarter
CONTRACT_MONTHS = 24


def tell_churn(world: World, month: Month) -> pa.Table:
    """Who leaves this month: the chance grows by the planned factor with each point of effort lost, by nothing else."""
    plan, rng = world.plan, world.chance("churn", month)
    alive = np.flatnonzero(world.alive)
    lost = world.lost[alive]
    points = np.where(lost == NO_ANSWER, USUAL_LOSS, lost)
    chance = plan.churn_a_month * month.share * plan.hazard_per_ces_point**points
    gone = alive[choose_by_group(chance, lost + 1 + 10 * world.by_ces2[alive], rng, carry=world.carry("churn"))]
    world.alive[gone] = False
    return _money(world, month, gone, "churn", at_work(rng, month, len(gone)), np.ones(len(gone)))


def tell_renewals(world: World, month: Month) -> pa.Table:
    """Each household's contract runs for two years: one in 24 is due in a month, and renews unless it has left."""
    rng = world.chance("renewals", month)
    due = np.arange(month.number - 1, len(world.households), CONTRACT_MONTHS)
    due = due if month.number <= CONTRACT_MONTHS else due[:0]
    stays = world.alive[due]
    told = _money(world, month, due, "renewal", at_work(rng, month, len(due)), stays * CONTRACT_MONTHS / 12)
    return told.append_column("label", named(("lapsed", "renewed"), stays))


def _money(world: World, month: Month, who: Ints, name: str, when: Ints, years: Floats) -> pa.Table:
    homes = world.households
    return rows(
        len(who),
        id=keys(name, who, month.number),
        source=SOURCE,
        happened_at=when,
        kind="B",
        name=name,
        value=YEARLY_FEE * years,
        value_unit="GBP",
        subject=homes.key(who),
        subject_kind="customer",
        account=homes.account(who),
        region=homes.region(who),
        product=homes.product(who),
        segment="home",
        unit="northlight",
    )


def wave_counts(world: World, month: Month) -> tuple[int, int, int]:
    """Promoters, passives and detractors of the month's wave: the last two as planned, the earlier near the first."""
    waves = world.plan.nps_waves
    if month.number >= 21:
        return waves[0] if month.number == 21 else waves[1]
    rng = world.chance("nps-counts", month)
    more, fewer = rng.integers(-8, 9), rng.integers(-6, 7)
    promoters, passives, detractors = waves[0]
    return promoters + int(more), passives - int(more) - int(fewer), detractors + int(fewer)


def tell_nps(world: World, month: Month) -> list[pa.Table]:
    """A wave in every third month: 300 answer, the better the less effort they had; beyond it they tell no churn."""
    if month.number % 3 or month.number > 24:
        return []
    rng = world.chance("nps", month)
    alive = np.flatnonzero(world.alive)
    asked = rng.permutation(alive)[: min(ASKED, len(alive))]
    counts = np.array(wave_counts(world, month))
    heard = world.lost[asked] != NO_ANSWER
    who = asked[np.argsort(~heard, kind="stable")][: counts.sum()]
    liking = -np.where(world.lost[who] == NO_ANSWER, USUAL_LOSS, world.lost[who]) / 1.5 + rng.normal(0, 1, len(who))
    rank = np.argsort(np.argsort(-liking))
    promoters, passives = counts[0], counts[0] + counts[1]
    spread = rng.random(len(who))
    value = np.where(
        rank < promoters,
        9 + (spread < 0.5),
        np.where(rank < passives, 7 + (spread < 0.6), np.floor(spread**0.5 * 7)),
    )
    sent = at_work(rng, month, len(asked))
    sent = np.minimum(sent, month.past - 4 * 86_400_000_000)
    place = {int(household): index for index, household in enumerate(asked)}
    when = later(rng, sent[[place[int(household)] for household in who]], least=1, most=3)
    return [
        _asked(world, month, asked, "invitation_sent", sent),
        _asked(world, month, who, "invitation_answered", when),
        _asked(world, month, who, "nps", when, value=value),
    ]


def _asked(world: World, month: Month, who: Ints, name: str, when: Ints, value: np.ndarray | None = None) -> pa.Table:
    homes = world.households
    answer: dict[str, Column] = {"label": "relationship_home"}
    if value is not None:
        answer = {"value": value, "scale": "0..10", "instrument": "nps@1"}
    return rows(
        len(who),
        id=keys(f"relationship-{name}", who, month.number),
        source="surveys",
        happened_at=when,
        kind="O" if value is None else "X",
        name=name,
        response=keys("wave", who, month.number),
        subject=homes.key(who),
        subject_kind="customer",
        account=homes.account(who),
        region=homes.region(who),
        product=homes.product(who),
        segment="home",
        unit="northlight",
        **answer,
    )
