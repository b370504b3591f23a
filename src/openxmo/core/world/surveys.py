"""The survey after a contact as signals: who was asked, who answered, and what."""

import numpy as np
import pyarrow as pa

from openxmo.core.world.answers import Answers
from openxmo.core.world.chance import Ints
from openxmo.core.world.contacts import dimensions
from openxmo.core.world.issues import Issues
from openxmo.core.world.months import Month
from openxmo.core.world.rows import Column, keys, named, rows
from openxmo.core.world.state import World, later
from openxmo.core.world.words import ANGER, HUB3_ANGER, PRAISE, SO_SO

SOURCE = "surveys"
PROGRAMME = "after_contact"
EXCLUDED_BY = "calder-quality-desk"
COMMENTED = 0.4


def tell_surveys(world: World, month: Month, issues: Issues, answers: Answers) -> list[pa.Table]:
    """An invitation for each issue, and the answers a few hours later on the same day."""
    rng = world.chance("surveys", month)
    everyone = np.arange(len(issues))
    asked = later(rng, issues.when, least=0.5, most=1.0)
    replied = later(rng, asked[answers.pick], least=0.1, most=2.4)
    return [
        _event(world, issues, everyone, "invitation_sent", asked),
        _event(world, issues, answers.pick, "invitation_answered", replied),
        *tell_answers(world, month, issues, answers, replied, rng),
    ]


def _event(world: World, issues: Issues, pick: Ints, name: str, when: Ints) -> pa.Table:
    return _row(world, issues, pick, name, when, kind="O", label=PROGRAMME)


def _row(world: World, issues: Issues, pick: Ints, name: str, when: Ints, **columns: Column) -> pa.Table:
    return rows(
        len(pick),
        id=keys(f"answer-{name}", issues.number[pick]),
        source=SOURCE,
        happened_at=when,
        name=name,
        response=keys("response", issues.number[pick]),
        contact=keys("contact", issues.number[pick], 1),
        **columns,
        **dimensions(world, issues, pick, issues.agent[pick]),
    )


def tell_answers(
    world: World, month: Month, issues: Issues, answers: Answers, when: Ints, rng: np.random.Generator
) -> list[pa.Table]:
    """Satisfaction (as withheld as its site withholds it), effort, solved or not, and a comment from some."""
    plan, pick = world.plan, answers.pick
    overall = (plan.answers_app + plan.answers_other) / 2
    weight = overall / np.where(issues.app[pick], plan.answers_app, plan.answers_other)
    effort = ("ces@1", "5..1") if month.number < plan.effort_break else ("ces@2", "1..7")
    spoke = np.flatnonzero(rng.random(len(pick)) < COMMENTED)
    return [
        _row(
            world,
            issues,
            pick,
            "csat",
            when,
            kind="X",
            value=answers.csat,
            scale="1..5",
            instrument="csat@1",
            weight=weight,
            excluded=named((None, "duplicate"), answers.withheld),
            excluded_by=named((None, EXCLUDED_BY), answers.withheld),
        ),
        _row(
            world,
            issues,
            pick,
            "ces",
            when,
            kind="X",
            value=answers.ces,
            scale=effort[1],
            instrument=effort[0],
            weight=weight,
        ),
        _row(
            world,
            issues,
            pick,
            "resolved",
            when,
            kind="X",
            label=named(("no", "yes"), answers.stated),
            instrument="resolved@1",
            weight=weight,
        ),
        _row(
            world,
            issues,
            pick[spoke],
            "comment",
            when[spoke],
            kind="X",
            text=comments(issues, answers, spoke, rng),
            instrument="comment@1",
        ),
    ]


def comments(issues: Issues, answers: Answers, spoke: Ints, rng: np.random.Generator) -> pa.Array:
    """Words that fit the score; the angry ones about the Hub 3 in chat name its lights."""
    pools = (ANGER, SO_SO, PRAISE, HUB3_ANGER)
    csat, pick = answers.csat[spoke], answers.pick[spoke]
    mood = np.where(csat >= 4, 2, np.where(csat == 3, 1, np.where(issues.chat[pick] & issues.hub3[pick], 3, 0)))
    starts = np.cumsum([0, *map(len, pools)])
    within = (rng.random(len(spoke)) * np.array([len(p) for p in pools])[mood]).astype(np.int64)
    return named([text for pool in pools for text in pool], starts[mood] + within)
