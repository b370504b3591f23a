"""A person who is erased is named nowhere in the backlog, also not in its history."""

import pytest

from openxmo.office.decide import actions
from openxmo.office.decide.erasure import forget
from openxmo.office.decide.models import Estimate, Evidence, Item
from openxmo.office.decide.tests.backlog import AT, estimate
from openxmo.office.govern.erasure import ERASED

pytestmark = pytest.mark.usefixtures("home")


def test_authors_and_words_name_the_person_no_more() -> None:
    item = actions.propose_item(title="As Pete says", description="Pete noticed it, Peter not.", by="Pete", at=AT)
    actions.add_evidence(item=item, thing="case:7", note="ask Pete", by="Pete", at=AT)
    estimate(item, by="Pete", rice_reach=5)
    assert forget(["Pete"], by="Dan", at=AT) > 0
    row = Item.objects.get()
    assert (row.created_by, row.title, row.description) == (
        ERASED,
        f"As {ERASED} says",
        f"{ERASED} noticed it, Peter not.",
    )
    assert (Evidence.objects.get().note, Evidence.objects.get().added_by) == (f"ask {ERASED}", ERASED)
    assert Estimate.objects.get().made_by == ERASED
    assert not item.history.filter(created_by="Pete").exists()
    assert not item.history.filter(title__contains="Pete").exists()
    assert forget(["Pete"], by="Dan", at=AT) == 0
