"""The signal: one row of evidence, written once and never edited.

`Signal` is the contract. Each field carries its type, its meaning, its constraint and
its privacy class; validation, the reference page and made-up rows are read off it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal, get_type_hints

import msgspec
from msgspec import Meta

Kind = Literal["X", "O", "T", "B"]
Basis = Literal["asked", "observed", "recorded", "judged", "inferred", "researched"]
SubjectKind = Literal["customer", "employee", "partner"]
Privacy = Literal["plain", "personal", "sensitive"]

SCALE_PATTERN = r"^-?\d+(\.\d+)?\.\.-?\d+(\.\d+)?$"
KIND_AND_ID_PATTERN = r"^[a-z][a-z0-9_-]*:.+$"
INSTRUMENT_PATTERN = r"^[^@\s]+@[^@\s]+$"
LARGEST_NUMBER = 1e150  # its square is a number still, so that variances are
MAX_ROW_BYTES = 8 * 1024 * 1024


def column(group: str, meaning: str, privacy: Privacy = "plain", **constraint: Any) -> Meta:
    """The annotation of one field of the contract: `constraint` is msgspec's (min_length, ge, pattern)."""
    return Meta(description=meaning, extra={"group": group, "privacy": privacy}, **constraint)


Name = Annotated[str, Meta(min_length=1)]
KindAndId = Annotated[str, Meta(pattern=KIND_AND_ID_PATTERN)]


class Signal(msgspec.Struct, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One row of evidence as accepted from outside."""

    id: Annotated[str, column("identity", "unique within its source", min_length=1)]
    source: Annotated[str, column("identity", "who told us; needs no declaration", min_length=1)]
    revision: Annotated[float | datetime | None, column("identity", "order of versions where the source amends")] = None

    happened_at: Annotated[datetime, column("time", "when it happened (start); stored in UTC")]
    ended_at: Annotated[datetime | None, column("time", "when it ended, if it lasted")] = None

    kind: Annotated[
        Kind,
        column(
            "what",
            "experience (X, what people say), operational (O, what processes did), "
            "technical (T, what systems did), business (B, what it was worth)",
        ),
    ]
    name: Annotated[str, column("what", "what it is: `nps`, `contact`, `handle_time`, a process step", min_length=1)]
    item: Annotated[str | None, column("what", "the question, form item, behaviour or article it is about")] = None
    value: Annotated[
        Annotated[float, Meta(ge=-LARGEST_NUMBER, le=LARGEST_NUMBER)] | None, column("what", "the number")
    ] = None
    label: Annotated[str | None, column("what", "the category")] = None
    text: Annotated[str | None, column("what", "the words, redacted before they are stored", "sensitive")] = None
    scale: Annotated[
        Annotated[str, Meta(pattern=SCALE_PATTERN)] | None,
        column("what", "of a rating: `0..10`, `1..5`; `5..1` where lower is better"),
    ] = None
    value_unit: Annotated[str | None, column("what", "`s`, `h`, `%`, or an ISO 4217 currency")] = None
    basis: Annotated[Basis | None, column("what", "how we know; by kind if absent: X asked, all others recorded")] = (
        None
    )
    weight: Annotated[
        Annotated[float, Meta(ge=0, le=LARGEST_NUMBER)] | None,
        column("what", "survey weight from the source; 1 if absent"),
    ] = None

    subject: Annotated[str | None, column("who", "whom it is about: an opaque key", "personal")] = None
    subject_kind: Annotated[
        SubjectKind | None,
        column("who", "customer, employee or partner; unknown is protected as an employee"),
    ] = None
    account: Annotated[str | None, column("who", "the household or company the subject belongs to", "personal")] = None
    agent: Annotated[str | None, column("who", "who served: an opaque key as of employee subjects", "personal")] = None
    team: Annotated[str | None, column("who", "the team that served")] = None
    about: Annotated[
        KindAndId | None, column("who", "what or whom it concerns, if not the subject: `agent:…`", "personal")
    ] = None

    contact: Annotated[str | None, column("belongs to", "the single call, chat or visit")] = None
    issue: Annotated[
        str | None, column("belongs to", "the matter, ticket, order or claim; empty is stitched and marked as derived")
    ] = None
    objects: Annotated[
        list[KindAndId] | None, column("belongs to", "other things it touches, as `kind:id`", "personal")
    ] = None
    response: Annotated[str | None, column("belongs to", "the survey response")] = None
    instrument: Annotated[
        Annotated[str, Meta(pattern=INSTRUMENT_PATTERN)] | None,
        column("belongs to", "the exact instrument, as `key@version`"),
    ] = None

    unit: Annotated[str | None, column("where", "the owning organisation unit at that time")] = None
    journey: Annotated[str | None, column("where", "the journey")] = None
    stage: Annotated[str | None, column("where", "the stage of the journey")] = None
    touchpoint: Annotated[str | None, column("where", "the touchpoint")] = None
    channel: Annotated[str | None, column("where", "the channel")] = None
    queue: Annotated[str | None, column("where", "the queue")] = None
    site: Annotated[str | None, column("where", "the site")] = None
    region: Annotated[str | None, column("where", "the region")] = None
    reason: Annotated[str | None, column("where", "the contact reason")] = None
    product: Annotated[str | None, column("where", "the product")] = None
    brand: Annotated[str | None, column("where", "the brand")] = None
    device: Annotated[str | None, column("where", "the device")] = None
    segment: Annotated[str | None, column("where", "the segment")] = None
    persona: Annotated[str | None, column("where", "the persona")] = None
    language: Annotated[str | None, column("where", "the language")] = None

    excluded: Annotated[str | None, column("trust", "why the source leaves it out of its own reports")] = None
    excluded_by: Annotated[str | None, column("trust", "by whom it is left out", "personal")] = None

    attrs: Annotated[
        dict[str, str] | None, column("rest", "any other fact; each can be used as a dimension", "personal")
    ] = None


@dataclass(frozen=True)
class Column:
    """One column of the contract, as the reference page and the lake read it."""

    name: str
    type: str
    group: str
    meaning: str
    privacy: Privacy
    required: bool


TYPES = {
    "happened_at": "timestamp",
    "ended_at": "timestamp",
    "value": "number",
    "weight": "number",
    "revision": "number or timestamp",
    "objects": "list of strings",
    "attrs": "map of strings",
}
REQUIRED = frozenset(f.name for f in msgspec.structs.fields(Signal) if f.required)


def describe_columns() -> Iterator[Column]:
    """The contract's columns in their order, for docs, checks and the lake's schema."""
    hints = get_type_hints(Signal, include_extras=True)
    for field in msgspec.structs.fields(Signal):
        meta = next(part for part in hints[field.name].__metadata__ if isinstance(part, Meta))
        extra = meta.extra or {}
        yield Column(
            name=field.name,
            type=TYPES.get(field.name, "string"),
            group=extra["group"],
            meaning=meta.description or "",
            privacy=extra["privacy"],
            required=field.required,
        )


COLUMNS: tuple[Column, ...] = tuple(describe_columns())

# What tells one signal, person or matter from all others cuts into cells of one; units and words are no cuts.
NO_CUTS = frozenset({"id", "text", "value_unit", "subject", "contact", "issue", "response", "excluded_by"})
DIMENSIONS: tuple[str, ...] = tuple(c.name for c in COLUMNS if c.type == "string" and c.name not in NO_CUTS)
