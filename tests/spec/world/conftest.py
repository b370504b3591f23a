"""Two worlds of the default size, made once: with what is planted, and the twin without."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from openxmo.core.world.state import DEFAULT_SIZE
from tests.spec.world.told import Told, tell


@pytest.fixture(scope="session")
def story() -> Iterator[Told]:
    with closing(tell(size=DEFAULT_SIZE, planted=True)) as world:
        yield world


@pytest.fixture(scope="session")
def calm() -> Iterator[Told]:
    with closing(tell(size=DEFAULT_SIZE, planted=False)) as world:
        yield world
