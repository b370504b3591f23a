"""Three programmes that ask the same small businesses, and ask them ever more often."""

import numpy as np
import pyarrow as pa

from openxmo.core.world.cast import REGIONS
from openxmo.core.world.chance import Bools, Ints, choose
from openxmo.core.world.months import DAY
from openxmo.core.world.rows import Column, facts, keys, named, rows
from openxmo.core.world.state import SECOND, World, later

BUSINESSES = 1_900
BLOCK_DAYS = 90
PROGRAMMES = ("relationship", "onboarding", "product")
ITEMS = ("reliability", "speed", "price", "support", "too_complicated")


def tell_asking(world: World, block: int) -> list[pa.Table]:
    """Block 0 to 7 of 90 days before the as-of moment: every small business invited as often as planned."""
    plan = world.plan
    start = world.now - (len(plan.asked) - block) * BLOCK_DAYS * DAY
    times = plan.asked[block]
    n = max(round(BUSINESSES * world.scale), 40)
    tables = []
    for turn in range(times):
        rng = world.chance(f"asking-{block}-{turn}")
        who = np.arange(n)
        day = int((turn + 0.5) * BLOCK_DAYS / times)
        sent = later(rng, np.full(n, start // SECOND * SECOND + day * DAY), least=-4, most=4)
        tables += _invite(world, block, turn, who, sent, rng)
    return tables


def _invite(world: World, block: int, turn: int, who: Ints, sent: Ints, rng: np.random.Generator) -> list[pa.Table]:
    plan = world.plan
    answered = choose(np.full(len(who), plan.response[block]), rng)
    straight = choose(np.full(int(answered.sum()), plan.straight[block]), rng)
    replied = later(rng, sent[answered], least=0.5, most=6)
    number = block * 100 + turn
    programme = PROGRAMMES[turn % len(PROGRAMMES)]
    return [
        _row(who, number, programme, "invitation_sent", sent),
        _row(who[answered], number, programme, "invitation_answered", replied),
        *_items(who[answered], number, programme, replied, straight, rng),
    ]


def _items(
    who: Ints, number: int, programme: str, when: Ints, straight: Bools, rng: np.random.Generator
) -> list[pa.Table]:
    """Five answers each, one of them to a question turned round; straight-liners give one answer to all."""
    liking = rng.normal(3.7, 0.7, len(who))
    values = np.clip(np.rint(liking + rng.normal(0, 0.8, (len(ITEMS), len(who)))), 1, 5)
    values[-1] = 6 - values[-1]
    same = (values == values[0]).all(axis=0)
    values[1, same] = np.where(values[0, same] == 5, 4, values[0, same] + 1)
    values[:, straight] = values[0, straight]
    return [
        _row(who, number, programme, "programme_answer", when, item=item, value=values[place])
        for place, item in enumerate(ITEMS)
    ]


def _row(
    who: Ints, number: int, programme: str, name: str, when: Ints, *, item: str = "", value: np.ndarray | None = None
) -> pa.Table:
    asked: dict[str, Column] = {"label": f"{programme}_business"}
    if value is not None:
        asked = {"item": item, "value": value, "scale": "1..5", "instrument": f"{item}@1"}
    return rows(
        len(who),
        id=keys(f"{programme}-{item or name}", who, number),
        source="surveys",
        happened_at=when,
        kind="O" if value is None else "X",
        name=name,
        response=keys(programme, who, number),
        subject=keys("smb", who + 1_001),
        subject_kind="customer",
        account=keys("smb", who + 1_001),
        region=named(REGIONS, who % len(REGIONS)),
        segment="small_business",
        unit="northlight",
        attrs=facts(len(who), programme=f"{programme}_business"),
        **asked,
    )
