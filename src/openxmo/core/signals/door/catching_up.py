"""Bringing the fingerprints to where the lake is: after a kill, a withdrawal, or a lost index."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from openxmo.core.progress import Progress, silent
from openxmo.core.signals.door.staging import Staging, identify_all, identity_hash
from openxmo.core.signals.door.storing import Stored, month_numbers
from openxmo.core.signals.door.verdicts import NEW, Verdicts, hash_ranges
from openxmo.core.signals.store.fingerprints import Fingerprints
from openxmo.core.signals.store.lake import Lake, newest_version
from openxmo.core.signals.store.places import Place
from openxmo.core.signals.store.segments import Entries
from openxmo.core.signals.store.tables import SIGNALS, SUPERSEDED

NEEDED = ["source", "id", "content", "row", "revision", "happened_at"]
PURPOSE = "fingerprints"
NUMBER_BITS = 32  # a row key is the receipt's number, then the place in the import
BATCH = 250_000


def load_fingerprints(lake: Lake, *, number: int, progress: Progress = silent) -> Fingerprints:
    """The index, brought up to the receipt with this number. The caller holds the lock."""
    found = Fingerprints.load(lake.home.fingerprints)
    if found.through < number:
        catch_up(lake, found, number, progress)
    version = newest_version(lake.place(SUPERSEDED))
    if found.withdrawals != version:
        gone = withdrawn_rows(lake) if version > 0 else np.empty(0, np.int64)  # nothing was ever written to it
        if gone.size:
            found.forget(gone)
        found.withdrawals = version
        found.save()
    return found


def catch_up(lake: Lake, fingerprints: Fingerprints, number: int, progress: Progress) -> None:
    """Reads what the lake holds of later receipts than the index knows."""
    first = (fingerprints.through + 1) << NUMBER_BITS
    known = fingerprints.through
    place, names = lake.place(SIGNALS), files_from(lake, first)
    for done, name in enumerate(names):
        progress("indexing the lake", done, len(names))
        for rows in read_from(place, name, first):
            fingerprints.add([describe_rows(rows, lake.key(PURPOSE))], rows.num_rows, through=known)
    fingerprints.tidy()
    fingerprints.through = number
    fingerprints.save()


def files_from(lake: Lake, first: int) -> list[str]:
    """The files that can hold a row key of at least `first`."""
    delta = lake.delta(SIGNALS)
    if delta is None:
        return []
    actions: list[dict[str, Any]] = pa.table(delta.get_add_actions(flatten=True)).to_pylist()
    return [one["path"] for one in actions if one.get("max.row") is None or one["max.row"] >= first]


def read_from(place: Place, name: str, first: int) -> Iterator[pa.Table]:
    file = pq.ParquetFile(place.open(name))
    for batch in file.iter_batches(batch_size=BATCH, columns=NEEDED):
        rows = pa.table(batch)
        rows = rows.filter(pc.greater_equal(rows["row"], first))
        if rows.num_rows:
            yield rows


def describe_rows(rows: pa.Table, key: bytes) -> Entries:
    """The entries of stored signals, sorted by hash."""
    digests = identify_all(identity_hash(key), rows["source"].to_pylist(), rows["id"].to_pylist())
    identity = np.frombuffer(digests, np.uint64).reshape(-1, 2)
    content = np.frombuffer(b"".join(rows["content"].to_pylist()), np.uint64).reshape(-1, 2)
    entries: Entries = {
        "high": identity[:, 0],
        "low": identity[:, 1],
        "content": content[:, 0],
        "row": rows["row"].to_numpy(),
        "month": month_numbers(rows),
        "revision": rows["revision"].cast(pa.float64()).to_numpy(),
    }
    order = np.argsort(entries["high"], kind="stable")
    return {name: column[order] for name, column in entries.items()}


def describe_new(staging: Staging, verdicts: Verdicts, stored: Stored, *, base: int) -> Iterator[Entries]:
    """The entries of the signals that a batch brought, sorted by hash."""
    identities, contents = staging.identities(), staging.contents()
    for places in hash_ranges(identities) if verdicts.order is None else [verdicts.order]:
        new = places[verdicts.of[places] == NEW]
        revision = np.full(new.size, np.nan)
        if staging.revisions:
            revision = np.array([staging.revisions.get(place, np.nan) for place in new.tolist()])
        yield {
            "high": identities[new, 0],
            "low": identities[new, 1],
            "content": contents[new, 0],
            "row": base + new,
            "month": stored.months[new],
            "revision": revision,
        }


def withdrawn_rows(lake: Lake) -> npt.NDArray[np.int64]:
    """The rows whose import was withdrawn: their (source, id) may come again."""
    superseded = lake.read(SUPERSEDED)
    gone = superseded.filter(pc.equal(superseded["reason"], "withdrawn"))
    return np.unique(gone["row"].to_numpy())


def forget(lake: Lake, rows: npt.NDArray[np.int64]) -> int:
    """Lets the (source, id) of these rows come again; returns how many were known. The caller holds the lock."""
    return Fingerprints.load(lake.home.fingerprints).forget(rows)
