"""What any person of the office noticed is heard, and protected as an employee's words."""

from collections.abc import Callable

from django.test import Client

from openxmo.core.signals.store.home import Home
from openxmo.office.listen.tests.drawing import stored

SignIn = Callable[[str], Client]


def test_amy_notices_something_in_her_own_words(sign_in: SignIn, home: Home) -> None:
    sent = {"text": "People ask what the red light means.", "about": "article:hub-lights", "stage": "support"}
    assert sign_in("Amy").post("/listen/noticed/", sent).status_code == 302
    (row,) = stored(home)
    assert (row["name"], row["kind"], row["basis"]) == ("noticed", "X", "observed")
    assert (row["subject"], row["subject_kind"], row["unit"]) == ("amy", "employee", "north")
    assert (row["about"], row["stage"], row["text"]) == ("article:hub-lights", "support", sent["text"])


def test_who_has_no_key_is_named_by_one_that_tells_nothing(sign_in: SignIn, home: Home) -> None:
    sign_in("Dan").post("/listen/noticed/", {"text": "The form asks twice.", "about": "the form: page 2"})
    sign_in("Dan").post("/listen/noticed/", {"text": "And a third time."})
    rows = stored(home)
    assert len({row["subject"] for row in rows}) == 1
    assert "Dan" not in str([row["subject"] for row in rows])
    assert {row["about"] for row in rows} == {"thing:the form: page 2", None}


def test_nothing_written_is_nothing_noticed(sign_in: SignIn, home: Home) -> None:
    assert sign_in("Amy").post("/listen/noticed/", {"text": "  "}).status_code == 422
    assert sign_in("Amy").post("/listen/noticed/", {"text": "x" * 2001}).status_code == 422
    assert not stored(home)


def test_who_is_not_signed_in_is_sent_to_sign_in(home: Home) -> None:  # noqa: ARG001
    assert Client().get("/listen/noticed/").status_code == 302
