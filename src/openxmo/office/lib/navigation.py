"""The pages that stand in the menu. Each room lists its own in `navigation.py`, as `PLACES`."""

from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise

Stage = Literal["home", "listen", "understand", "decide", "act", "prove", "govern"]


@dataclass(frozen=True)
class Place:
    """`label` is the page's question, lazily translated; `route` its URL name; any of `rights` shows it (none: all)."""

    stage: Stage
    label: str | Promise
    route: str
    rights: frozenset[str] = frozenset()
