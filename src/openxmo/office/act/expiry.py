"""What is past its time in cases: first the words, then the case with all that belongs to it. Open ones stay."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from openxmo.office.act.models import Case, ConversationEntry, Firing, PossibleComplaint, Quote
from openxmo.office.act.states import OPEN_CASES
from openxmo.office.govern.trail import unlink
from openxmo.office.lib.terms import Terms, empty, past, take_away


def in_use() -> set[str]:
    """The responses whose case is open: whoever is to be answered must stay reachable."""
    open_cases = Case.objects.filter(state__in=OPEN_CASES).exclude(response="")
    return {f"response:{response}" for response in open_cases.values_list("response", flat=True)}


@transaction.atomic
def expire(terms: Terms, *, held: Collection[str], at: datetime) -> dict[str, int]:  # noqa: ARG001
    words = sum(empty(model, terms, at=at) for model in (Case, ConversationEntry, PossibleComplaint))
    cases = [case.name for case in past(Case, Case.Privacy.kept, terms, at=at)]
    unlink(cases)
    return {
        "words in cases": words,
        "cases": take_away(Case, terms, at=at),
        "possible complaints": take_away(PossibleComplaint, terms, at=at),
        "notes of rules": take_away(Firing, terms, at=at),
        "quotes": take_away(Quote, terms, at=at),
    }
