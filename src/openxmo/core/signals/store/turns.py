"""A writer's turn at a lake that lies at an object store: a lease, and the versions that it may go on from.

The lease says whose turn it is. That nobody commits after theirs is over is not left to clocks: each
commit goes on from the version that the writer saw when its turn began, and fails where another has
committed since; and whoever takes a turn over from one that let it run out commits to every table first.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from openxmo.core.errors import UnreadableInput
from openxmo.core.progress import Progress


class Lease(Protocol):
    """The right to write one lake, of one process at a time. It runs out where its holder does not renew it."""

    def take(self, *, what: str, holder: str, timeout: float, progress: Progress) -> bool:
        """Waits for its turn; True where the one before did not end its turn itself.

        `holder` is who can only ever be this process while it has the home's own lock: a turn that the same
        holder left is over, however long its lease would run.
        """

    def renew(self) -> bool:
        """False where it ran out or is another's."""

    def release(self, *, left_open: bool = False) -> None:
        """Ends the turn; one that is `left_open` runs out by itself, and whoever comes next is told so."""


Leasing = Callable[[str], Lease]  # by the lake's address


@dataclass
class Turn:
    """One lake's writer: in turn while it holds `versions`, by table.

    A commit whose end is not known is `in_doubt`: it may arrive yet, so the turn is not given up but left.
    """

    lease: Lease
    address: str
    versions: dict[str, int] = field(default_factory=dict)
    in_doubt: bool = False

    def end(self) -> None:
        self.versions = {}
        self.lease.release(left_open=self.in_doubt)
        self.in_doubt = False

    def check(self) -> None:
        """Refuses, with a sentence, to go on once the turn is over."""
        if not self.lease.renew():
            raise overtaken(self.address)


def overtaken(address: str) -> UnreadableInput:
    return UnreadableInput(
        "Another writer came in between, because this one did not answer for too long.",
        where=address,
        mend="Nothing was half done; do the same again.",
    )


def without_lease(address: str) -> UnreadableInput:
    return UnreadableInput(
        "These signals lie at an object store, where only the office itself writes, in turn.",
        where=address,
        mend="Use the `xmo` command, the pages or the API.",
    )
