"""The one way to read signals: what stands, of when, as known when, with its marks."""

from datetime import UTC, datetime, timedelta

import ibis

from openxmo.core.signals.engines import Engine
from openxmo.core.signals.engines.standing import STANDING, join_marks, leave_out, standing_marks, superseded_rows
from openxmo.core.signals.store.tables import IDENTITIES, MARKS, SIGNALS, SUPERSEDED

INSTANT = timedelta(microseconds=1)


def read_signals(
    engine: Engine,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    as_of: datetime | None = None,
    known_at: datetime | None = None,
) -> ibis.Table:
    """The signals that stand: the contract's columns, those set by us, and `mark` (the reason of a standing mark).

    `since` and `until` (excluded) and `as_of` (included) bound `happened_at`; all must carry a zone.
    `known_at` reads the office's memory as it stood then: what was heard by then, with the versions,
    withdrawals and marks of that moment.
    """
    standing = engine.table(STANDING) if known_at is None else known_signals(engine, known_at)
    ends = [end for end in (until, None if as_of is None else as_of + INSTANT) if end is not None]
    return within(standing, since, min(ends, default=None))


def with_person(engine: Engine, signals: ibis.Table, *, known_at: datetime | None = None) -> ibis.Table:
    """The same signals with `person`: whom the subject was found to be, else the subject itself."""
    identities = engine.table(IDENTITIES)
    if known_at is None:
        standing = identities.filter(identities.to_at.isnull())
    else:
        moment = instant(known_at)
        ended = identities.to_at.isnull() | (identities.to_at > moment)
        standing = identities.filter((identities.from_at <= moment) & ended)
    persons = standing.group_by("subject").agg(found_person=standing.person.max())
    joined = signals.left_join(persons, "subject")
    person = ibis.coalesce(joined.found_person, signals.subject)
    return joined.select(*(signals[name] for name in signals.columns), person=person)


def known_signals(engine: Engine, known_at: datetime) -> ibis.Table:
    """The signals that stood at `known_at`, by what had been heard, superseded and marked until then."""
    moment = instant(known_at)
    signals, superseded, marks = (engine.table(table) for table in (SIGNALS, SUPERSEDED, MARKS))
    heard = signals.filter(signals.heard_at <= moment)
    gone = superseded_rows(superseded.filter(superseded.superseded_at <= moment))
    made = marks.filter(marks.marked_at <= moment)
    lifted_by_then = made.lifted_at.isnull() | (made.lifted_at <= moment)
    return join_marks(leave_out(heard, gone), standing_marks(made.filter(lifted_by_then)))


def within(signals: ibis.Table, start: datetime | None, end: datetime | None) -> ibis.Table:
    """The signals from `start` until before `end`.

    Whole months are taken by the partition alone; `happened_at` is read only in a month that is cut,
    which spares most questions a column as wide as all the others together.
    """
    first = None if start is None else month_of(start)
    last = None if end is None else month_of(end - INSTANT)
    cuts = {}
    if start is not None and start.astimezone(UTC) != month_start(start):
        cuts[first] = signals.happened_at >= instant(start)
    if end is not None and end.astimezone(UTC) != month_start(end):
        before = signals.happened_at < instant(end)
        cuts[last] = cuts[last] & before if last in cuts else before
    inside = [signals.month >= first] if first is not None else []
    inside += [signals.month <= last] if last is not None else []
    if first is not None and last is not None and first > last:
        return signals.filter(ibis.literal(False))
    whole = inside + [signals.month != month for month in cuts]
    parts = [signals.filter(*whole)] if whole else [signals]
    if first is not None and first == last and cuts:
        parts = []  # one month, and it is cut
    parts += [signals.filter(signals.month == month, cut) for month, cut in cuts.items()]
    return ibis.union(*parts) if len(parts) > 1 else parts[0]


def instant(moment: datetime) -> ibis.Scalar:
    return ibis.literal(moment.astimezone(UTC), type="timestamp('UTC')")


def month_of(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()[:7]  # of four digits also before the year 1000


def month_start(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
