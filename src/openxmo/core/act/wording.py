"""Words in an answer that a person must look at: of a complaint, of safety, of vulnerability.

The lists stand in `words.toml`, by language. They raise a hand and judge nothing: whether an answer is
a complaint is decided by somebody who read it.
"""

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Literal

Topic = Literal["complaint", "safety", "vulnerability"]
TOPICS: tuple[Topic, ...] = ("complaint", "safety", "vulnerability")
HARM: frozenset[str] = frozenset({"safety", "vulnerability"})


@cache
def read_words() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """The lists by language and topic."""
    text = resources.files("openxmo.core.act").joinpath("words.toml").read_text(encoding="utf-8")
    return {
        language: {topic: tuple(words) for topic, words in topics.items()}
        for language, topics in tomllib.loads(text).items()
    }


def find_topics(text: str | None, *, language: str | None = None) -> frozenset[Topic]:
    """What the words touch. In a language without a list, or of an unknown one, all lists are looked through."""
    if not text:
        return frozenset()
    plain = fold(text)
    known = read_words()
    short = (language or "").split("-")[0].lower()
    languages = (short,) if short in known else tuple(known)
    return frozenset(topic for topic in TOPICS if any(pattern_of(one, topic).search(plain) for one in languages))


@cache
def pattern_of(language: str, topic: Topic) -> re.Pattern[str]:
    """One pattern for all words of a topic: each begins where a word begins, and ends so unless it has a star."""
    words = (fold(word) for word in read_words()[language][topic])
    ends = ((word.rstrip("*"), "" if word.endswith("*") else r"\b") for word in words)
    return re.compile("|".join(rf"\b{re.escape(word)}{end}" for word, end in ends))


def fold(text: str) -> str:
    """Small letters without accents, so that a word is found however it was typed."""
    parted = unicodedata.normalize("NFKD", text.casefold().replace("’", "'"))
    return "".join(letter for letter in parted if not unicodedata.combining(letter))
