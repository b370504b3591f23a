"""First contact resolution and journeys: what is one matter, and when it failed."""

import csv
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from openxmo.core.metrics import near
from openxmo.core.metrics.linking import count_journeys, stitch_journeys
from openxmo.core.metrics.metric import Metric, Score
from openxmo.core.metrics.tally import Tally
from openxmo.core.signals.reading import read_signals
from tests.spec.metrics.heard import Heard, at, mean_of, measure

CONTACT = {"name": "contact", "kind": "O", "value": None, "basis": "recorded"}
WINDOWS_OVER = at("2025-04-01")

# id, customer, what it was about, when, channel, transferred (worked example after the re-contact
# window of operations-defined FCR, 7 to 30 days in use).
CONTACTS = """
c01 K1 billing 2025-03-01T09:00 phone 0
c02 K1 billing 2025-03-04T10:00 chat 0
c03 K2 login 2025-03-01T11:00 phone 0
c04 K3 billing 2025-03-02T08:00 phone 0
c05 K3 delivery 2025-03-03T08:00 phone 0
c06 K4 login 2025-03-02T12:00 email 1
c07 K5 delivery 2025-03-01T09:00 phone 0
c08 K5 delivery 2025-03-08T09:00 phone 0
c09 K6 billing 2025-03-05T09:00 chat 0
c10 K6 billing 2025-03-20T09:00 chat 0
c11 K7 login 2025-03-28T09:00 chat 0
c12 K8 login 2025-03-29T09:00 chat 0
c13 K8 login 2025-03-30T09:00 chat 0
c14 K1 billing 2025-03-06T10:00 phone 0
"""


def fcr(days: float, **more: Any) -> Metric:
    score: dict[str, Any] = {"days": days, "fails_if": {"exists:transferred": True}}
    return Metric(key=f"fcr{days:g}", signal="contact", score=Score(kind="repeat_free", **(score | more)))


def worked_contacts() -> list[dict[str, Any]]:
    rows = []
    for line in CONTACTS.split("\n")[1:-1]:
        key, customer, reason, moment, channel, transferred = line.split()
        shared = {"happened_at": moment, "subject": customer, "reason": reason, "channel": channel, "contact": key}
        rows.append({**CONTACT, **shared, "attrs": [("key", key)]})
        if transferred == "1":
            rows.append({**CONTACT, **shared, "name": "transferred", "id": f"t{key}"})
    return rows


WORKED = (
    (7, 5, 8, {"c01", "c06", "c07"}, {"c11", "c12"}),
    (14, 4, 7, {"c01", "c06", "c07"}, {"c10", "c11", "c12"}),
    (30, 1, 3, {"c01", "c07"}, {"c04", "c05", "c06", "c09", "c11", "c12"}),
)


def test_the_worked_contacts_within_each_window(heard_everywhere: Heard) -> None:
    heard_everywhere.hear(*worked_contacts())
    for days, resolved, evaluable, failed, immature in WORKED:
        cell = heard_everywhere.cell(fcr(days), as_of=WINDOWS_OVER)
        assert cell.tally.n == evaluable
        assert mean_of(cell) == pytest.approx(100 * resolved / evaluable, abs=1e-6)
        assert cell.excluded == {"immature": len(immature)}
        each = {c.by["attrs.key"]: c for c in heard_everywhere.cells(fcr(days), by=["attrs.key"], as_of=WINDOWS_OVER)}
        assert {key for key, c in each.items() if c.tally.n and mean_of(c) == 0} == failed
        assert {key for key, c in each.items() if c.excluded} == immature


def test_an_issue_is_one_unit_however_the_contacts_were_coded(heard: Heard) -> None:
    heard.hear(
        {**CONTACT, "issue": "i1", "subject": "a", "reason": "login", "happened_at": "2026-03-01", "channel": "chat"},
        {**CONTACT, "issue": "i1", "subject": "b", "reason": "billing", "happened_at": "2026-03-05"},
        {**CONTACT, "issue": "i2", "subject": "a", "reason": "login", "happened_at": "2026-03-02", "channel": "chat"},
        {**CONTACT, "issue": "i2", "subject": "a", "reason": "login", "happened_at": "2026-03-20"},
    )
    # i1 fails within the window; i2 came back after it, and stays one issue.
    assert heard.table(fcr(7), by=["channel"]) == {"chat": (2, 50.0)}


