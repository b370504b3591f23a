"""The money follows from the effect, and finance alone signs it."""

from datetime import timedelta
from typing import Any

import pytest
from tests.people import PEOPLE

from openxmo.core.decide.money import Range
from openxmo.core.errors import NotAllowed, WrongUsage
from openxmo.core.signals.store.home import Home
from openxmo.office.accounts.audit import read_audit
from openxmo.office.govern.actions import put
from openxmo.office.govern.organisation import Person
from openxmo.office.govern.queries import access_of, definitions
from openxmo.office.prove import actions, ledger
from openxmo.office.prove.models import Initiative, MoneyClaim, Signature
from openxmo.office.prove.states import ClaimState
from openxmo.office.prove.terms import MoneyTerms
from openxmo.office.prove.tests.conftest import AFTER, judged, started

pytestmark = pytest.mark.usefixtures("home")


def money(**more: Any) -> MoneyTerms:
    given: dict[str, Any] = {
        "counted": "answers", "volume": Range(1000, 1000, 1000), "value": Range(8, 10, 12),
        "cost": Range(500, 500, 500), "period_from": AFTER.date() - timedelta(days=365), "period_to": AFTER.date(),
        "assumptions": "Unit costs of finance.",
    }  # fmt: skip
    return MoneyTerms(**{**given, **more})


def claimed(made: Initiative | None = None, by: str = "Rita") -> MoneyClaim:
    return actions.claim_money(initiative=made or judged(), terms=money(), by=by, at=AFTER)


def test_the_money_is_the_effect_times_volume_times_value() -> None:
    claim = claimed()
    effect = claim.range_of("effect")
    assert claim.gain_likely == pytest.approx(effect.likely / 100 * 1000 * 10)
    assert claim.gain_low == pytest.approx(effect.low / 100 * 1000 * 8)
    assert claim.gain_high == pytest.approx(effect.high / 100 * 1000 * 12)
    assert claim.net_likely == pytest.approx(claim.gain_likely - 500)
    assert (claim.currency, claim.state) == ("EUR", ClaimState.CLAIMED)


def test_a_harm_is_worth_less_than_nothing_by_what_it_harmed() -> None:
    claim = claimed(judged(counter_metric="handle_time", counter_limit=10.0))
    assert claim.metric == "handle_time"
    assert claim.gain_high < 0
    assert claim.net_likely < claim.gain_likely < 0


@pytest.mark.parametrize("name", [person.name for person in PEOPLE])
@pytest.mark.capability("FIN-01")
def test_finance_alone_signs(name: str, sign_in: Any) -> None:
    claim = claimed()
    answer = sign_in(name).post(f"/prove/money/{claim.pk}/sign/")
    signs = name == "Fay"
    assert answer.status_code == (302 if signs else 403)
    assert Signature.objects.filter(claim=claim, signed=True, signed_by="Fay").count() == int(signs)
    if not signs:
        with pytest.raises(NotAllowed):
            actions.sign_money(claim=claim, by=name, at=AFTER)
        with pytest.raises(NotAllowed):
            actions.refuse_money(claim=claim, reason="No.", by=name, at=AFTER)


@pytest.mark.parametrize("as_whom", ["owner", "sponsor"])
@pytest.mark.capability("FIN-01")
def test_who_claimed_owns_or_sponsors_signs_nothing_even_in_finance(home: Home, as_whom: str) -> None:
    put(home, Person(name="Fay", roles=("finance", "receiving_team")), by="operator", at=AFTER)
    made = judged(**{as_whom: "Fay", **({"sponsor": "Eve"} if as_whom == "owner" else {})})
    claim = claimed(made, by="Fay" if as_whom == "owner" else "Rita")
    with pytest.raises(NotAllowed, match="Nobody signs the money"):
        actions.sign_money(claim=claim, by="Fay", at=AFTER)


def test_finance_of_another_unit_signs_nothing(home: Home) -> None:
    claim = claimed()
    put(home, Person(name="Fay", roles=("finance",), units=("south",)), by="operator", at=AFTER)
    with pytest.raises(NotAllowed, match="unit that you do not see"):
        actions.sign_money(claim=claim, by="Fay", at=AFTER)


@pytest.mark.parametrize(
    "plan",
    [
        {"treated": ("b", "d"), "comparison": ("f", "h")},
        {"comparison": (), "drawn_by_lot": False},
    ],
)
@pytest.mark.capability("FIN-01")
def test_no_money_follows_where_nothing_was_proved(plan: dict[str, Any]) -> None:
    with pytest.raises(WrongUsage, match="No money follows"):
        claimed(judged(**plan))


def test_no_money_follows_before_the_verdict_can_be_known() -> None:
    made = started()
    with pytest.raises(WrongUsage, match="Nothing was judged"):
        claimed(made)
    assert made.started_at is not None
    actions.judge(initiative=made, by="Lea", at=made.started_at + timedelta(days=10))
    with pytest.raises(WrongUsage, match="No money follows"):
        claimed(made)


def test_the_owner_and_the_xmo_lead_alone_claim() -> None:
    made = judged()
    for name in ("Pete", "Dee", "Tom", "Eve", "Fay", "Carl", "Root"):
        with pytest.raises(NotAllowed):
            claimed(made, by=name)
    assert claimed(made, by="Lea").proposed_by == "Lea"


