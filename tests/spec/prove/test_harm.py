"""A counter-metric that pays for an effect, and what the verdict becomes."""

import pytest

from openxmo.core.errors import WrongUsage
from openxmo.core.prove.harm import Better, Finding, HarmCheck, check_harm, with_harm
from openxmo.core.prove.verdict import Verdict


@pytest.mark.parametrize(
    ("value", "low", "high", "better", "limit", "finding"),
    [
        (-5, -8, -2, "higher", 2, "harm"),
        (-5, -8, -2, "higher", 6, "worse within the limit"),
        (5, 2, 8, "lower", 2, "harm"),
        (-1, -4, 2, "higher", 3, "harm not ruled out"),
        (-1, -4, 2, "higher", 5, "no harm beyond the limit"),
        (1, -1, 3, "higher", 2, "no harm beyond the limit"),
        (3, 1, 5, "higher", 0, "no harm beyond the limit"),
        (-3, -5, -1, "higher", 0, "harm"),
    ],
)
def test_a_loss_is_judged_against_what_was_tolerated(
    value: float, low: float, high: float, better: Better, limit: float, finding: Finding
) -> None:
    found = check_harm(value, low, high, better=better, limit=limit)
    assert found.finding == finding
    assert found.low <= found.loss <= found.high


def test_a_tolerated_loss_below_zero_is_refused() -> None:
    with pytest.raises(WrongUsage):
        check_harm(1, 0, 2, better="higher", limit=-1)


HARM = HarmCheck("harm", 5, 2, 8, 2)


@pytest.mark.parametrize("word", ["effect", "no effect larger than", "harm"])
def test_harm_overrules_every_verdict_that_was_due(word: str) -> None:
    heard = with_harm(Verdict(word, bound=3.0), HARM, reason="FCR7")  # type: ignore[arg-type]
    assert (heard.word, heard.bound, heard.reason) == ("harm", None, "FCR7")


def test_harm_seen_early_is_no_verdict() -> None:
    early = Verdict("not yet knowable")
    assert with_harm(early, HARM, reason="FCR7") is early


@pytest.mark.parametrize("finding", ["worse within the limit", "harm not ruled out", "no harm beyond the limit"])
def test_everything_else_leaves_the_verdict(finding: Finding) -> None:
    judged = Verdict("effect")
    assert with_harm(judged, HarmCheck(finding, 1, 0, 2, 2), reason="") is judged
    assert with_harm(judged, None, reason="") is judged
