"""How contacts are judged (QA) and what was said in them (transcripts)."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from openxmo.core.world.cast import GAMER
from openxmo.core.world.chance import Floats, Ints, choose_by_group
from openxmo.core.world.contacts import dimensions
from openxmo.core.world.issues import Issues
from openxmo.core.world.months import Month
from openxmo.core.world.plan import Plan
from openxmo.core.world.rows import keys, named, rows
from openxmo.core.world.state import SECOND, World, later
from openxmo.core.world.words import BEGGING, FAREWELL, GREETING, STEPS, THANKS, TROUBLE

REVIEWS_A_MONTH = 80
TRANSCRIBED = 0.05
USUAL = {
    "greeting": 0.92,
    "used_the_name": 0.88,
    "identified": 0.97,
    "listened": 0.86,
    "explained": 0.84,
    "right_tone": 0.90,
    "notes_complete": 0.81,
    "closing": 0.93,
}
FIX, OWNED = "confirmed_the_fix", "owned_the_next_step"
TURNS = (
    ("agent", GREETING),
    ("customer", TROUBLE),
    ("agent", STEPS),
    ("customer", THANKS),
    ("agent", FAREWELL),
)


def tell_quality(world: World, month: Month, issues: Issues) -> list[pa.Table]:
    """Ten items for each reviewed first contact: met or missed."""
    rng = world.chance("qa", month)
    pick = rng.permutation(len(issues))[: world.count(REVIEWS_A_MONTH, month)]
    when = later(rng, issues.when[pick], least=24, most=72)
    agent = world.agents.key.take(pa.array(issues.agent[pick]))
    about = pc.binary_join_element_wise(pa.repeat(pa.scalar("agent"), len(pick)), agent, ":")
    shared = {k: v for k, v in dimensions(world, issues, pick, issues.agent[pick]).items() if k not in CUSTOMER}
    tables = []
    for item, chance in item_chances(world.plan, issues, pick).items():
        met = choose_by_group(chance, issues.repeated[pick].astype(np.int64), rng, carry=world.carry(f"qa-{item}"))
        tables.append(
            rows(
                len(pick),
                id=keys(f"qa-{item}", issues.number[pick]),
                source="quality",
                happened_at=when,
                kind="O",
                name="qa",
                item=item,
                value=met,
                label=named(("missed", "met"), met),
                basis="judged",
                about=about,
                contact=keys("contact", issues.number[pick], 1),
                **shared,
            )
        )
    return tables


CUSTOMER = ("subject", "subject_kind", "account")  # a review is about the agent


def item_chances(plan: Plan, issues: Issues, pick: Ints) -> dict[str, Floats]:
    """The chance that each item is met: only two of the ten know whether the issue comes back."""
    back = issues.repeated[pick]
    chances = {item: np.full(len(pick), share) for item, share in USUAL.items()}
    chances[FIX] = np.where(back, plan.fix_met_not, plan.fix_met_solved)
    chances[OWNED] = np.where(back, plan.owned_met_not, plan.owned_met_solved)
    return chances


def tell_transcripts(world: World, month: Month, issues: Issues) -> list[pa.Table]:
    """Five utterances of one in twelve first contacts; the gamers beg in some of theirs, as a sixth."""
    rng = world.chance("transcripts", month)
    gamer = world.agents.sort[issues.agent] == GAMER
    heard = choose_by_group(
        np.full(len(issues), TRANSCRIBED),
        np.where(gamer, 1 + issues.agent, 0),
        rng,
        carry=world.carry("transcripts"),
    )
    pick = np.flatnonzero(heard)
    tables = [_say(world, issues, pick, turn, rng) for turn in range(len(TURNS))]
    theirs = np.flatnonzero(heard & gamer)
    begs = choose_by_group(
        np.full(len(theirs), world.plan.gamer_begs), issues.agent[theirs], rng, carry=world.carry("begs")
    )
    return [*tables, _utter(world, issues, theirs[begs], len(TURNS), "agent", named((BEGGING,), theirs[begs] * 0))]


def _say(world: World, issues: Issues, pick: Ints, turn: int, rng: np.random.Generator) -> pa.Table:
    speaker, lines = TURNS[turn]
    return _utter(world, issues, pick, turn, speaker, named(lines, rng.integers(0, len(lines), len(pick))))


def _utter(world: World, issues: Issues, pick: Ints, turn: int, speaker: str, text: pa.Array) -> pa.Table:
    return rows(
        len(pick),
        id=keys("utterance", issues.number[pick], turn),
        source="transcripts",
        happened_at=issues.when[pick] + (20 + 40 * turn) * SECOND,
        kind="X",
        name="utterance",
        label=speaker,
        basis="recorded",
        text=text,
        contact=keys("contact", issues.number[pick], 1),
        **dimensions(world, issues, pick, issues.agent[pick]),
    )
