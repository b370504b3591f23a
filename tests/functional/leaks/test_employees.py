"""An attacker with a sign-in learns nothing about an employee: by pages, the data of charts, files or the API."""

import csv
import io
import json
import re
from typing import Any

import pytest

from openxmo.core.signals.store.home import Home
from tests.functional.leaks.told import (
    AGENTS,
    FIRST,
    LAST,
    LOOKERS,
    SECRET,
    Clients,
    api_of,
    text_of,
)
from tests.functional.test_routes import call

pytestmark = pytest.mark.usefixtures("db", "heard")

ABOUT_EMPLOYEES = [
    *(
        f"/understand/explore/?metric=mood&period={LAST}&{more}"
        for more in (
            "by=subject",
            "by=response",
            "by=attrs.badge",
            "by=agent",
            "by=site",
            "by=id",
            "by=text",
            "by=objects",
            "by=staff_site",
            "by=staff_site&by2=subject",
            "by=staff_site&as=csv",
            "by=subject&as=csv",
            "every=day",
            "every=week",
            "where.subject=emp-3",
            "where.attrs.badge=b-3",
            "where.site=beta",
            "where.subject_kind=employee",
            "where.text=The+wombat+3",
            "received=1&by=staff_site",
            "weighted=1",
            "by=staff_site&sort=value",
            "unit=north",
            "unit=south",
            "where.excluded=duplicate&received=1",
            "by=a.b",
            "by=%00",
            "by=';drop+table+x",
        )
    ),
    f"/understand/explore/?metric=mood&period={LAST}-01..{LAST}-08",
    f"/understand/explore/?metric=mood&period={LAST}-01..{LAST}-08&as=csv",
    *(
        f"/understand/signals/?metric=mood&period={LAST}&{more}"
        for more in (
            "",
            "as=csv",
            "where.staff_site=beta",
            "received=1",
            "after=0",
            "after=AAAA",
            "where.subject=emp-3",
            "where.site=beta&as=csv",
        )
    ),
    *(
        f"/understand/why/?metric=mood&period={LAST}&{more}"
        for more in ("", "by=subject", "by=site", "by=staff_site", "by=attrs.badge")
    ),
    *(
        f"/understand/area/?period={LAST}&dimension={more}"
        for more in (
            "subject",
            "response",
            "text",
            "agent",
            "attrs.badge",
            "site",
            "site&value=beta",
            "staff_site&value=beta",
            "subject&value=emp-3",
        )
    ),
    "/understand/people/emp-3/",
    "/understand/people/?subject=emp-3",
    "/understand/measures/mood/",
    "/understand/moved/",
    *(f"/listen/?period={period}" for period in ("all", LAST, f"{LAST}-01..{LAST}-04")),
    *(f"/listen/surveys/asked/?period={LAST}{more}" for more in ("", "&subject=emp-3", "&unit=north")),
    f"/team/?period={LAST}&by=staff_site",
    f"/team/?period={LAST}&by=subject",
    f"/process/?period={LAST}&by=subject",
    f"/trust/?period={LAST}",
    f"/stand/?period={LAST}",
    "/stand/trust/",
    "/stand/moved/",
    "/weekly/",
    "/worth/",
    "/search/?q=wombat",
    "/search/?q=emp-3",
    "/decide/",
    "/prove/",
    "/govern/audit/",
    "/act/cases/?q=wombat",
]


@pytest.mark.parametrize("address", ABOUT_EMPLOYEES)
def test_nobody_reads_what_an_employee_wrote_nor_who_they_are(everybody: Clients, address: str) -> None:
    for name in LOOKERS:
        answer = call(everybody[name], "GET", address)
        assert answer.status_code < 500, name
        shown = text_of(answer)
        named = set(re.findall(r"\b(?:emp|b)-\d+\b", shown)) - set(re.findall(r"\b(?:emp|b)-\d+\b", address))
        assert named == set(), name
        assert SECRET not in shown.replace("q=wombat", "").replace('value="wombat"', "").replace("“wombat”", "") or (
            "q=wombat" in address or "wombat" in address
        ), name


