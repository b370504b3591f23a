"""How signals belong together: facts borrowed over a link, linked signals that exist, contacts stitched to journeys."""

from typing import TYPE_CHECKING, Any

import ibis

from openxmo.core.metrics.instants import DAY, micros
from openxmo.core.metrics.metric import Dimension

if TYPE_CHECKING:
    from openxmo.core.metrics.asked import Reading

# Facts about a person that hold until the next one is dated.
DATED_FACTS = frozenset({"profile", "consent"})
ATTRIBUTE = "attrs."


def field(signals: Any, column: str) -> Any:
    """A column of the contract, or an attribute of the map (`attrs.x`)."""
    if column.startswith(ATTRIBUTE):
        return signals.attrs.get(column.removeprefix(ATTRIBUTE))
    return signals[column]


def attach(signals: Any, facts: Any, *, on: str, named: str) -> Any:
    """The signals with `facts.taken` of the facts whose `link` equals column `on`, null where there is none."""
    link = f"{named}_link"
    right = facts.select(facts.link.name(link), facts.taken.name(named))
    return signals.left_join(right, signals[on] == right[link]).drop(link)


def one_per(signals: Any, unit: list[Any], *, pick: str, after: tuple[Any, ...] = ()) -> Any:
    """0 for the first (or last) signal of each unit, higher for the others.

    The order is declared, so that the answer is the same on every run: `after` if given, when it
    happened, then revision (none before any), then id.
    """
    if pick == "last":
        order = [ibis.desc(signals.happened_at), ibis.desc(signals.revision, nulls_first=False), ibis.desc(signals.id)]
    else:
        order = [signals.happened_at, ibis.asc(signals.revision, nulls_first=True), signals.id]
    return ibis.row_number().over(ibis.window(group_by=unit, order_by=[*after, *order]))


def borrow(signals: Any, dimension: Dimension, *, named: str, reading: "Reading") -> Any:
    """The signals with a fact of another signal, found over the dimension's link, in a new column.

    Of several facts the first or last counts; of dated facts about a person the newest at the time
    of the signal.
    """
    link = dimension.link or "issue"
    facts = reading.signals(dimension.signal or "")
    facts = facts.filter(facts[link].notnull(), facts.mark.isnull())
    facts = facts.mutate(link=facts[link], taken=field(facts, dimension.take))
    if link == "subject" and dimension.signal in DATED_FACTS:
        return _newest_before(signals, facts, named)
    picked = facts.mutate(place=one_per(facts, [facts.link], pick=dimension.pick))
    return attach(signals, picked.filter(picked.place == 0), on=link, named=named)


def _newest_before(signals: Any, facts: Any, named: str) -> Any:
    """Each fact holds from its moment until the next one of the same subject."""
    together = facts.mutate(place=one_per(facts, [facts.link, facts.happened_at], pick="last"))
    single = together.filter(together.place == 0)
    following = single.happened_at.lead().over(ibis.window(group_by=single.link, order_by=single.happened_at))
    starts, ends, link = f"{named}_starts", f"{named}_ends", f"{named}_link"
    held = single.select(
        single.link.name(link), single.taken.name(named), single.happened_at.name(starts), following.name(ends)
    )
    matches = [
        signals.subject == held[link],
        signals.happened_at >= held[starts],
        held[ends].isnull() | (signals.happened_at < held[ends]),
    ]
    return signals.left_join(held, matches).drop(link, starts, ends)


def exists_linked(signals: Any, name: str, *, named: str, reading: "Reading") -> Any:
    """The signals with a column that says whether a signal `name` shares their issue, or their contact."""
    others = reading.signals(name)
    others = others.filter(others.mark.isnull())
    for link in ("issue", "contact"):
        linked = others.filter(others[link].notnull()).select(link=others[link]).distinct()
        signals = attach(signals, linked.mutate(taken=ibis.literal(True)), on=link, named=f"{named}_{link}")
    there = signals[f"{named}_issue"].fill_null(False) | signals[f"{named}_contact"].fill_null(False)
    return signals.mutate(there.name(named))


def stitch_journeys(contacts: Any, *, gap_days: float, key: tuple[str, ...], engine_name: str) -> Any:
    """The journeys that contacts make: one row a journey with its contacts counted.

    Contacts belong together when they name the same issue of the same subject; where they name
    none, when they agree in all `key` columns (usually subject and reason) — then `derived` is
    true. A pause longer than `gap_days` begins a new journey. A journey with more than one contact
    is one failed journey, however many contacts it took. Contacts with neither are journeys of one.
    """
    stitchable = contacts.issue.notnull()
    for column in key:
        stitchable = stitchable | contacts[column].notnull()
    keyed = contacts.mutate(
        moment=micros(contacts.happened_at, engine_name=engine_name),
        derived=contacts.issue.isnull(),
        alone=ibis.ifelse(stitchable, ibis.null("int64"), contacts.row),
        **{
            f"by_{column}": ibis.ifelse(contacts.issue.isnull(), contacts[column], ibis.null("string"))
            for column in key
        },
    )
    same = [keyed.subject, keyed.issue, keyed.alone, *(keyed[f"by_{column}"] for column in key)]
    window = ibis.window(group_by=same, order_by=[keyed.moment, keyed.row])
    begun = keyed.mutate(before=keyed.moment.lag().over(window))
    pause = begun.moment - begun.before
    begun = begun.mutate(begins=ibis.ifelse(begun.before.isnull() | (pause > round(gap_days * DAY)), 1, 0))
    columns = ["subject", "issue", "alone", *(f"by_{column}" for column in key)]
    running = ibis.cumulative_window(group_by=[begun[c] for c in columns], order_by=[begun.moment, begun.row])
    numbered = begun.mutate(journey=begun.begins.sum().over(running))
    return numbered.group_by(*columns, "journey", "derived").agg(
        contacts=numbered.count(), started_at=numbered.happened_at.min(), last_at=numbered.happened_at.max()
    )


def count_journeys(journeys: Any) -> Any:
    """One row: how many journeys, how many failed (took more than one contact), contacts, and excess contacts."""
    return journeys.agg(
        journeys=journeys.count(),
        failed=(journeys.contacts > 1).sum().fill_null(0),
        contacts=journeys.contacts.sum().fill_null(0),
        excess_contacts=(journeys.contacts - 1).sum().fill_null(0),
    )
