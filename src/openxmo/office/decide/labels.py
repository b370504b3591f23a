"""Names beside the points of a drawing, so that none lies on a point, a cross or another name."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

LINE = 17  # between two names
LETTER = 6.6  # of a name, about
NEAR = 12  # from a point to its name
Box = tuple[float, float, float, float]  # left, top, right, bottom
HIDDEN, OUTSIDE, CROSSED = 1000.0, 2000.0, 20.0
SIDES = {"start": 0.0, "middle": 4.0, "end": 5.0}  # the right side comes first


@dataclass(frozen=True)
class Label:
    """A name of the point at `px`, `py` (each low, likely, high): where it stands, and which end of it stands there."""

    name: str
    px: tuple[float, float, float]
    py: tuple[float, float, float]
    x: float = 0.0
    y: float = 0.0
    anchor: str = "start"
    numbered: bool = False  # there was no room for the name

    @property
    def led(self) -> bool:
        """It stands so far from its point that a line leads to it."""
        return abs(self.y - 4 - self.py[1]) > LINE * 1.2

    @property
    def lead_y(self) -> float:
        return self.y - 4 if abs(self.y - self.py[1]) < LINE else self.y + (6 if self.y < self.py[1] else -14)


def place_labels(labels: Sequence[Label], inside: Box) -> list[Label]:
    """Each name beside its point where there is room, else in the nearest free place, else its number in the list."""
    dots = [(one.px[1] - 7, one.py[1] - 7, one.px[1] + 7, one.py[1] + 7) for one in labels]
    crosses = [cross for one in labels for cross in _cross(one)]
    taken: list[Box] = []
    placed: dict[int, Label] = {}
    for own, label in sorted(enumerate(labels), key=lambda pair: (pair[1].py[1], pair[1].px[1])):
        others = [dot for place, dot in enumerate(dots) if place != own] + taken
        candidates = [replace(label, x=x, y=y, anchor=anchor) for x, y, anchor in _candidates(label)]
        best = min(candidates, key=lambda candidate: _cost(candidate, others, crosses, inside))
        if _cost(best, others, (), inside) >= HIDDEN:
            best = replace(label, name=str(own + 1), x=label.px[1] + NEAR - 3, y=label.py[1] + 4, numbered=True)
        taken.append(_box(best))
        placed[own] = best
    return [placed[own] for own in range(len(labels))]


def _cross(label: Label) -> Iterable[Box]:
    if label.px[0] != label.px[2]:
        yield (label.px[0], label.py[1] - 1, label.px[2], label.py[1] + 1)
    if label.py[0] != label.py[2]:
        yield (label.px[1] - 1, label.py[2], label.px[1] + 1, label.py[0])


def _candidates(label: Label) -> Iterable[tuple[float, float, str]]:
    """To the right, to the left, above and below, and each of these further up or down."""
    x, y = label.px[1], label.py[1] + 4
    for step in range(13):
        for sign in (1, -1) if step else (1,):
            nudge = sign * step * LINE / 2
            yield x + NEAR, y + nudge, "start"
            yield x - NEAR, y + nudge, "end"
    yield x, y - LINE, "middle"
    yield x, y + LINE + 2, "middle"


def _cost(label: Label, others: Iterable[Box], crosses: Iterable[Box], inside: Box) -> float:
    """Lying on something, or outside, is worst; then on a cross; then being far away."""
    box = _box(label)
    outside = box[0] < inside[0] or box[1] < inside[1] or box[2] > inside[2] or box[3] > inside[3]
    hidden = sum(_meet(box, other) for other in others)
    crossed = sum(_meet(box, cross) for cross in crosses)
    far = abs(label.y - 4 - label.py[1]) + SIDES[label.anchor]
    return HIDDEN * hidden + OUTSIDE * outside + CROSSED * crossed + far


def _box(label: Label) -> Box:
    width = len(label.name) * LETTER
    left = {"start": label.x, "end": label.x - width, "middle": label.x - width / 2}[label.anchor]
    return (left - 2, label.y - 11, left + width + 2, label.y + 3)


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
