"""How an initiative stands, and what may follow."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    DRAFT = "draft", _("draft")
    APPROVED = "approved", _("approved")
    UNDER_WAY = "under_way", _("under way")
    ENDED = "ended", _("ended")
    STOPPED = "stopped", _("stopped")
    JUDGED = "judged", _("judged")


# A verdict may be asked for while the work goes on; the state is `judged` only once it is over.
NEXT: dict[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.APPROVED, State.STOPPED}),
    State.APPROVED: frozenset({State.UNDER_WAY, State.STOPPED}),
    State.UNDER_WAY: frozenset({State.ENDED, State.STOPPED}),
    State.ENDED: frozenset({State.JUDGED}),
    State.STOPPED: frozenset({State.JUDGED}),
    State.JUDGED: frozenset(),
}
JUDGEABLE = frozenset({State.UNDER_WAY, State.ENDED, State.STOPPED, State.JUDGED})
TONES = {
    State.DRAFT: "quiet",
    State.APPROVED: "info",
    State.UNDER_WAY: "open",
    State.ENDED: "info",
    State.STOPPED: "worse",
    State.JUDGED: "quiet",
}


class ClaimState(models.TextChoices):
    CLAIMED = "claimed", _("claimed, not signed")
    SIGNED = "signed", _("signed by finance")
    REFUSED = "refused", _("refused by finance")
    VOID = "void", _("void: judged again since")


CLAIM_TONES = {"claimed": "open", "signed": "better", "refused": "worse", "void": "quiet"}
