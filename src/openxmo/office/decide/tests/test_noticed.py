"""What an employee noticed and lets be read becomes evidence of an idea; what they did not, nobody reads."""

import html
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from openxmo.core.signals.store.home import Home
from openxmo.office.decide.models import Evidence, Item
from openxmo.office.decide.tests.backlog import FACETS, propose
from openxmo.office.govern import trail
from openxmo.office.lib.clock import now
from openxmo.office.listen.erasure import forget, keys_of
from openxmo.office.listen.models import Notice
from openxmo.office.listen.tests.drawing import stored

Sign = Callable[[str], Client]
PAGE = "/decide/noticed/"
RED = "People ask what the red light means; one left +44 20 7946 0958."


def words_of(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def tell(client: Client, text: str, **more: str) -> None:
    assert client.post("/listen/noticed/", {"text": text, **more}).status_code == 302


def test_only_what_was_allowed_is_read_and_without_a_name_or_a_number(home: Home, sign_in: Sign) -> None:
    tell(sign_in("Amy"), RED, readable="on", stage="support", about="article:hub-lights")
    tell(sign_in("Amy"), "My lead shouts.")
    page = words_of(sign_in("Lea").get(PAGE).content.decode())
    assert "One thing that you may read. One speaks for no idea yet." in page
    assert "People ask what the red light means; one left [phone]" in page
    assert "about article:hub-lights" in page
    for hidden in ("My lead shouts", "Amy", "amy", "7946"):
        assert hidden not in page, hidden
    assert len(stored(home)) == 2  # both are heard with everything else


def test_who_keeps_no_backlog_or_another_units_reads_nothing(home: Home, sign_in: Sign) -> None:  # noqa: ARG001
    tell(sign_in("Amy"), RED, readable="on")
    assert Notice.objects.get().unit == "north"
    for name in ("Amy", "Ben", "Tom", "Carl", "Root", "Pia"):
        answer = sign_in(name).get(PAGE)
        assert answer.status_code == 403 or "red light" not in answer.content.decode(), name


def test_it_speaks_for_an_idea_and_the_trail_leads_both_ways(home: Home, sign_in: Sign) -> None:  # noqa: ARG001
    item = propose("Article on the lights", facets=FACETS)
    tell(sign_in("Amy"), RED, readable="on")
    notice, lea = Notice.objects.get(), sign_in("Lea")
    assert lea.post(f"{PAGE}{notice.pk}/evidence/", {"item": ""}).status_code == 400
    assert lea.post(f"{PAGE}{notice.pk}/evidence/", {"item": str(item.pk)}).status_code == 302
    row = Evidence.objects.get()
    assert (row.item, row.thing, row.heard_at, row.added_by) == (item, f"noticed:{notice.pk}", notice.noticed_at, "Lea")
    page = lea.get(PAGE).content.decode()
    assert "Each speaks for an idea." in words_of(page)
    assert f'href="/decide/items/{item.pk}/"' in page
    shown = lea.get(f"/decide/items/{item.pk}/").content.decode()
    assert f'href="{PAGE}#noticed-{notice.pk}"' in shown
    assert "People ask what the red light means" in shown
    assert "red light" not in sign_in("Eve").get(f"/decide/items/{item.pk}/").content.decode()


def test_an_idea_is_made_of_it(home: Home, sign_in: Sign) -> None:  # noqa: ARG001
    tell(sign_in("Amy"), RED, readable="on")
    lea = sign_in("Lea")
    address = re.search(r'href="(/decide/items/new/[^"]*)"', lea.get(PAGE).content.decode())
    assert address
    assert "red light" in lea.get(html.unescape(address[1])).content.decode()
    name = f"noticed:{Notice.objects.get().pk}"
    assert lea.post("/decide/items/new/", {"title": "Say what the light means", "evidence": name}).status_code == 302
    item = Item.objects.get()
    assert [row.thing for row in item.evidence.all()] == [name]
    assert trail.find_earlier(item.name, lea.get(PAGE).wsgi_request.access)[0].name == name  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", ["Amy", "Carl", "Eve"])
def test_nobody_else_makes_it_speak_for_anything(home: Home, sign_in: Sign, name: str) -> None:  # noqa: ARG001
    item = propose("Article on the lights")
    tell(sign_in("Amy"), RED, readable="on")
    address = f"{PAGE}{Notice.objects.get().pk}/evidence/"
    assert sign_in(name).post(address, {"item": str(item.pk)}).status_code in (403, 404)
    assert not Evidence.objects.exists()


def test_it_goes_with_whoever_wrote_it(home: Home, sign_in: Sign) -> None:
    tell(sign_in("Dan"), "The form asks twice.", readable="on")
    assert Notice.objects.get().subject != "Dan"
    assert forget([*keys_of(home, "Dan")], by="Root", at=now() + timedelta(days=1)) == 1
    assert not Notice.objects.exists()
