"""Every page of everybody's menu opens in an office where nothing was heard yet, and teaches what will stand there."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from tests.people import access

from openxmo.core.signals.store.home import Home
from openxmo.office.lib.navigation import find_places


@pytest.mark.parametrize("name", ["Lea", "Ada", "Amy", "Rita", "Fay", "Root"])
def test_every_page_of_the_menu_opens_in_an_empty_office(
    home: Home, sign_in: Callable[[str], Client], name: str
) -> None:
    client = sign_in(name)
    places = find_places(access(home, name).has)
    answers = {place.route: client.get(reverse(place.route), follow=True) for place in places}
    assert len(answers) >= 3
    assert {route: found.status_code for route, found in answers.items() if found.status_code != 200} == {}
    assert all("<h1" in found.content.decode() for found in answers.values())
