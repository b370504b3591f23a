"""What the whole office shows of itself across its rooms: one definition, four experiences, three kinds of signal."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import msgspec
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from openxmo.core.metrics.metric import Ambition, Component, Metric, Score, Xla
from openxmo.core.signals.door.open_batches import wait_until_closed
from openxmo.core.signals.store.home import Home
from openxmo.core.world.files import BACKLOG_FILE
from openxmo.office.accounts.keys import add_key
from openxmo.office.act.tests.told import open_case
from openxmo.office.decide import actions
from openxmo.office.decide.importing import import_items
from openxmo.office.decide.models import Item
from openxmo.office.govern.actions import put
from openxmo.office.govern.queries import read_office
from openxmo.office.jobs.inbox import store_waiting
from openxmo.office.lib.clock import now
from openxmo.office.listen.actions.storing import carry_out
from openxmo.office.ui.components.words import day
from openxmo.office.understand.tests.heard import OCTOBER, answer_of, hear, row, words_of

SignIn = Callable[[str], Client]
EXPLORE = "/understand/explore/?"


# FOUR EXPERIENCES IN ONE VIEW


@pytest.mark.capability("XMO-02")
def test_customers_employees_partners_and_products_stand_in_one_view_with_metrics_ambitions_and_ideas(
    home: Home, sign_in: SignIn
) -> None:
    hear(home, *(row(number, value=5 if number % 4 else 1) for number in range(80)))
    served = {"customer": "csat", "employee": "engagement", "partner": "partner_response", "product": "navigation_ease"}
    for experience, metric in served.items():
        put(
            home,
            Ambition(
                key=f"for-{experience}",
                statement=f"Good for {experience}",
                metric=metric,
                target=90,
                experience=experience,  # type: ignore[arg-type]
            ),
            by="Lea",
            at=now(),
        )
        actions.propose_item(title=f"Idea for {experience}", experience=experience, by="Ada", at=now())
    page = sign_in("Eve").get(f"/decide/experiences/?{OCTOBER}")
    lines = {line["word"]: line for line in page.context["lines"]}
    assert list(lines) == ["customer", "employee", "partner", "product"]
    for experience, line in lines.items():
        assert line["count"] == 1
        assert line["ambitions"] == 1
        assert line["widest"]["ambition"] == f"for-{experience}"
        assert {metric.experience for metric in line["metrics"]} == {experience}
    assert "Good for customer 75.0 of 90.0 %" in words_of(page)
    assert "Good for partner not known" in words_of(page)


# OPERATIONS BESIDE ANSWERS


def bring(client: Client, home: Home, name: str, content: str, **answers: str) -> None:
    sent = client.post("/listen/files/", {"file": SimpleUploadedFile(name, content.encode()), "source": "desk"})
    address = sent["Location"]
    reply = client.post(address, answers)
    assert reply.status_code == 302, reply.context["form"].errors
    assert client.post(f"{address}store/").status_code == 302
    assert carry_out(home, int(address.split("/")[-2]), at=now()) is not None


@pytest.mark.capability("XMO-12")
def test_a_series_of_operations_by_file_is_cut_by_the_same_teams_as_the_answers(home: Home, sign_in: SignIn) -> None:
    hear(home, *(row(n, value=5 if n % 4 else 1, team="blue" if n % 2 else "red") for n in range(120)))
    lines = "".join(
        f"2026-10-{1 + n % 28:02} 09:00,{'blue' if n % 2 else 'red'},{300 if n % 2 else 420}\n" for n in range(120)
    )
    lead = sign_in("Lea")
    bring(
        lead,
        home,
        "aht.csv",
        "closed at,team,handle_time\n" + lines,
        what="handle_time",
        when="closed at",
        zone="UTC",
        subject="-",
        subject_kind="customer",
        direction="lower",
        unit="s",
    )
    ada = sign_in("Ada")
    told = {
        metric: {line.names[0]: line.cell["value"] for line in page.context["found"].lines}
        for metric in ("csat", "handle_time")
        for page in [ada.get(f"{EXPLORE}metric={metric}&by=team&{OCTOBER}")]
    }
    assert told["handle_time"] == {"blue": 300, "red": 420}
    assert told["csat"].keys() == told["handle_time"].keys()
    area = ada.get(f"/understand/area/?dimension=team&value=red&{OCTOBER}").context["found"]
    assert {each.metric.key for each in area.kinds["O"]} >= {"handle_time"}
    assert {each.metric.key for each in area.kinds["X"]} >= {"csat"}


@pytest.mark.capability("XMO-12")
def test_the_same_series_comes_by_the_api(home: Home, sign_in: SignIn) -> None:
    _, key = add_key("desk", scopes=["signals:write"], acts_as="Lea", by="operator", at=now())
    lines = [row(n, id=f"t{n}", name="handle_time", kind="O", value=300, scale=None, team="red") for n in range(40)]
    answer = Client().post(
        "/api/v1/signals",
        "\n".join(json.dumps(line) for line in lines),
        content_type="application/x-ndjson",
        headers={"authorization": f"Bearer {key}"},
    )
    assert answer.status_code == 202, answer.content
    wait_until_closed(home)
    (receipt,) = store_waiting(home, at=now())
    assert (receipt.accepted, receipt.rejected) == (40, 0)
    page = sign_in("Ada").get(f"{EXPLORE}metric=handle_time&by=team&{OCTOBER}")
    assert [(line.names, line.cell["value"]) for line in page.context["found"].lines] == [(("red",), 300)]


# ONE DEFINITION, EVERYBODY'S OWN ROWS


@pytest.mark.capability("XMO-14")
def test_executive_lead_and_frontline_read_one_definition_each_over_their_own_units(
    home: Home, sign_in: SignIn
) -> None:
    hear(
        home,
        *(row(n, value=5 if n % 4 else 1, unit="north", team="x") for n in range(80)),
        *(row(200 + n, value=5 if n % 2 else 4, unit="south", team="z") for n in range(80)),
    )

    put(
        home,
        Ambition(key="content", statement="Content", metric="csat", target=90, experience="customer"),
        by="Lea",
        at=now(),
    )

    def read() -> dict[str, tuple[float, int]]:
        """As each begins after signing in: the page of the executive, that of the lead, and the same over one unit."""
        found = {}
        for name, page in (("Eve", "/worth/"), ("Lea", "/stand/"), ("Tom", "/stand/"), ("Carl", "/stand/")):
            client = sign_in(name)
            assert name in ("Tom", "Carl") or client.get("/")["Location"] == page
            shown = client.get(f"{page}?{OCTOBER}")
            (each,) = shown.context["ambitions"]
            assert f"{each.row['delivered']:.1f}" in words_of(shown)
            found[name] = (each.row["delivered"], each.row["n"])
        return found

    assert read() == {"Eve": (87.5, 160), "Lea": (87.5, 160), "Tom": (75.0, 80), "Carl": (100.0, 80)}
    explored = sign_in("Tom").get(f"{EXPLORE}metric=csat&{OCTOBER}").context["found"].whole
    assert (explored["value"], explored["n"]) == (75.0, 80)
    csat = next(one for one in read_office(home).metrics if one.key == "csat")
    put(home, msgspec.structs.replace(csat, score=Score(kind="top_box", top=5)), by="Lea", at=now())
    assert read() == {"Eve": (62.5, 160), "Lea": (62.5, 160), "Tom": (75.0, 80), "Carl": (50.0, 80)}


# THE BACKLOG IS FED FROM EVERYWHERE


@pytest.mark.capability("XMO-18")
def test_cases_findings_single_signals_and_files_feed_one_backlog_with_their_evidence_counted_and_its_age_told(
    home: Home, sign_in: SignIn
) -> None:
    case = open_case(home)
    hear(home, row(1))
    lea = sign_in("Lea")
    (link,) = {each["propose"] for each in lea.get(f"/understand/signals/?metric=csat&{OCTOBER}").context["rows"]}
    assert 'value="signal:web/2026-10-1*1"' in lea.get(link).content.decode()
    feeds = [case.name, "finding:why/csat/2026-09/2026-10/channel=chat*40", "signal:web/2026-10-1"]
    for place, evidence in enumerate(feeds):
        given = {"title": f"Idea {place}", "experience": "customer", "money_frame": "", "evidence": evidence}
        answer = lea.post("/decide/items/new/", given | {"is_new": "yes"})
        assert answer.status_code == 302, answer.context["form"].errors
    first, second, third = Item.objects.order_by("pk")
    actions.merge_item(item=second, into=first, by="Lea", at=now())
    import_items(BACKLOG_FILE, office=read_office(home), by="Lea", at=now() - timedelta(days=400))
    text = lea.get(f"/decide/items/{first.pk}/").content.decode()
    assert case.name.replace("case:", "/act/cases/") in text
    page = lea.get("/decide/?state=all")
    shown = {row.entry.item.pk: row.entry for row in [*page.context["rows"]["listed"], *page.context["blocked"]]}
    assert shown[first.pk].heard == 41  # the case once, and the finding 40 times that came with the merged idea
    assert second.pk not in shown
    assert shown[first.pk].newest is not None
    assert not shown[first.pk].stale
    chatbot = Item.objects.get(key="chatbot")
    assert shown[chatbot.pk].stale  # nobody has said anything for it in more than a year
    assert third.evidence.get().thing == "signal:web/2026-10-1"


# THE GAP, AND WHO OPENS IT


@pytest.mark.capability("ROLE-03")
def test_the_gap_is_taken_apart_by_segment_to_the_last_digit_and_shows_its_trend(home: Home, sign_in: SignIn) -> None:
    put(home, Ambition(key="happy", statement="Content", metric="csat_mean", target=4.5), by="Lea", at=now())
    hear(
        home,
        *(row(n, value=2, channel="chat") for n in range(40)),
        *(row(100 + n, value=5, channel="phone") for n in range(60)),
        *(row(n, "2026-09", value=4) for n in range(60)),
    )
    page = sign_in("Lea").get(f"/govern/gap/happy/?by=channel&{OCTOBER}")
    found = {each.label: each.part for each in page.context["segments"]}
    assert page.context["row"]["gap"] == pytest.approx(4.5 - 3.8)
    assert found["chat"] == pytest.approx(0.4 * (4.5 - 2))
    assert found["phone"] == pytest.approx(0.6 * (4.5 - 5))
    assert sum(found.values()) == pytest.approx(page.context["row"]["gap"])
    assert page.context["rest"] == pytest.approx(0)
    assert next(iter(found)) == "chat"
    trend = page.context["trend"]
    october = trend["x"].index(f"{date(2026, 10, 1):%b %Y}")
    assert trend["series"][0]["values"][october - 1 : october + 1] == pytest.approx([4.0, 3.8])


# X, O AND T TOGETHER


CARE = Xla(
    key="care",
    label="Care",
    components=(
        Component(metric="csat", kind="X", weight=0.6, low=0, high=100),
        Component(metric="handle_time", kind="O", weight=0.25, low=0, high=900, better="lower"),
        Component(metric="lost", kind="T", weight=0.15, low=0, high=60, better="lower"),
    ),
)
LOST = Metric(key="lost", label="minutes lost", signal="outage", score=Score(kind="mean"), unit="min", better="lower")


def told_of(kind: str, name: str, value: float, count: int = 60) -> list[dict[str, Any]]:
    return [row(n, id=f"{name}-{n}", name=name, kind=kind, value=value, scale=None) for n in range(count)]


@pytest.mark.capability("ROLE-05")
def test_answers_operations_and_devices_of_one_person_stand_on_one_time_line(home: Home, sign_in: SignIn) -> None:
    hear(home, row(1), told_of("O", "handle_time", 300, 2)[1], told_of("T", "outage", 12, 2)[1])
    page = sign_in("Tom").get("/understand/people/customer-1/")
    assert {each["kind"] for each in page.context["rows"]} == {"X", "O", "T"}


@pytest.mark.capability("ROLE-05")
def test_weights_are_declared_a_missing_part_is_flagged_and_without_answers_there_is_no_score(
    home: Home, sign_in: SignIn
) -> None:
    put(home, LOST, CARE, by="Lea", at=now())
    ada, address = sign_in("Ada"), f"{EXPLORE}metric=care&{OCTOBER}"
    hear(home, *told_of("O", "handle_time", 450), *told_of("T", "outage", 30))
    assert answer_of(ada.get(address)).startswith("No score: no experience was heard.")
    hear(home, *(row(500 + n, value=5 if n % 2 else 1) for n in range(60)))
    score = ada.get(address).context["agreement"].score
    assert [(part.declared_weight, part.weight) for part in score.components] == [
        pytest.approx((share, share)) for share in (0.6, 0.25, 0.15)
    ]
    assert score.score == pytest.approx(0.6 * 50 + 0.25 * 50 + 0.15 * 50)
    assert score.missing == ()


@pytest.mark.capability("ROLE-05")
def test_a_part_that_was_not_heard_is_left_out_of_the_weights_and_the_page_says_so(home: Home, sign_in: SignIn) -> None:
    put(home, LOST, CARE, by="Lea", at=now())
    hear(home, *told_of("O", "handle_time", 450), *(row(500 + n, value=5 if n % 4 else 1) for n in range(60)))
    page = sign_in("Ada").get(f"{EXPLORE}metric=care&{OCTOBER}")
    score = page.context["agreement"].score
    assert score.score == pytest.approx((0.6 * 75 + 0.25 * 50) / 0.85)
    assert score.missing == ("lost",)
    assert [part.weight for part in score.components] == pytest.approx([0.6 / 0.85, 0.25 / 0.85, 0])
    assert "minutes lost" in words_of(page)


# THE EXECUTIVE'S SHEET


def test_what_an_idea_is_worth_is_told_to_the_digits_of_the_backlog_and_the_sheet_bears_its_day(
    home: Home, sign_in: SignIn
) -> None:
    import_items(BACKLOG_FILE, office=read_office(home), by="Ada", at=now() - timedelta(hours=1))
    sheet, backlog = (words_of(sign_in("Eve").get(address)) for address in ("/worth/", "/decide/"))
    assert "Activation check in the other 18 districts worth €120,000" in sheet
    assert "€120,000" in backlog
    assert f"As of {day(now())}." in sheet
