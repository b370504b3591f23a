"""Rules on fresh signals: a case opens once, only for somebody who is known and agreed to be contacted."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from openxmo.core.signals.store.home import Home
from openxmo.office.act import opening
from openxmo.office.act.models import Case, EscalationEvent, Firing, OpeningCursor, PossibleComplaint
from openxmo.office.act.opening import open_cases
from openxmo.office.act.tests.told import MONDAY, answer, hear, open_case
from openxmo.office.govern.actions import put
from openxmo.office.govern.models import TrailLink
from openxmo.office.govern.organisation import Calendar, Day
from openxmo.office.govern.practice import Routing
from openxmo.office.listen.models import ContactAddress

OPEN: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri")
LATER = MONDAY + timedelta(minutes=5)


@pytest.mark.capability("CXM-07")
def test_a_bad_answer_of_somebody_who_agreed_opens_a_case_with_its_clocks(home: Home) -> None:
    case = open_case(home, csat=2)
    assert (case.state, case.subject, case.unit, case.score, case.scale) == ("open", "customer-r1", "north", 2, "1..5")
    assert case.words == "Nobody called me back."
    assert case.opened_from == "signal:surveys/r1:csat"
    assert case.first_reply_due_at == MONDAY + timedelta(hours=4)  # of open time: ten to two
    assert case.resolve_due_at == datetime(2026, 11, 18, 17, tzinfo=UTC)  # the end of the second open day after
    steps = EscalationEvent.objects.filter(case=case, clock="reply").order_by("due_at")
    assert list(steps.values_list("step", "due_at")) == [
        ("warn", MONDAY + timedelta(hours=3)),
        ("lead", MONDAY + timedelta(hours=4)),
        ("head", datetime(2026, 11, 17, 10, tzinfo=UTC)),  # eight open hours: seven today, one tomorrow
    ]
    assert TrailLink.objects.filter(earlier="signal:surveys/r1:csat", later=case.name).exists()


@pytest.mark.parametrize(
    ("rows", "opens"),
    [
        ({"csat": 1}, True),
        ({"csat": 3}, False),
        ({"csat": 1, "agreed": "no"}, False),
        ({"csat": 1, "agreed": None}, False),
        ({"csat": 1, "subject": None}, False),
        ({"csat": 1, "subject": "respondent-77aa"}, False),
        ({"csat": 1, "subject_kind": "employee"}, False),
        ({"csat": 1, "subject_kind": None}, False),
    ],
)
def test_nobody_is_contacted_who_is_unknown_or_did_not_agree(home: Home, rows: dict[str, Any], opens: bool) -> None:
    hear(home, *answer("r1", **rows))
    assert bool(open_cases(home, at=MONDAY)) is opens
    assert PossibleComplaint.objects.count() == 0


def test_the_bottom_of_each_scale_is_negative(home: Home) -> None:
    scales = [("nps", "0..10", 6, 7), ("csat", "1..5", 2, 3), ("ces", "1..7", 2, 3), ("ces_1", "5..1", 4, 3)]
    for name, scale, bad, fair in scales:
        for value in (bad, fair):
            rows = answer(f"{name}-{value}", csat=value, words=None)
            hear(home, *[row | ({"name": name, "scale": scale} if row["name"] == "csat" else {}) for row in rows])
    hear(
        home,
        *[
            row | {"name": "resolved", "label": "no", "value": None, "scale": None} if row["name"] == "csat" else row
            for row in answer("unsolved", words=None)
        ],
    )
    open_cases(home, at=MONDAY)
    found = set(Case.objects.values_list("response", flat=True))
    assert found == {"nps-6", "csat-2", "ces-2", "ces_1-4", "unsolved"}


def test_an_address_left_at_a_public_link_makes_somebody_known(home: Home) -> None:
    hear(home, *answer("open", subject="respondent-1f"))
    assert open_cases(home, at=MONDAY) == []
    ContactAddress.objects.create(
        response="open", subject="respondent-1f", unit="north", address="a@example.org", left_at=MONDAY
    )
    (case,) = open_cases(home, at=MONDAY + timedelta(seconds=2))
    assert case.response == "open"
    assert open_cases(home, at=MONDAY + timedelta(seconds=4)) == []


def test_consent_that_comes_in_a_later_import_opens_the_case_then(home: Home) -> None:
    *said, consent = answer("r1")
    hear(home, *said)
    assert open_cases(home, at=MONDAY) == []
    hear(home, consent, at=LATER)
    (case,) = open_cases(home, at=LATER)
    assert case.opened_at == LATER


def test_a_rule_fires_once_for_an_answer_however_often_it_is_read(home: Home) -> None:
    open_case(home)
    assert open_cases(home, at=LATER) == []
    OpeningCursor.objects.update(import_number=0)  # as after a restored backup of the cursor
    assert open_cases(home, at=LATER) == []
    assert (Case.objects.count(), Firing.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "step", ["already_fired", "route", "set_alarms", "trail.link", "audit.record", "OpeningCursor.save"]
)
def test_a_worker_that_dies_at_any_step_leaves_nothing_half_done_and_doubles_nothing(
    home: Home, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    hear(home, *answer("r1"), *answer("r2", subject="customer-2"))

    class Killed(BaseException):
        pass

    holder: Any = opening
    *path, name = step.split(".")
    for part in path:
        holder = getattr(holder, part)
    real, calls = getattr(holder, name), []

    def die(*args: Any, **kwargs: Any) -> Any:
        calls.append(1)
        if len(calls) in (1, 4):  # at the first chance, and in the middle of the second case
            raise Killed
        return real(*args, **kwargs)

    monkeypatch.setattr(holder, name, die)
    for _attempt in range(4):
        try:
            open_cases(home, at=MONDAY)
        except Killed:
            assert Case.objects.count() == Firing.objects.count() == TrailLink.objects.count() == 0
    monkeypatch.undo()
    open_cases(home, at=LATER)
    assert sorted(Case.objects.values_list("response", flat=True)) == ["r1", "r2"]
    assert Firing.objects.count() == 2
    assert EscalationEvent.objects.count() == 12


def test_nothing_new_costs_no_look_at_the_signals(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    open_case(home)
    monkeypatch.setattr(opening, "read_fresh", lambda *_args, **_kwargs: pytest.fail("the signals were read"))
    assert open_cases(home, at=LATER) == []


def test_history_that_is_imported_opens_nothing(home: Home) -> None:
    hear(home, *answer("old", at=MONDAY - timedelta(days=15)), *answer("new"))
    assert [case.response for case in open_cases(home, at=MONDAY)] == ["new"]


def test_words_of_a_complaint_without_consent_wait_for_a_person(home: Home) -> None:
    hear(home, *answer("r1", csat=None, agreed=None, words="I want to make a formal complaint."))
    assert open_cases(home, at=MONDAY) == []
    possible = PossibleComplaint.objects.get()
    assert (possible.topics, possible.unit, possible.state) == (["complaint"], "north", "waiting")
    assert possible.due_at == datetime(2026, 11, 17, 17, tzinfo=UTC)  # by the next open day


def test_words_of_harm_run_by_the_clock_day_and_night(home: Home) -> None:
    night = MONDAY.replace(hour=2)
    hear(home, *answer("r1", at=night, words="My mother needs the alarm button."), at=night)
    (case,) = open_cases(home, at=night)
    assert (case.sort, case.severe, case.first_reply_due_at) == ("harm", True, night + timedelta(hours=1))
    hear(home, *answer("r2", at=night, agreed="no", words="There is smoke."), at=night)
    assert open_cases(home, at=night) == []
    assert PossibleComplaint.objects.get().due_at == night + timedelta(hours=1)


def test_harm_told_later_in_the_same_answer_shortens_the_clock_of_its_case(home: Home) -> None:
    csat, words, consent = answer("r1", words="There are sparks coming out of it.")
    hear(home, csat, consent)
    (case,) = open_cases(home, at=MONDAY)
    hear(home, words, at=LATER)
    assert open_cases(home, at=LATER) == []
    case.refresh_from_db()
    assert (case.severe, case.first_reply_due_at) == (True, MONDAY + timedelta(hours=1))
    assert case.escalations.filter(clock="reply", step="lead").get().due_at == MONDAY + timedelta(hours=1)


def test_a_complaint_from_another_system_is_owed_an_answer_without_consent(home: Home) -> None:
    row = {"id": "c1", "source": "crm", "happened_at": MONDAY.isoformat(), "kind": "O", "name": "complaint"}
    hear(home, row | {"label": "billing", "subject": "c-9", "subject_kind": "customer", "unit": "north"})
    (case,) = open_cases(home, at=MONDAY)
    assert (case.sort, case.first_reply_due_at) == ("complaint", datetime(2026, 11, 17, 17, tzinfo=UTC))
    assert case.update_due_at == MONDAY + timedelta(days=10)
    assert case.final_due_at is None


def test_cases_go_to_whoever_of_the_team_has_fewest(home: Home) -> None:
    for number in range(4):
        open_case(home, f"r{number}")
    owners = sorted(Case.objects.values_list("owner", flat=True))
    assert owners == ["Amy", "Amy", "Ben", "Ben"]


def test_a_routing_rule_names_the_team_and_nobody_there_leaves_it_to_the_lead(home: Home) -> None:
    put(home, Routing(key="billing", team="money", reason="billing"), by="test", at=MONDAY)
    case = open_case(home, reason="billing", unit="south")
    assert (case.team, case.owner) == ("money", "")


def test_clocks_leave_out_nights_weekends_holidays_and_the_hour_that_the_clock_jumps(home: Home) -> None:
    week: dict[Day, tuple[str, ...]] = {}
    week |= dict.fromkeys(OPEN, ("09:00-17:00",))
    closed = (date(2026, 12, 25), date(2026, 12, 28))
    calendar = Calendar(key="office-hours", zone="Europe/London", hours=week, holidays=closed)
    put(home, calendar, by="test", at=MONDAY)
    eve = datetime(2026, 12, 24, 16, tzinfo=UTC)
    case = open_case(home, at=eve)
    assert case.first_reply_due_at == datetime(2026, 12, 29, 12, tzinfo=UTC)  # one hour, then over four closed days
    spring = datetime(2027, 3, 26, 15, tzinfo=UTC)  # the Friday before the clocks go forward
    case = open_case(home, "r2", at=spring)
    assert case.first_reply_due_at == datetime(2027, 3, 29, 10, tzinfo=UTC)  # eleven on the wall on Monday