@pytest.mark.parametrize("name", ["Ada", "Lea", "Pia", "Eve", None])
def test_page_chart_file_and_api_withhold_the_same_cells(heard: Home, everybody: Clients, name: str | None) -> None:
    asked = f"metric=mood&by=staff_site&period={LAST}"
    rows = api_of(heard, name, f"score?metric=mood&by=staff_site&since={LAST}-01&until={FIRST}").json()["rows"]
    told = {each["by"]["staff_site"]: each for each in rows}
    assert told["beta"]["suppressed"] == "privacy"
    assert [told["beta"][key] for key in ("value", "low", "high", "n")] == [None] * 4
    if name is None:
        return
    page = everybody[name].get(f"/understand/explore/?{asked}")
    shown = {line.names[0]: line.cell for line in page.context["found"].lines}
    assert {key.lower(): cell["value"] for key, cell in shown.items()} == {
        key: each["value"] for key, each in told.items()
    }
    lines = csv.DictReader(io.StringIO(text_of(everybody[name].get(f"/understand/explore/?{asked}&as=csv"))))
    assert {line["staff_site"]: line["value"] or None for line in lines}["beta"] is None
    specs = re.findall(r'<script id="[^"]*" type="application/json">(.*?)</script>', text_of(page), re.DOTALL)
    drawn: dict[str, Any] = {}
    for spec in map(json.loads, specs):
        for series in spec.get("series", ()):
            drawn |= dict(zip(map(str.lower, map(str, spec["x"])), zip(series["values"], strict=True), strict=True))
    assert drawn.get("beta", (None,)) == (None,)


def test_no_two_answers_differ_by_a_few_employees(heard: Home, everybody: Clients) -> None:
    def n(**asked: str) -> Any:
        words = "&".join(
            f"{key}={value}"
            for key, value in {"metric": "mood", "since": f"{LAST}-01", "until": str(FIRST), **asked}.items()
        )
        answer = api_of(heard, "Ada", f"score?{words}")
        return [each["n"] for each in answer.json()["rows"]] if answer.status_code == 200 else answer.status_code

    assert n() == [16]
    assert n(include_excluded="true") == [None], "with the one who was left out: a difference of one"
    assert n(where="staff_site=alpha") == [None], "the other four would be the rest"
    assert n(by="staff_site") == [None, None]
    assert n(since=f"{LAST}-02") == 403
    assert n(every="day") == 403
    assert n(where="subject=emp-3") == 403
    assert n(where="unit=north") == 403
    assert [
        line.cell["n"]
        for line in everybody["Pia"]
        .get(f"/understand/explore/?metric=mood&by=staff_site&period={LAST}")
        .context["found"]
        .lines
    ] == [None, None]


def test_whether_an_employee_answered_is_nobody_s_to_know(everybody: Clients) -> None:
    for name in ("Lea", "Sue", "Cole", "Val"):
        page = everybody[name].get(f"/listen/surveys/asked/?period={LAST}")
        (funnel,) = [one for one in page.context["funnels"] if one.survey == "pulse"]
        assert funnel.hidden, "29 of 30 answered: the one who did not would be known"
        assert "29" not in re.sub(r"<[^>]+>", " ", text_of(page).partition("<tbody>")[2].partition("</tbody>")[0])
        assert everybody[name].get("/listen/surveys/asked/?subject=emp-3").status_code == 403
    assert everybody["Lea"].get("/listen/surveys/asked/?subject=customer-3").status_code == 200


def test_where_employees_are_heard_is_told_in_groups_and_whole_months(everybody: Clients) -> None:
    def spots(period: str) -> list[Any]:
        rows = everybody["Ada"].get(f"/listen/?period={period}").context["coverage"].rows
        return [spot for each in rows for spot in each.spots if spot.hidden or spot.answers]

    assert [spot.answers for spot in spots(LAST) if spot.hidden] == [0]
    assert sum(spot.answers for spot in spots(LAST)) == sum(count for count, _ in AGENTS.values())
    assert not [spot for spot in spots(f"{LAST}-01..{LAST}-04") if spot.hidden]
