"""Every page that a person can open, and what designers, blind readers and readers of other languages find on it."""

import re
import tomllib
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve
from playwright.sync_api import BrowserContext, ConsoleMessage, Error, Page

from openxmo.core.world.files import OFFICE_FILE
from openxmo.office.accounts.roles import ROLES
from openxmo.office.ui.pseudo import CLOSE, OPEN
from openxmo.office.ui.tests.browser import NARROW, OVERFLOW, WIDE, axe_violations
from tests.routes import Route, walk_routes

PATIENCE = 60_000  # milliseconds: one page, while other tests keep the machine busy
LANGUAGES = ("long", "rtl")
CUT = 40  # letters
DRAWN_IN = 400  # milliseconds: charts draw themselves anew
OURS = re.compile(r"\b(signal lake|lake|receipt|house|room)s?\b", re.IGNORECASE)  # words that stay out of pages


def as_read(text: str) -> str:
    """As eyes take it: one space between words."""
    return " ".join(text.split())


@dataclass
class Look:
    """One page as one person has it; `wrong` names what was found by the check that found it."""

    route: str
    address: str
    name: str
    title: str = ""
    answer: str = ""
    text: str = ""
    links: tuple[str, ...] = ()
    wrong: dict[str, list[str]] = field(default_factory=dict)

    def note(self, check: str, *found: str) -> None:
        if found:
            self.wrong.setdefault(check, []).extend(found)


def people_by_role() -> dict[str, str]:
    """The first of the sample organisation's people for each role, the XMO lead first."""
    first: dict[str, str] = {}
    for person in tomllib.loads(OFFICE_FILE.read_text(encoding="utf-8"))["person"]:
        for role in person["roles"]:
            first.setdefault(role, person["name"])
    return first


def fitting(route: Route, people: dict[str, str]) -> str:
    """Somebody whom the page is for: the XMO lead where she may, else the first who holds the right."""
    rights = route.entry.rights if route.entry else frozenset()
    may = (role for role in ["xmo_lead", *ROLES] if not rights or rights & set(ROLES[role].rights))
    return next(people[role] for role in may if role in people)


def our_routes() -> list[Route]:
    return [route for route in walk_routes() if route.ours and not route.address.startswith("/api/")]


def route_of(address: str) -> str:
    try:
        return str(resolve(urlsplit(address).path).url_name)
    except Resolver404:
        return ""


WORDS = """() => {
  const found = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const seen = (each) => each.checkVisibility({checkVisibilityCSS: true});
  while (walk.nextNode()) {
    const text = walk.currentNode.textContent.trim(), parent = walk.currentNode.parentElement;
    if (!text || parent.closest('script, style, [data-words], .words-of, .brand, kbd, code, pre')) continue;
    found.push(text);
  }
  for (const each of document.querySelectorAll('[aria-label], [placeholder], [title], [alt]'))
    for (const name of ['aria-label', 'placeholder', 'title', 'alt'])
      if (each.getAttribute(name)) found.push(each.getAttribute(name));
  return [...new Set(found)];
}"""

# Text that lies over other text: what stands above the page (menus, hints, the bar at the top) is left out.
OVERLAPS = """() => {
  const boxes = [], walk = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode, parent = node.parentElement;
    if (!node.textContent.trim() || !parent.checkVisibility({checkVisibilityCSS: true})) continue;
    if (parent.closest('script, style, svg, .visually-hidden, .hint-text, thead')) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects())
      if (box.width > 2 && box.height > 2) boxes.push([box, parent, node.textContent.trim().slice(0, 30)]);
  }
  boxes.sort((one, other) => one[0].top - other[0].top);
  const found = [];
  for (let i = 0; i < boxes.length; i++) for (let j = i + 1; j < boxes.length; j++) {
    const [a, , first] = boxes[i], [b, , second] = boxes[j];
    if (b.top > a.bottom) break;
    const over = Math.min(a.right, b.right) - Math.max(a.left, b.left), under = Math.min(a.bottom, b.bottom) - b.top;
    if (over > 3 && under > Math.min(a.height, b.height) * 0.5) found.push(`“${first}” over “${second}”`);
  }
  return [...new Set(found)];
}"""

LINKS = """() => [...document.querySelectorAll('a[href]:not([download])')]
  .map((each) => new URL(each.getAttribute('href'), location).href)
  .filter((each) => each.startsWith(location.origin))
  .map((each) => each.slice(location.origin.length).split('#')[0])"""

