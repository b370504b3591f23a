"""Whom do we listen to, where, and who is missing? Stages against channels, counted from what people said."""

from dataclasses import dataclass, replace
from datetime import datetime

import ibis

from openxmo.office.govern.queries import find_rules, read_office
from openxmo.office.govern.session import Session
from openxmo.office.listen.queries.scope import Day, signals_asked

MOST_CHANNELS = 8
NOWHERE = ""


@dataclass(frozen=True)
class Spot:
    """What is heard at one stage by one channel: answers and when the last came. `hidden` protects few employees."""

    answers: int
    last_at: datetime | None
    hidden: bool = False
    channel: str = ""


@dataclass(frozen=True)
class StageRow:
    stage: str
    label: str
    journey: str
    spots: tuple[Spot, ...]

    @property
    def silent(self) -> bool:
        return not any(spot.answers or spot.hidden for spot in self.spots)


@dataclass(frozen=True)
class Coverage:
    channels: tuple[str, ...]
    rows: tuple[StageRow, ...]

    @property
    def silent(self) -> tuple[StageRow, ...]:
        return tuple(row for row in self.rows if row.silent)

    @property
    def answers(self) -> int:
        return sum(spot.answers for row in self.rows for spot in row.spots)


def find_coverage(session: Session, *, unit: str | None = None, since: Day = None, until: Day = None) -> Coverage:
    """The stages of the office's journeys, and those that answers name, against the channels they came by.

    Of all that the person sees, or of one unit and those below it; `until` is left out.
    """
    heard = signals_asked(session, unit=unit, since=since, until=until)
    heard = heard.filter(heard.kind == "X", heard.mark.isnull())
    named = heard.mutate(
        stage=heard.stage.fill_null(NOWHERE),
        channel=heard.channel.fill_null(NOWHERE),
        protected=heard.subject_kind.fill_null("employee") == "employee",
    )
    counted = named.group_by("stage", "channel").agg(
        answers=named.count(),
        last_at=named.happened_at.max(),
        people=ibis.ifelse(named.protected, named.subject, ibis.null("string")).nunique(),
        protected=named.protected.all(),
    )
    least = find_rules(session.home).employees
    spots: dict[tuple[str, str], Spot] = {}
    for row in session.engine.fetch(counted).to_pylist():
        hidden = bool(row["protected"]) and int(row["people"]) < least
        spot = Spot(0, None, hidden=True) if hidden else Spot(int(row["answers"]), row["last_at"])
        spots[row["stage"], row["channel"]] = spot
    return lay(session, spots)


def lay(session: Session, spots: dict[tuple[str, str], Spot]) -> Coverage:
    heard: dict[str, int] = {}
    for (_, channel), spot in spots.items():
        heard[channel] = heard.get(channel, 0) + spot.answers
    channels = tuple(sorted(heard, key=lambda channel: (channel == NOWHERE, -heard[channel]))[:MOST_CHANNELS])
    office = read_office(session.home)
    known = {stage.key: (stage.label, journey.label) for journey in office.journeys for stage in journey.stages}
    others = sorted({stage for stage, _ in spots} - known.keys() - {NOWHERE})
    stages = [*known, *others, *([NOWHERE] if any(stage == NOWHERE for stage, _ in spots) else [])]
    rows = [StageRow(stage, *known.get(stage, (stage, "")), spots_at(stage, channels, spots)) for stage in stages]
    return Coverage(channels, tuple(rows))


def spots_at(stage: str, channels: tuple[str, ...], spots: dict[tuple[str, str], Spot]) -> tuple[Spot, ...]:
    found = (spots.get((stage, channel), Spot(0, None)) for channel in channels)
    return tuple(replace(spot, channel=channel) for spot, channel in zip(found, channels, strict=True))
