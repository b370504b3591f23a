"""What the act room keeps: cases and their clocks, causes and problems, recommendations, what was told back."""

from openxmo.office.act.models.cases import Case, ConversationEntry
from openxmo.office.act.models.causes import Cause, Problem
from openxmo.office.act.models.clocks import EscalationEvent
from openxmo.office.act.models.notes import Note
from openxmo.office.act.models.openings import Firing, OpeningCursor, PossibleComplaint
from openxmo.office.act.models.recommendations import Blocker, BlockerSort, Lever, Quote, Recommendation

__all__ = [
    "Blocker",
    "BlockerSort",
    "Case",
    "Cause",
    "ConversationEntry",
    "EscalationEvent",
    "Firing",
    "Lever",
    "Note",
    "OpeningCursor",
    "PossibleComplaint",
    "Problem",
    "Quote",
    "Recommendation",
]
