"""How alike two ideas are: a number between 0 and 1 that does not hang on order, capitals or fillers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openxmo.core.decide.duplicates import ALIKE, Text, likeness, likenesses, near_pairs

TITLES = st.text(st.sampled_from("abcdeé ABC,-0123"), max_size=24)
TEXTS = st.builds(Text, TITLES, TITLES)


@given(TEXTS, TEXTS)
def test_likeness_is_symmetric_and_between_nought_and_one(first: Text, second: Text) -> None:
    there, back = likeness(first, second), likeness(second, first)
    assert there == pytest.approx(back)
    assert 0 <= there <= 1 + 1e-12


@given(TITLES.filter(lambda title: any(letter.isalnum() for letter in title)))
def test_a_title_is_wholly_like_itself_whatever_its_capitals(title: str) -> None:
    assert likeness(Text(title), Text(title.upper())) == pytest.approx(1)


@given(st.dictionaries(st.sampled_from("abcdef"), TEXTS))
def test_pairs_are_those_of_each_two_by_themselves(texts: dict[str, Text]) -> None:
    keys = sorted(texts)
    expected = {
        (first, second)
        for place, first in enumerate(keys)
        for second in keys[place + 1 :]
        if likeness(texts[first], texts[second]) >= ALIKE
    }
    assert {(pair.first, pair.second) for pair in near_pairs(texts)} == expected


def test_fillers_and_order_do_not_matter() -> None:
    # By hand: words 2·3 / 7; pieces 7 + 8 − 2 shared + 3 = 16, and 3 more of “new”.
    assert likeness(Text("Chatbot for all channels"), Text("channels, all: the chatbot")) == pytest.approx(1)
    words = likeness(Text("chatbot all channels"), Text("new chatbot all channels"))
    assert words == pytest.approx(max(2 * 3 / 7, 2 * 16 / (16 + 19)))


def test_endings_and_slips_are_forgiven_and_other_ideas_are_not() -> None:
    assert likeness(Text("Call customers back"), Text("Call customer back")) >= ALIKE
    assert likeness(Text("Chatbot for all channels"), Text("A bill that is understood at a glance")) < ALIKE


def test_descriptions_count_only_where_both_say_enough() -> None:
    long = "technicians call an hour before they come so that nobody waits"
    assert likeness(Text("Call ahead", long), Text("Warn people", long)) > ALIKE
    assert likeness(Text("Call ahead", "do it"), Text("Warn people", "do it")) < ALIKE


def test_nothing_is_like_nothing() -> None:
    assert likeness(Text(""), Text("")) == 0
    assert near_pairs({"a": Text("alone")}) == []


@given(TEXTS, st.dictionaries(st.sampled_from("abc"), TEXTS))
def test_one_against_many_is_one_against_each(text: Text, others: dict[str, Text]) -> None:
    assert likenesses(text, others) == {key: pytest.approx(likeness(text, other)) for key, other in others.items()}
