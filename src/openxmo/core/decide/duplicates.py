"""Which items may be the same idea in other words: how much their words and letters overlap.

Dice's coefficient, 2·shared / (first + second), over words and over three-letter pieces of the title
(which forgive endings and typing slips), and over all words where both descriptions say enough.
The greatest of them is the likeness; from `ALIKE` on a pair is shown to a person, who decides.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

ALIKE = 0.6
ENOUGH_WORDS = 6  # of a description, before its words are compared
_FILLERS = """
a an and are as at be by for from has have in into is it its no not of on or our that the their them there this to
was we what when with you your
"""
FILLERS = frozenset(_FILLERS.split())
WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Text:
    """What an item says of itself."""

    title: str
    description: str = ""


@dataclass(frozen=True)
class Pair:
    """Two keys in their order, and how alike their texts are, from 0 to 1."""

    first: str
    second: str
    likeness: float


def words_of(text: str) -> frozenset[str]:
    """The words that carry meaning, in small letters and without accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    words = frozenset(WORD.findall(bare))
    return words - FILLERS or words


def pieces_of(text: str) -> frozenset[str]:
    """Three-letter pieces of the words, each word with its edges marked."""
    marked = (f" {word} " for word in words_of(text))
    return frozenset(chain.from_iterable((word[i : i + 3] for i in range(len(word) - 2)) for word in marked))


def likeness(first: Text, second: Text) -> float:
    """0 where nothing is shared, 1 where the titles hold the same words. The order of the two does not matter."""
    return max(dice(one, other) for one, other in zip(parts_of(first), parts_of(second), strict=True))


def likenesses(text: Text, others: Mapping[str, Text]) -> dict[str, float]:
    """How like each of the others is to this one."""
    own = parts_of(text)
    return {
        key: max(dice(one, other) for one, other in zip(own, parts_of(each), strict=True))
        for key, each in others.items()
    }


def parts_of(text: Text) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """What is compared: words and pieces of the title, and all words where the description says enough."""
    enough = len(words_of(text.description)) >= ENOUGH_WORDS
    whole = words_of(f"{text.title} {text.description}") if enough else frozenset[str]()
    return words_of(text.title), pieces_of(text.title), whole


def dice(first: frozenset[str], second: frozenset[str]) -> float:
    shared = len(first & second)
    return 2 * shared / (len(first) + len(second)) if shared else 0.0


def near_pairs(texts: Mapping[str, Text], *, alike: float = ALIKE) -> list[Pair]:
    """Every pair with a likeness of at least `alike` that shares anything, the most alike first."""
    keys = sorted(texts)
    if len(keys) < 2:
        return []
    words, pieces, wholes = (overlap(list(sets)) for sets in zip(*(parts_of(texts[key]) for key in keys), strict=True))
    best = sparse.triu(words.maximum(pieces).maximum(wholes), k=1).tocoo()
    found = [
        Pair(keys[row], keys[column], float(value))
        for row, column, value in zip(best.row, best.col, best.data, strict=True)
        if value >= alike and value > 0
    ]
    return sorted(found, key=lambda pair: (-pair.likeness, pair.first, pair.second))


def overlap(sets: Sequence[frozenset[str]]) -> "sparse.csr_array":
    """Dice's coefficient of every two sets that share anything."""
    places = {feature: place for place, feature in enumerate(sorted(set().union(*sets)))}
    sizes: NDArray[np.float64] = np.array([len(each) for each in sets], dtype=np.float64)
    columns = [places[feature] for each in sets for feature in sorted(each)]
    starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    held = sparse.csr_array(
        (np.ones(len(columns)), np.array(columns, dtype=np.int64), starts), shape=(len(sets), max(len(places), 1))
    )
    shared = (held @ held.T).tocoo()
    dice = 2 * shared.data / (sizes[shared.row] + sizes[shared.col])
    return sparse.csr_array((dice, (shared.row, shared.col)), shape=shared.shape)
