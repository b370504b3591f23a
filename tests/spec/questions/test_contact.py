"""One contact as one record: its context, what was said and answered, and which contact it repeats."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from openxmo.core.errors import NotAllowed, WrongUsage
from openxmo.core.metrics.definitions import Definitions
from openxmo.core.release import MemoryHistory, release, rules_of
from openxmo.core.signals.engines import Engine, open_duckdb
from openxmo.questions.contact import ContactRecord, contact
from tests.cast import CARL, OTTO, ROOT, TOM
from tests.spec.signals.lakes import add, day, make_lake, signal

NOW = datetime(2026, 7, 1, tzinfo=UTC)
CALL = {
    "contact": "k-2",
    "issue": "i-1",
    "subject": "c-1",
    "subject_kind": "customer",
    "account": "acc-1",
    "unit": "north",
}


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    lake = make_lake(tmp_path)
    context: dict[str, Any] = {"reason": "billing", "channel": "phone", "queue": "bills", "agent": "amy", "team": "x"}
    first = {**CALL, "contact": "k-1", "kind": "O", "value": None, "basis": "recorded"}
    operational = {**CALL, "kind": "O", "value": None, "basis": "recorded"}
    add(
        lake,
        signal(1, day(5, 1), name="contact", **first),
        signal(2, day(5, 3), name="contact", ended_at=day(5, 3, 1), **context, **operational),
        signal(3, day(5, 3, 1), name="resolved", label="yes", **operational),
        signal(4, day(5, 4), name="resolved", label="no", response="r-1", **{**operational, "kind": "X"}),
        signal(5, day(5, 4), name="csat", value=2.0, scale="1..5", response="r-1", **CALL),
        signal(6, day(5, 3), name="utterance", label="customer", text="Second time I call.", **operational),
        signal(7, day(5, 3), name="handle_time", **{**operational, "value": 300.0}),
        signal(8, day(5, 3), name="transferred", **operational),
    )
    staff = {
        "contact": "k-9",
        "issue": None,
        "subject": "e-1",
        "subject_kind": "employee",
        "protected": True,
        "unit": "north",
    }
    add(lake, signal(20, day(5, 3), name="contact", **{**operational, **staff}))
    for number, (key, at) in enumerate((("k-5", day(6, 1)), ("k-6", day(6, 8)), ("k-7", day(6, 20)))):
        unnamed = {**operational, "issue": None, "contact": key, "reason": "moving"}
        add(lake, signal(30 + number, at, name="contact", **unnamed))
    return open_duckdb(lake)


def record(engine: Engine, key: str, **more: Any) -> ContactRecord:
    return contact(key, engine=engine, as_of=NOW, **more)


@pytest.mark.capability("CXM-01")
def test_a_contact_is_told_with_its_full_context(engine: Engine) -> None:
    told = record(engine, "k-2").to_document()
    expected = {"subject": "c-1", "issue": "i-1", "reason": "billing", "channel": "phone", "queue": "bills"}
    assert {name: told[name] for name in (*expected, "agent")} == {**expected, "agent": "amy"}
    assert told["repeat_of"] == "k-1"
    assert told["resolved"] == {"recorded": "yes", "stated": "no"}
    assert told["transcript"][0]["text"] == "Second time I call."
    assert (told["transferred"], told["escalated"], told["handle_time"]) == (True, False, 300.0)
    assert told["answers"] == [
        {"name": "csat", "item": None, "value": 2.0, "label": None, "text": None, "scale": "1..5", "instrument": None}
    ]


def test_the_first_contact_of_an_issue_repeats_none(engine: Engine) -> None:
    assert record(engine, "k-1").repeat_of is None


def test_contacts_without_an_issue_are_stitched_within_seven_days_and_say_so(engine: Engine) -> None:
    exactly_seven = record(engine, "k-6")
    assert (exactly_seven.repeat_of, exactly_seven.stitched) == ("k-5", True)
    assert record(engine, "k-7").repeat_of is None


def test_a_contact_that_nobody_told_of_is_a_sentence(engine: Engine) -> None:
    with pytest.raises(WrongUsage, match="No contact k-404"):
        record(engine, "k-404")


def test_a_contact_of_another_unit_is_out_of_sight(engine: Engine) -> None:
    with pytest.raises(WrongUsage):
        record(engine, "k-2", scope=frozenset({"south"}))


def test_the_exit_door_lets_the_own_unit_see_it_and_refuses_the_others(engine: Engine) -> None:
    seen = record(engine, "k-2", scope=TOM.units)
    rules, history = rules_of(Definitions()), MemoryHistory()
    assert release(seen, TOM, history=history, at=NOW, rules=rules).to_document()["contact"] == "k-2"
    for refused in (CARL, ROOT):
        with pytest.raises(NotAllowed):
            release(seen, refused, history=history, at=NOW, rules=rules)


def test_an_employees_contact_is_withheld_but_for_its_moment(engine: Engine) -> None:
    hidden = release(record(engine, "k-9"), OTTO, history=MemoryHistory(), at=NOW, rules=rules_of(Definitions()))
    told = hidden.to_document()
    assert told["suppressed"] == "privacy"
    assert "subject" not in told
    assert told["transcript"] == []
