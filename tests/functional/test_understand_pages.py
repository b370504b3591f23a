"""What is planted in the sample organisation stands on the pages that ask why, and its twin says so calmly."""

import re
import shutil
from collections.abc import Callable
from html import unescape
from math import isclose
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from openxmo.core.signals.store.home import Home
from openxmo.office.govern.store import read_history, replace_history
from tests.functional.homes import NOON

LEAD, LEADER, TEAM_LEAD = "maren.holt", "petronella.ash", "carla.stone"
MOVE = "period=2026-06-01..2026-08-31&received=1"  # M20 to M22; the three months before are M17 to M19


@pytest.fixture(scope="module")
def copied(northlight: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample organisation for these tests alone: what was shown before is remembered beside its signals."""
    folder = tmp_path_factory.mktemp("pages") / "served"
    shutil.copytree(northlight, folder, ignore=shutil.ignore_patterns("office.sqlite3*"))
    return folder


@pytest.fixture
def visit(
    northlight: Path,
    copied: Path,
    settings: Any,
    db: None,  # noqa: ARG001
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[..., Any]:
    """Open a page of the sample organisation as one of its people, at the noon at which it stands."""
    settings.OPENXMO_HOME = copied
    replace_history(Home.at(copied), read_history(Home.at(northlight)))
    for place in ("govern.middleware", "ui.asked", "understand.views.moved"):
        monkeypatch.setattr(f"openxmo.office.{place}.now", lambda: NOON)
    user = get_user_model()

    def open_page(address: str, name: str = LEAD) -> Any:
        client = Client()
        client.force_login(user.objects.get_or_create(username=name)[0])
        return client.get(address)

    return open_page


def answer_of(page: Any) -> str:
    found = re.search(r'<p class="answer"[^>]*>(.*?)</p>', page.content.decode(), re.DOTALL)
    assert found is not None
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", found[1]))).strip()


def number_in(text: str, pattern: str) -> float:
    found = re.search(pattern.replace("#", r"([−+]?\d+(?:\.\d+)?)"), text)
    assert found is not None, text
    return float(found[1].replace("−", "-"))


def test_why_satisfaction_moved_is_told_as_it_was_planted(visit: Callable[..., Any]) -> None:
    page = visit(f"/understand/why/?metric=csat&{MOVE}&by=channel")
    told = answer_of(page)
    assert number_in(told, r"from # to") == pytest.approx(71.14, abs=0.3)
    assert number_in(told, r"to #: ") == pytest.approx(65.8, abs=0.3)
    assert number_in(told, r": # \(likely") == pytest.approx(-5.34, abs=0.3)
    mix, rate = number_in(told, r"\. # comes from who"), number_in(told, r"\(mix\), # from how")
    assert mix == pytest.approx(-3.135, abs=0.3)
    assert rate == pytest.approx(-2.205, abs=0.3)
    assert isclose(mix + rate, page.context["found"].document["change"]["value"], abs_tol=0.002)
    assert "a real move" in told


def test_its_place_is_named_with_the_words_said_there_and_the_way_on(visit: Callable[..., Any]) -> None:
    page = visit(f"/understand/why/?metric=csat&{MOVE}&by=channel,product")
    assert "It lies in chat, hub 3" in answer_of(page)
    (place,) = page.context["places"]
    assert place["by"] == {"channel": "chat", "product": "hub_3"}
    assert len(place["quotes"]) == 3
    behind = visit(place["behind"])
    assert {row["product"] for row in behind.context["rows"]} == {"hub_3"}
    assert behind.context["found"]["n"] == place["n_after"]


def test_explore_shows_what_calder_leaves_out(visit: Callable[..., Any]) -> None:
    page = visit("/understand/explore/?metric=csat&where.site=calder&period=last-12-months")
    found = page.context["found"]
    assert found.whole["value"] == pytest.approx(78.4, abs=0.3)
    assert found.received["value"] == pytest.approx(68.0, abs=0.3)
    assert "Counted and received differ by more than noise" in page.content.decode()


def test_the_agreement_and_its_parts(visit: Callable[..., Any]) -> None:
    page = visit("/understand/explore/?metric=start_of_shift&period=2026-10")
    assert number_in(answer_of(page), "^# of 100") == pytest.approx(66.85, abs=0.1)


def test_a_people_leader_sees_numbers_of_groups_and_nobody_s_words(visit: Callable[..., Any]) -> None:
    page = visit("/understand/explore/?metric=tools_knowledge&by=staff_team&period=2026-10", LEADER)
    shown = {line.names[0]: line.cell["suppressed"] for line in page.context["found"].lines}
    assert list(shown.values()).count("privacy") >= 2, "the team of seven and one sibling"
    assert visit("/understand/signals/?metric=tools_knowledge&period=2026-10", LEADER).context["rows"] == []
    assert visit("/understand/people/agent-114/", LEAD).status_code == 403
    assert visit("/understand/explore/?metric=csat", "zoe.trent").status_code == 403


def test_a_direct_lead_sees_an_agent_and_nobody_else_s_lead_does(visit: Callable[..., Any]) -> None:
    asked = "/understand/explore/?metric=csat&by=team,agent&period=last-12-months"
    lines = visit(asked, TEAM_LEAD).context["found"].lines
    assert lines
    assert all(line.cell["suppressed"] == "privacy" or line.cell["n"] >= 30 for line in lines)
    assert visit(f"{asked}&sort=-value", TEAM_LEAD).context["found"].lines == lines, "agents are never ranked"
    assert visit(asked, LEAD).status_code == 403


def test_nothing_moved_lately_and_the_page_says_so_calmly(visit: Callable[..., Any]) -> None:
    assert "moved by more than chance. That is an answer" in answer_of(visit("/understand/moved/"))
