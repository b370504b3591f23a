"""The organisation as the office knows it: its settings, units, people and calendars."""

from datetime import date
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from openxmo.core.metrics.metric import Key
from openxmo.core.privacy.minimum_groups import (
    AGENT_ANSWERS,
    COMMENTS,
    EMPLOYEES,
    EMPLOYEES_FLOOR,
    ORGANISATION,
    ORGANISATION_FLOOR,
)

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
HOURS_PATTERN = r"^([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)$"
Hours = Annotated[str, Meta(pattern=HOURS_PATTERN)]
Said = Annotated[str, Meta(min_length=1)]


class Declared(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What all objects of the office file share: they never change, and know no keys but their own."""


class Retention(Declared, frozen=True, kw_only=True):
    """How long things are kept. Legal practice, not advice: ask your data protection officer."""

    raw_days: Annotated[int, Meta(ge=0)] = 30  # raw imports and rejects
    comments_months: Annotated[int, Meta(ge=1)] = 24
    answers_months: Annotated[int, Meta(ge=1)] = 36
    unproved_integrity_days: Annotated[int, Meta(ge=1)] = 90
    logs_months: Annotated[int, Meta(ge=1)] = 24  # of integrity, and of who looked at whom


class MinimumGroups(Declared, frozen=True, kw_only=True):
    """The least number of people a shown cell may hold. They can be raised; lowered only to the floors."""

    employees: Annotated[int, Meta(ge=EMPLOYEES_FLOOR)] = EMPLOYEES
    comments: Annotated[int, Meta(ge=EMPLOYEES_FLOOR)] = COMMENTS  # and never fewer than employees
    agents: Annotated[int, Meta(ge=AGENT_ANSWERS)] = AGENT_ANSWERS  # answers about one agent, where that cut is allowed
    organisation: Annotated[int, Meta(ge=ORGANISATION_FLOOR)] = (
        ORGANISATION  # fewer employees: one pulse for all, no comments
    )


class AgentDisclosure(Declared, frozen=True, kw_only=True):
    """Why customer signals may be cut by agent. Without this record they may not."""

    purpose: Said
    legal_basis: Said
    consultation: Said  # with whom of the employees' side, and when
    recorded_on: date | None = None


class Settings(Declared, frozen=True, kw_only=True):
    """The office itself. Days are days in `zone`; money is in `currency` (ISO 4217)."""

    name: str = ""
    zone: str = "UTC"
    currency: str = "EUR"
    vision: str = ""  # what it is like to be served here, in one sentence that everybody can repeat
    retention: Retention = Retention()
    minimum_groups: MinimumGroups = MinimumGroups()
    agent_disclosure: AgentDisclosure | None = None


class Objective(Declared, frozen=True, kw_only=True):
    """What the organisation wants to reach, in its own strategy's words. Ambitions say what it takes of experience."""

    key: Key
    label: Said
    why: str = ""
    owner: str = ""


class Unit(Declared, frozen=True, kw_only=True):
    """A part of the organisation. It exists from `valid_from` to before `valid_to`; empty is always."""

    key: Said  # as signals name it in `unit`
    label: str = ""
    parent: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None

    def stands_on(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day < self.valid_to)


class Person(Declared, frozen=True, kw_only=True):
    """Someone who uses the office. Without units, an office-wide role sees all of them and any other role none."""

    name: Said  # signs in with it
    roles: Annotated[tuple[str, ...], Meta(min_length=1)]
    units: tuple[str, ...] = ()  # each with all units below it
    agent: str | None = None  # the opaque key that signals name in `agent` or `subject`
    team: str | None = None  # that they serve in, so that their direct lead is known
    leads: tuple[str, ...] = ()  # teams, as signals name them in `team`
    second_reader: str | None = None  # reads along where this person would validate their own survey


class Calendar(Declared, frozen=True, kw_only=True):
    """When the clocks of cases run: open hours per weekday, less holidays; `zone` is the office's if absent."""

    key: Key
    label: str = ""
    zone: str | None = None
    hours: dict[Day, tuple[Hours, ...]] = {}
    holidays: tuple[date, ...] = ()
