"""Every page as a designer, a blind reader, a reader of a longer language and one who reads from right to left has it.

All pages are opened once in each language and looked at by all checks; each test below then tells what one check found.
"""

import json
import os
import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from openxmo.cli.story.rows.people import SAMPLE_PASSWORD
from openxmo.office.ui.tests.browser import WIDE, sign_in_by_form
from tests.functional.office.looking import (
    LANGUAGES,
    Data,
    Look,
    Looker,
    fitting,
    our_routes,
    people_by_role,
    read_office_file,
    route_of,
    texts_in,
)
from tests.functional.office.serving import Office

# Addresses that need something which a walk by links does not find, or that answer no GET: looked at by other tests.
ELSEWHERE = {
    "gallery": "shows the parts of pages, in words of its own (ui/tests)",
    "answer": "a survey behind a link (listen/tests, ui/tests)",
    "thanks": "after a survey's answer",
    "refuse": "behind a survey's link",
    "act-answer": "behind the link of a letter (act/tests)",
    "act-confirm": "behind the link of a letter (act/tests)",
    "act-note": "what everybody may read, without the shell (act/tests)",
    "home-stand-part": "a part of the first page, which that page fetches",
    "provider-begin": "leads away to the identity provider (machine/test_identity_provider.py)",
    "provider-come-back": "whence the identity provider sends people back (machine/test_identity_provider.py)",
    "no-password": "told to who signs in at the identity provider alone (machine/test_identity_provider.py)",
}
# Keys of the office's objects whose values are choices of ours, and so must be translated.
CHOICES = {"experience", "voice", "family", "owner", "better", "kind", "roles", "mission", "frequency", "state"}
# Columns of rows that hold words of ours, not of people.
OUR_COLUMNS = {"state", "kind", "strength", "sort", "outcome", "facet", "way", "role", "status"}
# What stays as it is in every language, or comes from the organisation's sources, with the reason.
KEPT = {
    "names of methods": {"wsjf", "rice", "kano", "openxmo", "holm", "kendall", "xmo", "csv", "toml"},
    "names of measures": {"nps", "csat", "ces", "enps", "fcr7", "xla", "ces1", "ces2"},
    "who did it where nobody signed in": {"operator"},
    "values that sources tell": {
        "phone", "chat", "use", "pay", "change", "onboarding", "activation", "billing", "contract", "moving", "wifi",
        "slow speed", "no connection", "hub 2", "hub 3", "hub", "ardmore", "brenwick", "calder", "duplicate", "survey",
        "case", "handle time", "invitation answered", "invitation sent", "opened", "profile", "replied", "second-line",
        "needed", "avoidable", "transferred", "stage", "low", "high",
        "coast", "north", "south", "yes", "no", "resolved", "contact", "comment",
    },
    "words of the backlog, which the office edits": {"clarity", "effort", "price and billing", "processes", "tools"},
    "keys of scopes, as programs send them": {
        f"{what}:{how}"
        for what in (
            *("signals", "questions", "answers", "metrics", "roles"),
            *("cases", "backlog", "initiatives", "recommendations"),
        )
        for how in ("read", "write")
    },
    "dimensions that no office uses yet": {"persona"},
    "what an item lacks, told by the evidence core": {"missing"},
    "things that the audit names by their keys": {"person", "cause", "hh", "instrument", "calendar", "unit"},
    "units of metrics": {"days", "week", "of", "points", "per", "times", "min", "customers", "minutes"},
    "sentences of the evidence core, which knows no languages": {"weakest", "log-in time"},
}  # fmt: skip


def walk(
    browser: Browser,
    address: str,
    home: Path,
    speak: Callable[[str], object],
    *,
    kinds: Sequence[str] = LANGUAGES,
) -> list[Look]:
    """Every page that some link leads to, or that needs no parameter, as somebody whom it is for."""
    routes = {route.name: route for route in our_routes()}
    people, data = people_by_role(), read_data(home)
    lookers: dict[str, Looker] = {}
    waiting = [(route.name, route.address) for route in routes.values() if not route.takes]
    begun, looks = {name for name, _ in waiting}, []
    while waiting:
        name, path = waiting.pop(0)
        if name in ELSEWHERE:
            continue
        look = Look(name, path, fitting(routes[name], people))
        if look.name not in lookers:
            lookers[look.name] = looker_of(browser, address, look.name)
        one = lookers[look.name]
        speak("")
        if not one.open(look):
            continue
        one.read(look)
        one.fit(look)
        for link in look.links:
            found = route_of(link)
            if found in routes and found not in begun:
                begun.add(found)
                waiting.append((found, link))
        for kind in kinds:
            speak(kind)
            one.open(look)
            one.fit(look, check=kind)
            if kind == "long":
                one.untranslated(look, data)
        looks.append(look)
    speak("")
    return looks


def looker_of(browser: Browser, address: str, name: str) -> Looker:
    context = browser.new_context(viewport=WIDE, locale="en-GB")  # type: ignore[arg-type]
    page = context.new_page()
    sign_in_by_form(page, name, SAMPLE_PASSWORD, at=address)
    page.close()
    return Looker(context, address)


def read_data(home: Path) -> Data:
    """All words of the organisation: its objects, its rows, what its sources tell."""
    texts = {word for words in KEPT.values() for word in words} | {each for each in read_office_file() if " " in each}
    with sqlite3.connect(home / "office" / "office.sqlite3") as rows:
        for (held,) in rows.execute("select object from govern_officeversion"):
            texts |= set(texts_in(without_choices(json.loads(held))))
            texts |= set(json.loads(held))  # the fields of an office file, by their names
        for (table,) in rows.execute("select name from sqlite_master where type = 'table'").fetchall():
            if table.startswith(("act_", "decide_", "prove_", "listen_", "accounts_user", "accounts_auditevent")):
                texts |= set(texts_of(rows, table))
    return Data(texts)


