"""*Which signals stand behind this number?*"""

from collections.abc import Callable
from datetime import UTC, datetime

from django.test import Client

from openxmo.core.signals.store.home import Home
from openxmo.office.govern import trail
from openxmo.office.lib import things
from openxmo.office.lib.things import Thing
from openxmo.office.understand.tests.heard import OCTOBER, answer_of, ask_employees, hear, mood, row, words_of

SIGNALS = "/understand/signals/?"
SignIn = Callable[[str], Client]


def test_rows_come_newest_first_with_words_masked_and_no_word_of_who_served(home: Home, sign_in: SignIn) -> None:
    said = "Call me on 020 7946 0958, says anna@example.org"
    comment = row(3, id="c3", name="comment", value=None, scale=None, text=said, response="r-2026-10-3")
    hear(home, *(row(number, agent="amy", team="x") for number in range(5)), comment)
    page = sign_in("Ada").get(f"{SIGNALS}metric=csat&{OCTOBER}")
    assert answer_of(page) == "5 signals count."
    text = words_of(page)
    assert "[phone]" in text
    assert "anna@" not in text
    assert "amy" not in page.content.decode()
    moments = [each["happened_at"] for each in page.context["found"]["rows"]]
    assert moments == sorted(moments, reverse=True)


def test_pages_follow_each_other_without_a_gap_or_a_double(home: Home, sign_in: SignIn) -> None:
    hear(home, *(row(number) for number in range(120)))
    client, address, seen = sign_in("Ada"), f"{SIGNALS}metric=csat&{OCTOBER}", []
    while address:
        page = client.get(address)
        seen += [each["id"] for each in page.context["found"]["rows"]]
        address = page.context["further"]
    assert len(seen) == 120
    assert set(seen) == {f"2026-10-{number}" for number in range(120)}


def test_what_does_not_count_is_there_with_its_reason(home: Home, sign_in: SignIn) -> None:
    hear(home, row(1), row(2, excluded="duplicate", excluded_by="site"))
    page = sign_in("Ada").get(f"{SIGNALS}metric=csat&{OCTOBER}")
    assert answer_of(page) == "1 signal counts; 1 was left out (1 duplicate)."
    assert {each["id"]: each["left_out"] for each in page.context["found"]["rows"]} == {
        "2026-10-1": None,
        "2026-10-2": "duplicate",
    }


def test_whoever_may_not_read_answers_is_told_how_many_and_why(home: Home, sign_in: SignIn) -> None:
    hear(home, *(row(number, text="The line drops.") for number in range(40)))
    page = sign_in("Eve").get(f"{SIGNALS}metric=csat&{OCTOBER}")
    assert answer_of(page).startswith("40 signals count. Single answers are opened by those whose role reads answers")
    assert "The line drops" not in page.content.decode()
    assert "customer-" not in page.content.decode()
    assert sign_in("Root").get(f"{SIGNALS}metric=csat&{OCTOBER}").status_code == 403


def test_nobody_reads_an_answer_of_another_unit(home: Home, sign_in: SignIn) -> None:
    hear(home, *(row(number, text="North only.") for number in range(3)))
    page = sign_in("Carl").get(f"{SIGNALS}metric=csat&{OCTOBER}")
    assert answer_of(page) == "0 signals count."
    assert "North only" not in page.content.decode()


def test_employees_answers_are_no_rows_and_their_words_wait_for_enough_people(home: Home, sign_in: SignIn) -> None:
    ask_employees(home)
    hear(home, *(mood(number, text=f"Rota {number}.") for number in range(19)))
    client = sign_in("Ada")
    address = f"{SIGNALS}metric=mood&{OCTOBER}"
    page = client.get(address)
    assert answer_of(page) == "19 signals count. Employees are among them, so no single answer is shown to anybody."
    assert "Rota" not in page.content.decode()
    assert "emp-" not in page.content.decode()
    hear(home, *(mood(number, "2026-09", text=f"Shift {number}.") for number in range(30)))
    told = client.get(f"{SIGNALS}metric=mood&period=2026-09")
    assert "Shift 3." in words_of(told)
    assert "emp-" not in told.content.decode()
    assert told.context["found"]["rows"] == []


def test_too_few_employees_are_not_even_counted_and_no_condition_picks_one_out(home: Home, sign_in: SignIn) -> None:
    ask_employees(home)
    hear(home, *(mood(number) for number in range(4)))
    client = sign_in("Ada")
    assert answer_of(client.get(f"{SIGNALS}metric=mood&{OCTOBER}")).startswith("Not shown: too few people")
    for condition in ("subject=emp-1", "value=4", "channel=phone"):
        assert client.get(f"{SIGNALS}metric=mood&{OCTOBER}&where.{condition}").status_code == 403
    assert client.get(f"{SIGNALS}metric=mood&period=2026-10-02..2026-10-09").status_code == 403


def test_a_signal_says_what_came_of_it(home: Home, sign_in: SignIn) -> None:
    things.register("made", lambda key, _: Thing(f"made:{key}", "Case", f"number {key}", f"/made/{key}/"))
    hear(home, row(1))
    trail.link("signal:web/2026-10-1", "made:7", by="Tom", at=datetime(2026, 11, 1, tzinfo=UTC))
    page = sign_in("Ada").get(f"{SIGNALS}metric=csat&{OCTOBER}")
    assert '<a href="/made/7/">Case: number 7</a>' in page.content.decode()
    things.KINDS.pop("made")


def test_words_that_are_no_place_in_the_list_are_a_usage_error(home: Home, sign_in: SignIn) -> None:
    hear(home, row(1))
    assert sign_in("Ada").get(f"{SIGNALS}metric=csat&{OCTOBER}&after=yesterday").status_code == 400
