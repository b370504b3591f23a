"""Erasing a person: their signals, every mention of them, and every copy, so that no byte is left.

Nothing that names them is written on the way: rows are taken out by their opaque keys, and
what stays behind is a keyed hash that keeps them from coming back, and a receipt that counts.
A kill in between leaves the hash, and the same erasure done again goes on.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa

from openxmo.core.errors import WrongUsage
from openxmo.core.progress import Progress, silent
from openxmo.core.signals.door.importing import drain_inbox
from openxmo.core.signals.door.lock import writing
from openxmo.core.signals.door.open_batches import wait_until_closed
from openxmo.core.signals.engines import open_duckdb
from openxmo.core.signals.keeping.mentions import clean_row, own_rows, rows_that_keep_a_word, rows_that_may_mention
from openxmo.core.signals.keeping.recording import draw_up
from openxmo.core.signals.keeping.rewriting import editing, files_with, forget_history, rewrite, without
from openxmo.core.signals.keeping.scrubbing import empty_folder, find_leftovers, scrub_exports, scrub_raw, scrub_rejects
from openxmo.core.signals.source import Source
from openxmo.core.signals.store import tombstones
from openxmo.core.signals.store.fingerprints import Fingerprints
from openxmo.core.signals.store.lake import Lake
from openxmo.core.signals.store.receipts import Receipt, add_receipt
from openxmo.core.signals.store.tables import ENRICHMENTS, IDENTITIES, MARKS, SIGNALS, SUPERSEDED, TABLES, Table

ERASURE = "erasure"


@dataclass(frozen=True)
class Found:
    """What the lake holds about the erased: their own signals, and the signals of others that may mention them."""

    own: pa.Table  # row, month, receipt, source, and the values that may lie about elsewhere: id, response, text
    others: pa.Table  # row, month, receipt

    @property
    def rows(self) -> pa.Array:
        return self.own["row"].combine_chunks()

    @property
    def months(self) -> set[str]:
        return {*self.own["month"].to_pylist(), *self.others["month"].to_pylist()}

    @property
    def receipts(self) -> set[str]:
        return {*self.own["receipt"].to_pylist(), *self.others["receipt"].to_pylist()}

    @property
    def responses(self) -> set[str]:
        pairs = zip(self.own["source"].to_pylist(), self.own["response"].to_pylist(), strict=True)
        return {tombstones.name_response(source, response) for source, response in pairs if response is not None}

    @property
    def values(self) -> set[str]:
        return {value for name in ("id", "response", "text") for value in self.own[name].to_pylist() if value}


@dataclass(frozen=True)
class Erasure:
    """What an erasure touched. `also_known_as` are keys that the office took for the same person and did not erase;
    `leftovers` are files of the home that it may not change and that still hold the key, and folders of the lake
    whose texts hold it where it may as well be an everyday word or number."""

    receipt: Receipt
    signals_erased: int
    signals_changed: int
    lines_erased: Mapping[str, int]  # of the tables beside the signals
    batches_removed: int
    exports_removed: int
    rejects_changed: int
    also_known_as: tuple[str, ...]
    leftovers: tuple[Path | str, ...]

    def to_document(self) -> dict[str, Any]:
        return {
            "receipt": self.receipt.receipt,
            "signals": self.signals_erased,
            "mentions": self.signals_changed,
            "lines": dict(self.lines_erased),
            "batches": self.batches_removed,
            "exports": self.exports_removed,
            "rejects": self.rejects_changed,
            "also_known_as": list(self.also_known_as),
            "leftovers": [str(path) for path in self.leftovers],
        }


def erase(
    lake: Lake,
    subject: str,
    *,
    sources: Mapping[str, Source],
    by: str,
    at: datetime,
    progress: Progress = silent,
) -> Erasure:
    """Erases everything the office holds about `subject`, wherever it lies under the home.

    From the first step on nothing about them is taken in any more. What waits in the inbox is
    drained first, so that its counts stay true: their rows are rejected as `erased`.
    """
    if not subject.strip():
        raise WrongUsage("An erasure names one person.", mend="Give the key that the signals carry as `subject`.")
    with writing(lake, what="erasing a person", progress=progress):
        tombstones.add(lake, [subject])
    wait_until_closed(lake.home)
    drain_inbox(lake, sources=sources, by=by, at=at, progress=progress)
    with writing(lake, what="erasing a person", progress=progress):
        return erase_keys(lake, {subject}, by=by, at=at, progress=progress)


def erase_keys(lake: Lake, keys: Collection[str], *, by: str, at: datetime, progress: Progress = silent) -> Erasure:
    """The erasure itself, of keys that are entombed; the caller holds the lock."""
    progress("looking for what is kept", 0, 4)
    found = find(lake, keys)
    tombstones.add(lake, found.responses)
    progress("taking away copies", 1, 4)
    empty_folder(lake.home.staging)
    batches = scrub_raw(lake.home, keys, found.receipts)
    exports = scrub_exports(lake.home, keys)
    rejects = scrub_rejects(lake.home, tombstones.load(lake), found.values)
    also_known_as = known_as(lake, keys)
    progress("rewriting the lake", 2, 4)
    lines = erase_beside(lake, found, keys, at=at)
    changed = erase_signals(lake, found, keys, at=at)  # after all that is found by them
    progress("forgetting the lake's history", 3, 4)
    for table in TABLES:
        forget_history(lake, table)
    return Erasure(
        receipt=write_receipt(lake, found, by=by, at=at),
        signals_erased=found.own.num_rows,
        signals_changed=changed,
        lines_erased=lines,
        batches_removed=batches,
        exports_removed=exports,
        rejects_changed=rejects,
        also_known_as=also_known_as,
        leftovers=(*find_leftovers(lake, keys), *find_words_left(lake, keys)),
    )


def find(lake: Lake, keys: Collection[str]) -> Found:
    engine = open_duckdb(lake)
    own = engine.fetch(own_rows(keys).select("row", "month", "receipt", "source", "id", "response", "text"))
    candidates = engine.fetch(rows_that_may_mention(keys).select("row", "month", "receipt"))
    return Found(own, without("row", own["row"].combine_chunks())(candidates))


def find_words_left(lake: Lake, keys: Collection[str]) -> list[Path | str]:
    """The folders of the lake's data files in whose signals a key that is an everyday word stands still."""
    kept = rows_that_keep_a_word(keys)
    if kept is None:
        return []
    months = open_duckdb(lake).fetch(kept.select("month").distinct())["month"].to_pylist()
    return [lake.place(SIGNALS).name(f"month={month}") for month in sorted(months)]


