"""The four words of a verdict, and the one label that is none."""

from datetime import UTC, datetime

import numpy as np
import pytest

from openxmo.core.prove.before_after import before_after
from openxmo.core.prove.verdict import verdict

STARTED, AT = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("low", "high", "better", "sentence"),
    [
        (1.0, 5.0, "higher", "effect"),
        (-5.0, -1.0, "lower", "effect"),
        (-5.0, -1.0, "higher", "harm"),
        (1.0, 5.0, "lower", "harm"),
        (-1.0, 5.0, "higher", "no effect larger than 5 points"),
        (-7.0, 5.0, "higher", "no effect larger than 7 points"),
        (0.0, 0.0, "higher", "no effect larger than 0 points"),
    ],
)
def test_the_interval_decides_the_word(low: float, high: float, better: str, sentence: str) -> None:
    assert verdict(low, high, better=better).sentence("points") == sentence  # type: ignore[arg-type]


def test_before_the_planned_date_nothing_is_known_however_clear_it_looks() -> None:
    ready = datetime(2026, 6, 1, tzinfo=UTC)
    assert verdict(1.0, 5.0, at=AT, ready=ready).sentence() == "not yet knowable until 2026-06-01"
    assert verdict(1.0, 5.0, at=ready, ready=ready).word == "effect"


def test_an_interval_that_holds_both_nothing_and_the_promise_decides_nothing() -> None:
    found = verdict(-2.0, 6.0, expected=4.0, started=STARTED, at=AT)
    # The error 4/1.96 = 2.04 must shrink to 4/2.80 = 1.43: (2.04/1.43)² = 2.04 times the 31 days.
    assert found.word == "not yet knowable"
    assert found.until is not None
    assert found.until.date().isoformat() == "2026-03-05"


def test_an_interval_that_rules_the_promise_out_says_so() -> None:
    assert verdict(-2.0, 3.0, expected=4.0, started=STARTED, at=AT).word == "no effect larger than"


def test_a_date_too_far_off_is_not_promised() -> None:
    found = verdict(-200.0, 200.0, expected=1.0, started=STARTED, at=AT)
    assert (found.word, found.until) == ("not yet knowable", None)


def test_a_design_that_does_not_hold_gives_no_effect() -> None:
    found = verdict(1.0, 5.0, refuted="The groups were drifting apart.")
    assert (found.word, found.reason) == ("not yet knowable", "The groups were drifting apart.")


def test_before_and_after_is_labelled_as_no_evidence() -> None:
    rng = np.random.default_rng(9)
    found = before_after(rng.normal(3, 1, 200), rng.normal(4, 1, 200))
    assert found.label == "not evidence of effect"
    assert found.low is not None
    assert found.high is not None
    assert found.low < found.change < found.high
    assert found.change == pytest.approx(1, abs=0.4)


def test_a_change_of_single_rows_has_no_interval() -> None:
    found = before_after(np.array([3.0]), np.array([4.0]))
    assert (found.change, found.low, found.p) == (1.0, None, None)


def test_units_chosen_because_they_were_bad_improve_without_any_effect() -> None:
    # Regression to the mean (Galton 1886): why the label stands.
    rng = np.random.default_rng(10)
    skill = rng.normal(60, 5, 96)
    first, second = skill + rng.normal(0, 10, 96), skill + rng.normal(0, 10, 96)
    worst = np.argsort(first)[:12]
    assert before_after(first[worst], second[worst]).change > 5
