"""Who was erased, as keyed hashes: enough to keep them out, not enough to say who they were."""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openxmo.core.signals.store.durable import replace_file
from openxmo.core.signals.store.home import Home
from openxmo.core.signals.store.lake import Lake

SIZE = 16
PERSON_FIELDS = ("subject", "agent", "account", "excluded_by", "about")
PURPOSE = "tombstones"
WORD_LENGTH = 4
EVERYDAY = re.compile(r"[a-z]+|[0-9]+|.", re.DOTALL)
UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\U00020000-\U0003134f"
RUN = re.compile(f"[{UNSPACED}]{{2,}}")
LONGEST_NAME = 4  # letters of a name written without spaces: so many are looked for within a text
BREAKS = str.maketrans(dict.fromkeys("\"'`,;|{}[]()<>\\\t\r\n", " "))


@dataclass(frozen=True)
class Tombstones:
    """The erased keys of an office, hashed with its own key."""

    hashes: frozenset[bytes]
    key: bytes

    def __bool__(self) -> bool:
        return bool(self.hashes)

    def match_key(self, key: str) -> bool:
        return hash_key(key, self.key) in self.hashes

    def match_draft(self, draft: Any) -> bool:
        """True if a signal is of an erased person's answer, or names them: in a field, or as a word of its text."""
        return any(self.match_key(key) for key in person_keys(draft))

    def match_row(self, row: object) -> bool:
        """True if a row that could not be read as a signal holds an erased key as a value or a word."""
        return any(self.match_key(word) for word in words(row))


def is_telling(key: str) -> bool:
    """True if the key as a word of a text means the person: it is long, or no everyday word, number or letter."""
    return len(key) >= WORD_LENGTH or EVERYDAY.fullmatch(key) is None


def is_unspaced(key: str) -> bool:
    """True if the key is in a script that puts no spaces between words, so that it stands anywhere within a text."""
    return RUN.fullmatch(key) is not None


def hash_key(key: str, secret: bytes) -> bytes:
    return hashlib.blake2b(key.encode(), key=secret, digest_size=SIZE).digest()


def person_keys(draft: Any) -> Iterator[str]:
    """Each key as it stands, and of `kind:id` the id alone too."""
    for name in PERSON_FIELDS:
        key = getattr(draft, name)
        if key:
            yield key
    for key in [draft.about or "", *(draft.objects or ())]:
        if key:
            yield key
            yield key.partition(":")[2]
    if draft.response is not None and draft.source is not None:
        yield name_response(draft.source, draft.response)
    for value in (item for pair in (draft.attrs or {}).items() for item in pair):
        yield value
        yield value.partition(":")[2]
    if draft.instrument is not None:
        key, _, version = draft.instrument.partition("@")
        yield from (draft.instrument, key, *([version] if is_telling(version) else []))
    for word in words(draft.text or ""):
        if is_telling(word.strip(".:!?")):
            yield word.strip(".:!?")
    yield from unspaced_names(draft.text or "")


def name_response(source: str, response: str) -> str:
    """What stands for a survey answer, some of whose signals may not name who gave it."""
    return f"response {len(source)} {source}{response}"


def unspaced_names(text: str) -> Iterator[str]:
    """What may be a name in a text whose script puts no spaces between words."""
    if text.isascii():
        return
    for run in RUN.findall(text):
        for length in range(2, LONGEST_NAME + 1):
            yield from (run[start : start + length] for start in range(len(run) - length + 1))


def words(row: object) -> Iterator[str]:
    if isinstance(row, dict):
        for name, value in row.items():
            yield from words(name)
            yield from words(value)
    elif isinstance(row, (list, tuple)):
        for value in row:
            yield from words(value)
    elif isinstance(row, (str, bytes)):
        text = row if isinstance(row, str) else row.decode(errors="replace")
        yield text
        for word in text.translate(BREAKS).split():
            yield word
            yield from re.split("[:@]", word)
        yield from unspaced_names(text)


def load(lake: Lake) -> Tombstones:
    path = tombstone_file(lake.home)
    found = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    return Tombstones(frozenset(bytes.fromhex(one) for one in found), lake.key(PURPOSE))


def add(lake: Lake, keys: Iterable[str]) -> Tombstones:
    """Remembers that these keys were erased; durable when it returns."""
    before = load(lake)
    after = Tombstones(before.hashes | {hash_key(key, before.key) for key in keys}, before.key)
    text = json.dumps(sorted(one.hex() for one in after.hashes))
    replace_file(tombstone_file(lake.home), text.encode(), mode=0o600)
    return after


def tombstone_file(home: Home) -> Path:
    return home.keys / "tombstones.json"
