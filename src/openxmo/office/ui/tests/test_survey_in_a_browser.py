"""The page on which somebody answers, with script and without."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from openxmo.office.ui.tests import survey_pages
from openxmo.office.ui.tests.browser import axe_violations, no_console_errors, no_overflow, open_page


@pytest.fixture(autouse=True)
def asked(settings: Any, home: Any) -> Iterator[None]:  # noqa: ARG001
    settings.ROOT_URLCONF = survey_pages.__name__
    survey_pages.ANSWERS.clear()
    yield
    survey_pages.ANSWERS.clear()


def test_answers_arrive_and_thanks_are_said(page: Page, live_server: Any) -> None:
    with no_console_errors(page):
        page.goto(f"{live_server.url}/ask/")
        page.locator(".survey-place .sd-rating__item", has_text="4").click()
        page.locator(".survey-place textarea").fill("Quick.")
        page.locator(".survey-place input[type=button], .survey-place .sd-navigation__complete-btn").last.click()
        page.wait_for_url("**/thanks/")
    assert survey_pages.ANSWERS == [{"csat": 4, "why": "Quick."}]
    page.reload()  # nothing is asked, and nothing sent, a second time
    assert page.get_by_text("Thank you.").is_visible()
    assert len(survey_pages.ANSWERS) == 1


def test_by_keyboard_alone_one_sees_where_one_is_also_on_the_button(page: Page, live_server: Any) -> None:
    page.goto(f"{live_server.url}/ask/")
    page.locator(".survey-place textarea").focus()
    page.keyboard.press("Tab")
    button = page.locator(".survey-place .sd-navigation__complete-btn")
    assert button.evaluate("each => each === document.activeElement")
    look = button.evaluate("each => getComputedStyle(each).outline")
    assert "solid 2px" in look
    assert button.evaluate("each => getComputedStyle(each).outlineOffset") == "2px"


def test_the_survey_is_whole_on_a_phone(chromium: Browser, live_server: Any) -> None:
    with open_page(chromium, narrow=True, dark=True) as page, no_console_errors(page):
        page.goto(f"{live_server.url}/ask/")
        page.locator(".survey-place .sd-rating__item").first.wait_for()
        no_overflow(page)
        assert axe_violations(page) == []
        assert not page.locator("#survey-form").is_visible()


def test_what_is_refused_stays_on_the_screen(page: Page, live_server: Any) -> None:
    page.goto(f"{live_server.url}/ask/")
    page.locator(".survey-place .sd-rating__item", has_text="2").click()
    page.locator(".survey-place textarea").fill("Please refuse this.")
    page.locator(".survey-place input[type=button], .survey-place .sd-navigation__complete-btn").last.click()
    page.get_by_text("Please say it otherwise.").wait_for()
    assert page.locator(".survey-place textarea").input_value() == "Please refuse this."
    assert survey_pages.ANSWERS == []


def test_without_script_the_plain_form_is_sent(chromium: Browser, live_server: Any) -> None:
    with open_page(chromium, script=False) as page:
        page.goto(f"{live_server.url}/ask/")
        page.fill("#plain", "5")
        page.click("#survey-form button")
        page.get_by_text("kept").wait_for()
    assert survey_pages.ANSWERS[0]["csat"] == "5"
