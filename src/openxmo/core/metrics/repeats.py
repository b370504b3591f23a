"""First contact resolution: issues solved by their first contact, none following within the window.

The unit is the issue where the source names one. Where it names none, contacts that agree in the
key (subject and reason, unless the metric says otherwise) are stitched: the first contact opens an
episode, all contacts within [t, t + days] belong to it, the next one after that opens another. An
episode fails if it holds another contact, in whatever channel, or meets `fails_if`. Episodes whose
window is not over yet are left out whatever happened so far: leaving out only those without a
repeat would make the rate look worse than it is.

Most contacts have no other near them: they are counted in the engine, and never ordered. Those that
have (see `near`) are handed over and walked (see `episodes`).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import ibis
import numpy as np
import pyarrow as pa

from openxmo.core.metrics.asked import Asked, Reading, conditions_of
from openxmo.core.metrics.cells import gather
from openxmo.core.metrics.checks import stitch_key
from openxmo.core.metrics.dimensions import add_conditions
from openxmo.core.metrics.episodes import Integers, find_openings
from openxmo.core.metrics.instants import DAY, micros, micros_of
from openxmo.core.metrics.linking import field
from openxmo.core.metrics.near import Packing, near_numbers
from openxmo.core.metrics.people import People, protected_people
from openxmo.core.metrics.selection import reason_left_out, select_signals, take_lists_apart
from openxmo.core.metrics.simple import Found
from openxmo.core.metrics.tally import Tally
from openxmo.core.signals.engines.coding import HASHES, hash_of

IMMATURE = "immature"
UNKNOWN_ISSUE = "unlinked"
HIT = 100.0
# What is known of a contact, as one small number: a group is told apart by one narrow column rather than five.
REPEATED, OPEN, PROTECTED, ASKED, UNLINKED = 1, 2, 4, 8, 16


@dataclass(frozen=True)
class Windowed:
    """One question with its window in microseconds and the columns that make contacts one issue."""

    asked: Asked
    reading: Reading
    window: int
    key: tuple[str, ...]

    @property
    def engine_name(self) -> str:
        return self.reading.engine.name


def tally_repeats(asked: Asked, reading: Reading) -> tuple[Found, People]:
    """The share of issues solved at first contact, by the cell of the first contact."""
    window = round((asked.metric.score.days or 0) * DAY)
    question = Windowed(asked, reading, window, stitch_key(asked.metric.score))
    contacts = _contacts(asked, reading)
    first = take_lists_apart(first_contacts(contacts.filter(contacts.left_out.isnull()), question), asked, reading)
    counted = reading.engine.fetch(_count(first, question))
    openings = _openings(counted, question)
    others = reading.engine.fetch(_left_out(contacts, asked, reading)).to_pylist()
    cells = gather(chain(_settled(counted), openings.episodes, others), asked)
    found: Found = {key: (sum(map(_tally, cell.counted), Tally()), cell) for key, cell in cells.items()}
    if any(cell.protected for cell in cells.values()):
        opening = _among(first, "row", openings.rows, named="opens")
        counts = has(opening.outcome, ASKED) & ~has(opening.outcome, OPEN | UNLINKED)
        return found, protected_people(opening.filter(counts, ~opening.near | opening.opens), asked, reading)
    return found, {}


def _contacts(asked: Asked, reading: Reading) -> Any:
    """The contacts of any time with `left_out`; columns that hold one value only are not read."""
    contacts = select_signals(asked, reading, whole=True)
    constants = reading.constants(asked.metric.signal)
    known = {name: ibis.literal(value, type=contacts[name].type()) for name, value in constants.items()}
    contacts = contacts.mutate(**known)
    return contacts.mutate(left_out=reason_left_out(contacts, asked))


def first_contacts(contacts: Any, question: Windowed) -> Any:
    """The contacts asked for that open an issue with their `outcome`, and those `near` another, of any range.

    Whether one that is near another opens an issue is not settled here: those are few, and `_openings` does.
    """
    contacts = _with_outcome(contacts, question)
    held = question.reading.engine.fetch(contacts.agg(n=contacts.count(), named=contacts.issue.count())).to_pylist()[0]
    parts = []
    if held["named"]:
        parts.append(_first_of_issues(contacts.filter(contacts.issue.notnull()), question))
    if held["named"] < held["n"] or not parts:
        stitched = contacts.filter(contacts.issue.isnull()) if parts else contacts
        parts.append(_with_near(stitched, held["n"] - held["named"], question))
    both = ibis.union(*(part.select(*parts[0].columns) for part in parts)) if len(parts) > 1 else parts[0]
    return both.filter(has(both.outcome, ASKED) | both.near)


def has(facts: Any, bit: int) -> Any:
    return (facts & bit) > 0


def _with_outcome(contacts: Any, question: Windowed) -> Any:
    """With `moment`, and with what is known of each contact by itself as `outcome`."""
    contacts, fails = _fails_by_itself(contacts, question.asked, question.reading)
    contacts = contacts.mutate(moment=micros(contacts.happened_at, engine_name=question.engine_name))
    known: Any = ibis.literal(True)
    for column in question.key:
        known = known & field(contacts, column).notnull()
    facts = [
        (fails, REPEATED),
        (contacts.moment + question.window > micros_of(question.reading.as_of), OPEN),
        (contacts.protected, PROTECTED),
        (contacts.is_asked, ASKED),
        (contacts.issue.isnull() & ~known, UNLINKED),
    ]
    bits = sum((ibis.ifelse(fact, bit, 0) for fact, bit in facts), ibis.literal(0))
    return contacts.mutate(outcome=bits.cast("int8"))


def _fails_by_itself(contacts: Any, asked: Asked, reading: Reading) -> tuple[Any, Any]:
    fails_if = conditions_of(asked.metric.score.fails_if)
    if not fails_if:
        return contacts, ibis.literal(False)
    failed: Any = ibis.literal(False)
    for place, (name, values) in enumerate(fails_if.items()):
        contacts, met = add_conditions(contacts, {name: values}, reading=reading, named=f"fails_{place}")
        failed = failed | met
    return contacts, failed


def _first_of_issues(contacts: Any, question: Windowed) -> Any:
    """The first contact of each issue that its source names; it fails if the next one is within the window.

    On DuckDB a hash of 64 bits stands for the issue: it sorts in half the time of its words. Two of 20
    million issues collide with odds of one in 100,000, and would misjudge one of them.
    """
    is_hashed = question.engine_name in HASHES
    issue = hash_of(contacts.issue, question.engine_name) if is_hashed else contacts.issue
    # Few and narrow columns go through the sort; what is in its key is not carried beside it.
    named = contacts.mutate(issue_key=issue)
    over = ibis.window(group_by=named.issue_key, order_by=[named.moment, named.row, named.outcome])
    placed = named.mutate(before=named.moment.lag().over(over), after=named.moment.lead().over(over))
    repeats = (placed.after - placed.moment <= question.window) & ~has(placed.outcome, REPEATED)
    outcome = (placed.outcome + ibis.ifelse(repeats, REPEATED, 0)).cast("int8")
    first = placed.filter(placed.before.isnull()).mutate(outcome=outcome, near=ibis.literal(False))
    return first.drop("issue_key", "before", "after")


def _with_near(contacts: Any, n: int, question: Windowed) -> Any:
    """The same contacts with `near`: whether another of the key may lie within the window before or after."""
    reading = question.reading
    packing = Packing.of(question.window, reading)
    key = [field(contacts, column) for column in question.key]
    number = packing.number_of(key, contacts.moment, question.engine_name)
    packed = contacts.mutate(number=number)
    linked = packed.filter(*(column.notnull() for column in key))
    found = near_numbers(linked.select("number"), packing, n, reading)
    placed = _among(packed, "number", found, named="near").drop("number")
    return placed.mutate(near=placed.near & ~has(placed.outcome, UNLINKED))


def _among(contacts: Any, column: str, numbers: Integers, *, named: str) -> Any:
    """The same contacts, and whether what they have in `column` is among the numbers, of which no two are equal."""
    if not len(numbers):
        return contacts.mutate(ibis.literal(False).name(named))
    brought = ibis.memtable(pa.table({"brought": pa.array(numbers)}))
    joined = contacts.left_join(brought, contacts[column] == brought.brought)
    return joined.mutate(joined.brought.notnull().name(named)).drop("brought")


def _count(first: Any, question: Windowed) -> Any:
    """Settled contacts counted by cell and outcome; beside them those near another, one by one."""
    asked, settled = question.asked, ~first.near
    weight = {"weight": first.weight_} if asked.has_weights else {}
    fields = {f"key_{place}": field(first, column) for place, column in enumerate(question.key)}
    each = ibis.struct({**fields, "moment": first.moment, "row": first.row, **weight})
    weights = {}
    if asked.has_weights:
        squared = first.weight_ * first.weight_
        weights = {"w": first.weight_.sum(where=settled), "w2": squared.sum(where=settled)}
    return first.group_by(*asked.keys, "outcome").agg(
        n=first.count(where=settled), near=each.collect(where=first.near), **weights
    )


def _left_out(contacts: Any, asked: Asked, reading: Reading) -> Any:
    """Contacts that do not count, by cell and reason."""
    others = contacts.filter(contacts.left_out.notnull(), contacts.is_asked)
    others = take_lists_apart(others, asked, reading)
    return others.group_by(*asked.keys, "left_out").agg(n=others.count())


def _settled(counted: pa.Table) -> Iterator[dict[str, Any]]:
    """The episodes of contacts that have no other near them."""
    for row in counted.drop_columns("near").to_pylist():
        if row["n"]:
            yield _judged(row)


@dataclass(frozen=True)
class Opened:
    """The episodes of contacts that have others near them, by cell and outcome, and the rows of those that open one."""

    episodes: Sequence[Mapping[str, Any]]
    rows: Integers


def _openings(counted: pa.Table, question: Windowed) -> Opened:
    import pyarrow.compute as pc

    lists = counted["near"].combine_chunks()
    contacts, groups = lists.flatten(), pc.list_parent_indices(lists).to_numpy()
    key = tuple(f"key_{place}" for place in range(len(question.key)))
    openings = find_openings(contacts, key, question.window)
    rows = np.unique(contacts.field("row").to_numpy()[openings.places])
    group, size = groups[openings.places] * 2 + openings.repeated, counted.num_rows * 2
    sums = {"n": np.bincount(group, minlength=size)}
    if question.asked.has_weights:
        weight = contacts.field("weight").to_numpy(zero_copy_only=False)[openings.places]
        sums["w"] = np.bincount(group, weights=weight, minlength=size)
        sums["w2"] = np.bincount(group, weights=weight**2, minlength=size)
    return Opened(list(_opened(counted.drop_columns("near").to_pylist(), sums)), rows)


def _opened(cells: Iterable[dict[str, Any]], sums: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for place, cell in enumerate(cells):
        for repeated in (0, 1):
            found = {name: numbers[2 * place + repeated].item() for name, numbers in sums.items()}
            if cell["outcome"] & ASKED and found["n"]:
                yield _judged({**cell, **found, "outcome": cell["outcome"] | repeated * REPEATED})


def _judged(row: Mapping[str, Any]) -> dict[str, Any]:
    outcome = row["outcome"]
    reason = UNKNOWN_ISSUE if outcome & UNLINKED else IMMATURE if outcome & OPEN else None
    score = 0.0 if outcome & REPEATED else HIT
    return {**row, "left_out": reason, "scale": None, "protected": bool(outcome & PROTECTED), "score": score}


def _tally(row: Mapping[str, Any]) -> Tally:
    n, score = row["n"], row["score"]
    w, w2 = row.get("w", n), row.get("w2", n)
    return Tally(n=n, w=w, w2=w2, ws=w * score, ws2=w * score**2, w2s=w2 * score, w2s2=w2 * score**2)
