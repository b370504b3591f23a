"""A page as a person has it before them: what can be read, and what can be done by mouse and keyboard."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Response

from openxmo.cli.story.rows.people import SAMPLE_PASSWORD
from openxmo.office.ui.tests.browser import NARROW, WIDE, sign_in_by_form

PICTURES = "OPENXMO_SCREENSHOTS"
PATIENCE = 90_000  # milliseconds: one page, while other tests keep the machine busy

UNDER = """(heading) => {
  let text = '';
  for (let next = heading.nextElementSibling; next && !/^H[12]$/.test(next.tagName); next = next.nextElementSibling)
    text += next.innerText + '\\n';
  return text;
}"""


@dataclass
class Reader:
    """Somebody in front of the office. Nothing is taken from the page but what they could see."""

    page: Page
    address: str
    name: str = ""
    wrong: list[str] = field(default_factory=list)  # what went wrong behind the pages: errors, refused scripts

    def sign_in(self, name: str) -> None:
        self.name = name
        sign_in_by_form(self.page, name, SAMPLE_PASSWORD, at=self.address)

    # WHAT CAN BE READ

    @property
    def title(self) -> str:
        return as_read(self.page.locator("h1").inner_text())

    @property
    def answer(self) -> str:
        """The sentence under the title."""
        return as_read(self.page.locator("#answer").inner_text())

    @property
    def text(self) -> str:
        """All that stands on the page, without what is read to nobody's eyes."""
        return as_read(self.page.locator("main").inner_text())

    def part(self, heading: str) -> str:
        """What stands under a heading, up to the next one of its rank."""
        found = self.page.locator("main").get_by_role("heading", name=heading).first
        return as_read(found.evaluate(UNDER))

    def row(self, words: str) -> str:
        """The row of a table that these words stand in."""
        return as_read(self.page.locator("main tr", has_text=words).first.inner_text())

    def wait_for(self, words: str) -> None:
        self.page.locator("main").get_by_text(words).first.wait_for(timeout=PATIENCE)

    def wait_until_loaded(self) -> None:
        """Until the parts of a page that come later are there."""
        self.page.wait_for_load_state("networkidle", timeout=PATIENCE)

    # WHAT CAN BE DONE

    def open_front(self) -> None:
        self.page.goto(f"{self.address}/")

    def follow(self, words: str | re.Pattern[str], *, within: str = "main") -> None:
        """Click a link by its words."""
        self.page.locator(within).get_by_role("link", name=words).first.click()
        self.page.wait_for_load_state()

    def go(self, stage: str, place: str) -> None:
        """By the stages on the left."""
        stages = self.page.get_by_role("navigation", name="Stages")
        link = stages.get_by_role("link", name=place, exact=True)
        if not link.is_visible():
            stages.locator("summary", has_text=stage).click()
        link.click()
        self.page.wait_for_load_state()

    def press(self, words: str, *, within: str = "main") -> None:
        """Click a button by its words."""
        self.page.locator(within).get_by_role("button", name=words).first.click()
        self.page.wait_for_load_state()

    def unfold(self, words: str) -> None:
        self.page.locator("main summary", has_text=words).first.click()

    def field(self, label: str, *, within: str = "main") -> Locator:
        return self.page.locator(within).get_by_label(label).first

    def write(self, label: str, words: str, *, within: str = "main") -> None:
        self.field(label, within=within).fill(words)

    def choose(self, label: str, choice: str | re.Pattern[str], *, within: str = "main") -> None:
        """By the words of the choice: in a list, or beside a button of several."""
        field = self.page.locator(within).get_by_label(label).first
        if isinstance(choice, str) and field.count() and field.evaluate("(each) => each.tagName") == "SELECT":
            words = field.locator("option").all_inner_texts()
            field.select_option(index=[as_read(each).lower() for each in words].index(choice.lower()))
        else:
            self.page.locator(within).get_by_role("radio", name=choice).first.check()

    # PICTURES

    def show(self, name: str, *, whole: bool = False) -> None:
        """A picture of the page, wide and narrow, light and dark, where a folder for them is named."""
        folder = os.environ.get(PICTURES)
        if not folder:
            return
        Path(folder).mkdir(parents=True, exist_ok=True)
        for look in ("light", "dark"):
            for width, size in (("1440", WIDE), ("380", NARROW)):
                self.page.emulate_media(color_scheme=look)
                self.page.set_viewport_size(size)  # type: ignore[arg-type]
                self.page.evaluate("scrollTo(0, 0)")
                self.page.wait_for_timeout(400)  # charts draw themselves anew
                self.page.screenshot(path=str(Path(folder) / f"{name}-{width}-{look}.png"), full_page=whole)
        self.page.emulate_media(color_scheme="light")
        self.page.set_viewport_size(WIDE)  # type: ignore[arg-type]


def numbers_in(text: str) -> list[float]:
    """The numbers of a sentence, in their order, without thousands' marks."""
    return [float(found.replace(",", "").replace("−", "-")) for found in re.findall(r"[−-]?\d[\d,]*(?:\.\d+)?", text)]


def as_read(text: str) -> str:
    return " ".join(text.replace("\u202f", " ").replace("\u00a0", " ").split())


@contextmanager
def read_as(browser: Browser, address: str) -> Iterator[Reader]:
    """A browser window of one's own. When it closes, no page may have failed behind its face."""
    context = browser.new_context(viewport=WIDE, locale="en-GB", accept_downloads=True)  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    reader = Reader(page, address)

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error" and "status of 422" not in message.text:  # a form that is to be mended
            reader.wrong.append(f"{page.url}: {message.text}")

    def look(response: Response) -> None:
        if response.status >= 500:
            reader.wrong.append(f"{response.url}: {response.status}")

    page.on("console", hear)
    page.on("response", look)
    page.on("pageerror", lambda error: reader.wrong.append(f"{page.url}: {error}"))
    try:
        yield reader
    finally:
        context.close()
    assert reader.wrong == [], "\n".join(reader.wrong)
