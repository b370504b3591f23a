"""*What is {metric}, by {dimensions}?*"""

import csv
import io
from collections.abc import Callable

import pytest
from django.test import Client

from openxmo.core.metrics.metric import Component, Metric, Score, Xla
from openxmo.core.signals.store.home import Home
from openxmo.office.govern.actions import put
from openxmo.office.understand.tests.heard import HEARD_AT, OCTOBER, answer_of, ask_employees, hear, mood, row, words_of

EXPLORE = "/understand/explore/?"
SignIn = Callable[[str], Client]


def test_the_answer_names_the_number_its_interval_and_what_it_rests_on(home: Home, sign_in: SignIn) -> None:
    hear(home, *(row(number, value=5 if number % 4 else 1) for number in range(80)))
    page = sign_in("Ada").get(f"{EXPLORE}metric=csat&{OCTOBER}")
    assert "October 2026: CSAT is 75.0 % (likely 64.5 to 83.2), from 80 heard." in answer_of(page)


def test_a_single_number_shows_the_year_that_led_to_it(home: Home, sign_in: SignIn) -> None:
    months = [f"2026-{month:02d}" for month in range(7, 11)]
    hear(home, *(row(number, month, value=5 if number % 4 else 1) for month in months for number in range(40)))
    client = sign_in("Ada")
    whole = words_of(client.get(f"{EXPLORE}metric=csat&{OCTOBER}"))
    assert "How did it get here?" in whole
    assert "Jul 2026" in whole
    for more in ("by=channel", "every=month"):
        assert "How did it get here?" not in words_of(client.get(f"{EXPLORE}metric=csat&{more}&{OCTOBER}"))


def test_a_number_that_is_not_shown_by_month_stands_alone(home: Home, sign_in: SignIn) -> None:
    whole = Metric(key="whole", signal="csat", score=Score(kind="mean"), refused_by=("month",))
    put(home, whole, by="operator", at=HEARD_AT)
    hear(home, *(row(number, month) for month in ("2026-09", "2026-10") for number in range(40)))
    page = sign_in("Ada").get(f"{EXPLORE}metric=whole&{OCTOBER}")
    assert page.status_code == 200
    assert "How did it get here?" not in words_of(page)


@pytest.mark.capability("CXM-05")
@pytest.mark.parametrize(
    "cut", ["segment", "journey", "channel", "reason", "team", "product", "touchpoint", "stage", "site"]
)
def test_a_score_pivots_by_each_dimension_in_one_address_and_too_few_are_not_told(
    home: Home, sign_in: SignIn, cut: str
) -> None:
    many = [row(number, **{cut: "many"}, value=5 if number % 2 else 1) for number in range(60)]
    few = [row(100 + number, **{cut: "few"}) for number in range(10)]
    hear(home, *many, *few)
    client = sign_in("Ada")
    page = client.get(f"{EXPLORE}metric=csat&by={cut}&{OCTOBER}")
    assert f'<option value="{cut}"' in page.content.decode()
    assert "50.0" in words_of(page)
    assert "10 heard, 30 needed" in words_of(page)


def test_agents_are_no_cut_until_the_office_records_why_and_nps_never_is(home: Home, sign_in: SignIn) -> None:
    hear(home, *(row(number, agent="amy") for number in range(40)))
    client = sign_in("Ada")
    refused = client.get(f"{EXPLORE}metric=csat&by=agent&{OCTOBER}")
    assert refused.status_code == 403
    assert "not cut by agent" in answer_of(refused)
    for how in ("by=agent", "every=day"):
        page = client.get(f"{EXPLORE}metric=nps&{how}&{OCTOBER}")
        assert page.status_code == 400
        assert "a handful of answers says nothing about one" in answer_of(page)
        assert "Ask by team, channel or reason" in words_of(page)


def test_what_is_judged_per_quarter_is_followed_by_month_and_refused_by_week(home: Home, sign_in: SignIn) -> None:
    hear(home, *(row(number) for number in range(40)))
    client = sign_in("Ada")
    page = client.get(f"{EXPLORE}metric=nps&every=month&{OCTOBER}")
    assert page.status_code == 200
    assert 'value="week" disabled' in page.content.decode()
    assert 'value="quarter" disabled' not in page.content.decode()
    refused = client.get(f"{EXPLORE}metric=nps&every=week&{OCTOBER}")
    assert refused.status_code == 400
    assert "is judged per quarter, so it is not shown by week" in answer_of(refused)
    assert "Ask by month, quarter or year" in words_of(refused)
    assert "what a single week says is chance" in words_of(client.get("/understand/measures/nps/"))


def test_a_number_that_pools_two_wordings_says_so(home: Home, sign_in: SignIn) -> None:
    hear(home, *(row(number, instrument=f"csat@{1 + number % 2}") for number in range(80)))
    client = sign_in("Ada")
    pooled = words_of(client.get(f"{EXPLORE}metric=csat&{OCTOBER}"))
    assert "Answers to several wordings are pooled here. csat@1, csat@2: a new wording can move a score" in pooled
    apart = words_of(client.get(f"{EXPLORE}metric=csat&by=instrument&{OCTOBER}"))
    assert "pooled" not in apart


