"""What customers answer after a contact: satisfaction, effort, whether it was solved; and what Calder leaves out."""

from dataclasses import dataclass

import numpy as np

from openxmo.core.world.cast import CALDER, GAMER, SITES, STAR
from openxmo.core.world.chance import Bools, Floats, Ints, choose_by_group
from openxmo.core.world.issues import Issues
from openxmo.core.world.months import Month
from openxmo.core.world.plan import Plan, overall_top2, site_offsets, top2_target
from openxmo.core.world.state import World

SOLVED_LIFT = 0.12  # of the top-2 share, where the issue was solved
FREE_ROUNDS = 8


@dataclass(frozen=True)
class Answers:
    """One month's answers as columns; `pick` says to which of the month's issues each belongs."""

    pick: Ints
    csat: Ints
    ces: Ints  # in the scale of its instrument
    stated: Bools  # "was it solved at the first contact?"
    withheld: Bools  # left out of its site's own reports

    def __len__(self) -> int:
        return len(self.pick)


def draw_answers(world: World, month: Month, issues: Issues) -> Answers:
    """The answers of a month; leaves in `world.lost` what effort the households last reported."""
    rng, plan = world.chance("answers", month), world.plan
    pick = np.flatnonzero(issues.answered)
    sort, site = world.agents.sort[issues.agent[pick]], world.agents.site[issues.agent[pick]]
    app, chat, hub3, solved = issues.app[pick], issues.chat[pick], issues.hub3[pick], issues.solved[pick]
    special = special_groups(plan, sort, site)
    top2 = choose_by_group(
        top2_chances(world, month.number, issues, pick),
        exact_groups(plan, month.number, special, chat, hub3, site),
        rng,
        carry=world.carry("top2"),
        within=(site, app),
    )
    csat = draw_scores(world, top2, app, special, site, rng)
    stated_chance = np.where(solved, plan.stated_if_solved, plan.stated_if_not)
    stated = choose_by_group(stated_chance, solved.astype(np.int64), rng, carry=world.carry("stated"))
    ces, lost = draw_effort(plan, month.number, csat, solved, rng)
    world.lost[issues.household[pick]] = lost
    world.by_ces2[issues.household[pick]] = month.number >= plan.effort_break
    held = np.where((site == CALDER) & (csat <= 2) & (month.number >= plan.withheld_from), plan.withheld, 0.0)
    withheld = choose_by_group(held, (held > 0).astype(np.int64), rng, carry=world.carry("withheld"))
    return Answers(pick=pick, csat=csat, ces=ces, stated=stated, withheld=withheld)


def exact_groups(plan: Plan, month: int, special: Ints, chat: Bools, hub3: Bools, site: Ints) -> Ints:
    """Within which the top-2 share comes out exact: by telephone each site, by chat each router, both anew in each
    window; besides them each gamer, and the star."""
    common = 10 * (1 + window(plan, month)) + np.where(chat, len(SITES) + hub3, site)
    return np.where(special > 0, special, common)


def window(plan: Plan, month: int) -> int:
    """0 to 3: before, the three months before the move, the three from it, after."""
    return int(np.searchsorted([plan.move - 3, plan.move, plan.move + 3], month, side="right"))


def special_groups(plan: Plan, sort: Ints, site: Ints) -> Ints:
    """Answers about the star are 1, about each gamer 2 and up by site, about all others 0."""
    groups = np.zeros(len(sort), dtype=np.int64)
    if plan.star_top_box is not None:
        groups[sort == STAR] = 1
    if plan.gamer_top_box is not None:
        groups[sort == GAMER] = 2 + site[sort == GAMER]
    return groups


def top2_chances(world: World, month: int, issues: Issues, pick: Ints) -> Floats:
    """Each answer's chance of a four or five: by channel, router and site as planned whoever the agents are.

    The gamers' and the star's chances are their own; all others' are moved until the planned shares stand.
    """
    plan = world.plan
    chat, hub3, app = issues.chat[pick], issues.hub3[pick], issues.app[pick]
    site, sort = world.agents.site[issues.agent[pick]], world.agents.sort[issues.agent[pick]]
    targets = np.array([[top2_target(plan, month, chat=c, hub3=h) for h in (False, True)] for c in (False, True)])
    lift = SOLVED_LIFT * issues.solved[pick]
    chances = targets[chat.astype(int), hub3.astype(int)] + plan.top2_app_gap * (app - 0.75) + lift - lift.mean()
    fixed = np.full(len(pick), np.nan)
    for role, top_box in ((GAMER, plan.gamer_top_box), (STAR, plan.star_top_box)):
        if top_box is not None:
            fixed[sort == role] = (1 + top_box) / 2
    free = np.isnan(fixed)
    chances = np.where(free, chances, fixed)
    whole = overall_top2(plan, month)
    margins: list[tuple[Bools, float]] = [
        (site == place, whole + offset) for place, offset in enumerate(site_offsets(plan, month))
    ]
    margins += [((chat == c) & (hub3 == h), targets[int(c), int(h)]) for c in (False, True) for h in (False, True)]
    for _ in range(FREE_ROUNDS):
        for members, target in margins:
            shift_to(chances, members, members & free, target)
    return chances


def shift_to(chances: Floats, members: Bools, free: Bools, target: float) -> None:
    """Moves the free members' chances so that the mean of all members is `target`."""
    if free.any():
        short = target * members.sum() - chances[members].sum()
        chances[free] = np.clip(chances[free] + short / free.sum(), 0.01, 0.99)


def draw_scores(world: World, top2: Bools, app: Bools, special: Ints, site: Ints, rng: np.random.Generator) -> Ints:
    """1 to 5: fives among the top two, ones and twos among the rest, in their planned shares."""
    plan = world.plan
    five = plan.top_box_of_top2 + plan.top_box_app_gap * (app - 0.82)
    for members, top_box in ((special >= 2, plan.gamer_top_box), (special == 1, plan.star_top_box)):
        if top_box is not None:
            five = np.where(members, top_box / ((1 + top_box) / 2), five)
    fives = choose_by_group(np.where(top2, five, 0.0), special, rng, carry=world.carry("fives"), within=(app,))
    lows = choose_by_group(np.where(top2, 0.0, plan.low_of_rest), site, rng, carry=world.carry("lows"))
    low_score = np.where(rng.random(len(top2)) < 0.5, 1, 2)
    return np.where(fives, 5, np.where(top2, 4, np.where(lows, low_score, 3))).astype(np.int64)


def draw_effort(plan: Plan, month: int, csat: Ints, solved: Bools, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """The effort answer in its scale, and the points it lies below the best: harder where it was not solved."""
    noise = rng.normal(0, 1, len(csat))
    if month < plan.effort_break:
        ces = np.clip(np.rint(1.75 - 0.25 * (csat - 4) + 0.5 * ~solved + 0.8 * noise), 1, 5).astype(np.int64)
        return ces, ces - 1
    ces = np.clip(np.rint(5.75 + 0.35 * (csat - 4) - 0.9 * ~solved + 1.1 * noise), 1, 7).astype(np.int64)
    return ces, 7 - ces
