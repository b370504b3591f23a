"""What a writer does first: finish what a killed one had committed, clear what it had not.

The signals' commit carries the receipt and names the superseded rows' file, so everything that
must follow it can be done again from the commit alone, by whoever holds the lock next.
"""

import json
import shutil
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from deltalake.transaction import AddAction

from openxmo.core.signals.door.batches import move_to_raw
from openxmo.core.signals.store.durable import cannot_write, sync_folder
from openxmo.core.signals.store.home import Home
from openxmo.core.signals.store.lake import Lake, newest_version
from openxmo.core.signals.store.receipts import Receipt, add_receipt, commit_info, from_json, read_head, to_json
from openxmo.core.signals.store.tables import SIGNALS, SUPERSEDED, TABLES

LOOK_BACK = 200  # commits; only compaction comes between two imports


def recover(lake: Lake) -> None:
    """Finishes or clears what a killed writer left. The caller holds the lock."""
    try:
        clear_staging(lake.home)
        for table in TABLES:
            drop_torn_entry(lake.folder(table))
        finish_last(lake)
    except OSError as error:
        raise cannot_write(lake.home.path, error) from error


def clear_staging(home: Home) -> None:
    for path in home.staging.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def drop_torn_entry(folder: Path) -> None:
    """Takes away a newest log entry that a power cut left without its content: it was never acknowledged."""
    path = folder / "_delta_log" / f"{newest_version(folder):020}.json"
    if not path.exists() or path.name == f"{0:020}.json":
        return
    text = path.read_text(encoding="utf-8", errors="replace")
    whole = False
    with suppress(ValueError):
        whole = bool(text.strip()) and all(isinstance(json.loads(line), dict) for line in text.splitlines())
    if not whole:
        path.unlink()
        sync_folder(path.parent)


def commit_metadata(receipt: Receipt, superseded: list[AddAction], *, redaction: str) -> dict[str, str]:
    """What the signals' commit carries so that the rest can follow from it."""
    return {
        "receipt": to_json(receipt),
        "superseded": json.dumps([asdict(action) for action in superseded]),
        "redaction": redaction,
    }


def finish_last(lake: Lake) -> None:
    head = read_head(lake)
    withdrawal = commit_info(lake.folder(SUPERSEDED), newest_version(lake.folder(SUPERSEDED))).get("receipt")
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
    folder = lake.folder(SIGNALS)
    newest = newest_version(folder)
    for version in range(newest, max(-1, newest - LOOK_BACK), -1):
        info = commit_info(folder, version)
        if "receipt" in info:
            return info
    return None


def finish_import(lake: Lake, receipt: Receipt, superseded: list[dict[str, Any]]) -> None:
    """All that follows the signals' commit; done once however often it is begun."""
    folder = lake.folder(SUPERSEDED)
    if superseded and commit_info(folder, newest_version(folder)).get("for_receipt") != receipt.receipt:
        actions = [AddAction(**action) for action in superseded]
        lake.commit(SUPERSEDED, actions, metadata={"for_receipt": receipt.receipt})
    add_receipt(lake, receipt)
    move_to_raw(lake.home, receipt.receipt)
