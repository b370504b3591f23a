"""Value against effort as a drawing: each item a point with the range of both, and its name beside it.

Drawn here and not in the browser: it needs no script, every point is a link, and names can be kept apart.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from openxmo.core.decide.items import MoneyInput, to_range
from openxmo.core.decide.money import Range, present_value
from openxmo.office.decide.labels import Label, place_labels
from openxmo.office.decide.queries import Entry
from openxmo.office.ui.components.words import money, number

PICTURES = {
    "wsjf": (_("Job size, points"), _("Cost of waiting, points")),
    "rice": (_("Effort, person-months"), _("People reached × impact × confidence")),
    "money": (_("Cost now and running, at present value"), _("Benefit, at present value")),
}
LONGEST = 48  # letters of a name


@dataclass(frozen=True)
class Canvas:
    """How large a drawing is, and where its scales lie in it."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int


WIDE = Canvas(width=1080, height=620, left=60, right=1056, top=28, bottom=564)
NARROW = Canvas(width=380, height=420, left=42, right=368, top=28, bottom=372)  # numbers instead of names


@dataclass(frozen=True)
class Point:
    """`x` effort and `y` value as ranges; `label` holds the same as places, and the name."""

    number: int
    entry: Entry
    x: Range
    y: Range
    label: Label


@dataclass(frozen=True)
class Tick:
    place: float
    words: str


@dataclass(frozen=True)
class Drawing:
    """One size of the picture."""

    canvas: Canvas
    points: tuple[Point, ...]
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]


@dataclass(frozen=True)
class Picture:
    """The same points for a wide and a narrow page; `left_out` items lack an estimate."""

    kind: str
    x_label: Any
    y_label: Any
    wide: Drawing
    narrow: Drawing
    left_out: int
    table: list[dict[str, Any]]


Measured = tuple[Entry, Range, Range]


def measures(entry: Entry, kind: str, rate: float) -> tuple[Range, Range] | None:
    """Effort and value of an item, None where nobody has estimated them."""
    item = entry.core()
    if kind == "wsjf" and item.wsjf:
        value = [to_range(amount) for amount in (item.wsjf.value, item.wsjf.time, item.wsjf.risk)]
        return to_range(item.wsjf.size), _sum(value)
    if kind == "rice" and item.rice:
        parts = [to_range(amount) for amount in (item.rice.reach, item.rice.impact, item.rice.confidence)]
        corners = [math.prod(getattr(part, name) for part in parts) for name in ("low", "likely", "high")]
        return to_range(item.rice.effort), Range(*corners)
    if kind == "money" and item.money:
        return money_measures(item.money, rate)
    return None


def money_measures(given: MoneyInput, rate: float) -> tuple[Range, Range]:
    case = given.case()

    def worth_of(amounts: Iterable[Range]) -> Range:
        held = tuple(amounts)
        corners = [
            present_value([Range(corner, corner, corner) for corner in (getattr(one, name) for one in held)], rate)
            for name in ("low", "likely", "high")
        ]
        return Range(*corners)

    spent = _sum([case.cost, worth_of(case.running)])
    return spent, _sum([worth_of(amounts) for amounts in case.benefits.values()])


def _sum(ranges: Iterable[Range]) -> Range:
    held = list(ranges)
    return Range(*(sum(getattr(one, name) for one in held) for name in ("low", "likely", "high")))


def draw(entries: Sequence[Entry], kind: str, *, rate: float, currency: str) -> Picture:
    """The open items that hold both measures, the most valuable first; scales begin at 0."""
    found = [(entry, measures(entry, kind, rate)) for entry in entries]
    held = [(entry, *both) for entry, both in found if both is not None]
    held.sort(key=lambda measured: (-measured[2].likely, measured[0].item.pk))
    x_label, y_label = PICTURES[kind]
    wide = lay_out(held, WIDE, money_in=currency if kind == "money" else None)
    return Picture(
        kind,
        x_label,
        y_label,
        wide=wide,
        narrow=lay_out(held, NARROW, money_in=currency if kind == "money" else None),
        left_out=len(entries) - len(held),
        table=[_table_row(point, str(x_label), str(y_label)) for point in wide.points],
    )


def lay_out(held: Sequence[Measured], canvas: Canvas, *, money_in: str | None) -> Drawing:
    x_axis = Axis.over([x for _entry, x, _y in held], canvas.left, canvas.right)
    y_axis = Axis.over([y for _entry, _x, y in held], canvas.bottom, canvas.top)
    labels = [
        Label(
            _short(entry.item.title),
            (x_axis.place(x.low), x_axis.place(x.likely), x_axis.place(x.high)),
            (y_axis.place(y.low), y_axis.place(y.likely), y_axis.place(y.high)),
        )
        for entry, x, y in held
    ]
    inside = (canvas.left, canvas.top - 12, canvas.width - 4, canvas.bottom)
    placed = place_labels(labels, inside) if canvas is WIDE else labels
    return Drawing(
        canvas,
        points=tuple(
            Point(place, *measured, label)
            for place, (measured, label) in enumerate(zip(held, placed, strict=True), start=1)
        ),
        x_ticks=tuple(Tick(x_axis.place(tick), _amount(tick, money_in)) for tick in x_axis.ticks),
        y_ticks=tuple(Tick(y_axis.place(tick), _amount(tick, money_in)) for tick in y_axis.ticks),
    )


def _short(title: str) -> str:
    return title if len(title) <= LONGEST else title[: LONGEST - 1].rstrip(" ,:") + "…"


def _amount(amount: float, money_in: str | None) -> str:
    """A tick in few letters: thousands of money as `120k`."""
    if money_in is not None:
        thousands = abs(amount) >= 1000
        return money(amount / 1000 if thousands else amount, money_in) + ("k" if thousands else "")
    return number(int(amount)) if float(amount).is_integer() else number(amount)


@dataclass(frozen=True)
class Axis:
    """A scale from `start` to `end` between two places of the drawing."""

    start: float
    end: float
    first: float
    last: float
    step: float

    @classmethod
    def over(cls, ranges: Sequence[Range], first: float, last: float) -> "Axis":
        """Round steps, about five of them, from 0 (or the least below it) to above the greatest."""
        low = min((one.low for one in ranges), default=0.0)
        most = max((one.high for one in ranges), default=0.0)
        low, most = min(low, 0.0), max(most, 0.0)
        most = most if most > low else low + 1
        rough = (most - low) / 5
        size = 10 ** math.floor(math.log10(rough))
        step = next(size * factor for factor in (1, 2, 2.5, 5, 10) if size * factor >= rough)
        return cls(math.floor(low / step) * step, math.ceil(most / step + 0.1) * step, first, last, step)

    @property
    def ticks(self) -> list[float]:
        return [self.start + self.step * place for place in range(round((self.end - self.start) / self.step) + 1)]

    def place(self, value: float) -> float:
        return round(self.first + (value - self.start) / (self.end - self.start) * (self.last - self.first), 1)


def _table_row(point: Point, x_label: str, y_label: str) -> dict[str, Any]:
    return {
        "": point.number,
        str(_("idea")): point.entry.item.title,
        x_label: point.x.likely,
        f"{x_label}, {_('low')}": point.x.low,
        f"{x_label}, {_('high')}": point.x.high,
        y_label: point.y.likely,
        f"{y_label}, {_('low')}": point.y.low,
        f"{y_label}, {_('high')}": point.y.high,
    }
