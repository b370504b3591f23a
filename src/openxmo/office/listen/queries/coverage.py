"""Whom do we listen to, where, and who is missing? Stages against channels, counted from what people said."""

from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

import ibis

from openxmo.core.release.cuts import starts_month
from openxmo.office.govern.queries import find_rules, read_office
from openxmo.office.govern.session import Session
from openxmo.office.listen.queries.scope import Day, signals_asked, start

MOST_CHANNELS = 8
NOWHERE = ""


@dataclass(frozen=True)
class Spot:
    """What is heard at one stage by one channel: answers and the last of them. `hidden`: employees alone, uncounted."""

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
    def stages_heard(self) -> int:
        """Those that are named: what nobody told the stage of is heard at none."""
        return sum(bool(row.stage) and not row.silent for row in self.rows)

    @property
    def channels_told(self) -> int:
        return sum(map(bool, self.channels))

    @property
    def silent(self) -> tuple[StageRow, ...]:
        return tuple(row for row in self.rows if row.silent)

    @property
    def heard(self) -> bool:
        return not all(row.silent for row in self.rows)

    @property
    def answers(self) -> int:
        return sum(spot.answers for row in self.rows for spot in row.spots)


def find_coverage(session: Session, *, unit: str | None = None, since: Day = None, until: Day = None) -> Coverage:
    """The stages of the office's journeys, and those that answers name, against the channels they came by.

    Of all that the person sees, or of one unit and those below it; `until` is left out. Employees' answers are not
    counted by stage and channel, which are no declared cuts: that a minimum group of them is heard is all that is told,
    and only over whole months, so that no two looks tell of one of them.
    """
    heard = signals_asked(session, unit=unit, since=since, until=until)
    heard = heard.filter(heard.kind == "X", heard.mark.isnull())
    rules = find_rules(session.home)
    zone = ZoneInfo(rules.zone)
    whole = unit is None and all(starts_month(start(day, zone), rules.zone) for day in (since, until))
    told = whole and not session.has_few_employees
    named = heard.mutate(stage=heard.stage.fill_null(NOWHERE), channel=heard.channel.fill_null(NOWHERE))
    counted = named.group_by("stage", "channel").agg(
        answers=(~named.protected).sum(),
        last_at=ibis.ifelse(named.protected, ibis.null(named.happened_at.type()), named.happened_at).max(),
        people=ibis.ifelse(named.protected, named.subject, ibis.null("string")).nunique(),
    )
    spots: dict[tuple[str, str], Spot] = {}
    for row in session.engine.fetch(counted).to_pylist():
        answers, many = int(row["answers"] or 0), told and int(row["people"]) >= rules.employees
        if answers or many:
            spots[row["stage"], row["channel"]] = Spot(answers, row["last_at"], hidden=not answers)
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
