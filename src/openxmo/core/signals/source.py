"""What an office may declare about a source. A source needs no declaration to be heard."""

from typing import Annotated

import msgspec
from msgspec import Meta


class Source(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """`zone` reads times that carry none; `amends` lets a later row with the same id replace an earlier one."""

    key: Annotated[str, Meta(min_length=1)]  # as rows name it: the one key that is the sender's, not ours
    label: str = ""
    zone: str | None = None
    amends: bool = False
    scale: str | None = None  # of its ratings that name none
    fresh_within_hours: float | None = None  # heard less often than this, it is stale
    owner: str = ""
