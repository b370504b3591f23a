"""Few employees: in so small an organisation people are known by any cut of their answers, and by their words."""

from collections.abc import Callable, Mapping, Sequence

from openxmo.core.errors import NotAllowed
from openxmo.core.metrics.disclosure import Disclosure
from openxmo.core.release.cuts import WHAT_IS_ASKED, names_of_choices, names_of_cuts
from openxmo.core.release.rules import Rules
from openxmo.core.release.withholding import PRIVACY

Headcount = Callable[[int], int]  # how many employees the organisation is known to have, counted up to a number


def is_small(cells: Sequence[Disclosure], rules: Rules, headcount: Headcount | None) -> bool:
    """Whether there are employees' answers in these cells, and too few employees to cut them."""
    if headcount is None or not any(cell.people or cell.guarded for cell in cells):
        return False
    return headcount(rules.organisation) < rules.organisation


def keep_whole(cells: Sequence[Disclosure], rules: Rules, *, partly: bool) -> Mapping[int, str]:
    """The places of cells to withhold: all words, and what was read `partly`, from some units only.

    Raises NotAllowed where a cell is cut or narrowed by anything but what was asked.
    """
    for cell in cells:
        names = names_of_cuts(cell, rules) if cell.people else names_of_choices(cell, rules) if cell.guarded else set()
        cuts = sorted(names - WHAT_IS_ASKED)
        if cuts:
            raise NotAllowed(
                f"Fewer than {rules.organisation} employees were heard, so their answers are not cut by {cuts[0]}: "
                "in so small a group people are recognised.",
                where=f"metric {cell.metric}",
                mend="Ask for the whole organisation, without a cut and without comments.",
            )
    return {place: PRIVACY for place, cell in enumerate(cells) if cell.people and (partly or cell.shows == "words")}
