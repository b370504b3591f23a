"""First contact resolution: issues solved by their first contact, none following within the window.

The unit is the issue where the source names one. Where it names none, contacts that agree in the
key (subject and reason, unless the metric says otherwise) are stitched: the first contact opens an
episode, all contacts within [t, t + days] belong to it, the next one after that opens another. An
episode fails if it holds another contact, in whatever channel, or meets `fails_if`. Episodes whose
window is not over yet are left out whatever happened so far: leaving out only those without a
repeat would make the rate look worse than it is.
"""

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

import ibis
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from openxmo.core.metrics.asked import Asked, Reading, conditions_of
from openxmo.core.metrics.cells import gather
from openxmo.core.metrics.checks import stitch_key
from openxmo.core.metrics.dimensions import add_conditions
from openxmo.core.metrics.instants import BUILT_IN, DAY, micros, micros_of
from openxmo.core.metrics.linking import field
from openxmo.core.metrics.people import People, protected_people
from openxmo.core.metrics.selection import reason_left_out, select_signals, take_lists_apart
from openxmo.core.metrics.simple import Found
from openxmo.core.metrics.tally import Tally

IMMATURE = "immature"
UNKNOWN_ISSUE = "unlinked"
HIT = 100.0
# What is known of a contact, as one small number: a group is told apart by one narrow column rather than six.
REPEATED, OPEN, PROTECTED, ASKED, NAMED, UNLINKED = 1, 2, 4, 8, 16, 32


def _hash_text(text: object) -> None:
    """DuckDB's 64-bit hash."""


def _hash_on(key: object, text: object) -> None:
    """DuckDB's 64-bit hash of a hash and a text."""


Integers = npt.NDArray[np.int64]

HASH_TEXT = BUILT_IN(_hash_text, name="hash", signature=(("string",), "uint64"))
HASH_ON = BUILT_IN(_hash_on, name="hash", signature=(("uint64", "string"), "uint64"))


def tally_repeats(asked: Asked, reading: Reading) -> tuple[Found, People]:
    """The share of issues solved at first contact, by the cell of the first contact."""
    contacts = select_signals(asked, reading, whole=True)
    contacts = contacts.mutate(left_out=reason_left_out(contacts, asked))
    first = first_contacts(contacts.filter(contacts.left_out.isnull()), asked, reading)
    first = take_lists_apart(first, asked, reading)
    rows = _episodes(reading.engine.fetch(_count(first, asked)), asked)
    others = reading.engine.fetch(_left_out(contacts, asked, reading)).to_pylist()
    cells = gather(chain(rows, others), asked)
    found: Found = {key: (sum(map(_tally, cell.counted), Tally()), cell) for key, cell in cells.items()}
    if any(cell.protected for cell in cells.values()):
        # Only those that follow no other are surely among those counted; fewer people is the safer answer.
        settled = first.filter(first.place.isnull(), ~has(first.outcome, OPEN), ~has(first.outcome, UNLINKED))
        return found, protected_people(settled, asked, reading)
    return found, {}


def first_contacts(contacts: Any, asked: Asked, reading: Reading) -> Any:
    """The contacts that open an issue, with their `outcome`, and those that follow another, with their `place`.

    A contact that follows none within the window opens an episode, and is settled here. Whether one
    that follows opens another depends on when its chain began: those are few, and `_episodes` walks them.
    """
    window = round((asked.metric.score.days or 0) * DAY)
    contacts, fails = _fails_by_itself(contacts, asked, reading)
    contacts = contacts.mutate(moment=micros(contacts.happened_at, engine_name=reading.engine.name))
    known = _is_known(contacts, asked)
    key = _key(contacts, known, stitch_key(asked.metric.score), reading.engine.name)
    facts = [
        (fails, REPEATED),
        (contacts.moment + window > micros_of(reading.as_of), OPEN),
        (contacts.protected, PROTECTED),
        (contacts.is_asked, ASKED),
        (contacts.issue.notnull(), NAMED),
        (~known, UNLINKED),
    ]
    names = [f"key_{place}" for place in range(len(key))]
    # Few and narrow columns go through the sort: what is known of a contact is packed into one number.
    bits = sum((ibis.ifelse(fact, bit, 0) for fact, bit in facts), ibis.literal(0))
    packed = contacts.mutate(facts=bits.cast("int8"))
    packed = packed.mutate(**dict(zip(names, key, strict=True)))
    # The row settles the order; the facts come last in it because what is in the sort key is not carried beside it.
    order = [packed.moment, packed.row, packed.facts]
    over = ibis.window(group_by=[packed[name] for name in names], order_by=order)
    near = packed.mutate(before=packed.moment.lag().over(over), after=packed.moment.lead().over(over))
    named = has(near.facts, NAMED)
    opens = near.before.isnull() | (~named & (near.moment - near.before > window))
    follows = ~named & (near.moment - near.before <= window)
    repeats = (near.after - near.moment <= window) & ~has(near.facts, REPEATED)
    found = near.mutate(
        outcome=(near.facts + ibis.ifelse(repeats, REPEATED, 0)).cast("int8"),
        place=follows.ifelse(near.row, ibis.null("int64")),
        chain=_joined([near[name] for name in names]),
    )
    return found.filter((opens & has(near.facts, ASKED)) | follows)


