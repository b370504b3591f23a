"""A first mapping for a file nobody has described: what its columns seem to be, and what must be asked.

`look` reads the beginning of a file, `guess` makes a `Plan` of it, `open_questions` says what the
file alone does not tell (six things at most), and `write_mapping` writes the plan as a mapping file.
"""

from openxmo.core.signals.mapping.guessing.answering import Answers, settle
from openxmo.core.signals.mapping.guessing.columns import ColumnLook, describe_columns
from openxmo.core.signals.mapping.guessing.looking import Look, look
from openxmo.core.signals.mapping.guessing.planning import Plan, guess
from openxmo.core.signals.mapping.guessing.questions import Question, open_questions
from openxmo.core.signals.mapping.guessing.writing import write_mapping

__all__ = [
    "Answers",
    "ColumnLook",
    "Look",
    "Plan",
    "Question",
    "describe_columns",
    "guess",
    "look",
    "open_questions",
    "settle",
    "write_mapping",
]
