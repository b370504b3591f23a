"""The first page of whoever leads a new office asks for a file, and later for an ambition."""

from collections.abc import Callable

from django.test import Client

from openxmo.core.signals.store.home import Home
from openxmo.office.understand.tests.heard import hear, row

SignIn = Callable[[str], Client]


def test_a_new_office_asks_for_a_first_file_and_then_for_an_ambition(home: Home, sign_in: SignIn) -> None:
    page = sign_in("Lea").get("/stand/").content.decode()
    assert "Bring the first file" in page
    assert 'href="/listen/files/"' in page
    assert "Settle the first ambition" not in page
    hear(home, row(1))
    page = sign_in("Lea").get("/stand/").content.decode()
    assert "Bring the first file" not in page
    assert "Settle the first ambition" in page


def test_who_may_not_bring_files_is_not_asked_for_one(sign_in: SignIn) -> None:
    assert "Bring the first file" not in sign_in("Eve").get("/stand/").content.decode()
