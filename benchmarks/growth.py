"""How a workload grows from one size to the next: the exponent of its time, and its memory."""

import math
from collections.abc import Iterable, Iterator
from itertools import pairwise

from benchmarks.measure import Line

GROWING = ("score", "explain", "first contact", "dedupe")
MOST_EXPONENT = 1.0
MOST_MEMORY = 1.2
MOST_STORING = 1.5


def grow(lines: Iterable[Line]) -> Iterator[Line]:
    """A line for each workload that was measured at two sizes, one after the other."""
    sizes: dict[str, list[Line]] = {}
    for line in lines:
        if line.rows is not None and line.ours is not None:
            sizes.setdefault(line.workload, []).append(line)
    for workload, measured in sizes.items():
        for small, large in pairwise(sorted(measured, key=lambda line: line.rows or 0)):
            yield from between(workload, small, large)


def between(workload: str, small: Line, large: Line) -> Iterator[Line]:
    assert small.rows
    assert large.rows
    assert small.ours
    assert large.ours
    span = f"from {small.rows / 1e6:g} to {large.rows / 1e6:g} M"
    if workload.startswith("store") and small.ratio and large.ratio:
        # Both were measured against an empty lake, which takes the noise of the machine out.
        yield Line(workload=f"{workload}: time {span}", ratio=large.ratio / small.ratio, goal=MOST_STORING)
    if workload.startswith(GROWING):
        exponent = math.log(large.ours / small.ours) / math.log(large.rows / small.rows)
        yield Line(workload=f"{workload}: exponent {span}", ratio=exponent, goal=MOST_EXPONENT)
    if workload.startswith(GROWING) and small.peak and large.peak:
        yield Line(workload=f"{workload}: memory {span}", ratio=large.peak / small.peak, goal=MOST_MEMORY)
