"""How soon `xmo --help` answers, from pressing the key to the last word, against an interpreter that does nothing."""

import subprocess
import sys
from pathlib import Path

from benchmarks.measure import Line, Variant, median_time

ROUNDS = 11
SECONDS = 0.3


def run(command: list[str]) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def measure(cache: Path, rows: int | None = None) -> list[Line]:
    del cache, rows
    xmo = str(Path(sys.executable).with_name("xmo"))
    ours = median_time(Variant(lambda _: run([xmo, "--help"]), lambda _: None), rounds=ROUNDS)
    bare = median_time(Variant(lambda _: run([sys.executable, "-c", ""]), lambda _: None), rounds=ROUNDS)
    line = Line(workload="xmo --help", ours=ours, yardstick=bare, ratio=ours / bare)
    line.goal = SECONDS * 1000 / bare
    return [line]
