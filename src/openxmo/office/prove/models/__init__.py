"""What the prove room keeps: initiatives with their plans, verdicts, and the money that follows."""

from openxmo.office.prove.models.initiative import Affected, Initiative, Milestone
from openxmo.office.prove.models.money import MoneyClaim, Signature
from openxmo.office.prove.models.plan import Design, Plan
from openxmo.office.prove.models.verdict import Verdict, Word

__all__ = [
    "Affected",
    "Design",
    "Initiative",
    "Milestone",
    "MoneyClaim",
    "Plan",
    "Signature",
    "Verdict",
    "Word",
]
