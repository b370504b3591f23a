"""Every component in every state, as Chromium shows it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page

from openxmo.office.ui.pseudo import OPEN
from openxmo.office.ui.tests.browser import (
    axe_violations,
    bring_in,
    no_console_errors,
    no_overflow,
    open_page,
    sign_in_by_form,
)

SignIn = Callable[[str], Client]
SCREENS = [(False, False), (False, True), (True, False), (True, True)]


def scroll_through(page: Page) -> None:
    """Charts are drawn when they come into view."""
    charts = page.locator("[data-chart]")
    for place in range(charts.count()):
        charts.nth(place).scroll_into_view_if_needed()
        charts.nth(place).locator("canvas").wait_for()


@pytest.mark.parametrize(("narrow", "dark"), SCREENS)
def test_the_gallery_stands_whole_on_each_screen(
    chromium: Browser, live_server: Any, sign_in: SignIn, narrow: bool, dark: bool
) -> None:
    with open_page(chromium, narrow=narrow, dark=dark) as page:
        bring_in(page, sign_in("Lea"), live_server.url)
        with no_console_errors(page):
            page.goto(f"{live_server.url}/ui/gallery/")
            scroll_through(page)
        assert page.locator("html").get_attribute("data-bs-theme") == ("dark" if dark else "light")
        assert page.locator("[data-chart] canvas").count() == page.locator("[data-chart]").count() > 5
        no_overflow(page)
        assert axe_violations(page) == []


@pytest.mark.parametrize("kind", ["long", "rtl"])
@pytest.mark.parametrize("narrow", [False, True])
def test_longer_words_and_the_other_direction_fit(
    chromium: Browser, live_server: Any, sign_in: SignIn, settings: Any, kind: str, narrow: bool
) -> None:
    settings.PSEUDO = kind
    with open_page(chromium, narrow=narrow) as page:
        bring_in(page, sign_in("Lea"), live_server.url)
        with no_console_errors(page):
            page.goto(f"{live_server.url}/ui/gallery/")
            scroll_through(page)
        assert page.locator("h1").inner_text().startswith(OPEN)
        assert page.locator("html").get_attribute("dir") == ("rtl" if kind == "rtl" else "ltr")
        no_overflow(page)
        assert axe_violations(page) == []


def test_the_drawer_opens_beside_the_page_and_gives_focus_back(page: Page, live_server: Any, sign_in: SignIn) -> None:
    bring_in(page, sign_in("Lea"), live_server.url)
    with no_console_errors(page):
        page.goto(f"{live_server.url}/ui/gallery/")
        link = page.locator("a[data-drawer]").first
        link.click()
        drawer = page.locator("#drawer")
        drawer.locator("h1").wait_for()
    assert drawer.locator(".stages").count() == 0
    assert page.url.endswith("/ui/gallery/")
    assert page.evaluate("document.querySelector('#drawer').contains(document.activeElement)")
    page.keyboard.press("Escape")
    assert not drawer.is_visible()
    assert link.evaluate("link => link === document.activeElement")


def test_without_script_the_drawer_is_a_link_and_the_menu_opens(
    chromium: Browser, live_server: Any, sign_in: SignIn
) -> None:
    with open_page(chromium, narrow=True, script=False) as page:
        bring_in(page, sign_in("Lea"), live_server.url)
        page.goto(f"{live_server.url}/ui/gallery/")
        assert page.locator(".pickers button").is_visible()
        page.locator(".person summary").click()
        assert page.get_by_role("button", name="Sign out").is_visible()
        page.locator("a[data-drawer]").first.click()
        assert page.locator("h1").inner_text() == "What are pages made of?"


def test_the_choice_of_light_or_dark_is_kept(page: Page, live_server: Any, sign_in: SignIn) -> None:
    bring_in(page, sign_in("Lea"), live_server.url)
    page.goto(f"{live_server.url}/ui/gallery/")
    page.locator(".person summary").click()
    page.get_by_role("button", name="Dark").click()
    assert page.locator("html").get_attribute("data-bs-theme") == "dark"
    page.reload()
    assert page.locator("html").get_attribute("data-bs-theme") == "dark"
    page.locator(".person summary").click()
    assert page.get_by_role("button", name="Dark").get_attribute("aria-pressed") == "true"


def test_a_picked_period_stands_in_the_address(page: Page, live_server: Any, sign_in: SignIn) -> None:
    bring_in(page, sign_in("Lea"), live_server.url)
    page.goto(f"{live_server.url}/ui/gallery/?channel=Chat")
    page.select_option("#pick-period", "last-12-months")
    page.wait_for_url("**period=last-12-months**")
    assert "channel=Chat" in page.url
    assert page.locator("#pick-period").input_value() == "last-12-months"


def test_a_person_signs_in_by_the_form(page: Page, live_server: Any, home: Any) -> None:  # noqa: ARG001
    from django.contrib.auth import get_user_model

    lea = get_user_model().objects.get(username="Lea")
    lea.set_password("correct horse battery")
    lea.save()
    page.goto(f"{live_server.url}/accounts/login/")
    assert axe_violations(page) == []
    sign_in_by_form(page, "Lea", "correct horse battery", at=live_server.url)
    page.goto(f"{live_server.url}/ui/gallery/")
    assert page.locator(".person-name").inner_text() == "Lea"
