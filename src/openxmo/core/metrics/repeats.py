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
# What is known of a contact, as one number: a group is told apart by one column rather than four.
REPEATED, OPEN, PROTECTED, ASKED, NAMED, UNLINKED = 1, 2, 4, 8, 16, 32


def _hash_text(text: object) -> None:
    """DuckDB's 64-bit hash."""


def _hash_on(key: object, text: object) -> None:
    """DuckDB's 64-bit hash of a hash and a text."""


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
        # Of long chains only the first contact is surely among those counted; fewer people is the safer answer.
        settled = first.filter(first.place.isnull(), ~has(first.outcome, OPEN), ~has(first.outcome, UNLINKED))
        return found, protected_people(settled, asked, reading)
    return found, {}


def first_contacts(contacts: Any, asked: Asked, reading: Reading) -> Any:
    """The contacts that open an issue, with their `outcome`, and the later ones of long chains with their `place`.

    A contact that follows none within the window opens an episode. Where three or more follow one
    another, whether a later one opens another depends on when the chain began, so those come out
    one by one for `_episodes` to walk; all others are settled here.
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
    packed = contacts.mutate(facts=sum((ibis.ifelse(fact, bit, 0) for fact, bit in facts), ibis.literal(0)))
    packed = packed.mutate(**dict(zip(names, key, strict=True)))
    over = ibis.window(group_by=[packed[name] for name in names], order_by=[packed.moment, packed.row])
    near = packed.mutate(
        before=packed.moment.lag().over(over),
        before_2=packed.moment.lag(2).over(over),
        after=packed.moment.lead().over(over),
    )
    follows = (near.moment - near.before <= window).fill_null(False)
    followed = (near.after - near.moment <= window).fill_null(False)
    named = has(near.facts, NAMED)
    opens = ibis.ifelse(named, near.before.isnull(), ~follows)
    later = ~named & follows & (followed | (near.before - near.before_2 <= window).fill_null(False))
    repeats = followed & ~has(near.facts, REPEATED)
    found = near.mutate(
        outcome=near.facts + ibis.ifelse(repeats, REPEATED, 0),
        place=later.ifelse(near.row, ibis.null("int64")),
        chain=_joined([near[name] for name in names]),
    )
    return found.filter((opens & has(found.facts, ASKED)) | found.place.notnull())


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
    """First contacts counted by cell and outcome; the later ones of long chains stay apart, each with its place."""
    weights = {"w": first.weight_.sum(), "w2": (first.weight_ * first.weight_).sum()} if asked.has_weights else {}
    return first.group_by(*asked.keys, "outcome", "place").agg(
        n=first.count(), chain=first.chain.max(), moment=first.moment.max(), before=first.before.max(), **weights
    )


def _left_out(contacts: Any, asked: Asked, reading: Reading) -> Any:
    """Contacts that do not count, by cell and reason."""
    others = contacts.filter(contacts.left_out.notnull(), contacts.is_asked)
    others = take_lists_apart(others, asked, reading)
    return others.group_by(*asked.keys, "left_out").agg(n=others.count())


def _episodes(found: pa.Table, asked: Asked) -> Iterator[dict[str, Any]]:
    """The rows that open an episode: those already settled, and those found by walking the chains."""
    is_settled = pc.is_null(found["place"])
    later = found.filter(pc.invert(is_settled))
    later = later.sort_by([(name, "ascending") for name in ("chain", "moment", "place")])
    window = round((asked.metric.score.days or 0) * DAY)
    for row in (
        *found.filter(is_settled).to_pylist(),
        *later.take(pa.array(_openers(later, window), pa.int64())).to_pylist(),
    ):
        if row["outcome"] & ASKED:
            yield _judged(row)


def _openers(later: pa.Table, window: int) -> list[int]:
    """The places of the contacts that open an episode, of chains in order of time.

    Chains are few: some tens of thousands of contacts among millions, for which plain lists will do.
    """
    opening: list[int] = []
    chain, last, opened, seen, opens = None, None, 0, None, False
    columns = (later[name].to_pylist() for name in ("chain", "moment", "place", "before"))
    for place, (key, moment, here, before) in enumerate(zip(*columns, strict=True)):
        if here != seen:  # one contact has several rows where it is cut by a list
            if key != chain or before != last:
                opened = before  # the contact before opened the chain
            opens = moment > opened + window
            opened = moment if opens else opened
            chain, last, seen = key, moment, here
        if opens:
            opening.append(place)
    return opening


def _judged(row: Mapping[str, Any]) -> dict[str, Any]:
    outcome = row["outcome"]
    reason = UNKNOWN_ISSUE if outcome & UNLINKED else IMMATURE if outcome & OPEN else None
    score = 0.0 if outcome & REPEATED else HIT
    return {**row, "left_out": reason, "scale": None, "protected": bool(outcome & PROTECTED), "score": score}


def _tally(row: Mapping[str, Any]) -> Tally:
    n, score = row["n"], row["score"]
    w, w2 = row.get("w", n), row.get("w2", n)
    return Tally(n=n, w=w, w2=w2, ws=w * score, ws2=w * score**2, w2s=w2 * score, w2s2=w2 * score**2)
