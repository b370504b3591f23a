"""A signal on its way in: the contract's fields, read leniently where a source's declaration may complete them."""

from typing import Any, get_type_hints

import msgspec

from openxmo.core.signals.contract import Signal


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


# Not tracked by the garbage collector: a draft refers to nothing that refers back, and walking
# over millions of them costs three times what reading them does.
Draft: Any = msgspec.defstruct(
    "Draft",
    draft_fields(),
    kw_only=True,
    omit_defaults=True,
    forbid_unknown_fields=True,
    gc=False,
    module=__name__,
)
decoder = msgspec.json.Decoder(Draft)
# A map's order says nothing, so it is sorted; all else comes in the contract's order.
encoder = msgspec.json.Encoder(order="deterministic")
