"""Signals that come over the network: each body is on the disk before it is acknowledged, or refused in words."""

import codecs
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from openxmo.core.errors import UnreadableInput
from openxmo.core.signals.door.batches import content_of, put_batch
from openxmo.core.signals.door.judging import Judge
from openxmo.core.signals.door.open_batches import OPEN, Posts
from openxmo.core.signals.store.home import Home
from openxmo.core.signals.store.lake import Lake
from openxmo.core.signals.store.receipts import Receipt, find_receipt
from openxmo.office.lib.problems import Refused, not_found

KINDS = ("application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines")
SHARED = 1024 * 1024  # bytes: a body up to this shares a batch with others that come at the same time
PIECE = 1024 * 1024
SHORT = 32 * 1024  # bytes that are decoded at once: what stays in the processor's nearer cache
BOM = b"\xef\xbb\xbf"
RECEIPT = re.compile(r"\d{8}T\d{12}-[0-9a-f]{10}")
LONGEST_SOURCE = 200


class Stream(Protocol):
    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True)
class Sent:
    """A body on its way in. `size` is None where the sender did not say how long it is."""

    stream: Stream
    size: int | None
    kind: str
    encoding: str = ""
    source: str | None = None
    zone: str | None = None


@cache
def posts_of(path: Path) -> Posts:
    """The open batches of a home: one for the whole process."""
    return Posts(Home.at(path))


def take_in(home: Home, sent: Sent, *, most: int, by: str, at: datetime) -> dict[str, Any]:
    """Makes the body durable and says so; `Refused`, in words, where it cannot be taken."""
    check_head(sent, most)
    try:
        if sent.size is not None and sent.size <= SHARED and not sent.encoding:
            body = read_whole(sent)
            taken = posts_of(home.path).take(body, source=sent.source, zone=sent.zone, by=by, at=at)
            return tell(taken.receipt, taken.bytes, taken.content)
        batch = put_batch(home, checked(sent, most), source=sent.source, zone=sent.zone, by=by, at=at)
        return tell(batch.receipt, batch.bytes, content_of(home, batch))
    except Refused:
        raise
    except UnreadableInput as error:  # the disk, not what was sent
        raise Refused(503, error.what, mend="Nothing was taken; send it again later.", wait=30) from error


def tell(receipt: str, size: int, content: str) -> dict[str, Any]:
    return {"receipt": receipt, "state": "waiting", "bytes": size, "sha256": content}


def check_head(sent: Sent, most: int) -> None:
    kind = sent.kind.partition(";")[0].strip().lower()
    if kind not in KINDS:
        raise Refused(
            415,
            f"The body says that it is {kind or 'of no kind'}; signals come as NDJSON, one JSON object a line.",
            mend="Send it with `Content-Type: application/x-ndjson`.",
        )
    if sent.encoding not in ("", "identity", "gzip"):
        raise Refused(415, f"The body is packed as {sent.encoding[:40]}.", mend="Pack it with gzip, or not at all.")
    if sent.size is not None and sent.size > most:
        raise too_large(most)
    if sent.source is not None and not 0 < len(sent.source.strip()) <= LONGEST_SOURCE:
        raise Refused(422, "`source` is empty or longer than 200 letters.", mend="Name who sends, or leave it out.")
    if sent.zone is not None:
        Judge({}, None, sent.zone)  # refuses an unknown zone


def too_large(most: int) -> Refused:
    return Refused(
        413, f"The body is larger than {most // 2**20:,} MiB.", mend="Send it in parts; each gets a receipt."
    )


def read_whole(sent: Sent) -> bytes:
    """A body that is neither long nor packed, in one piece."""
    body = b"".join(received(sent))
    if not begins(body):
        raise empty()
    if not body.isascii():
        text = Utf8()
        text.check(body)
        text.end()
    return body


