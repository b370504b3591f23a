"""Who may call a route. Every view says so with one of these, and a view that says nothing is never called.

`@open_to(Right.X)` takes any of the rights named; `@open_to_signed_in` any person of the office;
`@open_to_link` whoever holds a signed link; `@open_to_all` everybody. The last two say why.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Entry:
    """`rights` are stable keys; holding one of them is enough."""

    kind: Literal["all", "link", "signed_in", "rights"]
    rights: frozenset[str] = frozenset()
    why: str = ""


def open_to(*rights: str) -> Callable[[View], View]:
    """Only for people who hold one of these rights."""
    return _declare(Entry("rights", frozenset(str(right) for right in rights)))


def open_to_signed_in(view: View) -> View:
    """For every person of the office, whatever their roles: what they see is judged further in."""
    return _declare(Entry("signed_in"))(view)


def open_to_link(*, why: str) -> Callable[[View], View]:
    """For whoever holds the link: the view itself checks its signature."""
    return _declare(Entry("link", why=why))


def open_to_all(*, why: str) -> Callable[[View], View]:
    return _declare(Entry("all", why=why))


def entry_of(view: Any) -> Entry | None:
    """What a view declares, also through the wrappers around it."""
    while view is not None:
        found = getattr(view, "entry", None)
        if isinstance(found, Entry):
            return found
        view = getattr(view, "__wrapped__", None)
    return None


def _declare(entry: Entry) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.entry = entry  # type: ignore[attr-defined]
        return view

    return mark
