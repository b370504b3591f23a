"""Contacts and what the contact centre records of them: time, hand-overs, escalations, the end."""

from typing import Any

import numpy as np
import pyarrow as pa

from openxmo.core.world.cast import AGENTS, BRENWICK, REGIONS, SITES
from openxmo.core.world.chance import Bools, Floats, Ints, choose_by_group, with_mean
from openxmo.core.world.issues import REASONS, STAGES, Issues
from openxmo.core.world.months import Month
from openxmo.core.world.rows import facts, keys, named, rows
from openxmo.core.world.state import SECOND, World, later

SOURCE = "contact-centre"
AVOIDABLE_A_MONTH = 125
HANDLE_SECONDS = 420.0
JOURNEYS = {"onboarding": "join", "use": "use", "pay": "pay", "change": "change"}


def dimensions(world: World, issues: Issues, pick: Ints, agent: Ints) -> dict[str, Any]:
    """The columns that every row about these issues carries."""
    homes, who = world.households, issues.household[pick]
    stages = [STAGES[r] for r in range(len(REASONS))]
    return {
        "subject": homes.key(who),
        "subject_kind": "customer",
        "account": homes.account(who),
        "agent": world.agents.key.take(pa.array(agent)),
        "team": named(world.agents.teams, world.agents.team[agent]),
        "unit": named(world.agents.teams, world.agents.team[agent]),
        "site": named(SITES, world.agents.site[agent]),
        "issue": keys("issue", issues.number[pick]),
        "channel": named(("phone", "chat"), issues.chat[pick]),
        "product": named(("hub_2", "hub_3"), issues.hub3[pick]),
        "reason": named(REASONS, issues.reason[pick]),
        "stage": named(stages, issues.reason[pick]),
        "journey": named([JOURNEYS[s] for s in stages], issues.reason[pick]),
        "region": named(REGIONS, homes.district[who] // 6),
        "segment": "home",
        "attrs": circumstances(world, issues, pick, agent),
    }


def circumstances(world: World, issues: Issues, pick: Ints, agent: Ints) -> pa.Array:
    """App user or not, district, whether it has the activation check, and the agent's part in the scripts' trial."""
    district = world.households.district[issues.household[pick]]
    return facts(
        len(pick),
        app=named(("no", "yes"), issues.app[pick]),
        district=world.households.district_name(issues.household[pick]),
        check=named(("no", "yes"), world.checked[district]),
        scripts=named((None, None, None, "given", "next_worst"), world.agents.sort[agent]),
    )


def tell_contacts(world: World, month: Month, issues: Issues) -> list[pa.Table]:
    """The first contacts and the repeats, with their handle time, hand-overs, escalations and ends."""
    rng = world.chance("contacts", month)
    first = np.arange(len(issues))
    again = np.flatnonzero(issues.repeated)
    twice = again[rng.random(len(again)) < 0.15]
    pick = np.concatenate([first, again, twice])
    days = np.concatenate([np.zeros(len(first)), rng.integers(1, 4, len(again)), rng.integers(4, 7, len(twice))])
    when = issues.when[pick] + (days * 86_400).astype(np.int64) * SECOND
    when = np.where(days > 0, later(rng, when, least=-1.5, most=1.5), when)
    agent = np.where(days > 0, rng.integers(0, AGENTS, len(pick)), issues.agent[pick])
    turn = np.repeat([1, 2, 3], [len(first), len(again), len(twice)])
    seconds = handle_seconds(world, month, world.agents.site[agent], issues.chat[pick], rng)
    shared = dimensions(world, issues, pick, agent) | {"contact": keys("contact", issues.number[pick], turn)}
    avoidable = flag_avoidable(world, month, len(first), len(pick), rng)
    turns = np.bincount(pick, minlength=len(issues))
    return [
        rows(
            len(pick),
            id=keys("contact", issues.number[pick], turn),
            source=SOURCE,
            happened_at=when,
            ended_at=when + seconds.astype(np.int64) * SECOND,
            kind="O",
            name="contact",
            label=named(("needed", "avoidable"), avoidable),
            **shared,
        ),
        rows(
            len(pick),
            id=keys("handle", issues.number[pick], turn),
            source=SOURCE,
            happened_at=when,
            kind="O",
            name="handle_time",
            value=seconds,
            value_unit="s",
            **shared,
        ),
        *tell_outcomes(world, month, issues, turns, rng),
    ]


def handle_seconds(world: World, month: Month, site: Ints, chat: Bools, rng: np.random.Generator) -> Floats:
    """Seconds per contact, with the same mean at each site except at Brenwick under the cap."""
    seconds = rng.gamma(9, HANDLE_SECONDS / 9, len(site)) + np.where(chat, 30.0, -10.0)
    for place in range(len(SITES)):
        capped = place == BRENWICK and world.plan.cap <= month.number < world.plan.cap_ends
        mean = HANDLE_SECONDS + (world.plan.cap_seconds if capped else 0.0)
        seconds[site == place] = with_mean(seconds[site == place], mean, low=45)
    return seconds


def flag_avoidable(world: World, month: Month, first: int, n: int, rng: np.random.Generator) -> Bools:
    """Exactly so many first contacts a month could have been avoided."""
    avoidable = np.zeros(n, dtype=bool)
    avoidable[rng.permutation(first)[: world.count(AVOIDABLE_A_MONTH, month)]] = True
    return avoidable


def tell_outcomes(world: World, month: Month, issues: Issues, turns: Ints, rng: np.random.Generator) -> list[pa.Table]:
    """Hand-overs, escalations, and the agent's word whether it is resolved: all are but those handed on.

    `turns` is how often each issue was brought: escalations are planned as a share of contacts.
    """
    plan = world.plan
    chance = np.full(len(issues), plan.escalated)
    if month.number >= plan.move:
        chance[issues.hub3] = plan.escalated_hub3_after
    escalated = choose_by_group(chance * turns, issues.hub3.astype(np.int64), rng, carry=world.carry("escalated"))
    told = (
        ("transferred", issues.transferred, 0.05, "second-line"),
        ("escalation", escalated, 0.10, "field-engineering"),
        ("resolved", ~issues.transferred, 0.30, "yes"),
        ("resolved", issues.transferred, 0.30, "no"),
    )
    return [_outcome(world, issues, np.flatnonzero(which), name, hours, label) for name, which, hours, label in told]


def _outcome(world: World, issues: Issues, pick: Ints, name: str, hours: float, label: str) -> pa.Table:
    return rows(
        len(pick),
        id=keys(name, issues.number[pick]),
        source=SOURCE,
        happened_at=issues.when[pick] + int(hours * 3600) * SECOND,
        kind="O",
        name=name,
        label=label,
        contact=keys("contact", issues.number[pick], 1),
        **dimensions(world, issues, pick, issues.agent[pick]),
    )
