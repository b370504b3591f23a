"""Whoever is erased is taken out of every row here, also out of those that are fixed, and no seal breaks."""

import pytest

from openxmo.office.prove import erasure
from openxmo.office.prove.models import Plan, Signature
from openxmo.office.prove.tests.conftest import AFTER, judged
from openxmo.office.prove.tests.test_money import claimed

pytestmark = pytest.mark.usefixtures("home")


def test_a_person_who_is_erased_stands_nowhere_and_the_seal_holds() -> None:
    from openxmo.office.prove import actions

    made = judged()
    actions.sign_money(claim=claimed(made), by="Fay", at=AFTER)
    assert erasure.forget({"Rita", "Fay", "Lea"}, by="Dan", at=AFTER) > 8
    for model in erasure.KEPT:
        names = erasure.columns_of(model)
        for row in model._default_manager.values_list(*names):
            assert not {"Rita", "Fay", "Lea"} & set(row), model
    assert Signature.objects.get().signed_by == erasure.ERASED
    assert Plan.objects.get().is_whole
    assert erasure.forget({"Rita"}, by="Dan", at=AFTER) == 0
