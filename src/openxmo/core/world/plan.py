"""What is planted: every figure of the story in one place, and its twin in which nothing is planted.

`STORY` tells what happened at Northlight; `CALM` has the same size and shape, and neither cause, gaming, effect
nor withheld answers. Shares are 0 to 1; months are those of `months.py`.
"""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Plan:
    # Who answers, and what they say of it.
    answers_app: float = 0.30
    answers_other: float = 0.10
    top2_app_gap: float = 0.272  # app users' top-2 share less the others'; with `top_box_app_gap` 0.8 of 5 points
    top_box_of_top2: float = 0.829  # fives among fours and fives
    top_box_app_gap: float = 0.157
    low_of_rest: float = 0.1895 / 0.32  # ones and twos among ones to threes
    effort_break: int = 10  # CES 1.0 before this month, CES 2.0 from it
    stated_if_solved: float = 0.9221
    stated_if_not: float = 0.455

    # The move of CSAT and its cause.
    move: int = 20
    chat_before: float = 0.22
    chat_after: float = 0.41
    phone_top2: float = 0.74
    chat_top2: float = 0.61
    chat_hub3_top2_after: float = 0.33
    hub3_share: float = 0.25
    escalated: float = 0.04
    escalated_hub3_after: float = 0.14
    dropouts: float = 0.8  # a week
    dropouts_new_firmware: float = 4.6
    dropouts_staged: float = 4.2  # of the firmware that is being rolled out

    # Three voices.
    staff_tools_before: float = 3.9
    staff_tools_after: float = 3.2
    staff_drop: int = 9
    brenwick_drop: int = 11  # its customers follow two months later
    brenwick_fall: float = 0.06
    brenwick_below: float = 0.029
    slow_firms_hours: float = 31.0
    firms_hours: float = 6.0
    slow_firms_days: float = 9.8
    firms_days: float = 4.1

    # Withheld.
    withheld_from: int = 13
    withheld: float = 0.70
    calder_top2: float = 0.68

    # Solved, or only polite.
    repeated: float = 0.18
    transferred: float = 0.21  # of those not repeated, as a share of all
    repeated_activation: float = 0.26
    check: int = 12  # activation check starts in 18 of 36 districts
    check_effect: float = -0.08
    cap: int = 18  # handle-time cap at Brenwick, stopped after two months
    cap_ends: int = 20
    cap_seconds: float = -65.0
    cap_repeats: float = 0.05
    scripts: int = 7  # scripts for the 12 worst agents of the three months before (but for the gamers)
    scripts_dip: float = 0.041  # what bad luck cost them in those months
    next_dip: float = 0.034  # and the 12 next worst, who got no scripts
    fix_met_solved: float = 0.85
    fix_met_not: float = 0.55
    owned_met_solved: float = 0.80
    owned_met_not: float = 0.58

    # Gaming, and one honest star.
    gamer_top_box: float | None = 0.94
    gamer_repeated: float | None = 0.31
    gamer_begs: float = 0.22
    star_top_box: float | None = 0.88
    star_repeated: float | None = 0.09
    peer_top_box: float = 0.58

    # Over-asking: invitations and response in each block of 90 days, oldest first.
    asked: tuple[int, ...] = (1, 1, 1, 1, 1, 3, 4, 5)
    response: tuple[float, ...] = (0.28, 0.28, 0.28, 0.28, 0.28, 0.22, 0.16, 0.11)
    straight: tuple[float, ...] = (0.04, 0.04, 0.04, 0.04, 0.04, 0.07, 0.10, 0.13)

    # Promise and delivery.
    installed_on_time: float = 0.96
    expected_before: float = 8.4
    expected_after: float = 9.1
    experienced: float = 6.2
    rival_note: int = 12
    visit_top2: float = 0.71
    visit_top2_coast: float = 0.84

    # Loyalty.
    churn_a_month: float = 0.005
    hazard_per_ces_point: float = 1.25
    nps_waves: tuple[tuple[int, int, int], ...] = ((130, 110, 60), (144, 104, 52))  # promoters, passives, detractors

    # The employees' Start of shift: satisfaction, effort, tickets in time, log-in seconds.
    it_satisfaction: float = 4.2
    it_effort: float = 2.1
    it_in_time: float = 0.91
    it_login: float = 38.0

    # Today.
    empty_searches: int = 640  # a month, for an article that does not exist
    replied_in_time: float = 0.61  # of the cases since M1: first reply within 4 business hours
    cases: int = 23
    cases_late: int = 3