def known_as(lake: Lake, keys: Collection[str]) -> tuple[str, ...]:
    """Other keys that stand for the same person now, by the identities."""
    engine = open_duckdb(lake)
    identities = engine.table(IDENTITIES)
    now = identities.filter(identities.to_at.isnull())
    wanted = sorted(keys)
    persons = now.filter(now.subject.isin(wanted) | now.person.isin(wanted)).select("person")
    same = engine.fetch(now.semi_join(persons, "person").select("subject", "person")).to_pylist()
    return tuple(sorted({key for line in same for key in line.values()} - set(keys)))


def erase_beside(lake: Lake, found: Found, keys: Collection[str], *, at: datetime) -> dict[str, int]:
    """Takes the lines about the erased out of the tables beside the signals, and of the fingerprints."""
    lines = {
        table.name: erase_lines(lake, table, "row", found.rows, at=at) for table in (SUPERSEDED, MARKS, ENRICHMENTS)
    }
    names = pa.array(sorted(keys))
    lines[IDENTITIES.name] = sum(erase_lines(lake, IDENTITIES, name, names, at=at) for name in ("subject", "person"))
    if found.own.num_rows:
        Fingerprints.load(lake.home.fingerprints).forget(found.rows.to_numpy())
    return lines


def erase_signals(lake: Lake, found: Found, keys: Collection[str], *, at: datetime) -> int:
    """Takes the erased's own signals out, and the mentions of them; returns in how many signals they were mentioned."""
    changed = 0

    def clean(row: dict[str, Any]) -> dict[str, Any]:
        nonlocal changed
        cleaned = clean_row(row, keys)
        changed += cleaned != row
        return cleaned

    others = found.others["row"].combine_chunks()
    files = files_with(lake, SIGNALS, "row", pa.concat_arrays([found.rows, others]), months=found.months)
    erased, edited = without("row", found.rows), editing(others, clean)
    rewrite(lake, SIGNALS, lambda rows: edited(erased(rows)), files=files, at=at)
    return changed


def erase_lines(lake: Lake, table: Table, column: str, values: pa.Array, *, at: datetime) -> int:
    """Takes the table's lines with one of the values out; returns how many."""
    files = files_with(lake, table, column, values)
    before = sum(file.rows for file in files)
    kept = 0

    def change(rows: pa.Table) -> pa.Table:
        nonlocal kept
        left = without(column, values)(rows)
        kept += left.num_rows
        return left

    rewrite(lake, table, change, files=files, at=at)
    return before - kept


def write_receipt(lake: Lake, found: Found, *, by: str, at: datetime) -> Receipt:
    """Counts, and nothing that names anyone."""
    linked = draw_up(lake, what=ERASURE, rows=found.own.num_rows, by=by, at=at)
    add_receipt(lake, linked)
    return replace(linked, lake_version=lake.version)


def erase_again(lake: Lake, *, by: str, at: datetime, progress: Progress = silent) -> Erasure | None:
    """Erases whoever has a tombstone and is in the lake all the same, after an older backup was restored."""
    known = tombstones.load(lake)
    keys = {key for key in keys_in(lake) if known.match_key(key)} if known else set()
    return erase_keys(lake, keys, by=by, at=at, progress=progress) if keys else None


def keys_in(lake: Lake) -> set[str]:
    """Every key in the lake that may be a person's."""
    engine = open_duckdb(lake)
    signals, identities = engine.table(SIGNALS), engine.table(IDENTITIES)
    columns = [signals[name] for name in ("subject", "agent", "account", "excluded_by", "about")]
    listed = [signals.select(key=column) for column in columns] + [signals.select(key=signals.objects.unnest())]
    listed += [identities.select(key=identities[name]) for name in ("subject", "person")]
    found = engine.fetch(ibis.union(*listed).filter(ibis._.key.notnull()).distinct())["key"].to_pylist()
    return {form for key in found for form in (key, key.partition(":")[2]) if form}