def test_one_verdict_is_claimed_once_until_finance_refuses() -> None:
    made = judged()
    claim = claimed(made)
    with pytest.raises(WrongUsage, match="claimed already"):
        claimed(made)
    actions.refuse_money(claim=claim, reason="Too many.", by="Fay", at=AFTER)
    actions.sign_money(claim=claimed(made), by="Fay", at=AFTER)
    with pytest.raises(WrongUsage, match="claimed already"):
        claimed(made)


def test_an_answer_is_for_good() -> None:
    claim = claimed()
    made = actions.refuse_money(claim=claim, reason="The volume is last year's.", by="Fay", at=AFTER)
    with pytest.raises(WrongUsage, match="for good"):
        actions.sign_money(claim=claim, by="Fay", at=AFTER)
    made.signed = True
    with pytest.raises(WrongUsage, match="fixed"):
        made.save()
    with pytest.raises(WrongUsage, match="fixed"):
        Signature.objects.all().delete()
    with pytest.raises(WrongUsage, match="fixed"):
        MoneyClaim.objects.filter(pk=claim.pk).update(net_likely=1_000_000)
    assert claim.state == ClaimState.REFUSED


def test_a_refusal_needs_its_reason(sign_in: Any) -> None:
    claim = claimed()
    told = sign_in("Fay").post(f"/prove/money/{claim.pk}/refuse/", {"reason": " "}, follow=True).content.decode()
    assert "refused only with a reason" in told
    assert claim.state == ClaimState.CLAIMED


def test_a_new_verdict_voids_the_money_for_all_to_see(sign_in: Any) -> None:
    made = judged()
    claim = claimed(made)
    actions.sign_money(claim=claim, by="Fay", at=AFTER)
    states = [claim.state]
    actions.judge(initiative=made, by="Lea", at=AFTER + timedelta(days=7))
    assert [*states, claim.state] == [ClaimState.SIGNED, ClaimState.VOID]
    assert Signature.objects.filter(claim=claim).exists()  # what was signed stays on record
    assert "judged again since" in sign_in("Eve").get(f"/prove/initiatives/{made.pk}/").content.decode()
    page = sign_in("Eve").get("/prove/ledger/").content.decode()
    assert "Nothing that finance has signed yet." in page
    assert "void: judged again since" in page
    assert [row.what for row in read_audit() if claim.name in row.on][-1] == "money voided"
    with pytest.raises(WrongUsage, match=r"for good|void"):
        actions.sign_money(claim=claim, by="Fay", at=AFTER)


def test_a_claim_that_was_not_answered_is_void_too_after_a_new_verdict() -> None:
    made = judged()
    claim = claimed(made)
    actions.judge(initiative=made, by="Lea", at=AFTER + timedelta(days=7))
    with pytest.raises(WrongUsage, match="void"):
        actions.sign_money(claim=claim, by="Fay", at=AFTER)


# THE LEDGER


def test_the_ledger_adds_independent_ranges_in_quadrature_and_says_the_bounds(home: Home) -> None:
    first, second = claimed(), claimed(judged(title="Call back"))
    for claim in (first, second):
        actions.sign_money(claim=claim, by="Fay", at=AFTER)
    found = ledger.read_ledger(access_of(home, "Eve", at=AFTER), definitions(home))
    sums = found.sums(ClaimState.SIGNED)["EUR"]
    assert sums.net.count == 2
    assert sums.net.together.likely == pytest.approx(2 * first.net_likely)
    down = first.net_likely - first.net_low
    assert sums.net.together.low == pytest.approx(2 * first.net_likely - 2**0.5 * down)
    assert sums.net.bounds.low == pytest.approx(2 * first.net_low)
    assert set(found.by_experience()) == {("customer", "EUR")}


def test_an_executive_sees_the_ledger_and_finance_signs_there_in_one_click(sign_in: Any) -> None:
    claim = claimed()
    page = sign_in("Eve").get("/prove/ledger/").content.decode()
    assert "claimed, not signed" in page
    assert "Sign for finance" not in page
    fay = sign_in("Fay")
    page = fay.get("/prove/ledger/").content.decode()
    assert f'action="/prove/money/{claim.pk}/sign/"' in page
    answer = fay.post(f"/prove/money/{claim.pk}/sign/", {"next": "/prove/ledger/"})
    assert (answer.status_code, answer["Location"]) == (302, "/prove/ledger/")
    assert "signed by finance for 1 initiative" in fay.get("/prove/ledger/").content.decode()


def test_the_ledger_is_a_file_without_formulas(sign_in: Any) -> None:
    made = judged(title='=HYPERLINK("http://x")')
    claimed(made)
    answer = sign_in("Eve").get("/prove/ledger.csv")
    head, line = answer.content.decode().splitlines()
    assert head.startswith("initiative,unit,state")
    assert line.startswith("\"'=HYPERLINK")


def test_a_ledger_of_another_unit_is_empty(sign_in: Any) -> None:
    claimed()
    told = sign_in("Carl").get("/prove/ledger/").content.decode()
    assert "Call ahead" not in told
    assert len(sign_in("Carl").get("/prove/ledger.csv").content.decode().splitlines()) == 1
