"""What a writer does first: finish what a killed one had committed, clear what it had not.

The signals' commit carries the receipt and names the superseded rows' file, so everything that
must follow it can be done again from the commit alone, by whoever holds the lock next.
"""

import json
import shutil
from contextlib import suppress
from dataclasses import asdict
from typing import Any

from deltalake.transaction import AddAction

from openxmo.core.signals.door.batches import move_to_raw
from openxmo.core.signals.store.durable import cannot_write
from openxmo.core.signals.store.home import Home
from openxmo.core.signals.store.lake import Lake, commit_info, newest_version
from openxmo.core.signals.store.places import LOG, Place, entry_name
from openxmo.core.signals.store.receipts import Receipt, add_receipt, from_json, read_head, to_json
from openxmo.core.signals.store.tables import SIGNALS, SUPERSEDED, TABLES

LOOK_BACK = 200  # commits; only compaction comes between two imports


def recover(lake: Lake) -> None:
    """Finishes or clears what a killed writer left. The caller holds the lock."""
    try:
        clear_staging(lake.home)
        for table in TABLES if lake.address is None else ():  # an object store takes an entry whole
            drop_torn_entry(lake.place(table))
        finish_last(lake)
    except OSError as error:
        raise cannot_write(lake.home.path, error) from error


def clear_staging(home: Home) -> None:
    for path in home.staging.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def drop_torn_entry(place: Place) -> None:
    """Takes away a newest log entry that a power cut left without its content: it was never acknowledged."""
    version = newest_version(place)
    text = place.read_entry(version)
    if text is None or version == 0:
        return
    whole = False
    with suppress(ValueError):
        whole = bool(text.strip()) and all(isinstance(json.loads(line), dict) for line in text.splitlines())
    if not whole:
        place.remove([f"{LOG}/{entry_name(version)}"])


def commit_metadata(receipt: Receipt, superseded: list[AddAction], *, redaction: str) -> dict[str, str]:
    """What the signals' commit carries so that the rest can follow from it."""
    return {
        "receipt": to_json(receipt),
        "superseded": json.dumps([asdict(action) for action in superseded]),
        "redaction": redaction,
    }


def finish_last(lake: Lake) -> None:
    head = read_head(lake)
    place = lake.place(SUPERSEDED)
    withdrawal = commit_info(place, newest_version(place)).get("receipt")
    if withdrawal is not None and json.loads(withdrawal)["number"] == head.number + 1:
        add_receipt(lake, from_json(withdrawal))
        return
    found = last_import(lake)
    if found is not None and json.loads(found["receipt"])["number"] > head.number:
        finish_import(lake, from_json(found["receipt"]), json.loads(found["superseded"]))
    elif head.receipt:
        move_to_raw(lake.home, head.receipt)


def last_import(lake: Lake) -> dict[str, Any] | None:
    """What the newest commit of signals with a receipt says, or None if none of the last ones has one."""
    place = lake.place(SIGNALS)
    newest = newest_version(place)
    for version in range(newest, max(-1, newest - LOOK_BACK), -1):
        info = commit_info(place, version)
        if "receipt" in info:
            return info
    return None


def finish_import(lake: Lake, receipt: Receipt, superseded: list[dict[str, Any]]) -> None:
    """All that follows the signals' commit; done once however often it is begun."""
    place = lake.place(SUPERSEDED)
    if superseded and commit_info(place, newest_version(place)).get("for_receipt") != receipt.receipt:
        actions = [AddAction(**action) for action in superseded]
        lake.commit(SUPERSEDED, actions, metadata={"for_receipt": receipt.receipt})
    add_receipt(lake, receipt)
    move_to_raw(lake.home, receipt.receipt)
