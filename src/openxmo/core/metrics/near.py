"""Which contacts may lie within a window of another of the same key, told from one number for each.

The number holds a hash of the key before the time in coarse steps: once sorted, contacts of one key
that lie near each other are neighbours. Two keys may share a hash and two moments a step, so some are
taken for near that are not; none that is near is missed. Who opens an episode is then settled among
the few by their own words and moments (see `episodes`), so that no answer rests on a hash.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Self

import ibis
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from openxmo.core.metrics.asked import Reading
from openxmo.core.metrics.instants import DAY, micros_of
from openxmo.core.signals.engines.coding import hash_of_all

Integers = npt.NDArray[np.int64]

BITS = 62  # of the whole number, which stays positive
MOST_TIME_BITS = 31
STEPS = 10  # bits: a window is some thousand steps long
AT_ONCE = 32_000_000  # contacts: more are sorted a range of hashes after the other
PART = 1 << 16
EPOCH_DAY = 719_163 * DAY  # 1970-01-01, as `date.toordinal` counts


@dataclass(frozen=True)
class Packing:
    """How moments from `since` on become steps of 2^`step` microseconds, in `time_bits` bits below the hash."""

    since: int
    step: int
    time_bits: int
    reach: int  # how many steps apart two contacts may be that lie within the window

    @classmethod
    def of(cls, window: int, reading: Reading) -> Self:
        """`window` in microseconds."""
        since = reading.first_day.toordinal() * DAY - EPOCH_DAY
        span = max(micros_of(reading.as_of) - since, 1)
        step = max((window >> STEPS).bit_length() - 1, span.bit_length() - MOST_TIME_BITS, 0)
        reach = (window >> step) + 1
        return cls(since, step, ((span >> step) + reach + 1).bit_length(), reach)

    def number_of(self, key: Sequence[Any], moment: Any, engine_name: str) -> Any:
        """The number of each contact; it means nothing where part of its key is missing."""
        mask = (1 << (BITS - self.time_bits)) - 1
        last = (1 << self.time_bits) - self.reach - 1  # so that the next hash is out of reach
        step = ibis.greatest(ibis.least((moment - self.since) >> self.step, last), 0)
        hashed = hash_of_all(key, engine_name)
        part = hashed & ibis.literal(mask, type=hashed.type())
        return (part.cast("int64") << self.time_bits) + step  # uncast, DuckDB would reckon with 128 bits

    def ranges(self, contacts: int) -> Iterator[tuple[int, int]]:
        """Ranges of numbers, of about as many contacts each, that end between two hashes."""
        pieces = max(1, -(-contacts // AT_ONCE))
        hashes = 1 << (BITS - self.time_bits)
        ends = [(hashes * piece // pieces) << self.time_bits for piece in range(pieces + 1)]
        return pairwise(ends)


def near_numbers(numbers: Any, packing: Packing, contacts: int, reading: Reading) -> Integers:
    """The numbers of the contacts that may lie within the window of another; `numbers` has them as its one column."""
    found = []
    (column,) = (numbers[name] for name in numbers.columns)
    ranges = list(packing.ranges(contacts))
    for low, high in ranges:
        part = numbers.filter((column >= low) & (column < high)) if len(ranges) > 1 else numbers
        ordered = _moved(reading.engine.fetch(part).column(0).chunks)
        ordered.sort()
        found.append(_with_neighbours(ordered, packing.reach))
    return np.concatenate(found)


def _moved(chunks: list[pa.Array]) -> Integers:
    """All numbers in one array; each chunk is let go of once it is copied."""
    moved = np.empty(sum(map(len, chunks)), dtype=np.int64)
    left = len(moved)
    while chunks:
        chunk = chunks.pop()
        moved[left - len(chunk) : left] = chunk.to_numpy()
        left -= len(chunk)
    return moved


def _with_neighbours(ordered: Integers, reach: int) -> Integers:
    """Those that are at most `reach` from the one before or after, each once."""
    found = [np.zeros(0, dtype=np.int64)]
    for start in range(0, len(ordered) - 1, PART):
        part = ordered[start : start + PART + 1]
        close = np.flatnonzero(np.diff(part) <= reach)
        found += [part[close], part[close + 1]]
    close = np.sort(np.concatenate(found))
    once: Integers = close[np.diff(close, prepend=-1) != 0]
    return once