def has(facts: Any, bit: int) -> Any:
    return (facts & bit) > 0


def _joined(parts: list[Any]) -> Any:
    if len(parts) == 1:
        return parts[0]
    text: Any = ibis.literal("")
    for part in parts:
        text = text + part.cast("string").fill_null("") + "\x1f"
    return text


def _is_known(contacts: Any, asked: Asked) -> Any:
    """A contact that names neither issue nor all of the key belongs to nobody knows what."""
    known: Any = ibis.literal(True)
    for column in stitch_key(asked.metric.score):
        known = known & field(contacts, column).notnull()
    return contacts.issue.notnull() | known


def _fails_by_itself(contacts: Any, asked: Asked, reading: Reading) -> tuple[Any, Any]:
    fails_if = conditions_of(asked.metric.score.fails_if)
    if not fails_if:
        return contacts, ibis.literal(False)
    failed: Any = ibis.literal(False)
    for place, (name, values) in enumerate(fails_if.items()):
        contacts, met = add_conditions(contacts, {name: values}, reading=reading, named=f"fails_{place}")
        failed = failed | met
    return contacts, failed


def _key(contacts: Any, known: Any, columns: tuple[str, ...], engine_name: str) -> list[Any]:
    """What contacts of one issue have in common; a contact that belongs to nobody knows what stands alone.

    On DuckDB one 64-bit hash, which sorts in less time than the words; two of 20 million keys
    collide with odds of one in 100,000, and would misjudge one contact.
    """
    if engine_name != "duckdb":
        alone = known.ifelse(ibis.null("int64"), contacts.row)
        own = [ibis.ifelse(contacts.issue.isnull(), field(contacts, c), ibis.null("string")) for c in columns]
        return [contacts.issue, *own, alone]
    stitched = HASH_TEXT(field(contacts, columns[0]))
    for column in columns[1:]:
        stitched = HASH_ON(stitched, field(contacts, column))
    return [
        ibis.cases(
            (contacts.issue.notnull(), HASH_TEXT(contacts.issue)),
            (~known, contacts.row.cast("uint64")),
            else_=stitched,
        )
    ]


def _count(first: Any, asked: Asked) -> Any:
    """Settled contacts counted by cell and outcome; beside them those that follow another, one by one."""
    settled = first.place.isnull()
    weight = {"weight": first.weight_} if asked.has_weights else {}
    follower = ibis.struct(
        {"chain": first.chain, "moment": first.moment, "before": first.before, "place": first.place, **weight}
    )
    weights = {}
    if asked.has_weights:
        squared = first.weight_ * first.weight_
        weights = {"w": first.weight_.sum(where=settled), "w2": squared.sum(where=settled)}
    return first.group_by(*asked.keys, "outcome").agg(
        n=first.count(where=settled), followers=follower.collect(where=~settled), **weights
    )


def _left_out(contacts: Any, asked: Asked, reading: Reading) -> Any:
    """Contacts that do not count, by cell and reason."""
    others = contacts.filter(contacts.left_out.notnull(), contacts.is_asked)
    others = take_lists_apart(others, asked, reading)
    return others.group_by(*asked.keys, "left_out").agg(n=others.count())


