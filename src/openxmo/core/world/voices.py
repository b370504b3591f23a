"""What the staff say (the monthly pulse) and learn (training)."""

import numpy as np
import pyarrow as pa

from openxmo.core.world.cast import AGENTS, BRENWICK, SITES
from openxmo.core.world.chance import Ints, choose_by_group, with_mean
from openxmo.core.world.months import Month
from openxmo.core.world.rows import Column, keys, named, rows
from openxmo.core.world.state import World, at_work

ANSWERING = 0.9  # of each team
TOOLS = "tools_knowledge"
ITEMS = ((TOOLS, 3.9), ("manager_listens", 4.0), ("proud_to_work_here", 4.1))
COMPLETED = 0.97
TRAINING_EVERY = 3  # months


def tell_voices(world: World, month: Month) -> list[pa.Table]:
    """The pulse of the agents, and each quarter whether the training was completed."""
    rng, agents = world.chance("pulse", month), world.agents
    answering = choose_by_group(np.full(AGENTS, ANSWERING), agents.team, rng, carry=world.carry("pulse"))
    who = np.flatnonzero(answering)
    when = at_work(rng, month, len(who))
    tables = [_pulse(world, month, who, when, item, usual, rng) for item, usual in ITEMS]
    if month.number % TRAINING_EVERY == 1:
        tables.append(_training(world, month))
    return tables


def _pulse(
    world: World, month: Month, who: Ints, when: Ints, item: str, usual: float, rng: np.random.Generator
) -> pa.Table:
    plan, site = world.plan, world.agents.site[who]
    value = rng.normal(usual, 0.9, len(who))
    for place in range(len(SITES)):
        fallen = item == TOOLS and place == BRENWICK and month.number >= plan.staff_drop
        mean = plan.staff_tools_after if fallen else usual
        value[site == place] = with_mean(value[site == place] + mean - usual, mean, low=1, high=5)
    answer: dict[str, Column] = {
        "kind": "X",
        "item": item,
        "value": value,
        "scale": "1..5",
        "instrument": f"{item}@1",
        "response": keys("pulse", who, month.number),
    }
    return _row(world, who, "pulse", when, id=keys(f"pulse-{item}", who, month.number), source="staff-pulse", **answer)


def _training(world: World, month: Month) -> pa.Table:
    """97 % complete each training, whoever they are: it predicts nothing."""
    rng = world.chance("training", month)
    who = np.arange(AGENTS)
    done = choose_by_group(np.full(AGENTS, COMPLETED), who * 0, rng, carry=world.carry("training"))
    return _row(
        world,
        who,
        "training",
        at_work(rng, month, AGENTS),
        id=keys("training", who, month.number),
        source="learning",
        kind="O",
        item=f"module-{(month.number - 1) // TRAINING_EVERY + 1}",
        label=named(("open", "completed"), done),
    )


def _row(world: World, who: Ints, name: str, when: Ints, **columns: Column) -> pa.Table:
    agents = world.agents
    team = named(agents.teams, agents.team[who])
    return rows(
        len(who),
        happened_at=when,
        name=name,
        subject=agents.key.take(pa.array(who)),
        subject_kind="employee",
        team=team,
        unit=team,
        site=named(SITES, agents.site[who]),
        **columns,
    )
