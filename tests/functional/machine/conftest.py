"""Fixtures of the machine side: keys, and programs that call the API."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from openxmo.core.signals.store.home import Home
from openxmo.office.accounts.keys import SCOPES, add_key
from openxmo.office.config import answering
from openxmo.office.lib.clock import now
from openxmo.office.listen import intake

Program = Callable[..., Client]


@pytest.fixture(autouse=True)
def limits_and_open_batches() -> Iterator[None]:
    """Each test begins with full buckets, and leaves no batch open."""
    buckets = answering.buckets
    buckets.cache_clear()
    yield
    buckets.cache_clear()
    intake.posts_of.cache_clear()


@pytest.fixture
def program(home: Home) -> Program:  # noqa: ARG001
    """A program with a key of its own: `program("questions:read", acts_as="Tom").get("/api/v1/metrics")`."""
    made = 0

    def client_of(*scopes: str, acts_as: str | None = None) -> Client:
        nonlocal made
        made += 1
        _, presented = add_key(f"program {made}", scopes=scopes or SCOPES, acts_as=acts_as, by="operator", at=now())
        return Client(headers={"Authorization": f"Bearer {presented}"})

    return client_of
