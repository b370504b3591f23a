"""Value against effort as a drawing: each item a point with the range of both, and its name beside it.

Drawn here and not in the browser: it needs no script, every point is a link, and names can be kept apart.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from openxmo.core.decide.items import MoneyInput, to_range
from openxmo.core.decide.money import Range, present_value
from openxmo.office.decide.queries import Entry
from openxmo.office.ui.components.words import money, number

PICTURES = {
    "wsjf": (_("Job size, points"), _("Cost of waiting, points")),
    "rice": (_("Effort, person-months"), _("People reached × impact × confidence")),
    "money": (_("Cost now and running, at present value"), _("Benefit, at present value")),
}
WIDTH, HEIGHT = 1080, 600
LEFT, RIGHT, TOP, BOTTOM = 70, 24, 28, 56
LINE = 17  # between two names
LETTER = 6.6  # of a name, about
LONGEST = 44
Box = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True)
class Point:
    """`x` effort and `y` value as ranges, and the same as places of the drawing."""

    number: int
    entry: Entry
    x: Range
    y: Range
    px: tuple[float, float, float]
    py: tuple[float, float, float]
    name: str
    name_x: float
    name_y: float
    anchor: str

    @property
    def moved(self) -> bool:
        """The name stands so far from its point that a line leads to it."""
        return self.anchor != "middle" and abs(self.lead_y - self.py[1]) > LINE * 0.6

    @property
    def lead_y(self) -> float:
        return self.name_y - 4


@dataclass(frozen=True)
class Tick:
    place: float
    words: str


@dataclass(frozen=True)
class Picture:
    kind: str
    x_label: Any
    y_label: Any
    points: tuple[Point, ...]
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    left_out: int
    table: list[dict[str, Any]]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    bottom: int = HEIGHT - BOTTOM


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
    """The open items that hold both measures; scales begin at 0."""
    held = [(entry, found) for entry in entries if (found := measures(entry, kind, rate)) is not None]
    x_axis = Axis.over([x for _entry, (x, _y) in held], LEFT, WIDTH - RIGHT)
    y_axis = Axis.over([y for _entry, (_x, y) in held], HEIGHT - BOTTOM, TOP)
    points = place_names(
        [
            _point(place, entry, x, y, x_axis.place, y_axis.place)
            for place, (entry, (x, y)) in enumerate(sorted(held, key=lambda pair: -pair[1][1].likely), start=1)
        ]
    )
    show: Callable[[float], str] = (lambda amount: money(amount, currency)) if kind == "money" else number
    y_show = show if kind == "money" else (lambda amount: number(amount, 0))
    x_label, y_label = PICTURES[kind]
    return Picture(
        kind,
        x_label,
        y_label,
        points=tuple(points),
        x_ticks=tuple(Tick(x_axis.place(tick), _short(tick, show)) for tick in x_axis.ticks),
        y_ticks=tuple(Tick(y_axis.place(tick), _short(tick, y_show)) for tick in y_axis.ticks),
        left_out=len(entries) - len(held),
        table=[_table_row(point, str(x_label), str(y_label)) for point in points],
    )


def _short(amount: float, show: Callable[[float], str]) -> str:
    return show(int(amount)) if float(amount).is_integer() else show(amount)


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


def _point(
    place: int, entry: Entry, x: Range, y: Range, x_place: Callable[[float], float], y_place: Callable[[float], float]
) -> Point:
    title = entry.item.title
    px = (x_place(x.low), x_place(x.likely), x_place(x.high))
    py = (y_place(y.low), y_place(y.likely), y_place(y.high))
    name = title if len(title) <= LONGEST else title[: LONGEST - 1].rstrip(" ,:") + "…"
    return Point(place, entry, x, y, px, py, name, name_x=px[1] + 12, name_y=py[1] + 4, anchor="start")


def place_names(points: list[Point]) -> list[Point]:
    """Each name beside its point where there is room, else the nearest place where it lies on nothing."""
    dots = [(point.px[1] - 7, point.py[1] - 7, point.px[1] + 7, point.py[1] + 7) for point in points]
    taken: list[Box] = []
    placed = []
    for point, own in sorted(zip(points, dots, strict=True), key=lambda pair: (pair[0].py[1], pair[0].px[1])):
        others = [dot for dot in dots if dot is not own] + taken
        candidates = [replace(point, name_x=x, name_y=y, anchor=anchor) for x, y, anchor in _candidates(point)]
        best = min(candidates, key=lambda candidate: _cost(candidate, others))
        taken.append(_box(best))
        placed.append(best)
    return sorted(placed, key=lambda point: point.number)


def _candidates(point: Point) -> Iterable[tuple[float, float, str]]:
    """To the right, to the left, above and below, and each of these further up or down."""
    x, y = point.px[1], point.py[1] + 4
    for step in range(13):
        for sign in (1, -1) if step else (1,):
            nudge = sign * step * LINE / 2
            yield x + 12, y + nudge, "start"
            yield x - 12, y + nudge, "end"
    yield x, y - LINE, "middle"
    yield x, y + LINE + 2, "middle"


def _cost(point: Point, others: Iterable[Box]) -> float:
    """Lying on something, or outside, is worst; then being far away; the right side comes first."""
    box = _box(point)
    hidden = sum(_meet(box, other) for other in others)
    outside = box[0] < LEFT or box[2] > WIDTH - 4 or box[1] < TOP - 12 or box[3] > HEIGHT - BOTTOM
    side = {"start": 0.0, "end": 5.0, "middle": 4.0}[point.anchor]
    return 1000.0 * (hidden + 2 * outside) + abs(point.name_y - 4 - point.py[1]) + side


def _box(point: Point) -> Box:
    width = len(point.name) * LETTER
    left = {"start": point.name_x, "end": point.name_x - width, "middle": point.name_x - width / 2}[point.anchor]
    return (left - 2, point.name_y - 12, left + width + 2, point.name_y + 4)


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


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
