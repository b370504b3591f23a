"""The issues that customers bring in a month: who, about what, by which channel, and what became of them."""

from dataclasses import dataclass

import numpy as np

from openxmo.core.world.cast import AGENTS, BRENWICK, GAMER, NEXT_WORST, PLAIN, SCRIPTED, SCRIPTS, SITES, STAR
from openxmo.core.world.chance import Bools, Floats, Ints, choose, choose_by_group, deal, order_within
from openxmo.core.world.months import Month
from openxmo.core.world.plan import BRENWICK_SHARE, Plan, chat_share
from openxmo.core.world.state import World, at_work

ISSUES_A_MONTH = 2_500
REASONS = ("activation", "no_connection", "slow_speed", "wifi", "billing", "moving", "contract")
REASON_SHARES = (0.12, 0.20, 0.16, 0.12, 0.20, 0.08, 0.12)
STAGES = ("onboarding", "use", "use", "use", "pay", "change", "change")  # of each reason
ACTIVATION, ACTIVATION_SHARE = 0, REASON_SHARES[0]
NO_CHECK, CHECK = 1, 2  # activation issues in districts without and with the check; 0 is no activation


@dataclass(frozen=True)
class Issues:
    """One month's issues as columns. `answered`: its survey was; `solved`: neither repeated nor transferred."""

    number: Ints
    when: Ints
    household: Ints
    agent: Ints
    reason: Ints
    app: Bools
    answered: Bools
    chat: Bools
    hub3: Bools
    repeated: Bools
    transferred: Bools

    def __len__(self) -> int:
        return len(self.number)

    @property
    def solved(self) -> Bools:
        return ~(self.repeated | self.transferred)


def draw_issues(world: World, month: Month) -> Issues:
    """The month's issues. Shares of channel and router are exact among those who answer, and so is who answers."""
    plan, rng = world.plan, world.chance("issues", month)
    n = world.count(ISSUES_A_MONTH, month)
    app = choose(np.full(n, 0.5), rng)
    answers = np.where(app, plan.answers_app, plan.answers_other)
    answered = choose_by_group(answers, app.astype(np.int64), rng, carry=world.carry("answered"))
    # A new share begins with a new allocation, so that three months from the move on are exact too.
    period = 10 * (month.number >= plan.move)
    chat = choose_by_group(
        np.full(n, chat_share(plan, month.number)), period + answered, rng, carry=world.carry("chat"), within=(app,)
    )
    hub3 = choose_by_group(
        np.full(n, plan.hub3_share), period + 2 * answered + chat, rng, carry=world.carry("hub3"), within=(app,)
    )
    order = order_within(rng, n, (answered, chat, hub3, app))
    agent = np.empty(n, dtype=np.int64)
    agent[order] = rng.permutation(AGENTS)[np.arange(n) % AGENTS]
    reason = deal(REASON_SHARES, n, rng)
    household = pick_households(world, app, hub3, rng)
    repeated, transferred = draw_outcomes(world, month, agent, reason, household, answered)
    return Issues(
        number=month.number * 1_000_000 + np.arange(n),
        when=at_work(rng, month, n),
        household=household,
        agent=agent,
        reason=reason,
        app=app,
        answered=answered,
        chat=chat,
        hub3=hub3,
        repeated=repeated,
        transferred=transferred,
    )


def pick_households(world: World, app: Bools, hub3: Bools, rng: np.random.Generator) -> Ints:
    """A household for each issue that has app and Hub 3 as the issue says; none twice while they last."""
    picked = np.empty(len(app), dtype=np.int64)
    homes = world.households
    for uses in (False, True):
        for has in (False, True):
            wanted = np.flatnonzero((app == uses) & (hub3 == has))
            pool = np.flatnonzero(world.alive & (homes.app == uses) & (homes.hub3 == has))
            picked[wanted] = rng.choice(pool, len(wanted), replace=len(pool) < len(wanted))
    return picked


def draw_outcomes(
    world: World, month: Month, agent: Ints, reason: Ints, household: Ints, answered: Bools
) -> tuple[Bools, Bools]:
    """Which issues come back within seven days, and which of the others are handed on."""
    plan, rng = world.plan, world.chance("outcomes", month)
    check = np.where(reason == ACTIVATION, NO_CHECK + world.checked[world.households.district[household]], 0)
    chances = repeat_chances(world, month.number, agent, check)
    groups = exact_groups(world, agent, check)
    # Agents are compared from the start to three months after the scripts: until then chance hardly parts them.
    within = (agent, answered) if month.number < plan.scripts + 3 else (answered,)
    repeated = choose_by_group(chances, groups, rng, carry=world.carry("repeated"), within=within)
    handed = np.where(repeated, 0.0, plan.transferred / (1 - chances))
    transferred = choose_by_group(handed, groups, rng, carry=world.carry("transferred"), within=within)
    return repeated, transferred | (repeated & (rng.random(len(agent)) < 0.2))


def exact_groups(world: World, agent: Ints, check: Ints) -> Ints:
    """Within which the shares come out exact: site, each gamer, the star, and the two sides of the scripts' trial."""
    sort, site = world.agents.sort[agent], world.agents.site[agent]
    part = np.select([sort == GAMER, sort != PLAIN], [AGENTS + agent, len(SITES) + sort], site)
    return check * 1_000 + part


def repeat_chances(world: World, month: int, agent: Ints, check: Ints) -> Floats:
    """The chance that each issue comes back: the planted ones as planned, all others what keeps the whole share.

    Activation issues have their own share whoever serves them, so that nothing but the check moves it; what is
    planted about agents and sites is carried by their other issues.
    """
    plan, sort, others = world.plan, world.agents.sort[agent], check == 0
    more = np.zeros(len(agent))
    if plan.scripts - 3 <= month < plan.scripts:
        more[others & (sort == SCRIPTS)] += plan.scripts_dip / (1 - ACTIVATION_SHARE)
        more[others & (sort == NEXT_WORST)] += plan.next_dip / (1 - ACTIVATION_SHARE)
    if plan.cap <= month < plan.cap_ends:
        more[others & (world.agents.site[agent] == BRENWICK)] += plan.cap_repeats / (1 - ACTIVATION_SHARE)
    fixed = np.full(len(agent), np.nan)
    fixed[check > 0] = plan.repeated_activation
    if month >= plan.check:
        fixed[check == CHECK] += plan.check_effect
    for role, chance in ((GAMER, plan.gamer_repeated), (STAR, plan.star_repeated)):
        if chance is not None:
            rest = (chance - ACTIVATION_SHARE * plan.repeated_activation) / (1 - ACTIVATION_SHARE)
            fixed[others & (sort == role)] = max(rest, 0.0)
    free = np.isnan(fixed)
    left = repeat_share(plan, month) * len(agent) - fixed[~free].sum() - more.sum()
    return np.where(free, left / max(int(free.sum()), 1), fixed) + more


def repeat_share(plan: Plan, month: int) -> float:
    """The month's share of repeated issues: on top in the months of the dip and of the cap, so less in the others."""
    dip = (plan.scripts_dip + plan.next_dip) * SCRIPTED / AGENTS
    cap = plan.cap_repeats * BRENWICK_SHARE
    share = plan.repeated - (3 * dip + (plan.cap_ends - plan.cap) * cap) / 24
    if plan.scripts - 3 <= month < plan.scripts:
        share += dip
    if plan.cap <= month < plan.cap_ends:
        share += cap
    return share
