"""One office, one browser, and a page of their own for everybody who signs in."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from openxmo.office.ui.tests.browser import open_browser
from tests.functional.office.reading import Reader, read_as
from tests.functional.office.serving import Office, open_office


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Gone before other tests open one of their own: two cannot run their loops in one thread."""
    with open_browser() as browser:
        yield browser


@pytest.fixture(scope="module")
def office(chromium: Browser, northlight: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:  # noqa: ARG001
    """Northlight on its day, for the tests of one file; not made where there is no browser to look at it."""
    with open_office(northlight, tmp_path_factory.mktemp("served")) as served:
        yield served


@pytest.fixture
def people(office: Office, chromium: Browser) -> Iterator["People"]:
    with ExitStack() as stack:
        yield People(office, chromium, stack)


class People:
    """`people["maren.holt"]` signs her in by the form, once a test, and gives what she has before her."""

    def __init__(self, office: Office, browser: Browser, stack: ExitStack) -> None:
        self.office, self.browser, self.stack = office, browser, stack
        self.signed_in: dict[str, Reader] = {}
        self.others: list[Reader] = []

    def __getitem__(self, name: str) -> Reader:
        if name not in self.signed_in:
            reader = self.stack.enter_context(read_as(self.browser, self.office.address))
            reader.sign_in(name)
            self.signed_in[name] = reader
        return self.signed_in[name]

    def somebody(self) -> Reader:
        """Who has no sign-in: a customer."""
        reader = self.stack.enter_context(read_as(self.browser, self.office.address))
        self.others.append(reader)
        return reader
