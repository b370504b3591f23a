"""How long work tells how far it is, without knowing who listens."""

from typing import Protocol


class Progress(Protocol):
    def __call__(self, step: str, done: int, total: int | None) -> None:
        """`step` says what is being done, `done` of `total` how far (`total` None where it is not known)."""


def silent(step: str, done: int, total: int | None) -> None:
    """The listener that hears nothing."""
