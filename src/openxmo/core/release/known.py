"""What somebody who saw a cell knows: a total over these people's answers of these months."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from openxmo.core.metrics.disclosure import Disclosure, of_item
from openxmo.core.release.cuts import is_one_month, month_of

NO_START, NO_END = "", "9999-99"
ANY_ITEM = "/*"  # behind a time: it is not known which items were answered


@dataclass(frozen=True)
class Known:
    """`answered` holds, by stretch of time, whose answers the total is made of; `n` how many answers.

    A stretch is a month (`2026-01`) or, where it is not known who answered in which month, several
    months in one (`2026-01..2026-04`, without the last). Answers to different items are different
    stretches (`2026-01/=q1`); a total over items of which it is not known who answered which is `2026-01/*`.
    """

    answered: tuple[tuple[str, frozenset[int]], ...]
    n: int

    @property
    def vague(self) -> bool:
        """Whether it is not known who answered in which month, or which item."""
        return any(is_vague(stretch) for stretch, _ in self.answered)

    @property
    def people(self) -> frozenset[int]:
        return frozenset().union(*(people for _, people in self.answered))


def known_of(disclosure: Disclosure, zone: str) -> Known:
    """What a protected cell would tell."""
    people, months = disclosure.people or frozenset(), disclosure.months
    if months and frozenset().union(*months.values()) == people:
        return make_known(months, disclosure.n)
    start = month_of(disclosure.start, zone) if disclosure.start else NO_START
    end = month_of(disclosure.end, zone) if disclosure.end else NO_END
    single = is_one_month(disclosure.start, disclosure.end, zone)
    return make_known({items_of(disclosure, start if single else f"{start}..{end}"): people}, disclosure.n)


def items_of(disclosure: Disclosure, time: str) -> str:
    """The stretch of a cell whose answers are not told apart by item: that of its metric's item, else of any."""
    if disclosure.definition is None:
        return time
    item = disclosure.definition.where.get("item")
    return of_item(time, item) if isinstance(item, str) else time + ANY_ITEM


def make_known(answered: Mapping[str, frozenset[int]], n: int) -> Known:
    return Known(tuple(sorted((stretch, people) for stretch, people in answered.items() if people)), n)


def together(parts: Iterable[Known]) -> Known:
    """What their sum would tell."""
    answered: dict[str, frozenset[int]] = {}
    n = 0
    for part in parts:
        n += part.n
        for stretch, people in part.answered:
            answered[stretch] = answered.get(stretch, frozenset()) | people
    return make_known(answered, n)


def by_item(known: Known) -> dict[str, frozenset[int]]:
    """Who answered each item, over all time."""
    found: dict[str, frozenset[int]] = {}
    for stretch, people in known.answered:
        item = stretch.partition("/")[2]
        found[item] = found.get(item, frozenset()) | people
    return found


def collide(first: Known, second: Known) -> bool:
    """Whether the two hold answers of the same people from stretches that overlap without being the same.

    What of one is also in the other cannot be told then, nor what their difference would reveal.
    """
    return any(
        stretch != other and overlap(stretch, other) and not people.isdisjoint(others)
        for stretch, people in first.answered
        for other, others in second.answered
    )


def is_vague(stretch: str) -> bool:
    time, _, item = stretch.partition("/")
    return ".." in time or item == "*"


def overlap(first: str, second: str) -> bool:
    (time, _, item), (other_time, _, other_item) = first.partition("/"), second.partition("/")
    if item != other_item and "*" not in (item, other_item):
        return False
    one, two = ends(time), ends(other_time)
    return one[0] < two[1] and two[0] < one[1]


def ends(time: str) -> tuple[str, str]:
    start, dots, end = time.partition("..")
    return (start, end) if dots else (start, start + "~")  # "~" sorts after every digit: the month's own end
