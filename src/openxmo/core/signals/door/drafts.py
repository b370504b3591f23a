"""A signal on its way in: the contract's fields, read leniently where a source's declaration may complete them."""

import re
from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import Any, get_type_hints

import msgspec

from openxmo.core.signals.contract import COLUMNS, Signal


def draft_fields() -> list[tuple[str, Any, Any] | tuple[str, Any]]:
    """The contract's fields and constraints; only `source` may be absent, since the importer may name it."""
    hints = get_type_hints(Signal, include_extras=True)
    fields: list[tuple[str, Any, Any] | tuple[str, Any]] = []
    for field in msgspec.structs.fields(Signal):
        if field.name == "source":
            fields.append((field.name, hints[field.name] | None, None))
        elif field.required:
            fields.append((field.name, hints[field.name]))
        else:
            fields.append((field.name, hints[field.name], field.default))
    return fields


def define_draft(names: Collection[str]) -> Any:
    """A draft with only these of the contract's fields; it answers None for each of the others.

    Not tracked by the garbage collector: a draft refers to nothing that refers back, and walking
    over millions of them costs three times what reading them does.
    """
    fields = draft_fields()
    return msgspec.defstruct(
        "Draft",
        [field for field in fields if field[0] in names],
        kw_only=True,
        omit_defaults=True,
        forbid_unknown_fields=True,
        gc=False,
        module=__name__,
        namespace={field[0]: None for field in fields if field[0] not in names},
    )


NAMES = tuple(column.name for column in COLUMNS)
# What a row must have, and what judging may set in one that lacks it.
ALWAYS = frozenset(("id", "source", "happened_at", "kind", "name", "scale"))
NEW_KEY = re.compile(r"unknown field `(\w+)` - at `\$\[\d+\]`$")
MANY = 64 * 1024  # bytes from which on it pays to learn which fields occur

Draft: Any = define_draft(NAMES)
decoder = msgspec.json.Decoder(Draft)
# A map's order says nothing, so it is sorted; all else comes in the contract's order.
encoder = msgspec.json.Encoder(order="deterministic")


@lru_cache(maxsize=256)
def narrow_decoder(names: frozenset[str]) -> Any:
    return msgspec.json.Decoder(define_draft(names))


def fields_of(drafts: Iterable[Any]) -> set[str]:
    """The fields that may be set in any of these drafts; all others are None in all of them."""
    kinds: set[Any] = set(map(type, drafts))
    return {name for kind in kinds for name in kind.__struct_fields__}


class DraftReader:
    """Reads the lines of one file into drafts of the fields that occurred in it so far.

    Files fill half of the contract's fields or fewer: what is never there need not be made,
    written, converted and sorted for each row. What is refused is the same as by `decoder`.
    """

    def __init__(self) -> None:
        self._names = ALWAYS

    def read(self, data: bytes) -> Any:
        """One draft for each object; raises msgspec's errors where any is bad."""
        if len(data) < MANY:
            return decoder.decode_lines(data)
        while True:
            try:
                return narrow_decoder(self._names).decode_lines(data)
            except msgspec.ValidationError as error:
                found = NEW_KEY.search(str(error))
                if found is None or found[1] in self._names or found[1] not in NAMES:
                    raise
                self._names |= {found[1]}
