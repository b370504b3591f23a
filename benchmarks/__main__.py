"""`python -m benchmarks --rows 1,10,50` (millions): each workload in a process of its own, then one table."""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
from rich.console import Console
from rich.table import Table

from benchmarks.growth import grow
from benchmarks.measure import Line

ANY_SIZE = ("command", "importing", "post", "clicking")
EACH_SIZE = ("score", "explain", "explain_years", "pages", "dedupe", "first_contact", "storing")
SMALLEST = ("commits",)
WORKLOADS = (*ANY_SIZE, *EACH_SIZE, *SMALLEST)


def read_arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rows", default="1", help="millions of signals, comma separated (default: 1)")
    parser.add_argument("--only", default=",".join(WORKLOADS), help="workloads, comma separated (default: all)")
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "openxmo-benchmarks")
    parser.add_argument("--json", type=Path, help="write the lines to this file too")
    asked = parser.parse_args(given)
    asked.rows = sorted(round(float(millions) * 1_000_000) for millions in asked.rows.split(","))
    asked.only = asked.only.split(",")
    unknown = sorted(set(asked.only) - set(WORKLOADS))
    if unknown:
        parser.error(f"no workload is called {', '.join(unknown)}; there are {', '.join(WORKLOADS)}")
    return asked


def run_all(asked: argparse.Namespace, console: Console) -> Iterator[Line | None]:
    """The lines of all workloads; one that fails is told and leaves None."""
    for place, rows in enumerate(asked.rows):
        first = place == 0
        chosen = [name for name in asked.only if name in EACH_SIZE or first]
        for step in ("data", *chosen):
            console.print(f"{step} at {rows / 1e6:g} million ...", style="dim")
            done = subprocess.run(
                [sys.executable, "-m", "benchmarks.one", step, str(rows), str(asked.cache)],
                stdout=subprocess.PIPE,
                check=False,
            )
            if done.returncode:
                console.print(f"{step} at {rows / 1e6:g} million failed; see above.", style="red")
                yield None
            else:
                yield from msgspec.json.decode(done.stdout, type=list[Line])


def show(lines: Sequence[Line], console: Console) -> None:
    names = (
        "workload",
        "million signals",
        "ours ms",
        "yardstick ms",
        "CPU",
        "ratio",
        "goal",
        "peak MiB",
        "goal",
        "met?",
    )
    table = Table(*names)
    for column in table.columns[1:-1]:
        column.justify = "right"
    for line in lines:
        table.add_row(
            line.workload,
            "" if line.rows is None else f"{line.rows / 1e6:g}",
            *(f"{time:,.1f}" if time is not None else "" for time in (line.ours, line.yardstick)),
            *(f"{ratio:.2f}" if ratio is not None else "" for ratio in (line.work, line.ratio, line.goal)),
            *(f"{memory:,.0f}" if memory is not None else "" for memory in (line.peak, line.peak_goal)),
            {True: "yes", False: "NO", None: ""}[line.met],
        )
    console.print(table)


def main() -> int:
    asked = read_arguments()
    console = Console(stderr=True)
    measured = list(run_all(asked, console))
    lines = [line for line in measured if line is not None]
    lines += grow(lines)
    show(lines, Console(width=150))
    if asked.json is not None:
        asked.json.write_bytes(msgspec.json.format(msgspec.json.encode(lines)) + b"\n")
    return 0 if None not in measured else 1


if __name__ == "__main__":
    sys.exit(main())
