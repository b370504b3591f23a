"""Which protected cells of an answer are not shown, so that no group below the minimum can be worked out.

Four reasons: too few people; all of them answered the same; together with what was or could be
shown they would single out a few; or their time overlaps an earlier answer's in a way that hides
what the two would tell together. All are told as "privacy", because which it was would tell too.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import combinations

from openxmo.core.metrics.disclosure import Disclosure
from openxmo.core.release.audit import connected, is_safe
from openxmo.core.release.known import Known, by_item, collide, known_of, together
from openxmo.core.release.rules import Rules

PRIVACY = "privacy"
MOST_REMEMBERED = 5_000  # totals of one question; past them only what was shown before is shown again


def choose(
    disclosures: Sequence[Disclosure], remembered: Mapping[str, Sequence[Known]], rules: Rules
) -> tuple[dict[int, str], dict[str, list[Known]]]:
    """The places of the cells to withhold, and per question what those shown newly tell.

    `remembered` is what earlier answers told, per question asked of people. The largest cells are shown first, so what
    is withheld beside a small cell is its smallest sibling (complementary suppression). Totals that
    nobody has asked for yet count as known: someone will ask.
    """
    withheld: dict[int, str] = {}
    newly: dict[str, list[Known]] = {}
    for asked in dict.fromkeys(cell.asked for cell in disclosures if cell.people):
        cells = {place: cell for place, cell in enumerate(disclosures) if cell.people and cell.asked == asked}
        shown = choose_of_one(cells, remembered.get(asked, ()), rules)
        withheld |= {place: PRIVACY for place in cells if place not in shown}
        before = set(remembered.get(asked, ()))
        newly[asked] = [told for told in dict.fromkeys(shown.values()) if told not in before]
    return dict(sorted(withheld.items())), newly


def choose_of_one(cells: Mapping[int, Disclosure], remembered: Sequence[Known], rules: Rules) -> dict[int, Known]:
    """The places of the cells of one question that may be shown, and what each tells."""
    told = {place: known_of(cell, rules.zone) for place, cell in cells.items()}
    before = set(remembered)
    allowed = {
        place: each
        for place, each in told.items()
        if rests_on(cells[place], each) >= rules.least_people(cells[place]) and not cells[place].uniform
    }
    again = {place: each for place, each in allowed.items() if each in before}
    fresh = {place: each for place, each in allowed.items() if each not in before}
    if not fresh or len(remembered) >= MOST_REMEMBERED:
        return again
    totals = [each for each in totals_of(cells, told) if len(each.people) >= rules.employees and each not in before]
    known = concerned(remembered, [*totals, *told.values()])
    never = [told[place] for place, cell in cells.items() if cell.uniform]
    never = [each for each in never if is_safe(known, least=0, never=[each])]

    def safe(sums: Sequence[Known]) -> bool:
        return is_safe(sums, least=rules.employees, never=never)

    accepted: set[Known] = set()
    new = set(fresh.values())
    for part in apart([*known, *totals, *fresh.values(), *never]):
        known_of_part = [each for each in known if each in part]
        adopt(sorted((each for each in set(totals) if each in part), key=by_size), known_of_part, safe)
        accepted.update(adopt(sorted((each for each in new if each in part), key=by_size), known_of_part, safe))
    return again | {place: each for place, each in fresh.items() if each in accepted}


def rests_on(cell: Disclosure, told: Known) -> float:
    """How many people a cell says something about: few, where a few weigh more than all others.

    An index tells as much of each of its items: with the others it gives the least answered one away.
    """
    people = min(map(len, by_item(told).values())) if is_index(cell) else len(told.people)
    return people if cell.effective_n is None else min(people, cell.effective_n)


def is_index(cell: Disclosure) -> bool:
    return cell.definition is not None and cell.definition.score.kind == "index"


def apart(totals: Sequence[Known]) -> list[set[Known]]:
    """What can be judged apart: totals that share nobody's answers, unless it is vague which answers those are."""
    if any(each.vague for each in totals):
        return [set(totals)]
    return [set(part) for part in connected(totals)]


def concerned(remembered: Sequence[Known], asked: Sequence[Known]) -> list[Known]:
    """The earlier totals that share people with what is asked, directly or over others: the rest adds nothing.

    Stretches do not matter here, so that totals of overlapping time are found as well.
    """
    people = frozenset().union(*(each.people for each in asked))
    near: list[Known] = []
    far = list(remembered)
    while True:
        found = [each for each in far if not each.people.isdisjoint(people)]
        if not found:
            return near
        near += found
        far = [each for each in far if each.people.isdisjoint(people)]
        people = people.union(*(each.people for each in found))


def by_size(known: Known) -> tuple[int, int, tuple[tuple[str, list[int]], ...]]:
    """The largest first; the rest only makes the order the same every time."""
    return (-len(known.people), -known.n, tuple((stretch, sorted(people)[:3]) for stretch, people in known.answered))


def adopt(candidates: Sequence[Known], known: list[Known], safe: Callable[[Sequence[Known]], bool]) -> list[Known]:
    """Add to `known`, in order, each candidate with which it stays safe; returns those added.

    More knowledge never makes a set safe again, so a safe half is taken whole and only an unsafe one is split.
    """
    if not candidates:
        return []
    if not any_collide(candidates, known) and safe([*known, *candidates]):
        known += candidates
        return list(candidates)
    if len(candidates) == 1:
        return []
    half = len(candidates) // 2
    return adopt(candidates[:half], known, safe) + adopt(candidates[half:], known, safe)


def any_collide(candidates: Sequence[Known], known: Sequence[Known]) -> bool:
    """Totals over plain months cannot collide with each other, so only those with a vague one are compared."""
    whole = [*known, *candidates]
    vague = [each for each in whole if each.vague]
    return any(collide(each, other) for each in candidates for other in (whole if each.vague else vague))


def totals_of(cells: Mapping[int, Disclosure], told: Mapping[int, Known]) -> Iterable[Known]:
    """The totals over each choice of the cuts, within siblings: row and column totals, and the total of all."""
    families: dict[str, list[int]] = {}
    for place, cell in cells.items():
        families.setdefault(cell.siblings, []).append(place)
    for places in families.values():
        names = sorted(cells[places[0]].by)
        for count in range(len(names)):
            for kept in combinations(names, count):
                groups: dict[tuple[str | None, ...], list[Known]] = {}
                for place in places:
                    key = tuple(cells[place].by.get(name) for name in kept)
                    groups.setdefault(key, []).append(told[place])
                yield from (together(parts) for parts in groups.values() if len(parts) > 1)