STORY = Plan()
CALM = replace(
    STORY,
    answers_app=0.20,
    answers_other=0.20,
    top2_app_gap=0.0,
    top_box_app_gap=0.0,
    effort_break=1,
    stated_if_solved=0.99,
    stated_if_not=0.016,
    chat_after=STORY.chat_before,
    chat_hub3_top2_after=STORY.chat_top2,
    escalated_hub3_after=STORY.escalated,
    dropouts_new_firmware=STORY.dropouts,
    dropouts_staged=STORY.dropouts,
    staff_tools_after=STORY.staff_tools_before,
    brenwick_fall=0.0,
    brenwick_below=0.0,
    calder_top2=STORY.chat_before * STORY.chat_top2 + (1 - STORY.chat_before) * STORY.phone_top2,
    slow_firms_hours=STORY.firms_hours,
    slow_firms_days=STORY.firms_days,
    withheld=0.0,
    repeated_activation=STORY.repeated,
    check_effect=0.0,
    cap_seconds=0.0,
    cap_repeats=0.0,
    scripts_dip=0.0,
    next_dip=0.0,
    fix_met_solved=0.80,
    fix_met_not=0.80,
    owned_met_solved=0.75,
    owned_met_not=0.75,
    gamer_top_box=None,
    gamer_repeated=None,
    gamer_begs=0.0,
    star_top_box=None,
    star_repeated=None,
    asked=(2, 2, 2, 2, 2, 2, 2, 2),
    response=(0.28,) * 8,
    straight=(0.04,) * 8,
    expected_after=STORY.expected_before,
    experienced=STORY.expected_before,
    visit_top2_coast=STORY.visit_top2,
    hazard_per_ces_point=1.0,
    nps_waves=((137, 107, 56), (137, 107, 56)),
    it_effort=1.8,
    it_in_time=0.96,
    it_login=20.0,
    empty_searches=0,
    cases_late=0,
)


def chat_share(plan: Plan, month: int) -> float:
    return plan.chat_after if month >= plan.move else plan.chat_before


def top2_target(plan: Plan, month: int, *, chat: bool, hub3: bool) -> float:
    """The top-2 share of contacts by channel and router, before anyone withholds answers.

    Before Brenwick's fall all channels stand higher by what its fall takes from the whole.
    """
    earlier = plan.brenwick_fall * BRENWICK_SHARE if month < plan.brenwick_drop else 0.0
    if not chat:
        return plan.phone_top2 + earlier
    if hub3 and month >= plan.move:
        return plan.chat_hub3_top2_after
    return plan.chat_top2 + earlier


def overall_top2(plan: Plan, month: int) -> float:
    """The top-2 share of all contacts of a month."""
    chat, hub3 = chat_share(plan, month), plan.hub3_share
    of_chat = hub3 * top2_target(plan, month, chat=True, hub3=True) + (1 - hub3) * top2_target(
        plan, month, chat=True, hub3=False
    )
    return chat * of_chat + (1 - chat) * top2_target(plan, month, chat=False, hub3=False)


BRENWICK_SHARE = 31 / 96  # of the agents, so of the contacts
CALDER_SHARE = 30 / 96


def site_offsets(plan: Plan, month: int) -> tuple[float, float, float]:
    """By how much the top-2 share of Ardmore, Brenwick and Calder differs from the whole; they balance."""
    year = range(plan.withheld_from, 25)
    calder = plan.calder_top2 - sum(overall_top2(plan, m) for m in year) / len(year)
    fallen = month >= plan.brenwick_drop
    brenwick = -plan.brenwick_below + (0.0 if fallen else plan.brenwick_fall * (1 - BRENWICK_SHARE))
    rise = 0.0 if fallen else plan.brenwick_fall * BRENWICK_SHARE
    calder -= rise
    ardmore = -(brenwick * BRENWICK_SHARE + calder * CALDER_SHARE) / (1 - BRENWICK_SHARE - CALDER_SHARE)
    return ardmore, brenwick, calder
