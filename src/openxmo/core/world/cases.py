"""The closed loop: cases opened by negative answers, replied to and resolved; and those that are open today."""

from datetime import timedelta

import numpy as np
import pyarrow as pa

from openxmo.core.world.answers import Answers
from openxmo.core.world.cast import TEAMS
from openxmo.core.world.chance import Ints, choose_by_group
from openxmo.core.world.contacts import dimensions
from openxmo.core.world.issues import Issues
from openxmo.core.world.months import Month
from openxmo.core.world.opening import add_open_hours, open_hours_before, open_minutes
from openxmo.core.world.rows import Column, keys, named, rows
from openxmo.core.world.state import World
from openxmo.core.world.words import ANGER, MISFILED, NOTICED

AGREED = 0.6  # of those who were not content: may be contacted about it
SETTLED_DAYS = 14  # what was opened longer ago is resolved, so that the open cases are today's alone
CLOCK_HOURS = 4.0  # to the first human reply
AFTER_CONTACT = "after-contact"  # the survey whose answers open today's cases


def tell_cases(world: World, month: Month, issues: Issues, answers: Answers) -> list[pa.Table]:
    """A case for each negative answer whose giver agreed: opened, replied to (in time or not), resolved."""
    rng = world.chance("cases", month)
    agreed = (answers.csat <= 2) & (rng.random(len(answers)) < AGREED)
    agreed &= issues.when[answers.pick] < world.now - SETTLED_DAYS * 24 * 3_600_000_000
    pick = answers.pick[agreed]
    hours = open_minutes(month.start.date(), (month.end + timedelta(days=14)).date())
    opened = add_open_hours(hours, issues.when[pick] + 4 * 3_600_000_000, np.zeros(len(pick)))
    chance = np.full(len(pick), world.plan.replied_in_time)
    in_time = choose_by_group(chance, pick * 0, rng, carry=world.carry("replied"))
    wait = np.where(in_time, rng.uniform(0.3, 3.9, len(pick)), rng.uniform(4.3, 14.0, len(pick)))
    replied = add_open_hours(hours, opened, wait)
    resolved = add_open_hours(hours, replied, rng.uniform(0.5, 16.0, len(pick)))
    states = (("opened", opened), ("replied", replied), ("resolved", resolved))
    return [
        rows(
            len(pick),
            id=keys(f"case-{state}", issues.number[pick]),
            source="cases",
            happened_at=when,
            kind="O",
            name="case",
            label=state,
            response=keys("response", issues.number[pick]),
            contact=keys("contact", issues.number[pick], 1),
            **(dimensions(world, issues, pick, issues.agent[pick]) | {"issue": keys("case", issues.number[pick])}),
        )
        for state, when in states
    ]


def tell_today(world: World) -> list[pa.Table]:
    """Today's bad answers with the words behind them, some past their clock, and a case for each; a complaint misfiled
    as a comment; one customer with three contacts about one issue; and one agent's notice."""
    plan = world.plan
    late = np.linspace(CLOCK_HOURS + 2.5, CLOCK_HOURS + 1.0, plan.cases_late)
    running = np.linspace(CLOCK_HOURS - 0.4, 0.2, plan.cases - plan.cases_late)
    opened = open_hours_before(world.as_of, np.concatenate([late, running]))
    who = np.flatnonzero(world.alive)[: plan.cases + 2]
    angry, misfiled, thrice = who[:-2], who[-2:-1], who[-1:].repeat(3)
    cases = np.arange(plan.cases)
    case = {"issue": keys("case-today", cases), "response": keys("today", cases)}
    words = named([ANGER[i % len(ANGER)] for i in range(plan.cases)], cases)
    asked = {"source": AFTER_CONTACT, "kind": "X"}
    return [
        _row(world, angry, "case", opened, kind="O", label="opened", **case),
        _row(world, angry, "csat", opened, value=1.0 + cases % 2, scale="1..5", **asked, **case),
        _row(world, angry, "comment", opened, text=words, **asked, **case),
        _row(world, angry, "consent", opened, **(asked | {"kind": "O"}), item="may-contact", label="yes", **case),
        _row(world, misfiled, "comment", opened[-1:], text=MISFILED, **asked, id="today-misfiled", response="misfiled"),
        _three_contacts(world, thrice),
        _noticed(world),
    ]


def _row(world: World, who: Ints, name: str, when: Ints, **columns: Column) -> pa.Table:
    homes = world.households
    team = named([name for name, _ in TEAMS], np.arange(len(who)) % len(TEAMS))
    own: dict[str, Column] = {
        "id": keys(f"today-{name}", np.arange(len(who))),
        "source": "cases",
        "happened_at": when,
        "name": name,
        "subject": homes.key(who),
        "subject_kind": "customer",
        "account": homes.account(who),
        "product": homes.product(who),
        "region": homes.region(who),
        "segment": "home",
        "team": team,
        "unit": team,
    }
    return rows(len(who), **(own | columns))


def _three_contacts(world: World, who: Ints) -> pa.Table:
    """Three contacts about one issue in three days: one failed journey, not three."""
    return _row(
        world,
        who,
        "contact",
        open_hours_before(world.as_of, np.array([17.0, 9.5, 1.5])),
        kind="O",
        label="needed",
        source="contact-centre",
        channel=named(("phone", "chat"), np.array([0, 1, 0])),
        reason="activation",
        stage="onboarding",
        journey="join",
        issue="issue-today-thrice",
        contact=keys("contact-today", np.arange(3)),
    )


def _noticed(world: World) -> pa.Table:
    """What any employee may write down in a minute."""
    team = TEAMS[int(world.agents.team[0])][0]
    return rows(
        1,
        id="noticed-hub-3-lights",
        source="noticed",
        happened_at=open_hours_before(world.as_of, np.array([26.0])),
        kind="X",
        name="noticed",
        basis="recorded",
        text=NOTICED,
        subject=world.agents.key.slice(0, 1),
        subject_kind="employee",
        about="article:hub-3-lights",
        team=team,
        unit=team,
    )