def checked(sent: Sent, most: int) -> Iterator[bytes]:
    """The plain bytes of the body, as long as they can be NDJSON, are whole, and not too many."""
    text = Utf8()
    size, begun = 0, False
    for piece in unpacked(sent):
        size += len(piece)
        if size > most:
            raise too_large(most)
        begun = begun or begins(piece)
        text.check(piece)
        yield piece
    if not begun:
        raise empty()
    text.end()


def begins(piece: bytes) -> bool:
    """Whether the first object begins here, and not only later; `Refused` where something else does."""
    start = piece.removeprefix(BOM).lstrip()
    if start and not start.startswith(b"{"):
        raise Refused(
            422,
            f"This is no NDJSON: it begins with {start[:20].decode(errors='replace')!r}.",
            mend="Send one JSON object a line, without a list around them.",
        )
    return bool(start)


def empty() -> Refused:
    return Refused(422, "The body is empty.", mend="Send one JSON object a line.")


class Utf8:
    """Whether what comes piece by piece is UTF-8, without making a text as long as a piece of it."""

    def __init__(self) -> None:
        self.decoder = codecs.getincrementaldecoder("utf-8")()

    def check(self, piece: bytes) -> None:
        try:
            if piece.isascii():
                self.decoder.decode(piece[:1])  # a letter that was begun before cannot go on here
                return
            for start in range(0, len(piece), SHORT):
                self.decoder.decode(piece[start : start + SHORT])
        except UnicodeDecodeError:
            raise not_utf8() from None

    def end(self) -> None:
        try:
            self.decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            raise not_utf8() from None


def not_utf8() -> Refused:
    return Refused(422, "The body is not in UTF-8.", mend="Write JSON in UTF-8; nothing was taken.")


def unpacked(sent: Sent) -> Iterator[bytes]:
    if sent.encoding != "gzip":
        yield from received(sent)
        return
    unpacker = zlib.decompressobj(wbits=31)
    try:
        for piece in received(sent):
            while piece and not unpacker.eof:
                if unpacked := unpacker.decompress(piece, PIECE):
                    yield unpacked
                piece = unpacker.unconsumed_tail
    except zlib.error:
        raise Refused(422, "The body is no gzip.", mend="Pack it again; nothing was taken.") from None
    if not unpacker.eof:
        raise Refused(422, "The packed body breaks off.", mend="Send it again; nothing was taken.")


def received(sent: Sent) -> Iterator[bytes]:
    """What arrives, to its announced end: a body that breaks off is not acknowledged."""
    left = sent.size
    while left is None or left > 0:
        piece = sent.stream.read(PIECE if left is None else min(PIECE, left))
        if not piece:
            break
        if left is not None:
            left -= len(piece)
        yield piece
    if left:
        raise Refused(400, f"The body breaks off: {left:,} bytes are missing.", mend="Send it again.")


def find(home: Home, receipt: str) -> dict[str, Any]:
    """What became of a batch: it waits, or it is stored with counts that add up.

    It moves on while it is looked for: open, closed, stored. Looked for in that order it is never missed.
    """
    if RECEIPT.fullmatch(receipt):
        if (found := find_receipt(Lake.open(home), receipt)) is not None:
            return describe(found)
        if any(place.exists() for place in waiting_places(home, receipt)):
            return {"receipt": receipt, "state": "waiting"}
        if (found := find_receipt(Lake.open(home), receipt)) is not None:
            return describe(found)
    raise not_found("There is no such receipt.", mend="Take the id that the answer to your post told.")


def waiting_places(home: Home, receipt: str) -> Iterable[Path]:
    return home.inbox / (OPEN + receipt), home.inbox / receipt


def describe(found: Receipt) -> dict[str, Any]:
    return {
        "receipt": found.receipt,
        "state": "stored",
        "heard_at": found.heard_at.isoformat(),
        "what": found.what,
        "source": found.source,
        "bytes": found.bytes,
        "rows": found.rows,
        "received": found.received,
        "accepted": found.accepted,
        "duplicates": found.duplicates,
        "conflicts": found.conflicts,
        "rejected": found.rejected,
        "reasons": dict(found.reasons),
        "withdrawn": found.withdrawn,
    }
