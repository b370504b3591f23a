"""What is past its time in the ledger: money that was answered, as long ago as bookkeeping is kept."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from openxmo.office.lib.terms import Terms, past
from openxmo.office.prove.models import MoneyClaim, Signature


@transaction.atomic
def expire(terms: Terms, *, held: Collection[str], at: datetime) -> dict[str, int]:  # noqa: ARG001
    """A claim that waits for its answer stays, however old it is."""
    answered = list(past(MoneyClaim, MoneyClaim.Privacy.kept, terms, at=at).values_list("pk", flat=True))
    Signature._base_manager.filter(claim__in=answered).delete()
    gone = MoneyClaim._base_manager.filter(pk__in=answered).delete()[1]
    return {"claims of money": gone.get(MoneyClaim._meta.label, 0)}
