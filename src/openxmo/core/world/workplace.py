"""The employees' own service: IT for 620 staff, whose experience is "Start of shift"."""

import numpy as np
import pyarrow as pa

from openxmo.core.world.cast import STAFF
from openxmo.core.world.chance import Floats, Ints, choose, with_mean
from openxmo.core.world.months import Month
from openxmo.core.world.rows import Column, keys, named, rows
from openxmo.core.world.state import World, at_work

ANSWERS = 40  # a month
TICKETS = 100
DEPARTMENTS = ("operations", "field-operations", "it", "commercial")


def tell_workplace(world: World, month: Month) -> list[pa.Table]:
    """A month of log-ins, tickets and answers; their means are exact in every whole month."""
    rng, plan = world.chance("workplace", month), world.plan
    staff = int(np.clip(round(STAFF * world.scale), 2 * TICKETS, STAFF))
    answers, tickets, logins = (max(round(n * month.share), 10) for n in (ANSWERS, TICKETS, staff))
    login = with_mean(rng.gamma(8, plan.it_login / 8, logins), plan.it_login, places=1, low=3)
    in_time = choose(np.full(tickets, plan.it_in_time), rng)
    who = rng.permutation(STAFF)
    rated: dict[str, Column] = {"kind": "X", "response": keys("it-answer", np.arange(answers), month.number)}
    return [
        _row(rng, month, who[:logins], "login_time", kind="T", value=login, value_unit="s"),
        _row(rng, month, who[:tickets], "it_ticket", kind="O", label=named(("late", "in_time"), in_time)),
        _row(
            rng,
            month,
            who[:answers],
            "csat_it",
            value=_rating(rng, plan.it_satisfaction, answers),
            scale="1..5",
            instrument="csat-it@1",
            **rated,
        ),
        _row(
            rng,
            month,
            who[:answers],
            "ces_it",
            value=_rating(rng, plan.it_effort, answers),
            scale="5..1",
            instrument="ces-it@1",
            **rated,
        ),
    ]


def _rating(rng: np.random.Generator, mean: float, n: int) -> Floats:
    return with_mean(rng.normal(mean, 0.9, n), mean, low=1, high=5)


def _row(rng: np.random.Generator, month: Month, who: Ints, name: str, **columns: Column) -> pa.Table:
    return rows(
        len(who),
        id=keys(name, np.arange(len(who)), month.number),
        source="it-service-desk",
        happened_at=at_work(rng, month, len(who)),
        name=name,
        subject=keys("staff", who + 1_001),
        subject_kind="employee",
        journey="start_of_shift",
        unit=named(DEPARTMENTS, who % len(DEPARTMENTS)),
        **columns,
    )
