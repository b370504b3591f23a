"""A person who is erased stands in no row of this room."""

from collections.abc import Callable
from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from openxmo.core.signals.store.home import Home
from openxmo.office.lib.clock import now
from openxmo.office.listen.erasure import forget, keys_of
from openxmo.office.listen.models import Asking, ContactAddress, FileImport, Opening, PersonalLink, Reply
from openxmo.office.listen.tests.drawing import ANSWERS, opened, stored


def test_links_askings_replies_and_addresses_of_a_person_go(home: Home) -> None:
    opening = opened(home, personal=True)
    at = now()
    for who in ("c-erase-me", "c-other"):
        link = PersonalLink.objects.create(
            opening=opening,
            subject=who,
            subject_kind="customer",
            expires_at=at + timedelta(1),
            made_at=at,
            made_by="Sue",
        )
        Asking.objects.create(opening=opening, subject=who, relationship=False, asked_at=at, asked_by="Sue")
        Reply.objects.create(opening=opening, link=link, response=f"p-{who}", subject=who, receipt="r", answered_at=at)
        ContactAddress.objects.create(response=f"p-{who}", subject=who, address=f"{who}@x.example", left_at=at)
    assert forget(["c-erase-me"], by="Dan", at=at) == 4
    for model in (PersonalLink, Asking, Reply, ContactAddress):
        assert [row.subject for row in model.objects.all()] == ["c-other"]
    assert forget(["c-other@x.example"], by="Dan", at=at) == 1
    assert forget(["Sue"], by="Dan", at=at) == 3
    assert Opening.objects.get().made_by == "(erased)"


def test_a_waiting_file_that_names_the_person_goes_as_a_whole(sign_in: Callable[[str], Client], home: Home) -> None:
    sign_in("Cole").post("/listen/files/", {"file": SimpleUploadedFile("a.csv", ANSWERS.encode()), "source": "s"})
    assert forget(["nobody-here"], by="Dan", at=now()) == 0
    assert forget(["c3"], by="Dan", at=now()) == 1
    assert not any(path.is_file() for path in (home.exports / "incoming").rglob("*"))
    assert FileImport.objects.get().state == "failed"


def test_the_key_under_which_somebody_noticed_things_is_found_by_their_name(
    sign_in: Callable[[str], Client], home: Home
) -> None:
    sign_in("Dan").post("/listen/noticed/", {"text": "The form asks twice."})
    assert {row["subject"] for row in stored(home)} == keys_of(home, "Dan")
    assert keys_of(home, "Ada") != keys_of(home, "Dan")