VISIBLE = """() => { const copy = [...document.querySelectorAll('body *')].filter((each) => each.childNodes.length
  && each.checkVisibility({checkVisibilityCSS: true}) && !each.closest('.words-of, script, style'));
  return copy.flatMap((each) => [...each.childNodes].filter((one) => one.nodeType === 3).map((one) => one.textContent))
  .join(' '); }"""


class Looker:
    """Opens pages one after the other in one window, and writes down what is found."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.context, self.address = context, address
        self.said: list[str] = []
        self.page = self._window()

    def _window(self) -> Page:
        page = self.context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.said.append(f"thrown: {error}"))
        return page

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.said.append(f"{message.type}: {message.text}")

    def open(self, look: Look) -> bool:
        """Whether it is a page: other answers (a file, a refusal of GET) are none."""
        self.said.clear()
        self.page.set_viewport_size(WIDE)  # type: ignore[arg-type]
        try:
            response = self.page.goto(self.address + look.address)
        except Error as error:
            if "ERR_HTTP_RESPONSE_CODE_FAILURE" in error.message or "Download is starting" in error.message:
                self.page.close()  # Chromium goes to a page of its own for an empty answer, when it likes
                self.page = self._window()
                return False
            raise
        if response is None or response.status == 405 or "text/html" not in response.headers.get("content-type", ""):
            return False
        look.note("status", *([] if response.status == 200 else [str(response.status)]))
        return True

    def read(self, look: Look) -> None:
        """What can be read, and what the machine behind it says."""
        titles = self.page.locator("h1").all_inner_texts()
        look.note("one title", *([] if len(titles) == 1 else [f"{len(titles)} titles: {titles}"]))
        look.title = as_read(titles[0]) if titles else ""
        answers = self.page.locator("main .answer").all_inner_texts()
        look.answer = as_read(answers[0]) if answers else ""
        look.text = as_read(self.page.evaluate(VISIBLE))
        look.links = tuple(self.page.evaluate(LINKS))
        look.note("words", *(each.group() for each in OURS.finditer(look.text)))
        look.note("axe", *axe_violations(self.page))
        look.note("console", *self.said)

    def fit(self, look: Look, *, check: str = "fit") -> None:
        """Wide and narrow: nothing beyond the page, cut off, or over something else."""
        for size in (WIDE, NARROW):
            self.page.set_viewport_size(size)  # type: ignore[arg-type]
            if self.page.locator("canvas").count():
                self.page.wait_for_timeout(DRAWN_IN)
            found = [*self.page.evaluate(OVERFLOW), *self.page.evaluate(OVERLAPS)]
            look.note(check, *(f"at {size['width']}: {each}" for each in found))

    def untranslated(self, look: Look, data: "Data") -> None:
        texts = self.page.evaluate(WORDS)
        look.note("untranslated", *(text for text in texts if not data.explains(text)))


class Data:
    """What may stand on a page as it is: it came from the organisation, not from us."""

    def __init__(self, texts: Collection[str]) -> None:
        self.texts = {as_read(line).lower() for text in texts for line in (text, *text.splitlines())}
        parts = sorted(
            (re.escape(text) for text in self.texts if re.search(r"[^\W\d_]{2}", text)), key=len, reverse=True
        )
        self.known = re.compile(r"(?<!\w)(?:" + "|".join(parts) + r")(?!\w)") if parts else None

    def explains(self, text: str) -> bool:
        """Whether nothing is left of it once what was translated and what is data is taken away."""
        rest = without_translated(as_read(text).lower())
        if not has_words(rest):
            return True
        long = len(rest.strip()) > CUT  # labels are cut to a length, not always with a sign of it
        if (text.endswith("…") or long) and any(each.startswith(rest.strip(" “…")) for each in self.texts):
            return True
        if rest.strip(" “”\"'.,:;!?()") in self.texts:
            return True
        return not has_words(self.known.sub(" ", rest)) if self.known else False


def without_translated(text: str) -> str:
    """What stands outside of all marks, which lie in one another where a sentence takes a translated word in."""
    depth, rest = 0, []
    for letter in text:
        depth += (letter == OPEN) - (letter == CLOSE)
        rest.append(" " if depth or letter == CLOSE else letter)
    return "".join(rest)


def has_words(text: str) -> bool:
    return re.search(r"[^\W\d_]{2,}", text) is not None


def texts_in(found: Any) -> Iterator[str]:
    """All texts in a document, at any depth."""
    if isinstance(found, str):
        yield found
    elif isinstance(found, dict):
        for each in found.values():
            yield from texts_in(each)
    elif isinstance(found, list | tuple):
        for each in found:
            yield from texts_in(each)


def read_office_file(file: Path = OFFICE_FILE) -> set[str]:
    return set(texts_in(tomllib.loads(file.read_text(encoding="utf-8"))))