def texts_of(rows: sqlite3.Connection, table: str) -> Iterator[str]:
    for _, column, sort, *_ in rows.execute(f'pragma table_info("{table}")').fetchall():
        ours = column in OUR_COLUMNS or (table, column) == ("accounts_auditevent", "what")
        if sort.lower().startswith(("varchar", "text")) and not ours:
            yield from (str(text) for (text,) in rows.execute(f'select distinct "{column}" from "{table}"') if text)


def without_choices(found: Any) -> Any:
    if isinstance(found, dict):
        return {name: without_choices(each) for name, each in found.items() if name not in CHOICES}
    return [without_choices(each) for each in found] if isinstance(found, list) else found


@pytest.fixture(scope="module")
def looks(office: Office, chromium: Browser) -> list[Look]:
    """What all checks found on all pages: `OPENXMO_LOOKS` names a file that it is written to as well."""
    found = walk(chromium, office.address, office.home, office.speak)
    if named := os.environ.get("OPENXMO_LOOKS"):
        Path(named).write_text(
            "\n".join(f"{each.address} | {each.title} | {each.answer}" for each in found), encoding="utf-8"
        )
    return found


def found_by(check: str, looks: list[Look]) -> Mapping[str, list[str]]:
    return {f"{look.address} as {look.name}": look.wrong[check] for look in looks if look.wrong.get(check)}


def test_most_pages_were_reached(looks: list[Look]) -> None:
    assert {
        "home-stand", "home-worth", "start-step", "listen:import", "understand-person", "decide-item", "act-case",
        "act-recommendation", "prove-initiative", "prove-ledger", "govern-gap", "govern-object", "govern-edit",
    } <= {full_name(look) for look in looks}  # fmt: skip
    assert len(looks) >= 60


def full_name(look: Look) -> str:
    return f"listen:{look.route}" if look.address.startswith("/listen/") else look.route


@pytest.mark.parametrize("check", ["status", "console", "one title", "words", "axe", "fit"])
def test_every_page_stands_as_it_should(looks: list[Look], check: str) -> None:
    assert found_by(check, looks) == {}


@pytest.mark.parametrize("kind", LANGUAGES)
def test_longer_words_and_the_other_direction_fit_everywhere(looks: list[Look], kind: str) -> None:
    assert found_by(kind, looks) == {}


def test_every_word_of_ours_can_be_translated(looks: list[Look]) -> None:
    assert found_by("untranslated", looks) == {}


def test_every_page_is_a_question_with_its_answer(looks: list[Look]) -> None:
    assert [f"{look.address}: {look.title}" for look in looks if not look.title.endswith("?")] == []
    assert [look.address for look in looks if len(look.answer) < 12] == []


def test_no_answer_counts_to_nothing_or_says_one_of_many(looks: list[Look]) -> None:
    """“0 are”, “1 cases”: a number that is none is left out, and one is one."""
    odd = re.compile(r"(?:^|[ ,;(])(?:0 (?!of|days)[a-z]+|1 (?:are|were|[a-z]+(?:ies|ses|tes|ns)) )|\b(\w+) \1\b")
    assert {look.address: found.group() for look in looks if (found := odd.search(look.answer))} == {}


KEYBOARD = ["/stand/", "/act/cases/", "/decide/items/1/", "/understand/explore/", "/prove/initiatives/1/"]
FOCUSED = """() => { const each = document.activeElement, style = getComputedStyle(each);
  return {skip: each.classList.contains('skip'), seen: each.checkVisibility(), body: each === document.body,
    drawn: style.outlineStyle !== 'none' || style.boxShadow !== 'none' || each.classList.contains('stages-toggle'),
    path: each.tagName + ' ' + (each.id || each.name || each.getAttribute('href') || each.textContent.trim()),
    mark: each.dataset.walked = '1'}; }"""
UNREACHED = """() => [...document.querySelectorAll('main a[href], main button, main input, main select, main textarea, '
  + 'main summary')].filter((each) => each.checkVisibility() && !each.disabled && each.type !== 'hidden'
  && !each.dataset.walked && !(each.type === 'radio' && document.querySelector(`[name="${each.name}"][data-walked]`)))
  .map((each) => each.outerHTML.slice(0, 120))"""
MOST_STOPS = 400


@pytest.mark.parametrize("path", KEYBOARD)
def test_everything_can_be_reached_by_keyboard_and_seen_there(office: Office, chromium: Browser, path: str) -> None:
    page = looker_of(chromium, office.address, "maren.holt").page
    page.goto(office.address + path)
    page.wait_for_load_state("networkidle")
    page.keyboard.press("Tab")
    first = page.evaluate(FOCUSED)
    assert first["skip"], "the way past the menu comes first"
    assert first["seen"]
    unseen = []
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUSED)
        if stop["skip"] or stop["body"]:
            break
        unseen += [] if stop["drawn"] else [stop["path"]]
    assert unseen == []
    assert page.evaluate(UNREACHED) == []
    page.context.close()


def test_the_drawer_keeps_focus_while_it_is_open_and_gives_it_back(office: Office, chromium: Browser) -> None:
    page = looker_of(chromium, office.address, "maren.holt").page
    page.goto(f"{office.address}/understand/explore/?metric=csat")
    link = page.locator("main a[data-drawer]").first
    link.focus()
    page.keyboard.press("Enter")
    page.locator("#drawer h1").wait_for()
    inside = "document.querySelector('#drawer').contains(document.activeElement) || !document.hasFocus()"
    for _ in range(12):
        assert page.evaluate(inside)
        page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    assert link.evaluate("(link) => link === document.activeElement")
    page.context.close()
