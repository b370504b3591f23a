"""The frame of every page: who sees which stages, what the address keeps, and how errors look."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client

from openxmo.office.ui import assets

SignIn = Callable[[str], Client]
GALLERY = "/ui/gallery/"


def page_of(client: Client, address: str = GALLERY, **more: Any) -> str:
    return client.get(address, **more).content.decode()


def test_the_question_is_both_heading_and_title(sign_in: SignIn) -> None:
    html = page_of(sign_in("Lea"))
    assert "<title>What are pages made of? · OpenXMO</title>" in html
    assert "<h1>What are pages made of?</h1>" in html


def test_nothing_stands_inline_that_the_content_policy_forbids(sign_in: SignIn) -> None:
    reply = sign_in("Lea").get(GALLERY)
    policy = reply["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    html = reply.content.decode()
    assert not re.search(r"\sstyle=", html)
    assert not re.search(r"\son\w+=\"", html)
    for script in re.findall(r"<script[^>]*>", html):
        assert "src=" in script or 'type="application/json"' in script


def test_no_address_leads_out_of_the_office(sign_in: SignIn) -> None:
    assert re.findall(r"(?:src|href|action)=\"(?:https?:)?//[^\"]+", page_of(sign_in("Lea"))) == []


def test_built_styles_load_nothing_from_elsewhere() -> None:
    if not assets.are_built():
        pytest.skip("the assets are not built (make setup)")
    styles = [file for name, file in assets.read_manifest().items() if name.endswith(".css")]
    assert styles
    for file in styles:
        text = (assets.BUILT / file).read_text(encoding="utf-8")
        assert re.findall(r"(?:url\(|@import)\s*[\"']?(?:https?:)?//[^)]*", text) == []


def test_the_units_offered_are_those_that_the_person_sees(sign_in: SignIn) -> None:
    assert '<option value="south">' in page_of(sign_in("Lea"))
    carl = page_of(sign_in("Carl"))
    assert "north" not in carl


def test_another_unit_than_ones_own_is_not_shown_as_chosen(sign_in: SignIn) -> None:
    html = page_of(sign_in("Carl"), f"{GALLERY}?unit=north")
    assert "north" not in html.replace("?unit=north", "")


def test_a_chosen_unit_and_period_are_kept_in_links_and_pickers(sign_in: SignIn) -> None:
    html = page_of(sign_in("Lea"), f"{GALLERY}?unit=north&period=2026-Q1&channel=Chat")
    assert re.search(r'<option value="north" selected>\s*North', html)
    assert '<option value="2026-Q1" selected>Quarter 1 of 2026</option>' in html
    assert '<input type="hidden" name="channel" value="Chat">' in html


def test_the_menu_says_who_one_is_and_how_to_leave(sign_in: SignIn) -> None:
    html = page_of(sign_in("Dan"))
    assert "employee representative and data protection" in html
    assert 'action="/accounts/logout/"' in html


def test_into_the_drawer_goes_the_page_without_its_shell(sign_in: SignIn) -> None:
    html = page_of(sign_in("Lea"), headers={"HX-Request": "true", "HX-Target": "drawer-body"})
    assert "<h1>What are pages made of?</h1>" in html
    assert "<html" not in html
    assert 'class="stages"' not in html


def test_a_stranger_sees_a_calm_page_with_the_right_status(client: Client, home: Any) -> None:  # noqa: ARG001
    reply = client.get("/no/such/page/")
    assert reply.status_code == 404
    assert "There is no such page" in reply.content.decode()
    assert 'class="stages"' not in reply.content.decode()


def test_the_address_of_a_deed_opened_as_a_page_leads_to_the_page_with_its_form(sign_in: SignIn) -> None:
    reply = sign_in("Amy").get("/act/cases/7/take/")
    assert (reply.status_code, reply["Allow"]) == (405, "POST")
    assert 'href="/act/cases/7/"' in reply.content.decode()


def test_a_person_who_went_astray_keeps_the_menu(sign_in: SignIn) -> None:
    reply = sign_in("Lea").get("/no/such/page/")
    assert reply.status_code == 404
    assert 'class="stages"' in reply.content.decode()


@pytest.mark.parametrize("name", ["500.html", "400.html", "403_csrf.html"])
def test_pages_of_faults_need_no_request_and_no_database(name: str, django_assert_num_queries: Any, db: None) -> None:  # noqa: ARG001
    with django_assert_num_queries(0):
        html = render_to_string(name)
    assert "<h1>" in html
    assert "To the front page" in html


def test_a_form_without_its_token_is_told_what_was_kept(home: Any) -> None:  # noqa: ARG001
    reply = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "Lea", "password": "x"})
    assert reply.status_code == 403
    assert "nothing was changed" in reply.content.decode()


def test_signing_in_is_ours_to_look_at(client: Client, home: Any) -> None:  # noqa: ARG001
    html = page_of(client, "/accounts/login/")
    assert '<label class="form-label" for="id_login">' in html
    assert "sign up" not in html.lower()


def test_pages_stand_without_built_assets(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "read_manifest", dict[str, str])
    assert "/static/built/pages.css" in page_of(sign_in("Lea"))
