"""How an item stands, and where it may go from there."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """The life of one thing that could be improved."""

    PROPOSED = "proposed", _("proposed")
    READY = "ready", _("ready")
    CHOSEN = "chosen", _("chosen")
    IN_PROGRESS = "in_progress", _("in progress")
    DONE = "done", _("done")
    DECLINED = "declined", _("declined")
    MERGED = "merged", _("merged")


MOVES: dict[State, tuple[State, ...]] = {
    State.PROPOSED: (State.READY, State.CHOSEN, State.DECLINED, State.MERGED),
    State.READY: (State.PROPOSED, State.CHOSEN, State.DECLINED, State.MERGED),
    State.CHOSEN: (State.READY, State.IN_PROGRESS, State.DECLINED, State.MERGED),
    State.IN_PROGRESS: (State.CHOSEN, State.DONE),
    State.DONE: (State.IN_PROGRESS,),
    State.DECLINED: (State.PROPOSED,),
    State.MERGED: (State.PROPOSED, State.READY, State.CHOSEN),  # back to where it stood, when the merge is undone
}
OPEN = (State.PROPOSED, State.READY, State.CHOSEN)  # what "next" is chosen from
TONES: dict[str, str] = {
    State.PROPOSED: "open",
    State.READY: "info",
    State.CHOSEN: "info",
    State.IN_PROGRESS: "info",
    State.DONE: "better",
    State.DECLINED: "quiet",
    State.MERGED: "quiet",
}


def may_go(before: str, after: str) -> bool:
    return State(after) in MOVES[State(before)]
