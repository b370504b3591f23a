"""All routes of the people's side, with who may call each."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

from openxmo.office.accounts.middleware import declared_entry
from openxmo.office.lib.entry import Entry

OURS = "openxmo."


@dataclass(frozen=True)
class Route:
    """`takes` are the names in its address, `ours` is False for a view of another package."""

    address: str
    name: str
    view: Any
    takes: tuple[str, ...]

    @property
    def entry(self) -> Entry | None:
        return declared_entry(self.view)

    @property
    def ours(self) -> bool:
        return str(self.view.__module__).startswith(OURS)


def walk_routes(resolver: URLResolver | None = None, before: str = "") -> Iterator[Route]:
    """Every address that the settings know, in their order."""
    for pattern in (resolver or get_resolver()).url_patterns:
        address = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from walk_routes(pattern, address)
        elif isinstance(pattern, URLPattern):
            takes = tuple(pattern.pattern.converters) if isinstance(pattern.pattern, RoutePattern) else ()
            yield Route(f"/{address}", pattern.name or "", pattern.callback, takes)
