"""Makes the sample organisation's signals: Northlight Broadband, with what is planted or without.

Contacts, answers and telemetry grow with `size` (600,000 is the default: 24,000 households, 2,500 issues a month);
the staff pulse, the NPS waves and the employees' service have their own size. Figures are allocated, not sampled
(`chance.py`): at the default size a planted share is met to a few answers.
"""

from collections.abc import Iterator
from datetime import datetime

import pyarrow as pa

from openxmo.core.errors import WrongUsage
from openxmo.core.progress import Progress, silent
from openxmo.core.world.answers import draw_answers
from openxmo.core.world.around import tell_complaints, tell_costs, tell_knowledge, tell_profiles
from openxmo.core.world.asking import tell_asking
from openxmo.core.world.cases import tell_cases, tell_today
from openxmo.core.world.contacts import tell_contacts
from openxmo.core.world.issues import draw_issues
from openxmo.core.world.loyalty import tell_churn, tell_nps, tell_renewals
from openxmo.core.world.months import LAST, Month
from openxmo.core.world.onboarding import tell_onboarding
from openxmo.core.world.quality import tell_quality, tell_transcripts
from openxmo.core.world.rows import before, join
from openxmo.core.world.state import DEFAULT_SIZE, World, begin
from openxmo.core.world.surveys import tell_surveys
from openxmo.core.world.telemetry import tell_dropouts
from openxmo.core.world.voices import tell_voices
from openxmo.core.world.workplace import tell_workplace

SMALLEST = 50_000


def make_world(
    *, seed: int, size: int = DEFAULT_SIZE, as_of: datetime, planted: bool = True, progress: Progress = silent
) -> Iterator[pa.Table]:
    """The signals of the 24 whole months before `as_of`, and of the days since, one table a month.

    Columns are the contract's, those that a month does not use left out. The same arguments give the same rows.
    Memory is that of one month. Raises `WrongUsage` for a size below 50,000 or an as-of moment without a zone.
    """
    check_request(size=size, as_of=as_of)
    world = begin(seed=seed, size=size, as_of=as_of, planted=planted)
    for place, month in enumerate(world.months):
        progress("making the sample signals", place, len(world.months))
        yield before(join(tell_month(world, month)), as_of)
    progress("making the sample signals", len(world.months), len(world.months))


def check_request(*, size: int, as_of: datetime) -> None:
    if size < SMALLEST:
        raise WrongUsage(
            f"A sample world of {size:,} signals would be too small to hold what is planted.",
            mend=f"Ask for {SMALLEST:,} or more.",
        )
    if as_of.tzinfo is None:
        raise WrongUsage("The as-of moment has no zone.", mend="Add one, as in 2026-11-20T09:00:00+00:00.")


def tell_month(world: World, month: Month) -> list[pa.Table]:
    """All that is told of one month. Churn comes first: who has left brings no more issues."""
    tables = [tell_churn(world, month), tell_renewals(world, month)]
    issues = draw_issues(world, month)
    answers = draw_answers(world, month, issues)
    tables += tell_contacts(world, month, issues)
    tables += tell_surveys(world, month, issues, answers)
    tables += tell_cases(world, month, issues, answers)
    tables += tell_quality(world, month, issues)
    tables += tell_transcripts(world, month, issues)
    tables += tell_nps(world, month)
    tables += tell_onboarding(world, month)
    tables += tell_workplace(world, month)
    tables += tell_voices(world, month)
    tables += tell_knowledge(world, month)
    tables += [tell_dropouts(world, month), tell_complaints(world, month), tell_costs(month)]
    return tables + tell_once(world, month)


def tell_once(world: World, month: Month) -> list[pa.Table]:
    """What is told in one month only: the profiles in the first, each 90 days of asking, today in the last."""
    tables = tell_profiles(world) if month.number == 1 else []
    if month.number % 3 == 0 and month.number <= LAST:
        tables += tell_asking(world, month.number // 3 - 1)
    if month is world.months[-1]:
        tables += tell_today(world)
    return tables