def test_the_window_begins_with_the_first_contact_of_an_episode(heard: Heard) -> None:
    days = (1, 6, 9, 12, 25)  # 6 is within the first's window; 9 opens another, within which 12 falls; 25 stands alone
    heard.hear(*({**CONTACT, "subject": "a", "reason": "login", "happened_at": f"2026-03-{day:02d}"} for day in days))
    assert heard.table(fcr(7), every="day") == {
        "2026-03-01": (1, 0.0),
        "2026-03-09": (1, 0.0),
        "2026-03-25": (1, 100.0),
    }


def test_a_repeat_in_another_channel_counts_and_belongs_to_the_first(heard: Heard) -> None:
    shared = {**CONTACT, "subject": "a", "reason": "login"}
    heard.hear(
        {**shared, "happened_at": "2026-02-27", "channel": "chat", "unit": "north"},
        {**shared, "happened_at": "2026-03-02", "channel": "phone", "unit": "south"},
    )
    assert heard.table(fcr(7), by=["channel"]) == {"chat": (1, 0.0)}
    # The contact before the range makes the one within it a repeat, and no first contact.
    assert heard.cell(fcr(7), since=at("2026-03-01")).tally.n == 0
    assert heard.mean(fcr(7), until=at("2026-03-01")) == 0
    assert heard.mean(fcr(7), where=[("channel", "chat")]) == 0
    assert heard.cell(fcr(7), where=[("channel", "phone")]).tally.n == 0
    assert heard.mean(fcr(7), scope=frozenset({"north"})) == 0


def test_contacts_of_nobody_knows_what_are_left_out_and_counted(heard_everywhere: Heard) -> None:
    heard_everywhere.hear(
        {**CONTACT, "subject": "a", "reason": None},
        {**CONTACT, "subject": None, "reason": "login"},
        {**CONTACT, "subject": "a", "reason": "login"},
        {**CONTACT, "subject": "a", "reason": "login", "excluded": "test call", "happened_at": "2026-03-11"},
    )
    cell = heard_everywhere.cell(fcr(7))
    assert (cell.tally.n, mean_of(cell)) == (1, 100.0)
    assert cell.excluded == {"unlinked": 2, "test call": 1}


def test_what_makes_contacts_one_issue_can_be_said(heard: Heard) -> None:
    for day, reason in ((1, "login"), (3, "billing")):
        heard.hear({**CONTACT, "subject": "a", "reason": reason, "happened_at": f"2026-03-0{day}"})
    assert heard.cell(fcr(7)).tally.n == 2
    by_person = heard.cell(fcr(7, key=("subject",)))
    assert (by_person.tally.n, mean_of(by_person)) == (1, 0.0)
    by_plan = heard.cell(fcr(7, key=("subject", "attrs.plan")))
    assert by_plan.excluded == {"unlinked": 2}


def test_two_words_that_are_the_same_are_not_one_key(heard: Heard) -> None:
    heard.hear(*({**CONTACT, "subject": name, "reason": name} for name in ("a", "b", "c")))
    assert heard.mean(fcr(7)) == 100


def walked(moments: list[datetime], window: timedelta, as_of: datetime) -> tuple[int, int, int]:
    """(evaluable, failed, immature) of one customer's contacts, by the rule as it is told: one after the other."""
    evaluable = failed = immature = 0
    ends: datetime | None = None
    for place, moment in enumerate(sorted(moments)):
        if ends is not None and moment <= ends:
            continue
        ends = moment + window
        if ends > as_of:
            immature += 1
            continue
        evaluable += 1
        later = sorted(moments)[place + 1 : place + 2]
        failed += bool(later and later[0] <= ends)
    return evaluable, failed, immature


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_long_chains_are_walked_as_the_rule_tells(heard: Heard, seed: int) -> None:
    chance = np.random.default_rng(seed)
    start, as_of, window = at("2026-01-01"), at("2026-03-01"), timedelta(days=7)
    contacts: dict[str, list[datetime]] = {}
    for customer in range(40):
        hours = chance.integers(0, 24 * 70, size=int(chance.integers(1, 25)))
        contacts[f"c{customer}"] = [start + timedelta(hours=int(hour)) for hour in hours]
    heard.hear(
        *(
            {**CONTACT, "subject": subject, "reason": "login", "happened_at": moment}
            for subject, moments in contacts.items()
            for moment in moments
        )
    )
    seen = [walked([m for m in moments if m <= as_of], window, as_of) for moments in contacts.values()]
    evaluable, failed, immature = (sum(column) for column in zip(*seen, strict=True))
    cell = heard.cell(fcr(7), as_of=as_of)
    assert cell.tally.n == evaluable
    assert mean_of(cell) == pytest.approx(100 * (evaluable - failed) / evaluable)
    assert cell.excluded == {"immature": immature}


