"""Same (source, id) again: which rows are new, duplicates, conflicts, or versions of one another."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from openxmo.core.signals.door.staging import Staging, Words
from openxmo.core.signals.store.fingerprints import Fingerprints, Matches

NEW, DUPLICATE, CONFLICT = np.uint8(0), np.uint8(1), np.uint8(2)
AT_ONCE = 1_000_000  # rows judged together; their hashes fit in memory


@dataclass(frozen=True)
class Version:
    """One version of a signal: `row` its key, `place` its place in this batch (None if it is stored)."""

    row: int
    content: int
    revision: float | None
    month: int
    place: int | None = None


@dataclass(frozen=True)
class Replaced:
    """A row that a newer version replaces. `month` is -1 for a row of this batch (it is known once stored)."""

    row: int
    month: int
    by_row: int


@dataclass
class Verdicts:
    """For each place NEW, DUPLICATE or CONFLICT, and what is replaced by what.

    `order` is that of the places' hashes, where all of them were judged together.
    """

    of: npt.NDArray[np.uint8]
    order: npt.NDArray[np.int64] | None = None
    replaced: list[Replaced] = field(default_factory=list)

    def count(self, verdict: np.uint8) -> int:
        return int(np.count_nonzero(self.of == verdict))


def judge_repeats(
    staging: Staging, fingerprints: Fingerprints, *, base: int, amends: Callable[[str], bool]
) -> Verdicts:
    """`base` is the row key of place 0; `amends` tells whether a source sends newer versions."""
    verdicts = Verdicts(np.zeros(staging.rows, np.uint8))
    amending = np.zeros(staging.rows, np.bool_)
    for source, ranges in staging.sources.items():
        if amends(source):
            for start, end in ranges:
                amending[start:end] = True
    identities, contents = staging.identities(), staging.contents()
    for places in hash_ranges(identities):
        verdicts.order = places if places.size == staging.rows else None
        _Range(staging, base, places, identities.take(places, axis=0), contents[:, 0].take(places)).judge(
            fingerprints, amending, verdicts
        )
    return verdicts


def hash_ranges(identities: Words) -> Iterator[npt.NDArray[np.int64]]:
    """The places by ranges of their hash, so that equal ones lie in one range and each fits in memory.

    Within a range in the order of hash, then place.
    """
    pieces = max(1, -(-len(identities) // AT_ONCE))
    piece_of = None if pieces == 1 else identities[:, 0] // np.uint64(-(-(1 << 64) // pieces))
    for piece in range(pieces):
        places = np.arange(len(identities)) if piece_of is None else np.flatnonzero(piece_of == piece)
        high = identities[places, 0]
        order = np.argsort(high)  # five times as fast as a stable sort, and mostly nothing is there twice
        ordered = high.take(order)
        if (ordered[1:] == ordered[:-1]).any():
            order = sort_twins(high, identities[places, 1])
        yield places[order]


def sort_twins(high: Words, low: Words) -> npt.NDArray[np.int64]:
    """The order of hash, then place, where some are equal: a file's repeats."""
    order = np.argsort(high, kind="stable")
    twins = np.flatnonzero(high[order][1:] == high[order][:-1])
    if (low[order][twins] != low[order][twins + 1]).any():  # half a hash the same by chance
        return np.lexsort((low, high))
    return order


class _Range:
    """Some rows of a batch in the order of their identity, those of one identity beside each other."""

    def __init__(
        self,
        staging: Staging,
        base: int,
        places: npt.NDArray[np.int64],
        identity: Words,
        content: npt.NDArray[np.uint64],
    ) -> None:
        self.staging = staging
        self.base = base
        self.places = places
        self.identity = identity
        self.content = content
        self.differs = np.zeros(places.size, np.bool_)
        self.differs[:1] = True
        for half in (identity[:, 0], identity[:, 1]):
            np.logical_or(self.differs[1:], half[1:] != half[:-1], out=self.differs[1:])
        self.firsts = np.flatnonzero(self.differs)

    def judge(self, fingerprints: Fingerprints, amending: npt.NDArray[np.bool_], verdicts: Verdicts) -> None:
        if not self.places.size:
            return
        found = fingerprints.find(self.identity[self.firsts, 0], self.identity[self.firsts, 1])
        if not found.question.size and self.firsts.size == self.places.size:
            return  # all are new, as they were to begin with
        self.group = np.cumsum(self.differs) - 1  # of each row: which identity
        self.sizes = np.diff(np.append(self.firsts, self.places.size))
        stored = np.bincount(found.question, minlength=self.firsts.size)
        self._judge_plainly(found, stored, verdicts)
        may_amend = amending[self.places[self.firsts]] & ((stored > 0) | (self.sizes > 1))
        for group in np.flatnonzero(may_amend | (stored > 1)):
            versions = self._stored_versions(found, group)
            members = slice(self.firsts[group], self.firsts[group] + self.sizes[group])
            if may_amend[group]:
                self._judge_versions(versions, members, verdicts)
            else:
                known = [version.content for version in versions]
                verdicts.of[self.places[members]] = np.where(np.isin(self.content[members], known), DUPLICATE, CONFLICT)

    def _judge_plainly(self, found: Matches, stored: npt.NDArray[np.int64], verdicts: Verdicts) -> None:
        """The stored row stands, else the first of the batch; what equals it is a duplicate."""
        standing = self.content[self.firsts].copy()
        standing[found.question] = found.entries["content"]
        same = self.content == standing[self.group]
        verdict = np.where(same, DUPLICATE, CONFLICT)
        verdict[self.firsts[stored == 0]] = NEW
        verdicts.of[self.places] = verdict

    def _stored_versions(self, found: Matches, group: np.int64) -> list[Version]:
        return [
            Version(
                row=int(found.entries["row"][at]),
                content=int(found.entries["content"][at]),
                revision=None if np.isnan(found.entries["revision"][at]) else float(found.entries["revision"][at]),
                month=int(found.entries["month"][at]),
            )
            for at in np.flatnonzero(found.question == group)
        ]

    def _judge_versions(self, stored: list[Version], members: slice, verdicts: Verdicts) -> None:
        fresh: list[Version] = []
        for place, content in zip(self.places[members].tolist(), self.content[members].tolist(), strict=True):
            revision = self.staging.revisions.get(place)
            version = Version(self.base | place, content, revision, -1, place)
            verdicts.of[place] = verdict = judge_version(version, stored, fresh)
            if verdict == NEW:
                fresh.append(version)
        verdicts.replaced += list(replace_versions([*stored, *fresh]))


def judge_version(version: Version, stored: list[Version], fresh: list[Version]) -> np.uint8:
    """A known version is a duplicate; of two in one file that claim the same revision, or none, the first stands."""
    rivals = [one for one in fresh if one.revision == version.revision]
    known = rivals + [one for one in stored if one.revision == version.revision]
    if version.revision is None and known:  # what was heard before the latest may come again
        known = [max(known, key=lambda one: one.row)]
    if any(one.content == version.content for one in known):
        return DUPLICATE
    return CONFLICT if rivals else NEW


def replace_versions(versions: list[Version]) -> Iterator[Replaced]:
    """Each version is replaced by the next newer one, so that taking one back lets the one before stand again.

    The highest revision is the newest, of equal ones the latest heard; below all stands what names none.
    """
    ordered = sorted(versions, key=lambda one: (one.revision is not None, one.revision or 0.0, one.row))
    for older, newer in pairwise(ordered):
        if older.place is not None or newer.place is not None:
            yield Replaced(older.row, older.month, newer.row)
