"""The estimate: never a naked number, never a blank, and judged only where its interval allows it."""

import re
from typing import Any

import pytest
from django.template import Context, Template

from openxmo.office.ui.components import estimate
from openxmo.office.ui.components.estimate import build

CELL: dict[str, Any] = {
    "value": 39.8412,
    "low": 36.1,
    "high": 43.6,
    "n": 1204,
    "effective_n": 1204.0,
    "method": "adjusted Wald",
    "suppressed": None,
    "excluded": {},
    "detectable": 5.2,
}


def render(cell: Any, how: str = 'unit="points" label="NPS"', **context: Any) -> str:
    template = Template("{% load ui %}{% estimate cell " + how + " %}")
    return re.sub(r"[ \n]+", " ", template.render(Context({"cell": cell, **context})))


def test_it_shows_the_digits_that_its_interval_gives_meaning_to() -> None:
    html = render(CELL)
    assert "39.8" in html
    assert "39.84" not in html
    assert "36.1 to 43.6" in html
    assert "n 1,204" in html


@pytest.mark.parametrize(
    ("value", "low", "high", "unit", "shown"),
    [
        (4.2134, 4.16, 4.26, "of 5", "4.21"),
        (455.2, 448.0, 462.4, "s", "455"),
        (71.1234, 71.0, 71.2, "%", "71.1"),
        (-0.04, -4.1, 4.1, "points", "0.0"),
        (-38.2, -41.0, -35.3, "points", "−38.2"),
        (1_204_331.7, 1_198_002.0, 1_210_661.0, "a month", "1,204,332"),
        (0, -4.1, 4.1, "points", "0.0"),
        (0.0421, 0.041, 0.043, "per contact", "0.042"),
    ],
)
def test_values_of_all_sizes(value: float, low: float, high: float, unit: str, shown: str) -> None:
    assert build({**CELL, "value": value, "low": low, "high": high}, unit=unit)["value"] == shown


@pytest.mark.parametrize(
    ("low", "high", "better", "words"),
    [
        (76.0, 80.0, "higher", "meets the ambition"),
        (75.0, 80.0, "higher", "meets the ambition"),
        (70.0, 74.9, "higher", "below the ambition"),
        (70.0, 80.0, "higher", "too close to call"),
        (70.0, 74.9, "lower", "meets the ambition"),
        (76.0, 80.0, "lower", "below the ambition"),
        (None, None, "higher", "too close to call"),
        (None, 74.0, "higher", "below the ambition"),
    ],
)
def test_only_an_interval_clear_of_the_ambition_is_judged(
    low: float | None, high: float | None, better: str, words: str
) -> None:
    shown = build({**CELL, "low": low, "high": high}, ambition=75, better=better)
    assert shown["judgement"].words == words


def test_a_judgement_comes_with_a_sign_and_a_word() -> None:
    html = render(CELL, 'unit="points" ambition=75')
    assert "▼" in html
    assert "below the ambition" in html
    assert "The ambition is 75." in html


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"value": 3.2, "low": 1.1, "high": 5.3}, "real"),
        ({"value": 8.0, "low": -4.0, "high": 20.0}, "within noise"),
        ({"value": -5.3, "low": -7.2, "high": -3.5}, "real"),
    ],
)
def test_a_change_is_real_only_where_its_interval_leaves_zero(change: dict[str, float], said: str) -> None:
    html = render(CELL, "change=change", change=change)
    assert f'<span class="estimate-real">{said}</span>' in html


def test_a_change_without_an_interval_claims_neither() -> None:
    html = render(CELL, "change=change", change=-65)
    assert "−65" in html
    assert "estimate-real" not in html


def test_too_few_keeps_n_and_interval_and_shows_no_value() -> None:
    html = render({**CELL, "value": None, "n": 11, "suppressed": "too_few", "min_n": 30})
    assert "Too few to say" in html
    assert "11 heard, 30 needed" in html
    assert "likely 36.1 to 43.6" in html
    assert "estimate-value" not in html


def test_privacy_shows_no_number_at_all() -> None:
    cell = dict.fromkeys(("value", "low", "high", "n", "effective_n"), None) | {"suppressed": "privacy"}
    html = render(cell, 'unit="%" ambition=75 change=change', change={"value": 3, "low": 1, "high": 5})
    assert "to protect the people in this group" in html
    assert not any(letter.isdigit() for letter in html)


@pytest.mark.parametrize("cell", [None, {}, "", {"value": None, "n": 0}])
def test_nothing_heard_says_so(cell: Any) -> None:
    assert "Nothing heard" in render(cell)


def test_what_a_template_does_not_know_is_nothing() -> None:
    html = render(CELL, "ambition=no.such change=no.such behind=no.such unit=no.such")
    assert "ambition" not in html.replace("estimate-ambition", "")
    assert "data-drawer" not in html


def test_exclusions_weighting_and_method_are_told() -> None:
    html = render({**CELL, "effective_n": 900.0, "excluded": {"duplicate": 38, "asked_twice": 0}})
    for said in ("Left out: 38 duplicate", "Weighted: counts as 900", "95% interval: adjusted Wald", "Smallest change"):
        assert said in html
    assert "asked twice" not in html


def test_a_row_of_a_gap_is_shown_too() -> None:
    assert build({"delivered": 66.85, "low": 65.0, "high": 68.9, "n": 400})["value"] == "66.9"


def test_the_number_opens_what_is_behind_it() -> None:
    html = render(CELL, "behind=url", url="/understand/signals/?metric=nps")
    assert '<a href="/understand/signals/?metric=nps" data-drawer>39.8' in html


def test_names_are_escaped() -> None:
    assert "<script>" not in render(CELL, "label=label", label="<script>alert(1)</script>")


def test_the_scale_holds_all_that_it_marks() -> None:
    scale = build({**CELL, "value": -38.2, "low": -41.0, "high": -35.3}, unit="points", ambition=30)["scale"]
    assert 0 <= scale.low <= scale.value <= scale.low + scale.width <= 100
    assert 0 <= scale.ambition <= 100


def test_cells_beside_one_another_stand_on_one_scale() -> None:
    narrow = {"value": 50.0, "low": 48.0, "high": 52.0, "n": 900}
    wide = {"value": 60.0, "low": 40.0, "high": 80.0, "n": 30}
    hidden = {"value": None, "low": None, "high": None, "n": 3, "suppressed": "privacy"}
    held = estimate.reach_of([narrow, wide, hidden])
    assert held == (40.0, 80.0)
    one, other = (estimate.build(cell, unit="%", within=held)["scale"] for cell in (narrow, wide))
    assert (one.start, one.end) == (other.start, other.end)
    assert other.width == pytest.approx(10 * one.width, rel=0.01)
    assert estimate.reach_of([hidden]) is None
