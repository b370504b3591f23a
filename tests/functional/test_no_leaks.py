"""An attacker with a sign-in: nobody learns about an agent or an employee what the office does not show them,

by whichever door: pages, the data of charts, files, the API.
"""

import csv
import io
import json
import random
import re
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from openxmo.core.errors import NotAllowed
from openxmo.core.metrics.metric import Dimension, Metric, Score
from openxmo.core.release import LookLog
from openxmo.core.signals.store.home import Home
from openxmo.office.accounts.keys import SCOPES, add_key
from openxmo.office.act import recommending
from openxmo.office.act.models import Case, Recommendation
from openxmo.office.act.opening import open_cases
from openxmo.office.act.tests.told import answer
from openxmo.office.act.tests.told import hear as hear_answer
from openxmo.office.decide.actions import propose_item
from openxmo.office.decide.models import Item
from openxmo.office.govern.actions import put
from openxmo.office.govern.organisation import AgentDisclosure, Unit
from openxmo.office.govern.queries import read_office
from openxmo.office.lib.clock import now
from openxmo.office.listen.actions.uploads import folder_of
from openxmo.office.listen.models import FileImport
from openxmo.office.portability import office_file
from openxmo.office.understand.tests.heard import MOOD, hear, mood, row
from tests.functional.stocked import served_for_long, sign_everybody_in
from tests.functional.test_routes import ROUTES, address_of, aim_of, call

TODAY = date.today()  # noqa: DTZ011  (which months are over; the office's zone makes no difference to that)
FIRST = TODAY.replace(day=1)
LAST = (FIRST - timedelta(days=1)).strftime("%Y-%m")
BEFORE = ((FIRST - timedelta(days=1)).replace(day=1) - timedelta(days=1)).strftime("%Y-%m")
SECRET = "wombat"  # in everything that an employee wrote
EVIL = "<img src=x onerror=alert(1)>"
AGENTS = {"amy": (60, "x"), "ben": (20, "x"), "zed": (40, "z")}
Clients = dict[str, Client]
pytestmark = pytest.mark.usefixtures("db", "heard")


def customers() -> Iterator[dict[str, Any]]:
    """Answers about three agents; of Ben's there are too few to be shown."""
    number = 0
    for agent, (count, team) in AGENTS.items():
        for _ in range(count):
            number += 1
            about = {
                "agent": agent,
                "team": team,
                "unit": "south" if agent == "zed" else "north",
                "text": "It was fine.",
            }
            yield row(number, BEFORE, **about, value=4 if number % 2 else 2)
            yield row(number, LAST, **about, value=5 if number % 3 else 2)


def employees() -> Iterator[dict[str, Any]]:
    """Twelve at one site and four at another; a thirteenth of the first was left out by the source."""
    for month, first in ((BEFORE, 13), (LAST, 12)):
        for number in range(1, first + 5):
            site = "alpha" if number <= first else "beta"
            more: dict[str, Any] = {"attrs": {"badge": f"b-{number}"}, "text": f"The {SECRET} {number}"}
            yield mood(number, month, site=site, subject=f"emp-{number}", **more)
    yield mood(90, LAST, site="alpha", subject="emp-90", excluded="duplicate", excluded_by="hr", text=SECRET)
    for number in range(30):
        told = {"kind": "O", "name": "invitation_sent", "value": None, "scale": None, "source": "pulse"}
        yield mood(number, LAST, **told, id=f"sent-{number}", response=f"i-{number}", subject=f"emp-{number}")
        if number != 7:
            answered = {**told, "name": "invitation_answered"}
            yield mood(number, LAST, **answered, id=f"back-{number}", response=f"i-{number}", subject=f"emp-{number}")


