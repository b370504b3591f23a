"""The form of a mapping file: what a person may write, before it is checked against itself.

One rule reads every string: text in braces is a column (`"{Date received}"`), all other text is itself.
"""

from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

Condition = str | bool | tuple[str, ...]
Unknown = Literal["reject", "keep", "missing", "exclude"]


class FieldForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """How one field is made: exactly one way to come by it (`from` to `sum`), then what is done to it."""

    from_: str | None = msgspec.field(default=None, name="from")
    first: tuple[str, ...] = ()  # the first that is not missing
    join: tuple[str, ...] = ()  # those that are not missing, `with` between them
    between: tuple[str, str] | None = None  # the time from the first date to the second, in `unit`
    compare: tuple[str, str] | None = None  # the first date is `before`, the `same` as or `after` the second
    all: str | None = None  # a list: one entry for each row found in a lookup with `many`
    count: str | None = None  # how many rows a lookup found
    sum: str | None = None  # over the rows found in a lookup with `many`

    with_: str = msgspec.field(default=" ", name="with")
    unit: Literal["s", "min", "h", "d"] = "h"
    clock: Literal["elapsed", "wall"] = "elapsed"
    before: str | None = None
    same: str | None = None
    after: str | None = None

    missing: tuple[str, ...] = ()
    map: dict[str, str | float] = {}
    known: tuple[str, ...] = ()
    unknown: Unknown = "reject"
    multiply: float | None = None
    add: float | None = None
    decimal: Literal[".", ","] = "."
    dates: tuple[str, ...] = ()
    zone: str | None = None


Form = str | bool | float | FieldForm
ManyForm = Form | tuple[Form, ...] | dict[str, Form]
WAYS = ("from_", "first", "join", "between", "compare", "all", "count", "sum")


class FileForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a file is found among those given, and read."""

    file: str | tuple[str, ...] = "*"
    format: Literal["csv", "ndjson", "parquet", "xlsx", "xes"] | None = None  # else by the ending of its name
    delimiter: Annotated[str, Meta(min_length=1, max_length=1)] = ","
    encoding: str = "utf-8-sig"
    sheet: str | int = 0
    skip: Annotated[int, Meta(ge=0)] = 0  # lines before the header of a CSV file
    optional: tuple[str, ...] = ()  # columns that a file may lack
    missing: tuple[str, ...] = ()


class TableForm(FileForm, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file each of whose rows makes signals. `common` fields are those of all of them."""

    zone: str | None = None
    dates: tuple[str, ...] = ()
    when: dict[str, Condition] = {}
    unless: dict[str, Condition] = {}
    common: dict[str, Any] = {}


class LookupForm(FileForm, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file of the same export in which a row finds more about itself: `{name.column}`."""

    key: str | tuple[str, ...]
    by: str | tuple[str, ...] | None = None  # the row's own values for `key`; else its columns of that name
    many: bool = False
    required: bool = False  # a row that finds nothing is an error


class SignalControl(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a `[[signal]]` says beside the fields of the contract."""

    table: str | None = None
    when: dict[str, Condition] = {}
    unless: dict[str, Condition] = {}
    needs: tuple[str, ...] = ()  # without one of these fields the row makes no such signal
    each: dict[str, str] = {}  # one signal for each column: `{#each}` is its value, `{#item}` the name given here


class SignalForm(msgspec.Struct, frozen=True, kw_only=True):
    control: SignalControl
    fields: dict[str, ManyForm]


class About(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a mapping is for, to those who choose one: the data, who publishes it, on what terms."""

    title: str
    holds: str = ""
    publisher: str = ""
    licence: str = ""
    files: tuple[str, ...] = ()  # as the publisher, or most who pass the data on, name them


class MappingForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole file as written; its signals are checked in a second step, to name the place exactly."""

    about: About | None = None
    source: str | None = None
    zone: str | None = None
    dates: tuple[str, ...] = ("iso",)
    missing: tuple[str, ...] = ()
    table: dict[str, TableForm]
    lookup: dict[str, LookupForm] = {}
    signal: Annotated[tuple[dict[str, Any], ...], Meta(min_length=1)]


class SignalMapping(msgspec.Struct, frozen=True, kw_only=True):
    """A mapping that was read and found to make sense; `map_files` runs it."""

    path: Path
    form: MappingForm
    signals: tuple[SignalForm, ...]
    common: dict[str, dict[str, ManyForm]]  # by table
