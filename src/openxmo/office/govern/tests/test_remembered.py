"""Answers that are kept: the same as fresh ones, as long as nothing changes, and judged anew for each viewer."""

import shutil
import threading
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from tests.functional.homes import NOON, answers, take_in

from openxmo.core.errors import NotAllowed
from openxmo.core.metrics.metric import Metric, Score
from openxmo.core.signals.keeping.marks import mark_signals
from openxmo.core.signals.store.home import Home
from openxmo.office.govern.actions import put
from openxmo.office.govern.remembered import Remembered
from openxmo.office.govern.session import Session, warm_up
from openxmo.questions import score as scoring


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Metric]:
    """The metrics that were really worked out."""
    worked: list[Metric] = []
    really = scoring.score

    def score(metric: Metric, **how: Any) -> scoring.Scores:
        worked.append(metric)
        return really(metric, **how)

    score.__module__ = scoring.__name__
    monkeypatch.setattr(scoring, "score", score)
    return worked


def at(moment: datetime, home: Home, name: str = "Ada") -> Session:
    return Session(home, as_user=name, clock=lambda: moment)


def test_an_answer_is_worked_out_once_until_something_is_heard_or_the_office_changes(
    home: Home, asked: list[Metric]
) -> None:
    take_in(home.path, *answers([10] * 40))
    first = at(NOON, home).score("nps").to_document()
    assert at(NOON + timedelta(days=3), home).score("nps").to_document() == first
    assert len(asked) == 1
    take_in(home.path, *answers([0] * 40, first=40), name="more")
    assert at(NOON, home).score("nps").to_document()["rows"][0]["n"] == 80
    put(home, Metric(key="nps", signal="nps", score=Score(kind="mean")), by="operator", at=NOON)
    assert at(NOON, home).score("nps").to_document()["rows"][0]["value"] == 5
    assert len(asked) == 3


def test_a_mark_on_a_signal_is_seen_at_once(home: Home) -> None:
    take_in(home.path, *answers([10] * 40))
    office = at(NOON, home)
    assert office.score("nps").to_document()["rows"][0]["n"] == 40
    mark_signals(office.lake, mark="spam", ids=[("web", "a3")], by="Ada", at=NOON)
    assert office.score("nps").to_document()["rows"][0]["n"] == 39


def test_whoever_asks_next_gets_their_own_units_and_their_own_refusal(home: Home) -> None:
    take_in(home.path, *answers([10] * 40, unit="north"), *answers([0] * 40, first=40, unit="south"))
    assert at(NOON, home).score("nps").to_document()["rows"][0]["n"] == 80
    assert at(NOON, home, "Tom").score("nps").to_document()["rows"][0]["value"] == 100
    assert at(NOON, home, "Carl").score("nps").to_document()["rows"][0]["value"] == -100
    with pytest.raises(NotAllowed):
        at(NOON, home, "Root").score("nps")


def test_a_kept_answer_about_employees_is_judged_with_all_that_was_told_since(home: Home, asked: list[Metric]) -> None:
    """Given again as it was before a part of it was told, the whole would give the other 4 away."""
    put(home, Metric(key="pulse", signal="pulse", score=Score(kind="mean"), min_n=1), by="operator", at=NOON)
    rows = answers([0] * 34, name="pulse", subject_kind="employee")
    for place, row in enumerate(rows):
        row |= {"happened_at": "2026-03-02T10:00:00Z", "unit": "north" if place < 30 else "south", "value": place % 5}
    take_in(home.path, *rows)

    def ask(name: str) -> str | None:
        found = at(NOON, home, name).score("pulse", since="2026-03-01", until="2026-04-01")
        suppressed: str | None = found.to_document()["rows"][0]["suppressed"]
        return suppressed

    assert ask("Ada") is None
    shutil.rmtree(home.releases)  # as if Ada's answer had been worked out, and never told
    assert ask("Pia") is None
    assert ask("Ada") == "privacy"
    assert len(asked) == 2, "Ada's second answer is the kept one"


def test_what_ripens_is_asked_again_in_the_next_hour(home: Home, asked: list[Metric]) -> None:
    contact = {"name": "contact", "kind": "O", "value": None, "scale": None, "reason": "bill"}
    rows = [{name: value for name, value in (row | contact).items() if value is not None} for row in answers([1])]
    take_in(home.path, *rows)
    seventh = datetime(2026, 3, 7, 23, 50, tzinfo=UTC)
    assert at(seventh, home).score("fcr7").to_document()["rows"][0]["n"] == 0
    assert at(seventh + timedelta(minutes=5), home).score("fcr7").to_document()["rows"][0]["n"] == 0
    assert len(asked) == 1
    assert at(seventh + timedelta(hours=2), home).score("fcr7").to_document()["rows"][0]["n"] == 1


def test_what_is_dated_ahead_comes_in_sight_when_its_minute_comes(home: Home) -> None:
    take_in(home.path, *answers([10] * 40))
    early = datetime(2026, 3, 1, 5, 30, tzinfo=UTC)
    assert at(early, home).score("nps").to_document()["rows"][0]["n"] == 6
    assert at(early + timedelta(hours=1), home).score("nps").to_document()["rows"][0]["n"] == 7


def test_many_who_ask_at_once_wait_for_one_answer_and_a_failure_is_tried_again() -> None:
    kept, started, go = Remembered(), threading.Event(), threading.Event()
    worked: list[int] = []

    def work_out() -> int:
        worked.append(1)
        started.set()
        assert go.wait(10)
        return 7

    found: list[int] = []
    askers = [threading.Thread(target=lambda: found.append(kept.find(1, "a", work_out))) for _ in range(5)]
    for each in askers:
        each.start()
    assert started.wait(10)
    go.set()
    for each in askers:
        each.join(10)
    assert (found, len(worked)) == ([7] * 5, 1)

    def fail() -> int:
        raise ValueError("not today")

    with pytest.raises(ValueError, match="not today"):
        kept.find(1, "b", fail)
    assert kept.find(1, "b", lambda: 3) == 3


def test_no_more_is_kept_than_room_allows_and_nothing_of_an_older_version() -> None:
    kept = Remembered(most=3)
    for number in range(10):
        assert kept.find(1, number, partial(int, number)) == number
    assert list(kept.kept) == [7, 8, 9]
    kept.find(2, 7, lambda: 70)
    assert list(kept.kept) == [7]


def test_warming_up_needs_no_signal_and_asks_nobody(home: Home) -> None:
    warm_up(home)
    take_in(home.path, *answers([10] * 40))
    warm_up(home)
    assert at(NOON, home).score("nps").to_document()["rows"][0]["value"] == 100
