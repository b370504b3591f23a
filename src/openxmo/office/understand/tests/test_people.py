"""*What has {person} been through?*"""

from collections.abc import Callable

from django.test import Client

from openxmo.core.signals.store.home import Home
from openxmo.office.accounts.audit import read_audit
from openxmo.office.understand.tests.heard import answer_of, hear, mood, row, words_of

ANNA = "/understand/people/customer-1/"
SignIn = Callable[[str], Client]


def test_all_that_was_heard_of_a_customer_stands_in_time_order_and_the_look_is_written_down(
    home: Home, sign_in: SignIn
) -> None:
    hear(
        home,
        row(1, text="Reach me at anna@example.org"),
        row(
            1, "2026-09", id="paid", name="renewal", kind="B", source="billing", value=240, scale=None, value_unit="EUR"
        ),
        row(1, "2026-08", id="yes", name="consent", kind="O", item="may-contact", label="yes", value=None, scale=None),
        row(2),
    )
    page = sign_in("Tom").get(ANNA)
    assert [each["id"] for each in page.context["rows"]] == ["2026-10-1", "paid", "yes"]
    assert answer_of(page).startswith("3 signals from 2 Aug 2026 to 2 Oct 2026. Agreed to being contacted on 2 Aug")
    assert "[email]" in words_of(page)
    assert "customer-1 been through" not in words_of(page)
    looks = read_audit(what="looked at a person")
    assert [(each.by, list(each.on)) for each in looks] == [("Tom", ["person:customer-1"])]
    assert [each["id"] for each in sign_in("Tom").get(ANNA + "?kind=B").context["rows"]] == ["paid"]


def test_an_employee_s_history_is_nobody_s_to_read(home: Home, sign_in: SignIn) -> None:
    hear(home, *(mood(number, text="I am tired.") for number in range(40)))
    for name in ("Lea", "Ada", "Iris", "Tom"):
        page = sign_in(name).get("/understand/people/emp-3/")
        assert page.status_code == 403
        assert answer_of(page).startswith("Not shown: this is an employee")
        assert "tired" not in page.content.decode()
        assert page.context["found"]["n"] is None


def test_a_key_that_is_an_employee_s_elsewhere_opens_nothing_within_a_unit_either(home: Home, sign_in: SignIn) -> None:
    hear(home, row(1), mood(1, subject="customer-1", unit="south"))
    assert sign_in("Tom").get(ANNA).status_code == 403


def test_only_those_who_read_answers_in_that_unit_open_a_person(home: Home, sign_in: SignIn) -> None:
    hear(home, row(1))
    assert sign_in("Tom").get(ANNA).status_code == 200
    assert sign_in("Carl").get(ANNA).status_code == 400
    for name in ("Eve", "Pia", "Root", "Fay", "Amy"):
        assert sign_in(name).get(ANNA).status_code == 403
    assert sign_in("Ada").get("/understand/people/customer-999/").status_code == 400


def test_the_whole_key_opens_a_person_and_a_part_of_it_nobody(home: Home, sign_in: SignIn) -> None:
    hear(home, row(12))
    client = sign_in("Ada")
    assert client.get("/understand/people/?subject=customer-12", follow=True).status_code == 200
    assert client.get("/understand/people/?subject=customer-", follow=True).status_code == 400
