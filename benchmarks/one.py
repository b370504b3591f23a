"""`python -m benchmarks.one WORKLOAD ROWS CACHE`: one workload in this process, its lines as JSON on stdout."""

import importlib
import sys
from pathlib import Path

import msgspec

from benchmarks.data import index_ids, open_office


def main() -> None:
    workload, rows, cache = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
    if workload == "data":
        index_ids(open_office(cache, rows, progress=tell), progress=tell)
        lines = []
    else:
        lines = importlib.import_module(f"benchmarks.{workload}").measure(cache, rows)
    sys.stdout.write(msgspec.json.encode(lines).decode())


def tell(step: str, done: int, total: int | None) -> None:
    sys.stderr.write(f"  {step} {done:,} of {total:,}\r" if total else f"  {step} {done:,}\r")


if __name__ == "__main__":
    main()
