"""Reading the backlog: each item with what speaks for it, how old that is, and what is estimated of it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

import msgspec
from django.db.models import QuerySet

from openxmo.core.decide.duplicates import ALIKE, Pair, Text, likenesses, near_pairs
from openxmo.core.decide.items import Item as CoreItem
from openxmo.core.decide.items import KanoInput
from openxmo.core.decide.money import Range
from openxmo.core.decide.quantities import assemble, pool
from openxmo.office.decide.models import DiscountRate, Estimate, Evidence, Item
from openxmo.office.decide.models import Feelings as EnteredFeelings
from openxmo.office.decide.policies import blocking, is_stale
from openxmo.office.decide.states import OPEN
from openxmo.office.govern.session import DISCOUNT_RATE
from openxmo.questions.feelings import Feeling, Feelings
from openxmo.questions.rank import Ranking, rank

SEED = 1  # of the draws, as `xmo rank` takes it
Words = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Entry:
    """An item as the backlog shows it. Evidence includes that of items merged into it, each thing once."""

    item: Item
    evidence: tuple[Evidence, ...]
    ranges: Mapping[str, Range]
    authors: tuple[str, ...]
    kano: KanoInput | None
    felt: Feeling | None  # where `kano` was counted from answers that were heard
    blocked: tuple[str, ...]
    stale: bool

    @property
    def heard(self) -> int:
        return sum(row.count for row in self.evidence)

    @property
    def newest(self) -> datetime | None:
        return max((row.heard_at for row in self.evidence), default=None)

    @property
    def is_open(self) -> bool:
        return self.item.state in OPEN

    def core(self) -> CoreItem:
        """As the rankings take it."""
        return assemble(
            self.item.key, title=self.item.title, facets=self.item.facets, ranges=self.ranges, kano=self.kano
        )


def standing_item(item: Item) -> Item:
    """The item that stands for this one: itself, or the one it went into."""
    while item.merged_into is not None:
        item = item.merged_into
    return item


def read_entries(
    items: QuerySet[Item] | Sequence[Item], *, words: Words, at: datetime, felt: Feelings | None = None
) -> list[Entry]:
    """These items with all that is known of them, in four reads however many they are.

    `felt` is what Kano's two questions found in answers that were heard.
    """
    listed = list(items)
    standing = _standing_ids()
    wanted = {item.pk for item in listed}
    members = [pk for pk, root in standing.items() if root in wanted] + list(wanted)
    evidence: dict[int, list[Evidence]] = defaultdict(list)
    for row in Evidence.objects.filter(item_id__in=members):
        evidence[standing.get(row.item_id, row.item_id)].append(row)
    estimates: dict[int, list[Estimate]] = defaultdict(list)
    for estimate in Estimate.objects.filter(item_id__in=wanted):
        estimates[estimate.item_id].append(estimate)
    entered = {row.item_id: row for row in EnteredFeelings.objects.filter(item_id__in=wanted)}  # the newest comes last
    return [
        _entry(
            item,
            evidence[item.pk],
            estimates[item.pk],
            choose_feelings(entered.get(item.pk), felt.of(item.key) if felt else None),
            words=words,
            at=at,
        )
        for item in listed
    ]


def choose_feelings(entered: EnteredFeelings | None, felt: Feeling | None) -> tuple[KanoInput | None, Feeling | None]:
    """What counts of the two: whichever rests on more answers, for they may be of the same people."""
    typed = msgspec.convert(entered.given, KanoInput) if entered else None
    counted = sum((typed.pairs or typed.counts).values()) if typed else 0
    if felt and felt.n >= counted:
        return KanoInput(pairs=dict(felt.pairs)), felt
    return typed, None


def _standing_ids() -> dict[int, int]:
    """Of every merged item, the one that stands for it."""
    into = dict(Item.objects.filter(merged_into__isnull=False).values_list("pk", "merged_into_id"))
    roots = {}
    for pk in into:
        root = pk
        while root in into:
            root = into[root]
        roots[pk] = root
    return roots


def _entry(
    item: Item,
    evidence: list[Evidence],
    estimates: list[Estimate],
    feelings: tuple[KanoInput | None, Feeling | None],
    *,
    words: Words,
    at: datetime,
) -> Entry:
    standing = newest_estimates(estimates)
    once = once_each(evidence, item)
    newest = max((row.heard_at for row in once), default=None)
    return Entry(
        item=item,
        evidence=tuple(once),
        ranges=pooled(standing),
        authors=tuple(sorted({row.made_by for row in standing})),
        kano=feelings[0],
        felt=feelings[1],
        blocked=tuple(blocking(item, words)),
        stale=is_stale(newest, item.created_at, at=at),
    )


def once_each(rows: Iterable[Evidence], item: Item) -> list[Evidence]:
    """Each thing once, newest first: what two merged items both named is one thing, with the greater count."""
    best: dict[str, Evidence] = {}
    for row in sorted(rows, key=lambda row: (row.count, row.item_id == item.pk)):
        best[row.thing] = row
    return sorted(best.values(), key=lambda row: (row.heard_at, row.pk), reverse=True)


def newest_estimates(rows: Iterable[Estimate]) -> list[Estimate]:
    """Of each author the newest estimate of each quantity; what they thought before is kept, and does not count."""
    newest: dict[tuple[str, str], Estimate] = {}
    for row in sorted(rows, key=lambda row: (row.made_at, row.pk)):
        newest[row.quantity, row.made_by] = row
    return list(newest.values())


def pooled(rows: Iterable[Estimate]) -> dict[str, Range]:
    """Each quantity as one range of all its authors."""
    by_quantity: dict[str, list[Range]] = defaultdict(list)
    for row in rows:
        by_quantity[row.quantity].append(Range(row.low, row.likely, row.high))
    return {quantity: pool(quantity, ranges) for quantity, ranges in sorted(by_quantity.items())}


def find_rate() -> float:
    """What a year's wait costs: as last set, else the office's day-one rate."""
    newest = DiscountRate.objects.last()
    return DISCOUNT_RATE if newest is None else newest.rate


# RANKING


def rank_items(entries: Iterable[Entry], *, words: Words, rate: float, seed: int = SEED) -> Ranking:
    """The four rankings of the open items among these, as `xmo rank` gives them for a file of the same items."""
    items = tuple(entry.core() for entry in entries if entry.is_open)
    return _ranked(msgspec.json.encode(items), msgspec.json.encode(words, order="sorted"), rate, seed)


@lru_cache(maxsize=8)
def _ranked(items: bytes, words: bytes, rate: float, seed: int) -> Ranking:
    """Reckoned once for the same items: whoever filters or sorts the page asks again for the same ranking."""
    listed = msgspec.json.decode(items, type=tuple[CoreItem, ...])
    vocabulary = msgspec.json.decode(words, type=dict[str, tuple[str, ...]])
    return rank(listed, discount_rate=rate, seed=seed, vocabulary=vocabulary)


# DUPLICATES


def find_alike(entries: Iterable[Entry]) -> list[Pair]:
    """Open items that may be the same idea, by their keys."""
    return near_pairs(
        {str(entry.item.pk): Text(entry.item.title, entry.item.description) for entry in entries if entry.is_open}
    )


def find_like(title: str, description: str, entries: Iterable[Entry]) -> list[tuple[Entry, float]]:
    """Open items that a new one may be, the most alike first."""
    listed = {str(entry.item.pk): entry for entry in entries if entry.is_open}
    texts = {key: Text(entry.item.title, entry.item.description) for key, entry in listed.items()}
    near = likenesses(Text(title, description), texts)
    return sorted(
        ((listed[key], likeness) for key, likeness in near.items() if likeness >= ALIKE),
        key=lambda pair: (-pair[1], pair[0].item.pk),
    )
