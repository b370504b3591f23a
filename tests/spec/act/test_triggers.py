"""What in an answer calls for a reply: both ends of scales, words in several languages, consent of this answer."""

from typing import Any

import pytest

from openxmo.core.act.triggers import agreed_to_contact, badness, is_negative
from openxmo.core.act.wording import TOPICS, find_topics, read_words


def row(**columns: Any) -> dict[str, Any]:
    plain = {"kind": "X", "basis": "asked", "name": "csat", "value": None, "label": None, "scale": None, "item": None}
    return plain | columns


@pytest.mark.parametrize(
    ("scale", "negative", "fair"),
    [("0..10", 6, 7), ("1..5", 2, 3), ("1..7", 2, 3), ("5..1", 4, 3), ("1..10", 6, 7), ("1..3", 1, 2), ("1..4", 1, 2)],
)
def test_the_bottom_of_a_scale_is_negative(scale: str, negative: float, fair: float) -> None:
    assert is_negative(row(scale=scale, value=negative))
    assert not is_negative(row(scale=scale, value=fair))


def test_not_resolved_is_negative_in_the_customers_word_alone() -> None:
    assert is_negative(row(name="resolved", label="no"))
    assert not is_negative(row(name="resolved", label="yes"))
    assert not is_negative(row(name="resolved", label="no", kind="O", basis="recorded"))


def test_what_was_expected_or_inferred_is_no_negative_answer() -> None:
    assert not is_negative(row(name="expected", scale="0..10", value=1))
    assert not is_negative(row(basis="inferred", scale="1..5", value=1))
    assert not is_negative(row(scale="1..5", value=0))  # outside its scale


def test_the_worst_answer_is_the_nearest_to_the_worst_end() -> None:
    assert badness(row(scale="1..5", value=1)) == badness(row(scale="5..1", value=5)) == 1
    assert badness(row(scale="0..10", value=6)) == pytest.approx(0.4)


def test_the_newest_word_on_contact_counts() -> None:
    consent = row(name="consent", kind="O", item="may-contact", label="yes", happened_at=1, row=1)
    later = consent | {"label": "no", "row": 2}
    assert agreed_to_contact([consent])
    assert not agreed_to_contact([later, consent])
    assert not agreed_to_contact([consent | {"item": "marketing"}])
    assert not agreed_to_contact([])


@pytest.mark.parametrize(
    ("text", "language", "topics"),
    [
        ("I want this treated as a FORMAL complaint.", "en", {"complaint"}),
        ("Er ist gestürzt und verletzt.", "de", {"safety"}),
        ("Je vais porter plainte, il y a une fuite de gaz", "fr", {"complaint", "safety"}),
        ("fuite de gaz", "en", set()),  # another language's words
        ("fuite de gaz", "sv", {"safety"}),  # no list: all are looked through
        ("Ik heb een personenalarm", None, {"vulnerability"}),
        ("I can’t afford it", "en-GB", {"vulnerability"}),
        ("A smoker lives upstairs", "en", set()),  # no word begins and ends so
        ("", "en", set()),
    ],
)
def test_words_raise_a_hand_whole_and_in_their_language(text: str, language: str | None, topics: set[str]) -> None:
    assert find_topics(text, language=language) == topics


def test_every_language_has_words_for_every_topic() -> None:
    assert all(set(lists) == set(TOPICS) and all(lists.values()) for lists in read_words().values())