@pytest.fixture(scope="module")
def heard(office_as_made: Path, tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> Iterator[Home]:  # noqa: ARG001
    """The office of these tests: customers about agents, employees about their work."""
    with pytest.MonkeyPatch.context() as patched:
        folder = tmp_path_factory.mktemp("leaks") / "served"
        patched.setattr(settings, "OPENXMO_HOME", folder)
        with served_for_long(office_as_made, folder, settings) as home:
            cut = Dimension(key="staff_site", label="Site of the staff", column="site", employees=True)
            put(home, MOOD, cut, Dimension(key="served_by", column="agent"), by="operator", at=now())
            hear(home, *customers(), *employees())
            yield home


@pytest.fixture(autouse=True)
def nothing_shown_before(heard: Home) -> None:
    """What earlier tests were shown would be withheld in another way, whatever their order."""
    shutil.rmtree(heard.releases, ignore_errors=True)


@pytest.fixture(scope="module")
def everybody(heard: Home) -> Clients:  # noqa: ARG001
    return sign_everybody_in()


@pytest.fixture
def recorded(heard: Home) -> Home:
    """The office says why numbers may be cut by agent, on which ground, and who was heard."""
    said = AgentDisclosure(purpose="coaching", legal_basis="agreement", consultation="works council")
    office = read_office(heard)
    put(heard, msgspec_replace(office.settings, agent_disclosure=said), by="operator", at=now())
    return heard


def msgspec_replace(item: Any, **changed: Any) -> Any:
    from msgspec.structs import replace

    return replace(item, **changed)


def api_of(heard: Home, name: str | None, address: str) -> Any:  # noqa: ARG001
    """The API's answer to a key with every scope that acts as this person, None the operator."""
    _, key = add_key(f"{name} {address}", scopes=list(SCOPES), acts_as=name, by="Root", at=now())
    return Client().get(f"/api/v1/questions/{address}", HTTP_AUTHORIZATION=f"Bearer {key}")


def text_of(answer: Any) -> str:
    return str(answer.getvalue().decode(errors="replace"))


def case_of(heard: Home, response: str, **said: Any) -> Case:
    """The case that an answer opens; what earlier tests said opens theirs again."""
    at = now()
    hear_answer(heard, *answer(response, at=at, **said), at=at)
    return next(case for case in open_cases(heard, at=at) if case.response == response)


# EMPLOYEES

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
LOOKERS = ("Lea", "Tom", "Pia", "Cole")  # who leads, one unit's lead, of employees, who imports


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


# AGENTS

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


# THE ADMINISTRATOR, AND WHAT STANDS FOR GOOD


@pytest.mark.parametrize("name", ["Root", "Dan"])
def test_who_keeps_the_system_or_the_rules_sees_no_answers_and_no_scores(
    heard: Home, everybody: Clients, name: str
) -> None:
    case_of(heard, "seen", words=f"{SECRET} of a customer")
    for route in ROUTES:
        if route.takes or route.address == "/ui/gallery/":
            continue
        shown = text_of(call(everybody[name], "GET", route.address))
        assert SECRET not in shown, route.address
        assert 'class="estimate' not in shown, route.address
        assert "customer-" not in shown, route.address
    for question in ("score?metric=csat", "gap", "catalogue", "quality", "rank", "contact?key=k"):
        assert api_of(heard, name, question).status_code == 403, question
        assert everybody[name].get(f"/api/v1/questions/{question}").status_code == 403, question


def test_nobody_edits_or_deletes_an_answer(heard: Home, everybody: Clients) -> None:
    from openxmo.office.listen.tests.drawing import stored

    before = stored(heard)
    _, key = add_key("all of them", scopes=list(SCOPES), by="Root", at=now())
    for method in ("PUT", "PATCH", "DELETE"):
        for address in (
            "/api/v1/signals",
            "/api/v1/signals/1",
            f"/understand/signals/?metric=csat&period={LAST}",
            "/understand/people/customer-1/",
        ):
            answer = Client().generic(method, address, HTTP_AUTHORIZATION=f"Bearer {key}")
            assert answer.status_code in (302, 401, 404, 405), (method, address)
            assert everybody["Lea"].generic(method, address).status_code in (200, 400, 401, 403, 404, 405)
    assert stored(heard) == before


def test_nobody_gives_themselves_a_role_by_whichever_door(heard: Home, everybody: Clients) -> None:
    text = '[[person]]\nname = "Sue"\nroles = ["survey_architect", "finance"]\n'
    sue = everybody["Sue"]
    with transaction.atomic():
        assert sue.post("/portability/office-file/apply/", {"text": text}).status_code == 403
    _, key = add_key("as Sue", scopes=["metrics:write"], acts_as="Sue", by="Root", at=now())
    with transaction.atomic():
        answer = Client().put(
            "/api/v1/office", text, content_type="application/toml", HTTP_AUTHORIZATION=f"Bearer {key}"
        )
    assert answer.status_code == 403
    assert sue.get("/govern/edit/person/Sue/").status_code == 403
    assert sue.post("/govern/archive/person/Sue/", {"reason": "x"}).status_code == 403
    assert everybody["Root"].post("/govern/people/", {"name": "Root", "roles": ["xmo_lead"]}).status_code == 422
    assert {one.name: one.roles for one in read_office(heard).people}["Sue"] == ("survey_architect",)
    with pytest.raises(NotAllowed):
        office_file.apply(heard, text, by="Sue", at=now())


# THE USUAL TRICKS


@pytest.mark.parametrize(
    "route",
    [route for route in ROUTES if route.entry and route.entry.kind in ("rights", "signed_in")],
    ids=lambda route: route.address,
)
def test_no_foreign_page_posts_in_somebody_s_name(everybody: Clients, route: Any) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = everybody["Lea"].cookies
    keys = {name[1:] if name.startswith("=") else name: 1 for name in aim_of(route).given.values()}
    answer = strict.post(address_of(route.address, aim_of(route), {**dict.fromkeys(keys, "1")}))
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "wanted", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_nobody_is_sent_elsewhere_after_signing_in(wanted: str) -> None:
    user = get_user_model().objects.get(username="Lea")
    user.set_password("same evening, every time")
    user.save()
    client = Client()
    answer = client.post(
        f"/accounts/login/?next={wanted}", {"login": "Lea", "password": "same evening, every time", "next": wanted}
    )
    assert (answer.status_code, answer["Location"]) == (302, "/")
    held = client.get("/govern/people/", HTTP_REFERER=wanted)
    assert "evil.example" not in text_of(held)
    assert "javascript:" not in text_of(held)


def test_a_session_is_new_after_signing_in_and_gone_after_signing_out() -> None:
    user = get_user_model().objects.get(username="Lea")
    user.set_password("same evening, every time")
    user.save()
    client = Client()
    client.cookies["sessionid"] = "fixedbyanattacker0000000000000000"
    client.post("/accounts/login/", {"login": "Lea", "password": "same evening, every time"})
    given = client.cookies["sessionid"]
    assert given.value != "fixedbyanattacker0000000000000000"
    assert given["httponly"]
    thief = Client()
    thief.cookies["sessionid"] = given.value
    assert thief.get("/govern/mine/").status_code == 200
    client.post("/accounts/logout/")
    assert thief.get("/govern/mine/").status_code == 302


def test_a_forgotten_password_tells_nobody_who_is_known() -> None:
    user = get_user_model().objects.get(username="Lea")
    user.email = "lea@example.org"
    user.save()
    chance = random.getstate()  # the library waits a moment by chance
    answers = [
        Client().post("/accounts/password/reset/", {"email": email})
        for email in ("lea@example.org", "nobody@example.org")
    ]
    random.setstate(chance)
    assert {(answer.status_code, answer.get("Location")) for answer in answers} == {
        (302, "/accounts/password/reset/done/")
    }


def test_html_in_words_labels_and_units_is_shown_and_never_run(heard: Home, everybody: Clients) -> None:
    at = now()
    put(
        heard,
        Metric(key="evil", label=EVIL, signal="csat", score=Score(kind="mean"), unit=EVIL),
        Unit(key="evil", label=f"</script>{EVIL}", parent="north"),
        by="operator",
        at=at,
    )
    case = case_of(heard, "evil", words=EVIL, product=EVIL, reason=EVIL)
    item = propose_item(title=EVIL, description=EVIL, unit="north", evidence=[(case.name, 1)], by="Lea", at=at)
    made = recommending.recommend(
        read_office(heard),
        item=item.name,
        asked=EVIL,
        why=EVIL,
        strength="fair",
        unit="north",
        lever="knowledge",
        may_be_wrong=EVIL,
        by="Lea",
        at=at,
    )
    pages = [
        "/act/cases/",
        f"/act/cases/{case.pk}/",
        "/decide/",
        f"/decide/items/{item.pk}/",
        f"/act/recommendations/{made.pk}/",
        "/act/asked-of-us/",
        "/understand/measures/",
        "/understand/measures/evil/",
        "/understand/explore/?metric=evil&by=product&period=all",
        "/understand/signals/?metric=evil&period=all",
        f"/search/?q={EVIL}",
        "/govern/office/metric/evil/",
        "/govern/units/",
        f"/understand/explore/?metric=csat&where.channel={EVIL}&period=all",
        f"/understand/area/?dimension=product&value={EVIL}",
        f"/listen/surveys/asked/?subject={EVIL}",
        f"/understand/explore/?metric={EVIL}",
        f"/?unit={EVIL}",
        f"/decide/?sort={EVIL}",
        f"/understand/people/{EVIL}/",
    ]
    for name in ("Lea", "Tom"):
        for address in pages:
            answer = everybody[name].get(address, follow=True)
            assert answer.status_code < 500, address
            assert "<img src=x" not in text_of(answer), address
            policy = answer["Content-Security-Policy"]
            assert "default-src 'self'" in policy, address
            assert "unsafe" not in policy, address


def test_no_cell_of_a_file_is_a_formula(heard: Home, everybody: Clients) -> None:
    hear(
        heard,
        *(
            row(5000 + number, LAST, channel=f'{sign}HYPERLINK("http://evil")', text=f"{sign}1+1")
            for number, sign in enumerate("=+-@")
        ),
    )
    for address in (
        f"/understand/explore/?metric=csat&by=channel&period={LAST}&as=csv",
        f"/understand/signals/?metric=csat&period={LAST}&as=csv",
        "/govern/audit/?as=csv",
        "/prove/ledger.csv",
    ):
        lines = list(csv.reader(io.StringIO(text_of(everybody["Lea"].get(address)))))
        assert lines, address
        starts = {cell[:1] for line in lines for cell in line if not re.fullmatch(r"-?[\d.]+(e-?\d+)?", cell)}
        assert starts.isdisjoint("=+-@\t\r"), address


@pytest.mark.parametrize(
    "name",
    [
        "../../../evil.csv",
        "..\\..\\evil.csv",
        "/etc/passwd",
        f"{EVIL}.csv",
        "a" * 300 + ".csv",
        "\u202egpj.csv",
        "nul\x00.csv",
        "CON",
    ],
)
def test_a_file_with_a_hostile_name_stays_in_its_folder(heard: Home, everybody: Clients, name: str) -> None:
    cole = everybody["Cole"]
    before = {path for path in heard.path.parent.rglob("*") if "evil" in path.name or "passwd" in path.name}
    answer = cole.post("/listen/files/", {"file": SimpleUploadedFile(name, b"id,nps\n1,9\n"), "source": "till"})
    assert answer.status_code in (302, 422)
    if answer.status_code == 302:
        record = FileImport.objects.order_by("-id")[0]
        assert folder_of(heard, record).resolve().is_relative_to(heard.path.resolve())
        assert "/" not in record.name
        assert "<img src=x" not in text_of(cole.get(answer["Location"]))
    outside = {path for path in heard.path.parent.rglob("*") if "evil" in path.name or "passwd" in path.name} - before
    assert all(path.is_relative_to(heard.path) for path in outside)


@pytest.mark.parametrize(
    "address",
    [
        f"{room}{path}"
        for room in (
            "/understand/people/",
            "/govern/office/metric/",
            "/listen/imports/",
            "/act/you-said-we-did/",
            "/listen/s/",
            "/start/",
            "/static/",
            "/api/v1/receipts/",
            "/api/v1/",
        )
        for path in (
            "..%2f..%2f..%2fetc%2fpasswd",
            "../../../etc/passwd",
            "%2fetc%2fpasswd",
            "%00",
            "a" * 5000,
            "%0d%0aSet-Cookie:%20a=b",
            "1/../../keys/sessions.key",
        )
    ],
)
def test_no_address_leads_out_of_the_office(everybody: Clients, address: str) -> None:
    for name in ("Lea", "Cole"):
        answer = everybody[name].get(address)
        assert answer.status_code in (301, 302, 400, 401, 403, 404, 405), name
        assert "root:" not in text_of(answer)
        assert "Set-Cookie: a=b" not in str(answer.headers)


def test_no_letter_carries_a_header_of_somebody_else(heard: Home, everybody: Clients) -> None:
    user = get_user_model().objects.get(username="Rita")
    user.email = "rita@example.org"
    user.save()
    said: dict[str, Any] = {
        "asked": "Do it\r\nBcc: evil@example.org",
        "why": "x",
        "strength": "fair",
        "unit": "north",
        "lever": "knowledge",
        "may_be_wrong": "x",
    }
    everybody["Lea"].post("/act/recommendations/new/", said)
    with transaction.atomic():
        recommending.recommend(read_office(heard), item="", **said, by="Lea", at=now())
    for letter in mail.outbox:
        assert "\n" not in letter.subject
        assert "evil@example.org" not in str(letter.recipients())
        assert letter.message()["Bcc"] is None


def test_a_form_takes_what_it_asks_for_and_no_more(heard: Home, everybody: Clients) -> None:
    forged = {
        "created_by": "Eve",
        "by": "Eve",
        "state": "done",
        "key": "forged",
        "id": "1",
        "pk": "1",
        "owner": "Eve",
        "sent_by": "Eve",
        "answered_by": "Eve",
        "unit_id": "south",
    }
    everybody["Ada"].post("/decide/items/new/", {"title": "Forged idea", "experience": "customer", **forged})
    for item in Item.objects.filter(title="Forged idea"):
        assert (item.created_by, item.state) == ("Ada", "proposed")
    case = case_of(
        heard,
        "forged",
    )
    everybody["Tom"].post(
        f"/act/cases/{case.pk}/note/", {"note-words": "Seen.", **forged, "state": "closed", "unit": "south"}
    )
    case = Case.objects.get(pk=case.pk)
    assert (case.unit, case.state, case.entries.get().said_by) == ("north", "open", "Tom")
    everybody["Lea"].post(
        "/act/recommendations/new/",
        {
            "asked": "A",
            "why": "B",
            "strength": "fair",
            "unit": "north",
            "lever": "knowledge",
            "may_be_wrong": "C",
            **forged,
            "state": "accepted",
        },
    )
    assert {(one.sent_by, one.state) for one in Recommendation.objects.all()} == {("Lea", "sent")}


def test_a_key_is_kept_by_its_hash_and_written_nowhere(heard: Home, caplog: pytest.LogCaptureFixture) -> None:
    from openxmo.office.accounts.models import ApiKey, AuditEvent

    _, key = add_key("program", scopes=["questions:read"], by="Root", at=now())
    with caplog.at_level("DEBUG"):
        for address in ("score?metric=csat", "score?metric=nothing", "score", "nothing"):
            Client().get(f"/api/v1/questions/{address}", HTTP_AUTHORIZATION=f"Bearer {key}")
    assert key not in caplog.text
    rows = [*ApiKey.objects.values_list(), *AuditEvent.objects.values_list()]
    assert key not in str(rows)
    assert not [path for path in heard.path.rglob("*") if path.is_file() and key.encode() in path.read_bytes()]


@pytest.mark.parametrize(
    "address",
    [
        f"/understand/explore/?metric=csat&by={'a,' * 5000}",
        f"/search/?q={'x' * 20_000}",
        f"/act/cases/?q={'9' * 5000}",
        f"/understand/explore/?metric=csat&period={'9' * 3000}",
        "/decide/?page=99999999999999999999",
        f"/understand/signals/?metric=csat&after={'A' * 9000}",
        "/govern/audit/?since=99999-01-01",
        f"/understand/explore/?metric=csat&where.channel={'a|' * 3000}",
    ],
)
def test_a_huge_question_is_answered_or_refused(everybody: Clients, address: str) -> None:
    for name in ("Lea", "Tom"):
        assert everybody[name].get(address).status_code in (200, 302, 400, 403, 404, 414)
