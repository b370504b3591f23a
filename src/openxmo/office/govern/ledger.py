"""The files in which older versions kept the office and its audit: a line of JSON for each event.

They are only read, and once: `xmo upgrade` moves them into the database.
"""

from pathlib import Path
from typing import TypeVar

import msgspec

from openxmo.core.errors import UnreadableInput
from openxmo.core.signals.store.home import Home

T = TypeVar("T")


def history_file(home: Home) -> Path:
    return home.office / "history.ndjson"


def audit_file(home: Home) -> Path:
    return home.office / "audit" / "audit.ndjson"


def read_events(path: Path, kind: type[T]) -> list[T]:
    """All events in their order; none where there is no file. A half-written last line is not an event."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return []
    except OSError as error:
        raise UnreadableInput(
            f"A file of the office cannot be read: {error.strerror}.", where=str(path), mend="Give read access to it."
        ) from None
    decoder = msgspec.json.Decoder(kind)
    events = []
    for number, line in enumerate(content[: content.rfind(b"\n") + 1].splitlines(), start=1):
        try:
            events.append(decoder.decode(line))
        except msgspec.MsgspecError as error:
            raise UnreadableInput(
                f"Line {number} of a file of the office is damaged: {error}.",
                where=str(path),
                mend="Put the file back from a backup.",
            ) from None
    return events
