"""The exit door: what a person may see of a result, decided in one place for every way out."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from openxmo.core.errors import NotAllowed
from openxmo.core.release.agents import check_agents, log_looks
from openxmo.core.release.cuts import check_cuts
from openxmo.core.release.history import History
from openxmo.core.release.looks import Look
from openxmo.core.release.released import DOOR, Releasable, Released
from openxmo.core.release.rules import Rules
from openxmo.core.release.small import Headcount, is_small, keep_whole
from openxmo.core.release.viewer import Viewer
from openxmo.core.release.withholding import PRIVACY, choose

R = TypeVar("R", bound=Releasable)
MOST_ROUNDS = 10  # a result that folds what is withheld shows a new cell, which is judged again


def release(
    result: R,
    viewer: Viewer,
    *,
    history: History,
    at: datetime,
    rules: Rules,
    log: Callable[[Look], None] | None = None,
    headcount: Headcount | None = None,
) -> Released[R]:
    """What `viewer` may see of a result, with all that protects people dealt with.

    `history` remembers what earlier answers told, `rules` is what the office has settled, `log`
    hears of every look at numbers about an agent, `headcount` says how many employees there are.
    Withheld cells say "privacy" and hold no number.

    Raises NotAllowed where the person may not ask this at all: no right to scores, units outside
    their scope, employees cut by what is not declared or over broken months, or cut at all where there are
    too few of them, agents' numbers of others.
    """
    check_viewer(result, viewer)
    reasons, looked = check_agents(result.disclosures(), result.to_records, viewer, rules)
    if reasons:
        result = result.withhold(reasons)
    check_cuts(result.disclosures(), rules)
    if is_small(result.disclosures(), rules, headcount):
        partly = getattr(result, "scope", None) is not None
        result = result.withhold(keep_whole(result.disclosures(), rules, partly=partly))
    if any(cell.people for cell in result.disclosures()):
        result = protect(result, history, at, rules)
    log_looks(looked, viewer, at, log)
    return Released(result, DOOR)


def check_viewer(result: Releasable, viewer: Viewer) -> None:
    if not viewer.reads_scores:
        roles = ", ".join(viewer.roles) or "no role"
        raise NotAllowed(f"{viewer.name} ({roles}) keeps the system and sees no answers.")
    scope: frozenset[str] | None = getattr(result, "scope", None)
    if viewer.units is None or (scope is not None and scope <= viewer.units):
        return
    outside = "the whole office" if scope is None else ", ".join(sorted(scope - viewer.units))
    own = ", ".join(sorted(viewer.units)) or "none"
    raise NotAllowed(f"{viewer.name} does not see {outside}.", mend=f"Ask for units in sight: {own}.")


def protect(result: R, history: History, at: datetime, rules: Rules) -> R:
    """Withhold cells until none is left that would tell too much, and remember what the others tell."""
    with history.opened() as memory:
        asked = dict.fromkeys(cell.asked for cell in result.disclosures() if cell.people)
        remembered = {question: memory.told(question) for question in asked}
        for _ in range(MOST_ROUNDS):
            cells = result.disclosures()
            withheld, newly = choose(cells, remembered, rules)
            if not withheld:
                break
            result = result.withhold(withheld)
            if result.disclosures() == cells:
                break
        else:
            return result.withhold(dict.fromkeys(range(len(result.disclosures())), PRIVACY))
        for question, totals in newly.items():
            memory.add(question, totals, at=at)
    return result
