"""One store for all tests of a process, and a place in it for each test."""

from collections.abc import Iterator

import pytest

from openxmo.core.signals.store.object_store import remote_place
from tests.functional.object_store.stores import Store, serving


@pytest.fixture(scope="session")
def served_store() -> Iterator[Store]:
    with serving() as store:
        yield store


@pytest.fixture
def store(served_store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    for name, value in served_store.environment.items():
        monkeypatch.setenv(name, value)
    remote_place.cache_clear()
    return served_store


@pytest.fixture
def address(store: Store) -> str:
    return store.new_address()
