"""Which of 10,000 ids are new: the index of the whole lake, against an anti-join with the ids of the same day."""

import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from benchmarks.asking import open_raw, rows_of
from benchmarks.data import borrowed, open_office
from benchmarks.made_signals import SOURCE, month_start
from benchmarks.measure import Line, Variant, compare
from openxmo.core.signals.door.catching_up import PURPOSE, load_fingerprints
from openxmo.core.signals.door.drafts import Draft
from openxmo.core.signals.door.staging import Staging, identify_all, identity_hash
from openxmo.core.signals.door.verdicts import NEW, judge_repeats
from openxmo.core.signals.store.lake import Lake
from openxmo.core.signals.store.receipts import read_head

IDS = 10_000
DAY = month_start(20) + timedelta(days=10)
ON_THE_DAY = "month = $month AND happened_at >= $start AND happened_at < $end"
ROUNDS = 15


def known_ids(raw: Any, asked: dict[str, Any]) -> list[str]:
    found = rows_of(raw, f"SELECT id FROM signals WHERE {ON_THE_DAY} ORDER BY hash(id) LIMIT {IDS // 2}", asked)
    return [id_ for (id_,) in found]


def stage(lake: Lake, ids: list[str]) -> Staging:
    folder = lake.home.staging / "dedupe"
    shutil.rmtree(folder, ignore_errors=True)
    staging = Staging(folder, lake.key(PURPOSE))
    drafts = [Draft(id=id_, source=SOURCE, happened_at=DAY, kind="O", name="contact") for id_ in ids]
    staging.add(drafts, 0, np.arange(len(ids), dtype=np.int32))
    staging.close()
    return staging


def judge(lake: Lake, staging: Staging, ids: list[str]) -> Any:
    """Hashes the ids as an import does, opens the index, and looks them up."""
    identify_all(identity_hash(staging.key), [SOURCE] * len(ids), ids)
    fingerprints = load_fingerprints(lake, number=read_head(lake).number)
    return judge_repeats(staging, fingerprints, base=0, amends=lambda _: False)


def measure(cache: Path, rows: int) -> list[Line]:
    with borrowed(open_office(cache, rows), "dedupe") as lake:
        raw = open_raw(lake)
        asked = {"month": f"{DAY:%Y-%m}", "start": DAY, "end": DAY + timedelta(days=1)}
        known = known_ids(raw, asked)
        ids = [id_ for pair in zip(known, (f"new-{number}" for number in range(IDS)), strict=False) for id_ in pair]
        raw.from_arrow(pa.table({"id": ids})).create("batch")
        staging = stage(lake, ids)
        unknown = f"SELECT id FROM batch ANTI JOIN (SELECT id FROM signals WHERE {ON_THE_DAY}) USING (id)"
        ours = Variant(
            lambda _: judge(lake, staging, ids),
            lambda found: sorted(ids[place] for place in np.flatnonzero(found.of == NEW)),
        )
        yardstick = Variant(lambda _: rows_of(raw, unknown, asked), lambda found: sorted(id_ for (id_,) in found))
        return [compare(f"dedupe {len(ids):,} ids", ours, yardstick, rows=rows, rounds=ROUNDS, goal=1.0)]
