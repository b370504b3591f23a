"""Numbers, moments and spans in words."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone, translation

from openxmo.office.ui.components import words


@pytest.mark.parametrize(
    ("value", "digits", "shown"),
    [
        (None, None, "–"),
        ("", None, "–"),
        (float("nan"), None, "–"),
        (float("inf"), 1, "–"),
        (0, None, "0"),
        (1204, None, "1,204"),
        (39.8412, 1, "39.8"),
        (39.8412, None, "39.8"),
        (0.0421, None, "0.04"),
        (-3.25, 1, "−3.3"),
        (66.85, 1, "66.9"),
        (-0.001, 1, "0.0"),
        (1_234_567.8, None, "1,234,568"),
        (1e30, 0, "1," + ",".join(["000"] * 10)),
    ],
)
def test_numbers(value: Any, digits: int | None, shown: str) -> None:
    assert words.number(value, digits) == shown


def test_a_rise_has_a_plus_and_none_where_it_rounds_to_nothing() -> None:
    assert words.signed(3.2) == "+3.2"
    assert words.signed(-3.2) == "−3.2"
    assert words.signed(0.0) == "0.0"


def test_shares_and_money() -> None:
    assert words.percent(0.284) == "28\u202f%"
    assert words.percent(None) == "–"
    assert words.money(204_000, "GBP") == "£204,000"
    assert words.money(-6.8, "EUR") == "−€6.80"
    assert words.money(12.5, "CHF") == "CHF\u202f12.50"
    assert words.money(None, "EUR") == "–"


@pytest.mark.parametrize(
    ("length", "shown"),
    [
        (timedelta(hours=4), "4\u202fh"),
        (timedelta(days=2, hours=3, minutes=40), "2\u202fd 3\u202fh"),
        (timedelta(minutes=35), "35\u202fmin"),
        (timedelta(seconds=12), "12\u202fs"),
        (0, "0\u202fs"),
        (-7200, "−2\u202fh"),
        (None, "–"),
    ],
)
def test_spans(length: timedelta | float | None, shown: str) -> None:
    assert words.span(length) == shown


@pytest.mark.parametrize(
    ("hours", "said"),
    [(3.0, "3\u202fh left"), (-2.0, "2\u202fh late"), (0.001, "due now"), (24.5 * 3, "3\u202fd 1\u202fh left")],
)
def test_time_left(hours: float, said: str) -> None:
    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert words.time_left(at + timedelta(hours=hours), at=at) == said


def test_moments_are_those_of_the_office(monkeypatch: pytest.MonkeyPatch) -> None:
    now = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)
    monkeypatch.setattr(words, "now", lambda: now)
    with timezone.override("Europe/Berlin"):
        assert words.moment(datetime(2026, 7, 1, 22, 5, tzinfo=UTC)) == "today, 00:05"
        assert words.moment(datetime(2026, 7, 1, 9, 5, tzinfo=UTC)) == "yesterday, 11:05"
        assert words.moment(datetime(2026, 1, 1, 23, 5, tzinfo=UTC)) == "2 Jan 2026, 00:05"
        assert words.day(datetime(2026, 1, 1, 23, 5, tzinfo=UTC)) == "2 Jan 2026"
    assert words.day(date(2026, 1, 2)) == "2 Jan 2026"
    assert words.moment(None) == words.day(None) == "–"


@pytest.mark.parametrize(
    ("label", "shown"),
    [
        ("2026-08", "Aug 2026"),
        ("2026-08-03", "3 Aug 2026"),
        ("2026-13", "2026-13"),
        ("2026-W31", "2026-W31"),
        ("phone", "phone"),
        ("", "–"),
        (None, "–"),
    ],
)
def test_periods_are_read_as_people_say_them(label: str | None, shown: str) -> None:
    assert words.period(label) == shown


def test_a_sign_stays_before_its_number_where_words_run_from_right_to_left() -> None:
    with translation.override("he"):
        assert words.number(-38.2) == "\u200e−38.2"
        assert words.signed(3.2) == "\u200e+3.2"
        assert words.money(-6.8, "EUR") == "\u200e−€6.80"
    assert words.number(-38.2) == "−38.2"
