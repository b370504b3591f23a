"""Numbers about agents: to the agent and the direct lead, once the office says why; by whichever door."""

import re

import pytest

from openxmo.core.release import LookLog
from openxmo.core.signals.store.home import Home
from tests.functional.leaks.told import LAST, LOOKERS, Clients, api_of, text_of

pytestmark = pytest.mark.usefixtures("db", "heard")

BY_AGENT = (
    "by=agent",
    "by=team,agent",
    "by=served_by",
    "where.agent=amy",
    "where.served_by=amy",
    "where.about=agent:amy",
    "by=channel&by2=agent",
)


@pytest.mark.parametrize("asked", BY_AGENT)
def test_without_a_record_nobody_sees_numbers_about_an_agent(heard: Home, everybody: Clients, asked: str) -> None:
    for name in LOOKERS:
        for page in ("explore", "why", *(["signals"] if "where." in asked else [])):
            for more in ("", "&as=csv", "&received=1"):
                answer = everybody[name].get(f"/understand/{page}/?metric=csat&period={LAST}&{asked}{more}")
                rows = (answer.context or {}).get("rows") if page == "signals" and more != "&as=csv" else None
                assert answer.status_code in (400, 403) or rows == [], (name, page, more)
    where = asked.replace("where.", "where=").replace("agent:amy", "agent%3Aamy")
    for person in ("Amy", "Tom", "Ada", None) if "by2" not in asked else ():
        assert api_of(heard, person, f"score?metric=csat&{where}").status_code == 403, person


def test_with_a_record_an_agent_and_the_direct_lead_see_them_never_ranked_and_each_look_is_told(
    recorded: Home, everybody: Clients
) -> None:
    asked = f"/understand/explore/?metric=csat&by=team,agent&period={LAST}"
    looks = LookLog(recorded.office / "audit" / "looks.ndjson")
    before = len(list(looks.looks_at("amy")))
    lines = {line.names: line.cell for line in everybody["Tom"].get(f"{asked}&sort=-value").context["found"].lines}
    values = {names[-1].lower(): cell["value"] for names, cell in lines.items()}
    assert values["amy"] is not None
    assert values["ben"] is None, "n is below 30"
    assert list(values) == sorted(values), "in the order of their keys, whatever is asked"
    amy = everybody["Amy"].get(asked)
    assert {
        names[-1].lower()
        for names in (line.names for line in amy.context["found"].lines if line.cell["value"] is not None)
    } == {"amy"}
    assert len(list(looks.looks_at("amy"))) > before
    assert "Tom" in text_of(everybody["Amy"].get("/govern/mine/"))
    for name in ("Ada", "Lea", "Carl", "Quinn", "Eve", "Iris", "Ben", "Val", "Dan", "Root", "Pia"):
        answer = everybody[name].get(f"{asked}&where.agent=amy")
        assert answer.status_code == 403, name
    assert api_of(recorded, None, "score?metric=csat&by=agent").status_code == 403, "nor does the operator"
    assert api_of(recorded, "Ada", "score?metric=csat&by=agent").status_code == 403


@pytest.mark.usefixtures("recorded")
def test_who_served_stands_in_no_list_of_signals_and_no_history(everybody: Clients) -> None:
    pages = (
        f"/understand/signals/?metric=csat&period={LAST}",
        "/understand/people/customer-1/",
        "/understand/area/?dimension=agent",
        "/understand/area/?dimension=served_by",
    )
    for name in ("Lea", "Ada", "Tom", "Iris"):
        for address in (*pages, f"{pages[0]}&as=csv"):
            shown = text_of(everybody[name].get(address)).partition("<main")[2] or text_of(everybody[name].get(address))
            assert not re.search(r"\b(amy|ben|zed)\b", shown), (name, address)
