"""One office for all tests of this folder that only read it."""

from pathlib import Path

import pytest

from tests.functional.command.told import PEOPLE, SCORES
from tests.functional.homes import answers, make_office


@pytest.fixture(scope="package")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """48 answers, half of them of each unit and each channel; only read by the tests below."""
    rows = answers(SCORES)
    for place, row in enumerate(rows):
        row |= {"unit": "north" if place % 2 else "south", "channel": ("chat", "phone", "mail")[place % 3]}
    return make_office(tmp_path_factory.mktemp("office") / "home", *rows, office=PEOPLE)
