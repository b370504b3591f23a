"""Questions by the command: ranges, conditions, moments, and what is refused by name."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.functional.command.told import SCORES, score
from tests.functional.homes import answers, ask, make_office, refuse, take_in


def test_the_ends_of_ranges_are_left_out_and_days_are_those_of_the_offices_zone(office: Path) -> None:
    # The first answer, at midnight UTC, was given at one o'clock in Vienna; the day there has 23 answers and that one.
    assert score(office)[0]["n"] == 48
    assert score(office, "--since", "2026-03-02")[0]["n"] == 25
    assert score(office, "--until", "2026-03-02")[0]["n"] == 23
    assert score(office, "--since", "2026-03-01", "--until", "2026-03-03")[0]["n"] == 47


def test_a_range_that_ends_before_it_starts_is_wrong_usage(office: Path) -> None:
    code, error = refuse(office, "score", "nps", "--since", "2026-03-02", "--until", "2026-03-01")
    assert code == 2
    assert error["what"]


def test_the_same_key_again_means_or_and_another_key_means_and(office: Path) -> None:
    chat, phone = ("--where", "channel=chat"), ("--where", "channel=phone")
    assert [score(office, *words)[0]["n"] for words in (chat, phone, (*chat, *phone))] == [16, 16, 32]
    assert score(office, *chat, "--where", "unit=north")[0]["n"] == 8


def test_the_moment_judged_from_leaves_out_what_came_later(office: Path) -> None:
    assert score(office, "--as-of", "2026-03-01T05:00:00Z")[0]["n"] == 6  # the moment itself included
    assert score(office, "--as-of", "2026-03-01T06:00:00")[0]["n"] == 6  # without a zone the office's: five in UTC


def test_what_was_known_at_a_moment_can_be_asked(tmp_path: Path) -> None:
    home = make_office(tmp_path / "home", *answers(SCORES))
    before = datetime.now(UTC).isoformat()
    take_in(home, *answers([0] * 12, first=100), name="later")
    assert score(home)[0]["n"] == 60
    assert score(home, "--known-at", before)[0]["n"] == 48
    assert score(home, "--known-at", before)[0]["value"] == 25.0
    assert score(home, "--known-at", "2020-01-01")[0]["n"] == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["score", "npz"], "npz"),
        (["score", "nps", "--by", "chanel"], "chanel"),
        (["score", "nps", "--where", "chanel=chat"], "chanel"),
        (["score", "nps", "--since", "tomorrow"], "tomorrow"),
        (["score", "nps", "--as-of", "noon"], "noon"),
        (["score", "nps", "--where", "channel"], "channel"),
        (["score", "nps", "--every", "fortnight"], "fortnight"),
        (["score", "nps", "--by", "agent"], "agent"),
        (["score", "nps", "--every", "day"], "day"),
        (["score"], "metric"),
        (["scor", "nps"], "scor"),
        (["explain", "nps", "--before", "2026-03-01", "--after", "2026-03-02..2026-03-03"], "2026-03-01"),
        (["gap", "nothing"], "nothing"),
        (["withdraw", "nothing", "--reason", "r"], "nothing"),
        (["sample", "sfo_airport_surve"], "sfo_airport_surve"),
        (["prove", "nps"], "--treated"),
        (["contact", "nothing"], "nothing"),
    ],
)
def test_wrong_usage_ends_with_2_and_names_what_was_wrong(office: Path, words: list[str], said: str) -> None:
    code, error = refuse(office, *words)
    assert code == 2
    assert said in error["what"]


@pytest.mark.parametrize(
    ("words", "near"),
    [
        (["score", "npz"], "nps"),
        (["score", "nps", "--by", "chanel"], "channel"),
        (["scor", "nps"], "score"),
        (["sample", "sfo_airport_surve"], "sfo_airport_survey"),
    ],
)
def test_a_misspelt_name_is_answered_with_the_nearest(office: Path, words: list[str], near: str) -> None:
    assert near in refuse(office, *words)[1]["mend"]


@pytest.mark.parametrize("by", ["channel", "channel,region,product,site,device,segment"])
def test_a_move_between_two_silent_periods_is_told_as_unknown(office: Path, by: str) -> None:
    ranges = ("--before", "2020-01-01..2020-02-01", "--after", "2020-02-01..2020-03-01")
    told = ask(office, "explain", "nps", *ranges, "--by", by)
    assert (told["change"]["value"], told["parts"], told["localised"]) == (None, [], [])
    half = ask(
        office, "explain", "nps", "--before", "2020-01-01..2020-02-01", "--after", "2026-03-01..2026-04-01", "--by", by
    )
    assert half["change"]["value"] is None