@pytest.mark.parametrize(("bits", "at_once"), [(20, 1000), (62, 7), (24, 100)], ids=["alike", "by parts", "both"])
def test_hashes_that_are_alike_and_contacts_taken_in_parts_change_no_answer(
    heard: Heard, bits: int, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(near, "BITS", bits)  # some dozen different hashes for 60 customers
    monkeypatch.setattr(near, "AT_ONCE", at_once)
    chance, window, as_of = np.random.default_rng(5), timedelta(days=7), at("2026-03-01")
    contacts = {
        f"c{customer}": [at("2026-01-01") + timedelta(hours=int(hour)) for hour in chance.integers(0, 24 * 59, size=9)]
        for customer in range(60)
    }
    issues = {f"i{issue}": [at("2026-01-05") + timedelta(days=int(day)) for day in (0, 20)] for issue in range(5)}
    heard.hear(
        *(
            {**CONTACT, "subject": subject, "reason": "login", "happened_at": moment, "issue": issue}
            for found, issued in ((contacts, False), (issues, True))
            for subject, moments in found.items()
            for issue in [subject if issued else None]
            for moment in moments
        ),
        *({**CONTACT, "subject": None, "reason": "login", "happened_at": "2026-01-09"} for _ in range(3)),
    )
    seen = [walked(moments, window, as_of) for moments in contacts.values()]
    evaluable, failed, immature = (sum(column) for column in zip(*seen, strict=True))
    cell = heard.cell(fcr(7), as_of=as_of)
    assert cell.tally.n == evaluable + len(issues)
    assert mean_of(cell) == pytest.approx(100 * (evaluable - failed + len(issues)) / (evaluable + len(issues)))
    assert cell.excluded == {"immature": immature, "unlinked": 3}


def test_of_employees_those_who_opened_an_episode_are_counted_as_people(heard: Heard) -> None:
    shared = {**CONTACT, "reason": "login", "protected": True}
    heard.hear(
        *({**shared, "subject": "a", "happened_at": f"2026-03-{day:02d}"} for day in (1, 5, 9)),
        {**shared, "subject": "b", "happened_at": "2026-03-02"},
        {**shared, "subject": None, "happened_at": "2026-03-03"},
        {**shared, "subject": "c", "happened_at": "2026-03-31"},
    )
    assert len(heard.cell(fcr(7), as_of=at("2026-04-02")).people or ()) == 2
    by_day = {
        cell.period.label: cell for cell in heard.cells(fcr(7), every="day", as_of=at("2026-04-02")) if cell.period
    }
    # The third of the chain opens another episode, of the same person; the second opens none.
    assert by_day["2026-03-01"].people == by_day["2026-03-09"].people
    assert by_day["2026-03-01"].people != by_day["2026-03-02"].people
    assert {label for label, cell in by_day.items() if cell.people} == {"2026-03-01", "2026-03-02", "2026-03-09"}


def test_chains_cut_and_weighted_count_in_the_cell_of_each_contact_that_opens_one(heard_everywhere: Heard) -> None:
    # Whole days, so that many contacts of one customer share a moment: then the one heard first opens.
    chance, start, days = np.random.default_rng(4), at("2026-01-01"), 3
    heard_rows: list[dict[str, Any]] = []
    sums: dict[tuple[str, str], list[float]] = {}  # n, sum of weights and of squared ones, weighted sum of scores
    for customer in range(12):
        moments = sorted(int(day) for day in chance.integers(0, 40, size=int(chance.integers(1, 40))))
        open_until = -1
        for place, day in enumerate(moments):
            row: dict[str, Any] = {
                **CONTACT,
                "subject": f"c{customer}",
                "reason": "login",
                "happened_at": start + timedelta(days=day),
                "channel": ("chat", "phone")[int(chance.integers(2))],
                "weight": float(chance.integers(1, 5)),
                "objects": [["order"], ["order", "invoice"]][int(chance.integers(2))],
            }
            heard_rows.append(row)
            if day <= open_until:
                continue
            open_until = day + days
            is_solved = place + 1 == len(moments) or moments[place + 1] > open_until
            weight = row["weight"]
            for thing in row["objects"]:
                before = sums.get((row["channel"], thing), [0, 0, 0, 0])
                more = (1, weight, weight**2, weight * 100 * is_solved)
                sums[row["channel"], thing] = [one + other for one, other in zip(before, more, strict=True)]
    heard_everywhere.hear(*heard_rows)
    asked: dict[str, Any] = {"by": ["channel", "objects"], "weighted": True, "as_of": at("2026-04-01")}
    tallies = {tuple(c.by.values()): c.tally for c in heard_everywhere.cells(fcr(days), **asked)}
    assert {key: [t.n, t.w, t.w2, t.ws] for key, t in tallies.items() if isinstance(t, Tally)} == sums


def journeys(heard: Heard, *, gap_days: float = 14, name: str = "contact") -> dict[str, int]:
    signals = read_signals(heard.engine)
    contacts = signals.filter(signals.name == name)
    stitched = stitch_journeys(contacts, gap_days=gap_days, key=("subject", "reason"), engine_name=heard.engine.name)
    (found,) = heard.engine.fetch(count_journeys(stitched)).to_pylist()
    return dict(found)


def test_three_contacts_about_one_matter_are_one_failed_journey(heard_everywhere: Heard) -> None:
    # Web visit and survey are no contacts; order numbers name the issue, else the reason does; gap 14 days.
    events = [
        ("K1", "2025-01-01T10:20", "refund", "5001"),
        ("K1", "2025-01-03T09:00", "refund", "5001"),
        ("K1", "2025-01-05T15:00", "refund", "5001"),
        ("K2", "2025-01-02T10:00", "password", None),
        ("K2", "2025-02-20T10:00", "password", None),
        ("K3", "2025-01-04T10:00", "delivery", "7001"),
        ("K3", "2025-01-04T12:00", "invoice", "7002"),
    ]
    heard_everywhere.hear(
        *(
            {**CONTACT, "subject": customer, "happened_at": moment, "reason": reason, "issue": order}
            for customer, moment, reason, order in events
        )
    )
    assert journeys(heard_everywhere) == {"journeys": 5, "failed": 1, "contacts": 7, "excess_contacts": 2}


def test_a_stitched_journey_is_marked_as_derived(heard: Heard) -> None:
    heard.hear(
        {**CONTACT, "subject": "a", "reason": "login"},
        {**CONTACT, "subject": "a", "issue": "i1"},
        {**CONTACT, "subject": None, "reason": None},
        {**CONTACT, "subject": None, "reason": None},
    )
    stitched = stitch_journeys(
        read_signals(heard.engine), gap_days=14, key=("subject", "reason"), engine_name=heard.engine.name
    )
    found = heard.engine.fetch(stitched).to_pylist()
    assert sorted((row["issue"] or "", row["derived"], row["contacts"]) for row in found) == [
        ("", True, 1),
        ("", True, 1),
        ("", True, 1),
        ("i1", False, 1),
    ]


@pytest.mark.real_data
def test_the_planted_world_has_its_failed_journeys(heard: Heard, shared_data: Path) -> None:
    # 3,200 cases of 4,915 contacts: 1,047 failed journeys, 1,715 excess contacts.
    with (shared_data / "oracles" / "planted_cx_world_open.csv").open(newline="", encoding="utf-8") as lines:
        heard.hear(
            *(
                {**CONTACT, "happened_at": row["ts"], "subject": row["customer"], "issue": row["case_id"]}
                for row in csv.DictReader(lines)
            )
        )
    expected = {"journeys": 3200, "failed": 1047, "contacts": 4915, "excess_contacts": 1715}
    assert journeys(heard, gap_days=30) == expected


def test_the_share_of_cases_without_repeat_is_weighted_like_any_share(heard: Heard) -> None:
    heard.hear(
        {**CONTACT, "subject": "a", "reason": "login", "weight": 3.0},
        {**CONTACT, "subject": "b", "reason": "login"},
        {**CONTACT, "subject": "b", "reason": "login", "happened_at": "2026-03-11", "weight": 9.0},
    )
    assert heard.mean(fcr(7), weighted=True) == 75
    assert heard.mean(measure("repeat_free", signal="contact", days=7)) == 50