def _episodes(found: pa.Table, asked: Asked) -> Iterator[dict[str, Any]]:
    """The episodes by cell and outcome: those already settled, and those found by walking the chains."""
    lists = found["followers"].combine_chunks()
    followers, groups = lists.flatten(), pc.list_parent_indices(lists).to_numpy()
    opening = _openers(followers, round((asked.metric.score.days or 0) * DAY))
    size, groups = found.num_rows, groups[opening]
    more = {"n": np.bincount(groups, minlength=size)}
    if asked.has_weights:
        weight = followers.field("weight").to_numpy(zero_copy_only=False)[opening]
        more["w"] = np.bincount(groups, weights=weight, minlength=size)
        more["w2"] = np.bincount(groups, weights=weight**2, minlength=size)
    for place, row in enumerate(found.drop_columns("followers").to_pylist()):
        sums = {name: (row[name] or 0) + number[place].item() for name, number in more.items()}
        if row["outcome"] & ASKED and sums["n"]:
            yield _judged({**row, **sums})


def _openers(followers: pa.StructArray, window: int) -> Integers:
    """The places of those that open an episode among contacts that follow another."""
    chain = _numbers(followers.field("chain").dictionary_encode().indices)
    # The only one to follow a first contact lies within its window; that leaves few to look at.
    several = np.flatnonzero(np.bincount(chain)[chain] > 1)
    taken = followers.take(pa.array(several))
    chain = chain[several]
    moment, before, row = (_numbers(taken.field(name)) for name in ("moment", "before", "place"))
    order = np.lexsort((row, moment, chain))
    is_new = np.diff(row[order], prepend=-1) != 0  # one contact comes several times where it is cut by a list
    contacts = order[is_new]
    opens = _walk(chain[contacts], moment[contacts], before[contacts], window)
    opening: Integers = several[order[opens[np.cumsum(is_new) - 1]]]
    return opening


def _numbers(column: pa.Array) -> Integers:
    numbers: Integers = column.to_numpy(zero_copy_only=False).astype(np.int64, copy=False)
    return numbers


def _walk(chain: Integers, moment: Integers, before: Integers, window: int) -> npt.NDArray[np.bool_]:
    """Which of the contacts that follow another open an episode; they come by chain, then in order of time.

    A run begins after a first contact, which is not among them: its moment is the `before` of the
    first in the run. From each contact the next one to open would be the first after its window.
    Those reached from the first contact do open; steps are doubled each time, so that a run of a
    million contacts takes twenty rounds.
    """
    size = len(moment)
    begins = np.ones(size, dtype=np.bool_)
    begins[1:] = (chain[1:] != chain[:-1]) | (before[1:] != moment[:-1])
    starts = np.flatnonzero(begins)
    ends = np.append(starts, size)[1:]
    opens = np.zeros(size + 1, dtype=np.bool_)  # the last place stands for nowhere
    opens[_first_after(moment, before[starts] + window, starts, ends)] = True
    own_end = np.repeat(ends, ends - starts)
    then = np.append(_first_after(moment, moment + window, np.arange(1, size + 1), own_end), size)
    while (then < size).any():
        opens[then[opens]] = True
        then = then[then]
    return opens[:size]


def _first_after(moment: Integers, limit: Integers, low: Integers, high: Integers) -> Integers:
    """For each `limit` the first place in [low, high) of a later moment, by halving; the number of moments if none."""
    end = high
    while (low < high).any():
        middle = np.minimum((low + high) // 2, len(moment) - 1)
        inside = (low < high) & (moment[middle] <= limit)
        low, high = np.where(inside, middle + 1, low), np.where(inside, high, np.minimum(middle, high))
    return np.where(low < end, low, len(moment))


def _judged(row: Mapping[str, Any]) -> dict[str, Any]:
    outcome = row["outcome"]
    reason = UNKNOWN_ISSUE if outcome & UNLINKED else IMMATURE if outcome & OPEN else None
    score = 0.0 if outcome & REPEATED else HIT
    return {**row, "left_out": reason, "scale": None, "protected": bool(outcome & PROTECTED), "score": score}


def _tally(row: Mapping[str, Any]) -> Tally:
    n, score = row["n"], row["score"]
    w, w2 = row.get("w", n), row.get("w2", n)
    return Tally(n=n, w=w, w2=w2, ws=w * score, ws2=w * score**2, w2s=w2 * score, w2s2=w2 * score**2)
