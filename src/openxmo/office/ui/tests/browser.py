"""Chromium for tests of pages: signing in, what axe finds, what the console says, what is clipped.

    def test_the_page_is_whole(page, live_server, sign_in):
        with no_console_errors(page):
            bring_in(page, sign_in("Tom"), live_server.url)
            page.goto(live_server.url + "/act/")
        assert axe_violations(page) == []
        no_overflow(page)

A room's `conftest.py` imports the fixtures `chromium` and `page` from here. A test that takes `page` takes
`live_server` too, for its pages come from another thread.
"""

import os
import random
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

PROJECT = Path(__file__).resolve().parents[5]
AXE = PROJECT / "node_modules" / "axe-core" / "axe.min.js"
NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-background-networking", "--disable-gpu", "--disable-dev-shm-usage"]
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 380, "height": 800}
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Debian's Chromium; a test is skipped where there is none, unless OPENXMO_BROWSER says that there is."""
    named = os.environ.get("OPENXMO_BROWSER")
    found = named or next(filter(None, map(shutil.which, NAMES)), None)
    if not found:
        pytest.skip("there is no Chromium here (apt-get install chromium)")
    chance = random.getstate()  # Playwright draws from it, and tests must leave it as it was
    with pytest.MonkeyPatch.context() as patched, sync_playwright() as playwright:
        # Playwright runs its loop in this thread, and Django takes every query here for one inside that loop.
        patched.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield browser
        browser.close()
    random.setstate(chance)


@pytest.fixture
def chromium(live_server: Any) -> Iterator[Browser]:  # noqa: ARG001
    """A browser that is gone before the server and its database are."""
    with open_browser() as browser:
        yield browser


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A wide, light page of its own."""
    with open_page(chromium) as opened:
        yield opened


@contextmanager
def open_page(browser: Browser, *, narrow: bool = False, dark: bool = False, script: bool = True) -> Iterator[Page]:
    context = browser.new_context(
        viewport=NARROW if narrow else WIDE,  # type: ignore[arg-type]
        color_scheme="dark" if dark else "light",
        java_script_enabled=script,
    )
    yield context.new_page()
    context.close()


def sign_in_by_form(page: Page, name: str, password: str, *, at: str) -> None:
    """As a person does; `at` is the server's address."""
    page.goto(f"{at}/accounts/login/")
    page.fill("[name=login]", name)
    page.fill("[name=password]", password)
    page.click("main button[type=submit]")
    page.wait_for_url(lambda url: "/accounts/login" not in url)


def bring_in(page: Page, client: Any, address: str) -> None:
    """The sign-in of a Django test client (`sign_in("Tom")`) for this page: quicker than the form."""
    context: BrowserContext = page.context
    context.add_cookies([{"name": name, "value": each.value, "url": address} for name, each in client.cookies.items()])


def axe_violations(page: Page, *, within: str = "html") -> list[str]:
    """What axe finds against WCAG 2.2 AA and good practice: the rule, and the elements that break it."""
    if not AXE.exists():
        pytest.skip("axe-core is not here (make setup)")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        "([within, tags]) => axe.run(within, {runOnly: {type: 'tag', values: tags}})"
        ".then(found => found.violations.map(each => `${each.id}: ${each.help}: `"
        "+ each.nodes.map(node => node.target.join(' ') + ' ' + node.failureSummary.split('\\n').pop().trim())"
        ".slice(0, 4).join(' | ')))",
        [within, TAGS],
    )
    return list(found)


@contextmanager
def no_console_errors(page: Page) -> Iterator[None]:
    """Inside, the page must log no error and load all that it asks for; a breach of the content policy is an error."""
    said: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            said.append(f"{message.type}: {message.text} ({message.location.get('url', '')})")

    page.on("console", hear)
    page.on("pageerror", lambda error: said.append(f"thrown: {error}"))
    page.on("requestfailed", lambda request: said.append(f"not loaded: {request.url}"))
    yield
    page.wait_for_load_state("networkidle")
    assert not said, "\n".join(said)


OVERFLOW = """() => {
  const found = [];
  const name = (each) => each.tagName.toLowerCase() + (each.id ? '#' + each.id : '')
    + [...each.classList].map((one) => '.' + one).join('') + ' “' + each.textContent.trim().slice(0, 40) + '”';
  const scrolls = (each) => each && each !== document.documentElement
    && (/auto|scroll/.test(getComputedStyle(each).overflowX) || scrolls(each.parentElement));
  for (const each of document.querySelectorAll('body *')) {
    const box = each.getBoundingClientRect(), style = getComputedStyle(each);
    if (!box.width || !box.height || style.visibility === 'hidden') continue;
    if (each.closest('.visually-hidden, .skip, svg, select, dialog:not([open])')) continue;
    const head = each.closest('thead');
    if (style.clipPath !== 'none' || head && getComputedStyle(head).clipPath !== 'none') continue;
    if ((box.right > innerWidth + 1 || box.left < -1) && !scrolls(each)) found.push('beyond the page: ' + name(each));
    const hides = /hidden|clip/.test(style.overflowX) && style.textOverflow !== 'ellipsis';
    if (hides && each.scrollWidth > each.clientWidth + 1) found.push('clipped: ' + name(each));
  }
  if (document.documentElement.scrollWidth > innerWidth + 1) found.push('the page scrolls sideways');
  return found;
}"""


def no_overflow(page: Page) -> None:
    """Nothing may stand beyond the page's edges, or be cut off, except inside what scrolls by itself."""
    found = page.evaluate(OVERFLOW)
    assert found == [], "\n".join(found)


UNTRANSLATED = """() => {
  const found = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const text = walk.currentNode.textContent.trim(), parent = walk.currentNode.parentElement;
    if (!/\\p{L}{2}/u.test(text) || parent.closest('script, style, option, [data-words]')) continue;
    if (!parent.closest('*').textContent.includes('⟦')) found.push(text);
  }
  return [...new Set(found)];
}"""


def untranslated(page: Page) -> list[str]:
    """With OPENXMO_PSEUDO: texts that did not go through translation. Names and people's words are among them."""
    return list(page.evaluate(UNTRANSLATED))
