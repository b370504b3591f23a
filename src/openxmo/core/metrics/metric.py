"""What is measured: a metric is the mean of a scored signal.

The classes have the office file's form, so that a file, a screen and a test write the same thing.
"""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

MOST_LETTERS = 80  # of a key: it stands in addresses, file names and columns of tables
Key = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_-]*$", max_length=MOST_LETTERS)]
Named = Annotated[str, Meta(pattern=r"\S", max_length=200)]  # a signal's name: any words, but some
Link = Literal["issue", "contact", "subject", "response", "account"]
Condition = str | float | bool


class Score(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """How one signal is scored. Which of the other fields a kind needs is checked by `check_score`."""

    kind: Literal["nps", "top_box", "bottom_box", "mean", "share", "ratio", "repeat_free", "quantile", "index"]
    top: float | None = None  # top_box: the lowest value that counts
    bottom: float | None = None  # bottom_box: the highest value that counts
    of: tuple[str, ...] = ()  # share: the labels that count
    over: Named | None = None  # ratio: the signal whose values are the denominator
    days: float | None = None  # repeat_free: the window, its end included
    key: tuple[str, ...] = ()  # repeat_free: what makes two contacts one issue where the source names none
    fails_if: dict[str, Condition] = {}  # repeat_free: what fails an issue besides a repeat
    q: float | None = None  # quantile: 0.5 is the median
    items: tuple[str, ...] | dict[str, tuple[str, ...]] = ()  # index: the items, or sub-indices of items


class Metric(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A named, versioned measure. Only `key`, `signal` and `score` are required.

    `where` holds equalities on columns, attributes (`attrs.x`) and declared dimensions; the key
    `exists:NAME` asks whether a signal NAME is linked by issue, else by contact.
    """

    key: Key
    signal: Named  # the name of the signals that it counts
    score: Score
    label: str = ""  # what people call it
    where: dict[str, Condition | tuple[Condition, ...]] = {}
    unit: str = ""  # what stands behind its numbers: %, points, of 5, h
    better: Literal["higher", "lower"] = "higher"
    min_n: Annotated[int, Meta(ge=1)] = 30  # with fewer answers it is not shown
    once_per: Link | None = None  # of several answers to the same of these one counts
    pick: Literal["first", "last"] = "last"  # which of them
    weight_by: str | None = None  # a dimension with numbers, such as revenue: an answer counts as much as it says
    experience: Literal["customer", "employee", "partner", "product"] = "customer"
    voice: Literal["customer", "employee", "partner", "process"] | None = None
    family: Literal["lagging", "leading", "operational", "financial"] | None = None
    owner: str = ""
    weakness: str = ""  # what it cannot tell, and how it can mislead
    counter_metric: str = ""  # what would suffer if only this one were pushed
    judged_per: Literal["day", "week", "month", "quarter", "year"] | None = None  # shown one step finer at most
    refused_by: tuple[str, ...] = ()  # cuts that this metric must not be asked by: agent, contact, day
    include_inferred: bool = False  # values that were inferred count too, not only what was said


class Dimension(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A declared cut. With `signal` it is borrowed: a fact of another signal, found over `link`.

    `employees` says that employee signals may be cut by it.
    """

    key: Key
    label: str = ""
    column: str | None = None  # a column or attrs.x of the signal itself, under another name
    link: Link | None = None
    signal: Named | None = None
    take: str = "label"  # label | value | attrs.x | a column
    pick: Literal["first", "last"] = "last"
    employees: bool = False


class Ambition(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What is strived for: a target on a metric or an XLA, by a date. Experience gap = target - delivered."""

    key: Key
    statement: str = ""
    metric: str | None = None
    xla: str | None = None
    target: float
    by: str | None = None  # a date
    objective: Key | None = None  # the strategic objective that it serves
    experience: Literal["customer", "employee", "partner", "product"] = "customer"
    owner: str = ""


class Component(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One part of an XLA: a metric, the values that score 0 and 100, and its weight."""

    metric: str
    kind: Literal["X", "O", "T"]
    low: float  # scores 0, or 100 where lower is better
    high: float
    better: Literal["higher", "lower"] = "higher"
    weight: Annotated[float, Meta(gt=0, le=1)]


class Xla(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """An experience level agreement: a weighted composite of X, O and T components, at least half of it X."""

    key: Key
    components: tuple[Component, ...]
    label: str = ""
    good: float = 75
    poor: float = 45
    max_missing_weight: float = 0.3
    experience: Literal["customer", "employee", "partner", "product"] = "customer"
    owner: str = ""
