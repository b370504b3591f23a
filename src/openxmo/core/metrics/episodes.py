"""Who opens an episode among contacts that may lie near another of their key, and whom another follows.

The first contact of a key opens an episode, all within the window of it belong to it, and the first
one after that opens the next: in a chain of three the third may open one although it follows the
second. They are walked in arrays, without an object for each contact.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Integers = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Openings:
    """The places of the contacts that open an episode, and whether another follows each within the window."""

    places: Integers
    repeated: Mask


def find_openings(contacts: pa.StructArray, key: tuple[str, ...], window: int) -> Openings:
    """`contacts` have the fields of their `key`, `moment` (in microseconds, like `window`) and `row`.

    One contact comes several times where it is cut by a list; all its places are told.
    """
    chain = _chains([contacts.field(name) for name in key])
    moment, row = (_numbers(contacts.field(name)) for name in ("moment", "row"))
    order = np.lexsort((row, moment, chain))
    is_new = np.diff(row[order], prepend=-1) != 0
    once = order[is_new]
    opens, repeated = _walk(chain[once], moment[once], window)
    of_each = np.cumsum(is_new) - 1
    opening = opens[of_each]
    return Openings(order[opening], repeated[of_each[opening]])


def _chains(key: list[pa.Array]) -> Integers:
    """A number for each combination of values."""
    chain, chains = np.zeros(len(key[0]), dtype=np.int64), 1
    for column in key:
        encoded = column.dictionary_encode()
        values = max(len(encoded.dictionary), 1)
        if chains * values > np.iinfo(np.int64).max:
            known, chain = np.unique(chain, return_inverse=True)
            chains = len(known)
        chain = chain * values + _numbers(encoded.indices)
        chains *= values
    return chain


def _numbers(column: pa.Array) -> Integers:
    numbers: Integers = column.to_numpy(zero_copy_only=False).astype(np.int64, copy=False)
    return numbers


def _walk(chain: Integers, moment: Integers, window: int) -> tuple[Mask, Mask]:
    """Which open an episode, and which are followed within the window; they come by chain, then in order of time.

    A run ends where the next contact is of another chain or beyond the window. From each contact the
    next one to open would be the first after its window. Those reached from the first of a run do
    open; steps are doubled each time, so that a run of a million contacts takes twenty rounds.
    """
    size = len(moment)
    follows = np.zeros(size + 1, dtype=np.bool_)  # the last place stands for nowhere
    follows[1:size] = (chain[1:] == chain[:-1]) & (moment[1:] - moment[:-1] <= window)
    opens = ~follows
    opens[size] = False
    starts = np.flatnonzero(opens)
    ends = np.append(starts, size)[1:]
    own_end = np.repeat(ends, ends - starts)
    then = np.append(_first_after(moment, moment + window, np.arange(1, size + 1), own_end), size)
    while (then < size).any():
        opens[then[opens]] = True
        then = then[then]
    return opens[:size], follows[1:]


def _first_after(moment: Integers, limit: Integers, low: Integers, high: Integers) -> Integers:
    """For each `limit` the first place in [low, high) of a later moment, by halving; the number of moments if none."""
    end = high
    while (low < high).any():
        middle = np.minimum((low + high) // 2, len(moment) - 1)
        inside = (low < high) & (moment[middle] <= limit)
        low, high = np.where(inside, middle + 1, low), np.where(inside, high, np.minimum(middle, high))
    return np.where(low < end, low, len(moment))
