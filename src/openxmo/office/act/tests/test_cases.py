"""What people do to a case, and what its clocks do meanwhile."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.db import connection
from django.test import Client
from tests.people import access

from openxmo.core.errors import WrongUsage
from openxmo.core.signals.door.importing import drain_inbox
from openxmo.core.signals.engines import open_duckdb
from openxmo.core.signals.reading import read_signals
from openxmo.core.signals.store.home import Home
from openxmo.core.signals.store.lake import Lake
from openxmo.office.act import actions, causes, clocks, confirming, queries
from openxmo.office.act.complaints import accept_possible, dismiss_possible
from openxmo.office.act.models import Case, ConversationEntry, EscalationEvent, PossibleComplaint, Problem
from openxmo.office.act.opening import open_cases
from openxmo.office.act.tests.told import MONDAY, answer, hear, open_case
from openxmo.office.decide.models import Evidence, Item
from openxmo.office.govern.queries import access_of, read_office
from openxmo.office.govern.trail import find_later
from openxmo.office.listen.models import ContactAddress

SignIn = Callable[[str], Client]
HOUR = timedelta(hours=1)


def give_address(response: str = "r1") -> None:
    ContactAddress.objects.create(
        response=response, subject=f"customer-{response}", unit="north", address="c@example.org", left_at=MONDAY
    )


def resolved_case(home: Home, response: str = "r1") -> Case:
    case = open_case(home, response)
    cause = causes.put_cause(label="Nobody owned it", by="Tom", at=MONDAY)
    actions.reply(case=case, way="call", words="Called, sorry.", by="Amy", at=MONDAY + HOUR)
    actions.name_cause(case=case, cause=cause, severe=False, by="Amy", at=MONDAY + HOUR)
    return actions.resolve(case=case, by="Amy", at=MONDAY + 2 * HOUR)


def test_whoever_comes_second_is_told_who_has_the_case(home: Home) -> None:
    case = open_case(home)
    actions.take_case(case=case, by="Amy", at=MONDAY)
    with pytest.raises(WrongUsage, match="Amy has this case"):
        actions.take_case(case=case, by="Ben", at=MONDAY)
    actions.take_case(case=case, by="Amy", at=MONDAY + HOUR)  # taking what one has changes nothing
    case.refresh_from_db()
    assert (case.taken_by, case.owner) == ("Amy", "Amy")


@pytest.mark.django_db(transaction=True)
def test_a_letter_answers_the_case_and_goes_to_the_address_that_was_left(home: Home) -> None:
    give_address()
    case = open_case(home)
    entry = actions.reply(case=case, way="letter", words="We are sorry & will call.", by="Amy", at=MONDAY + HOUR)
    case.refresh_from_db()
    entry.refresh_from_db()
    assert (case.state, case.first_reply_by, case.taken_by, case.due_at) == (
        "answered",
        "Amy",
        "Amy",
        case.resolve_due_at,
    )
    assert (mail.outbox[0].to, entry.delivery) == (["c@example.org"], "sent")
    assert "We are sorry & will call." in mail.outbox[0].body
    assert not case.escalations.filter(clock="reply", called_off_at=None).exists()
    assert case.escalations.filter(clock="resolve", called_off_at=None).count() == 3


def test_a_letter_needs_an_address_and_a_call_does_not(home: Home) -> None:
    case = open_case(home)
    with pytest.raises(WrongUsage, match="No address was left"):
        actions.reply(case=case, way="letter", words="Hello", by="Amy", at=MONDAY)
    assert ConversationEntry.objects.count() == 0
    actions.reply(case=case, way="call", words="Talked", by="Amy", at=MONDAY)
    case.refresh_from_db()
    assert case.state == "answered"


def test_nothing_is_resolved_without_a_reply_and_a_cause(home: Home) -> None:
    case = open_case(home)
    with pytest.raises(WrongUsage, match="This case is open"):
        actions.resolve(case=case, by="Amy", at=MONDAY)
    actions.reply(case=case, way="call", words="Talked", by="Amy", at=MONDAY)
    with pytest.raises(WrongUsage, match="no root cause"):
        actions.resolve(case=case, by="Amy", at=MONDAY)


@pytest.mark.capability("CXM-07")
@pytest.mark.django_db(transaction=True)
def test_only_the_customers_yes_makes_a_case_recovered_and_is_heard_as_an_answer(home: Home) -> None:
    case = resolved_case(home)
    assert (case.outcome, case.due_at) == ("", None)
    address = actions.confirmation_link(case).partition("8000")[2]
    client = Client()
    assert b"Did this help?" in client.get(address).content
    case.refresh_from_db()
    assert case.state == "resolved"  # a mail programme that opens the link says nothing
    assert client.post(address, {"score": "4"}).status_code == 422
    assert b"Thank you" in client.post(address, {"helped": "yes", "score": "4", "words": "Thanks"}).content
    case.refresh_from_db()
    assert (case.state, case.outcome) == ("confirmed", "recovered")
    client.post(address, {"helped": "no"})  # a second answer changes nothing
    case.refresh_from_db()
    assert case.state == "confirmed"
    later = datetime.now(UTC)
    drain_inbox(Lake.open(home), sources={}, by="test", at=later)
    engine = open_duckdb(Lake.open(home))
    signals = read_signals(engine)
    heard = engine.fetch(signals.filter(signals.source == "recontact").select("name", "label", "value")).to_pylist()
    assert sorted((row["name"], row["label"], row["value"]) for row in heard) == [
        ("comment", None, None),
        ("csat_recontact", None, 4),
        ("recovered", "yes", None),
    ]


@pytest.mark.capability("CXM-07")
@pytest.mark.django_db(transaction=True)
def test_a_no_opens_the_case_again_with_a_new_clock_and_it_never_counts_as_recovered(home: Home) -> None:
    case = resolved_case(home)
    at = MONDAY + timedelta(days=1)
    case = confirming.hear_answer(home, case=case, helped=False, score=None, words="Still broken", round=0, at=at)
    assert (case.state, case.outcome, case.rounds, case.due_at) == ("reopened", "not_recovered", 1, at + 4 * HOUR)
    assert case.escalations.filter(round=1, clock="reply").count() == 3
    assert open_cases(home, at=at) == []  # their "no" is heard, and opens no second case
    drain_inbox(Lake.open(home), sources={}, by="test", at=at)
    assert open_cases(home, at=at) == []
    actions.reply(case=case, way="call", words="Again", by="Amy", at=at + HOUR)
    case = actions.resolve(case=case, by="Amy", at=at + 2 * HOUR)
    case = confirming.hear_answer(home, case=case, helped=True, score=5, words="", round=1, at=at + 3 * HOUR)
    assert (case.state, case.outcome) == ("confirmed", "not_recovered")


def test_after_seven_days_a_reopened_case_may_still_count(home: Home) -> None:
    case = resolved_case(home)
    at = MONDAY + timedelta(days=9)
    case = confirming.reopen_case(read_office(home), case=case, by="Amy", at=at)
    assert (case.state, case.outcome) == ("reopened", "")


@pytest.mark.capability("CXM-07")
@pytest.mark.django_db(transaction=True)
def test_each_step_of_a_clock_is_told_once_to_the_right_person(home: Home) -> None:
    users = get_user_model().objects
    for name in ("Amy", "Ben", "Tom", "Lea"):
        users.filter(username=name).update(email=f"{name.lower()}@example.org")
    case = open_case(home)
    assert clocks.tick(at=MONDAY + 2 * HOUR) == 0
    moments = [MONDAY + 3 * HOUR, MONDAY + 4 * HOUR, MONDAY + timedelta(days=1)]
    for at in moments:
        assert clocks.tick(at=at) == 1
        assert clocks.tick(at=at) == 0
    told = list(case.escalations.filter(clock="reply").order_by("due_at").values_list("step", "told"))
    assert told == [("warn", [case.owner]), ("lead", ["Tom"]), ("head", ["Lea"])]
    assert [letter.to for letter in mail.outbox] == [
        [f"{case.owner.lower()}@example.org"],
        ["tom@example.org"],
        ["lea@example.org"],
    ]
    assert all(case.words not in letter.body for letter in mail.outbox)


@pytest.mark.django_db(transaction=True)
def test_a_lead_who_hears_that_the_time_is_over_is_not_warned_of_it_beside(home: Home) -> None:
    get_user_model().objects.filter(username="Tom").update(email="tom@example.org")
    case = open_case(home)
    Case.objects.filter(pk=case.pk).update(owner="", taken_by="")  # then the lead hears the warning too
    assert clocks.tick(at=MONDAY + 4 * HOUR) == 2
    (letter,) = mail.outbox
    assert letter.subject == f"Case {case.pk} needs you"
    assert letter.body.count(f"/act/cases/{case.pk}/") == 1
    assert "the time is over" in letter.body


def test_nobody_is_told_of_a_case_that_was_closed_meanwhile(home: Home) -> None:
    case = open_case(home)
    actions.dismiss(case=case, why="A test answer", by="Tom", at=MONDAY)
    assert clocks.tick(at=MONDAY + timedelta(days=9)) == 0
    assert EscalationEvent.objects.filter(told_at__isnull=False).count() == 0


@pytest.mark.capability("CXM-08")
def test_five_cases_of_one_cause_are_a_problem_with_one_item_in_the_backlog(home: Home) -> None:
    cause = causes.put_cause(label="Hub 3 lights", handling_cost=Decimal(31), by="Tom", at=MONDAY)
    for number in range(5):
        assert Problem.objects.count() == 0
        case = open_case(home, f"r{number}")
        actions.name_cause(case=case, cause=cause, severe=False, by="Amy", at=MONDAY)
    problem = Problem.objects.get()
    item = Item.objects.get()
    assert (problem.item, item.title, item.unit) == (f"item:{item.pk}", "Hub 3 lights", "north")
    assert Evidence.objects.filter(item=item).count() == 5
    assert problem.cost() == 155
    sixth = open_case(home, "r6")
    named = actions.name_cause(case=sixth, cause=cause, severe=False, by="Amy", at=MONDAY)
    assert named.problem == problem
    assert (Problem.objects.count(), Item.objects.count(), problem.cases.count()) == (1, 1, 6)
    later = {thing.name for thing in find_later("signal:surveys/r6:csat", access(home, "Tom"))}
    assert {sixth.name, problem.name, problem.item} <= later


def test_three_severe_cases_are_enough(home: Home) -> None:
    cause = causes.put_cause(label="Sparks", by="Tom", at=MONDAY)
    for number in range(3):
        actions.name_cause(case=open_case(home, f"r{number}"), cause=cause, severe=True, by="Amy", at=MONDAY)
    assert Problem.objects.get().why == "3 severe cases in 30 days"


def test_a_possible_complaint_becomes_a_case_or_is_dismissed_with_a_reason(home: Home) -> None:
    words = "I want this treated as a formal complaint."
    hear(home, *answer("r1", csat=None, agreed=None, words=words), *answer("r2", agreed="no", words=words))
    open_cases(home, at=MONDAY)
    first, second = PossibleComplaint.objects.order_by("answer")
    case = accept_possible(possible=first, by="Tom", at=MONDAY)
    assert (case.sort, case.words, case.update_due_at) == ("complaint", words, MONDAY + timedelta(days=10))
    with pytest.raises(WrongUsage, match="Tom has judged this"):
        dismiss_possible(possible=first, why="late", by="Lea", at=MONDAY)
    with pytest.raises(WrongUsage, match="Say why"):
        dismiss_possible(possible=second, why=" ", by="Tom", at=MONDAY)
    dismiss_possible(possible=second, why="They quote an advertisement.", by="Tom", at=MONDAY)
    assert Case.objects.count() == 1


def test_a_complaint_in_an_answer_with_a_case_gets_its_clocks_beside(home: Home) -> None:
    case = open_case(home, words="This is a formal complaint.")
    case = accept_possible(possible=PossibleComplaint.objects.get(), by="Tom", at=MONDAY)
    assert Case.objects.count() == 1
    assert (case.sort, case.first_reply_due_at) == ("complaint", MONDAY + 4 * HOUR)
    assert case.escalations.filter(clock="update").count() == 3


def test_lists_of_ten_thousand_cases_are_read_by_index(home: Home) -> None:
    due = MONDAY.replace(hour=14)
    Case.objects.bulk_create(
        Case(
            opened_from=f"signal:s/{number}", rule="r", unit="north" if number % 2 else "south", team="x",
            owner=("Amy", "Ben", "")[number % 3], subject=f"c-{number}", words="w" * 200, happened_at=MONDAY,
            opened_at=MONDAY, first_reply_due_at=due, due_at=due if number % 4 else None,
        )
        for number in range(10_000)
    )  # fmt: skip
    amy = access_of(home, "Amy", at=MONDAY)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    for rows, index in (
        (queries.mine(amy), "owner"),
        (queries.unowned(amy), "clock"),
        (queries.open_cases_of(amy), "clock"),
    ):
        assert len(rows[:50]) == 50
        plan = rows[:50].explain()
        assert re.search(f"case_by.*{index}", plan), plan
