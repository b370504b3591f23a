"""A source that falls silent is told to its owner once, and shows on the page of imports."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.test import Client

from openxmo.core.signals.source import Source
from openxmo.core.signals.store.home import Home
from openxmo.office.govern.actions import put
from openxmo.office.jobs.hourly import freshness
from openxmo.office.lib.clock import now
from openxmo.office.understand.tests.heard import HEARD_AT, hear, row

SignIn = Callable[[str], Client]
LATER = HEARD_AT + timedelta(hours=60)


@pytest.mark.django_db(transaction=True)
def test_the_owner_of_a_silent_source_gets_one_letter_a_silence(home: Home) -> None:
    get_user_model().objects.filter(username="Eng").update(email="eng@example.org")
    put(home, Source(key="web", label="The website", fresh_within_hours=48, owner="data_engineer"), by="Lea", at=now())
    hear(home, row(1))
    assert freshness.run(home, at=HEARD_AT + timedelta(hours=40)) == "0 silent sources told"
    assert freshness.run(home, at=LATER) == "1 silent sources told"
    assert freshness.run(home, at=LATER + timedelta(hours=1)) == "0 silent sources told"
    (letter,) = mail.outbox
    assert letter.to == ["eng@example.org"]
    assert "The website was last heard from" in letter.body


def test_a_source_that_promised_nothing_is_never_called_silent(home: Home) -> None:
    hear(home, row(1))
    assert freshness.run(home, at=LATER) == "no source says how fresh it should be"


def test_the_page_of_imports_marks_a_silent_source(home: Home, sign_in: SignIn) -> None:
    put(home, Source(key="web", fresh_within_hours=0.001, owner="data_engineer"), by="Lea", at=now())
    hear(home, row(1))
    assert "stale" in sign_in("Eng").get("/listen/imports/").content.decode()