def test_the_file_holds_the_rows_of_the_page(home: Home, sign_in: SignIn) -> None:
    hear(home, *(row(number, value=5 if number % 4 else 1) for number in range(80)))
    file = sign_in("Ada").get(f"{EXPLORE}metric=csat&by=channel&{OCTOBER}&as=csv")
    rows = list(csv.DictReader(io.StringIO(file.content.decode())))
    assert [(each["channel"], each["n"], float(each["value"])) for each in rows] == [
        ("chat", "40", 100.0),
        ("phone", "40", 50.0),
    ]


def test_a_spreadsheet_reads_no_formula_out_of_the_file(home: Home, sign_in: SignIn) -> None:
    hear(home, *(row(number, channel="=1+1") for number in range(40)))
    file = sign_in("Ada").get(f"{EXPLORE}metric=csat&by=channel&{OCTOBER}&as=csv").content.decode()
    assert "'=1+1" in file
    assert "\n=1+1" not in file


def test_everything_received_stands_beside_what_counts_where_they_differ_by_more_than_noise(
    home: Home, sign_in: SignIn
) -> None:
    good = [row(number, value=5) for number in range(100)]
    bad = [row(200 + number, value=1, excluded="duplicate", excluded_by="site") for number in range(100)]
    hear(home, *good, *bad)
    client = sign_in("Ada")
    assert "Counted and received differ by more than noise" in words_of(client.get(f"{EXPLORE}metric=csat&{OCTOBER}"))
    hear(home, row(500, month="2026-09", value=1, excluded="spam"), *(row(number, "2026-09") for number in range(50)))
    assert "differ by more" not in words_of(client.get(f"{EXPLORE}metric=csat&period=2026-09"))


def test_a_table_is_sorted_by_its_address_and_every_number_opens_its_signals(home: Home, sign_in: SignIn) -> None:
    hear(home, *(row(number, value=5 if number % 2 else 1) for number in range(80)))
    client = sign_in("Ada")
    up, down = (client.get(f"{EXPLORE}metric=csat&by=channel&{OCTOBER}&sort={sort}") for sort in ("value", "-value"))
    names = [[line.names for line in page.context["found"].lines] for page in (up, down)]
    assert names == [[("phone",), ("chat",)], [("chat",), ("phone",)]]
    behind = down.context["found"].lines[0].behind
    assert "40 signals count" in answer_of(client.get(behind))


def test_a_condition_narrows_and_another_unit_s_people_are_not_in_it(home: Home, sign_in: SignIn) -> None:
    hear(home, *(row(number) for number in range(80)), *(row(200 + n, unit="south", value=1) for n in range(40)))
    assert "from 40" in answer_of(sign_in("Ada").get(f"{EXPLORE}metric=csat&{OCTOBER}&where.channel=phone&unit=north"))
    assert "CSAT is 0.0 %" in answer_of(sign_in("Carl").get(f"{EXPLORE}metric=csat&{OCTOBER}"))
    assert sign_in("Carl").get(f"{EXPLORE}metric=csat&{OCTOBER}&unit=north").status_code == 403
    assert sign_in("Root").get(f"{EXPLORE}metric=csat&{OCTOBER}").status_code == 403


def test_a_people_leader_sees_a_pulse_above_the_minimum_group_only(home: Home, sign_in: SignIn) -> None:
    ask_employees(home)
    hear(
        home,
        *(mood(number, site="large") for number in range(24)),
        *(mood(100 + number, site="small") for number in range(7)),
        *(mood(200 + number, site="other") for number in range(12)),
    )
    client = sign_in("Pia")
    page = client.get(f"{EXPLORE}metric=mood&by=staff_site&{OCTOBER}")
    cells = {line.names[0]: line.cell["suppressed"] for line in page.context["found"].lines}
    assert cells["small"] == "privacy"
    assert cells["large"] is None
    assert list(cells.values()).count("privacy") >= 2, (
        "a second one is withheld, else the small one follows by subtraction"
    )
    refused = client.get(f"{EXPLORE}metric=mood&by=channel&{OCTOBER}")
    assert refused.status_code == 403
    assert "not cut by channel" in answer_of(refused)


def test_without_experience_an_agreement_has_no_score(home: Home, sign_in: SignIn) -> None:
    parts = (
        Component(metric="csat", kind="X", low=0, high=100, weight=0.6),
        Component(metric="handle_time", kind="O", low=0, high=600, better="lower", weight=0.4),
    )
    put(home, Xla(key="care", label="Care", components=parts), by="operator", at=HEARD_AT)
    minutes = [
        row(n, id=f"h{n}", name="handle_time", kind="O", value=300 + n % 5, scale=None, value_unit="s")
        for n in range(60)
    ]
    hear(home, *minutes)
    client = sign_in("Ada")
    alone = client.get(f"{EXPLORE}metric=care&{OCTOBER}")
    assert answer_of(alone).startswith("No score: no experience was heard.")
    hear(home, *(row(number, value=5 if number % 2 else 1) for number in range(60)))
    assert " of 100 (likely" in answer_of(client.get(f"{EXPLORE}metric=care&{OCTOBER}"))
