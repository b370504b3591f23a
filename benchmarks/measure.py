"""How a workload is measured: against a yardstick in the same process, round by round, and with its peak memory."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec


class Line(msgspec.Struct, kw_only=True):
    """One line of the table. Times in milliseconds (medians), memory in MiB; `ratio` is judged by `goal`."""

    workload: str
    rows: int | None = None
    ours: float | None = None
    yardstick: float | None = None
    ratio: float | None = None
    work: float | None = None  # the same ratio of processor time, which a busy machine disturbs less
    goal: float | None = None
    peak: float | None = None
    peak_goal: float | None = None

    @property
    def met(self) -> bool | None:
        """Whether ratio and peak are within their goals, as far as there are any."""
        judged = [(self.ratio, self.goal), (self.peak, self.peak_goal)]
        known = [value <= goal for value, goal in judged if value is not None and goal is not None]
        return all(known) if known else None


@dataclass(frozen=True)
class Variant:
    """One way to do the work. `prepare` is not timed; `answer` makes of the result what must be equal."""

    run: Callable[[Any], Any]
    answer: Callable[[Any], Any]
    prepare: Callable[[], Any] = lambda: None

    def timed(self) -> "Run":
        prepared = self.prepare()
        start, worked = time.perf_counter(), time.process_time()
        result = self.run(prepared)
        return Run((time.perf_counter() - start) * 1000, (time.process_time() - worked) * 1000, result)


@dataclass(frozen=True)
class Run:
    """How long a run took, and how long all its threads together worked, in milliseconds."""

    took: float
    worked: float
    result: Any


class AnswersDifferError(Exception):
    """A workload answered otherwise than its yardstick: its speed says nothing."""


def compare(workload: str, ours: Variant, yardstick: Variant, *, rows: int | None, rounds: int, **goals: Any) -> Line:
    """Ours alone first, for its peak; then both in turns that change places. The ratio is the median of the rounds'."""
    mine = ours.answer(ours.timed().result)
    ours.timed()
    peak = peak_mib()
    check_equal(workload, mine, yardstick.answer(yardstick.timed().result))
    pairs = [run_pair(ours, yardstick, turned=bool(number % 2)) for number in range(rounds)]
    return Line(
        workload=workload,
        rows=rows,
        ours=statistics.median(mine.took for mine, _ in pairs),
        yardstick=statistics.median(theirs.took for _, theirs in pairs),
        ratio=statistics.median(mine.took / theirs.took for mine, theirs in pairs),
        work=statistics.median(mine.worked / theirs.worked for mine, theirs in pairs),
        peak=peak,
        **goals,
    )


def run_pair(ours: Variant, yardstick: Variant, *, turned: bool) -> tuple[Run, Run]:
    if turned:
        second = yardstick.timed()
        return ours.timed(), second
    return ours.timed(), yardstick.timed()


def check_equal(workload: str, mine: Any, theirs: Any) -> None:
    if mine != theirs:
        raise AnswersDifferError(f"{workload}: {str(mine)[:500]} is not {str(theirs)[:500]}")


def median_time(variant: Variant, *, rounds: int) -> float:
    """The median of some runs after a first one that is not counted, in milliseconds."""
    return median_run(variant, rounds=rounds).took


def median_run(variant: Variant, *, rounds: int) -> Run:
    """The medians of time and of work over some runs after a first one that is not counted."""
    variant.timed()
    runs = [variant.timed() for _ in range(rounds)]
    took, worked = (statistics.median(times) for times in zip(*((run.took, run.worked) for run in runs), strict=True))
    return Run(took, worked, runs[-1].result)


def peak_mib() -> float:
    """The most memory that this process ever held. The kernel's `ru_maxrss` would tell of its parent too."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024
