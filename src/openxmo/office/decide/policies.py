"""What an item allows as it stands, whoever asks. Each rule says in a sentence why not."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from openxmo.core.decide.items import Item as CoreItem
from openxmo.core.decide.items import what_blocks
from openxmo.core.errors import WrongUsage
from openxmo.office.decide.models import Item
from openxmo.office.decide.states import OPEN, State, may_go

STALE_AFTER = timedelta(days=180)  # without new evidence


def check_move(item: Item, after: State) -> None:
    if not may_go(item.state, after):
        raise WrongUsage(
            _("“%(title)s” is %(state)s and cannot become %(after)s from there.")
            % {"title": item.title, "state": item.get_state_display(), "after": after.label},
            where=item.name,
            mend=_("Reload the page: somebody may have moved it on."),
        )


def can_move(item: Item, after: State) -> bool:
    return may_go(item.state, after)


def blocking(item: Item, words: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Why an item may not be ranked yet; empty where it may."""
    return what_blocks(CoreItem(key=item.key, facets=item.facets), words)


def check_ready(item: Item, words: Mapping[str, tuple[str, ...]]) -> None:
    """Ready and chosen are only items that say what they are for."""
    reasons = blocking(item, words)
    if reasons:
        raise WrongUsage(
            _("“%(title)s” is not ready. %(reasons)s") % {"title": item.title, "reasons": " ".join(reasons)},
            mend=_("Give it all four facets first."),
        )


def check_open(item: Item) -> None:
    """Only open items take part in merges."""
    if item.state not in OPEN:
        raise WrongUsage(
            _("“%(title)s” is %(state)s: only open ideas are merged.")
            % {"title": item.title, "state": item.get_state_display()},
            where=item.name,
        )


def check_changeable(item: Item) -> None:
    """What went into another item is changed there."""
    if item.state == State.MERGED:
        raise WrongUsage(
            _("“%(title)s” went into another idea.") % {"title": item.title},
            mend=_("Change that one, or undo the merge first."),
        )


def is_stale(newest: datetime | None, created_at: datetime, *, at: datetime) -> bool:
    """Nothing new was heard for it in half a year."""
    return at - (newest or created_at) > STALE_AFTER
