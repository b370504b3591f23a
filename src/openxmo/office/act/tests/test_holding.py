"""Nobody with an open complaint is surveyed: cases tell the survey frequency rule, also when they settle."""

from datetime import timedelta
from typing import Any

from openxmo.core.signals.store.home import Home
from openxmo.office.act import actions
from openxmo.office.act.complaints import accept_possible
from openxmo.office.act.confirming import reopen_case
from openxmo.office.act.models import Case, Cause, PossibleComplaint
from openxmo.office.act.opening import open_cases
from openxmo.office.act.tests.told import MONDAY, NORTH, answer, hear, open_case
from openxmo.office.govern.queries import read_office
from openxmo.office.listen.erasure import forget
from openxmo.office.listen.models import KnownComplaint
from openxmo.office.listen.queries.asked import who_is_held

LATE = MONDAY + timedelta(days=100)  # long after a complaint of which nothing more is heard counts as open


def why_held(home: Home, subject: str, *, at: Any = LATE) -> str:
    held = who_is_held(home, read_office(home), [subject], relationship=False, at=at).get(subject)
    return held.why if held else ""


def complain(home: Home, subject: str = "customer-1") -> Case:
    """A complaint that another system registered opens a case."""
    row = {"id": f"c-{subject}", "source": "crm", "kind": "O", "name": "complaint", "label": "billing"}
    hear(home, {**row, **NORTH, "subject": subject, "subject_kind": "customer", "happened_at": MONDAY.isoformat()})
    (case,) = open_cases(home, at=MONDAY)
    return case


def settle(case: Case) -> None:
    actions.reply(case=case, way="call", words="We talked.", by="Amy", at=MONDAY)
    actions.name_cause(case=case, cause=Cause.objects.all()[0], severe=False, by="Amy", at=MONDAY)
    actions.resolve(case=case, by="Amy", at=MONDAY + timedelta(days=1))


def test_a_complaint_holds_surveys_back_as_long_as_its_case_is_open(home: Home) -> None:
    case = complain(home)
    assert why_held(home, "customer-1") == "open_complaint"
    assert why_held(home, "customer-2") == ""
    settle(case)
    assert why_held(home, "customer-1") == ""


def test_a_settled_case_ends_the_hold_that_the_complaint_itself_would_give_for_sixty_days(home: Home) -> None:
    case = complain(home)
    settle(case)
    assert why_held(home, "customer-1", at=MONDAY + timedelta(days=3)) == ""


def test_a_case_that_is_reopened_holds_again(home: Home) -> None:
    case = complain(home)
    settle(case)
    case.refresh_from_db()
    reopen_case(read_office(home), case=case, by="", at=MONDAY + timedelta(days=2))
    assert why_held(home, "customer-1") == "open_complaint"


def test_a_negative_answer_is_no_complaint_until_somebody_reads_one_in_it(home: Home) -> None:
    case = open_case(home, "r1", words="This is a formal complaint!", agreed="yes")
    assert why_held(home, case.subject) == ""
    accept_possible(possible=PossibleComplaint.objects.get(), by="Tom", at=MONDAY)
    assert why_held(home, case.subject) == "open_complaint"


def test_who_is_erased_is_not_known_to_complain(home: Home) -> None:
    complain(home)
    assert KnownComplaint.objects.count() == 1
    forget({"customer-1"}, by="Dan", at=MONDAY)
    assert not KnownComplaint.objects.exists()


def test_a_rule_that_does_not_hold_on_complaints_lets_them_be_asked(home: Home) -> None:
    import msgspec

    from openxmo.office.govern.actions import put
    from openxmo.office.govern.practice import Frequency

    complain(home)
    rule = next(rule for rule in read_office(home).rules if isinstance(rule, Frequency))
    put(home, msgspec.structs.replace(rule, hold_on_open_complaint=False), by="Lea", at=MONDAY)
    assert why_held(home, "customer-1") == ""


def test_an_answer_alone_names_nobody_as_complaining(home: Home) -> None:
    hear(home, *answer("r9", subject=None))
    open_cases(home, at=MONDAY)
    assert not KnownComplaint.objects.exists()
