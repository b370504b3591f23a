"""Errors that a user can cause: each says what happened, where, and how to mend it.

All other exceptions are faults of OpenXMO and must not be shown raw. The command
maps each class to its exit code; pages and the API map it to a status.
"""

from typing import ClassVar


class UserError(Exception):
    """Something the user can mend. `what` is one sentence; `where` and `mend` complete it."""

    exit_code: ClassVar[int] = 2

    def __init__(self, what: str, *, where: str = "", mend: str = "") -> None:
        self.what = what
        self.where = where
        self.mend = mend
        super().__init__(" ".join(part for part in (what, f"({where})" if where else "", mend) if part))

    @property
    def told(self) -> str:
        """For a message on the very page of what it is about, where its name says nothing."""
        return " ".join(part for part in (self.what, self.mend) if part)


class WrongUsage(UserError):
    """The request itself is off: an unknown metric, a period that ends before it starts."""

    exit_code: ClassVar[int] = 2


class UnreadableInput(UserError):
    """A file, a folder or a home cannot be read or written as it stands."""

    exit_code: ClassVar[int] = 3


class NotAllowed(UserError):
    """The person asking may not have or do this."""

    exit_code: ClassVar[int] = 4
