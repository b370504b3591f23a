"""The public data sets, imported by the command, give their published figures by the command."""

import csv
import gzip
import json
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path
from statistics import fmean
from typing import Any

import ibis
import pytest

import openxmo
from openxmo.core.signals.reading import read_signals
from tests.functional.homes import ask, change_office, make_office

pytestmark = pytest.mark.real_data
Receipts = dict[str, dict[str, Any]]


def one_row(home: Path, *words: str) -> dict[str, Any]:
    """The only row of a score."""
    (row,) = ask(home, "score", *words)["rows"]
    return dict(row)


def by_cut(home: Path, metric: str, cut: str, *words: str) -> dict[str | None, dict[str, Any]]:
    return {row["by"][cut]: row for row in ask(home, "score", metric, "--by", cut, *words)["rows"]}


def count_rows(home: Path, source: str, column: str | None = None) -> Any:
    """How many signals of a source stand; with a column, how many by each of its values."""
    engine = openxmo.open(home).engine
    heard = read_signals(engine).filter(ibis._.source == source)
    if column is None:
        return engine.fetch(heard.aggregate(n=heard.count())).to_pylist()[0]["n"]
    rows = engine.fetch(heard.group_by(column).aggregate(n=heard.count())).to_pylist()
    return {row[column]: row["n"] for row in rows}


def read_csv(path: Path) -> list[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_every_row_of_every_data_set_is_accounted_for(receipts: Receipts) -> None:
    for name, receipt in receipts.items():
        kept = receipt["accepted"] + receipt["duplicates"] + receipt["conflicts"] + receipt["rejected"]
        assert (name, receipt["received"], receipt["rejected"]) == (name, kept, 0)
        assert (receipt["rejects"] is None) == (name != "tweets_airline")


def test_one_office_holds_all_of_them_and_is_whole(archive: Path, receipts: Receipts) -> None:
    examined = ask(archive, "doctor")
    assert examined["ok"], examined
    heard = {row["source"]: row["signals"] for row in ask(archive, "sources")["rows"]}
    assert sum(heard.values()) == sum(receipt["accepted"] for receipt in receipts.values())
    assert set(heard) == {"sfo", "tweets", "cfpb_2015", "cfpb_2019", "olist", "itsm", "helpdesk", "nyc311"} | {
        "permit_receipt"
    }


# The airport's own net promoter score; code 11 is a blank and no score.
def test_the_airport_is_recommended_by_39_84_of_2746(archive: Path) -> None:
    row = one_row(archive, "sfo_nps")
    assert (round(row["value"], 2), row["n"], row["suppressed"]) == (39.84, 2746, None)
    assert row["low"] < row["value"] < row["high"]


def test_weighted_to_all_passengers_it_is_40_40_on_a_smaller_effective_n(archive: Path) -> None:
    row = one_row(archive, "sfo_nps", "--weighted")
    assert (round(row["value"], 2), row["n"]) == (40.40, 2746)
    assert 2000 < row["effective_n"] < 2746


def test_the_same_scores_come_from_the_command_as_a_process(archive: Path) -> None:
    command = [sys.executable, "-c", "import sys, openxmo.cli as cli; sys.exit(cli.main())"]
    words = ["--json", "--home", str(archive), "score", "sfo_nps", "--weighted"]
    done = subprocess.run([*command, *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0
    (told,), (expected,) = json.loads(done.stdout)["rows"], ask(archive, "score", "sfo_nps", "--weighted")["rows"]
    # Sums of weights differ in their last digits with the order in which threads add them up.
    assert told == {
        name: pytest.approx(value) if isinstance(value, float) else value for name, value in expected.items()
    }


def test_repeated_tweets_are_duplicates_or_conflicts_and_scored_once(
    archive: Path, receipts: Receipts, shared_data: Path
) -> None:
    receipt = receipts["tweets_airline"]
    assert (receipt["rows"], receipt["received"], receipt["accepted"]) == (14640, 14640, 14485)
    assert receipt["duplicates"] + receipt["conflicts"] == 155
    # Rows that equal the first of their tweet in every column are duplicates, the other repeats conflicts.
    rows = read_csv(shared_data / "data" / "tweets_airline" / "tweets.csv.gz")
    assert Counter(row["airline_sentiment"] for row in rows) == {"negative": 9178, "neutral": 3099, "positive": 2363}
    first = {row["tweet_id"]: row for row in reversed(rows)}
    again = sum(1 for row in rows if first[row["tweet_id"]] is not row and first[row["tweet_id"]] == row)
    assert (receipt["duplicates"], receipt["conflicts"]) == (again, 155 - again)
    assert len(Path(receipt["rejects"]).read_bytes().splitlines()) == receipt["conflicts"]
    kept = Counter(row["airline_sentiment"] for row in first.values())
    scored = by_cut(archive, "tweets_negative", "label")
    assert {label: row["n"] for label, row in scored.items()} == kept
    assert one_row(archive, "tweets_negative")["value"] == pytest.approx(100 * kept["negative"] / 14485, abs=1e-9)


# Counted by the bureau's own field "Timely response?".
@pytest.mark.parametrize(
    ("year", "timely", "n", "products", "file"),
    [
        (2015, 97.47, 28156, 11, "cfpb_2015_28k_no_narrative.csv.gz"),
        (2019, 98.58, 6623, 13, "cfpb_2019_6623_some_narratives.csv.gz"),
    ],
)
def test_complaints_are_answered_in_time_as_the_bureau_counts(
    archive: Path, shared_data: Path, year: int, timely: float, n: int, products: int, file: str
) -> None:
    metric = f"cfpb_{year}_timely"
    row = one_row(archive, metric)
    assert (round(row["value"], 2), row["n"]) == (timely, n)
    expected: dict[str | None, list[bool]] = defaultdict(list)
    for each in read_csv(shared_data / "data" / "cfpb" / file):
        expected[each["Product"]].append(each["Timely response?"] == "Yes")
    found = by_cut(archive, metric, "product")
    assert len(found) == products
    assert {product: row["n"] for product, row in found.items()} == {key: len(each) for key, each in expected.items()}
    for product, row in found.items():
        value = None if row["n"] < 30 else pytest.approx(100 * fmean(expected[product]), abs=1e-9)
        assert (row["value"], row["suppressed"]) == (value, "too_few" if value is None else None)


def test_complaints_have_their_issues_as_a_dimension(archive: Path) -> None:
    rows = by_cut(archive, "cfpb_2015_timely", "reason")
    assert len(rows) == 90
    assert sum(row["n"] for row in rows.values()) == 28156
    assert rows[None]["n"] == 2


def test_late_orders_are_reviewed_worse_by_a_borrowed_dimension(archive: Path) -> None:
    rows = by_cut(archive, "olist_review", "late")
    assert (round(rows["on_time"]["value"], 3), round(rows["late"]["value"], 3)) == (4.294, 2.427)
    delivered = rows["on_time"]["n"] + rows["late"]["n"]
    assert round(100 * rows["late"]["n"] / delivered, 2) == 8.31
    assert rows["on_time"]["low"] > rows["late"]["high"]
    assert rows[None]["n"] == one_row(archive, "olist_review")["n"] - delivered  # orders that never arrived


def test_one_condition_by_the_borrowed_dimension_gives_the_same_number(archive: Path) -> None:
    assert round(one_row(archive, "olist_review", "--where", "late=late")["value"], 3) == 2.427


def test_the_sellers_of_the_marketplace_are_partners(archive: Path) -> None:
    engine = openxmo.open(archive).engine
    heard = read_signals(engine).filter(ibis._.source == "olist", ibis._.name == "item_sold")
    kinds = engine.fetch(heard.group_by("subject_kind").aggregate(n=heard.subject.nunique())).to_pylist()
    assert kinds == [{"subject_kind": "partner", "n": 1125}]


def test_incidents_meet_their_service_level_by_their_last_step_and_the_junk_state_is_told(
    archive: Path, receipts: Receipts
) -> None:
    assert receipts["itsm_incidents"]["accepted"] == 34273
    row = one_row(archive, "itsm_sla")
    assert (round(row["value"], 1), row["n"]) == (63.4, 6000)
    assert row["excluded"] == {"unknown label: -100": 2}


@pytest.mark.parametrize(
    ("source", "events", "cases", "activities"), [("helpdesk", 21348, 4580, 14), ("permit_receipt", 8577, 1434, 27)]
)
def test_event_logs_are_whole_in_the_lake(
    archive: Path, receipts: Receipts, source: str, events: int, cases: int, activities: int
) -> None:
    assert receipts[source]["accepted"] == events == count_rows(archive, source)
    assert len(count_rows(archive, source, "issue")) == cases
    assert len(count_rows(archive, source, "name")) == activities


def test_requests_about_animals_take_their_hours_to_close(archive: Path) -> None:
    closed = one_row(archive, "nyc311_closed")
    assert closed["n"] == 4692 + 277
    assert closed["value"] == pytest.approx(100 * 4692 / (4692 + 277), abs=1e-9)
    median, mean = one_row(archive, "nyc311_median_hours"), one_row(archive, "nyc311_mean_hours")
    assert (median["n"], mean["n"]) == (4692, 4692)
    assert (round(median["value"], 2), round(mean["value"], 2)) == (4.48, 26.25)


# Card & Krueger (1994), table 3; standard errors by R's lm and sandwich.
def test_the_minimum_wage_study_gives_its_difference_in_differences(archive: Path, shared_data: Path) -> None:
    table = shared_data / "data" / "causal" / "card_krueger_njmin3_poe.csv"
    found = ask(archive, "prove", "--table", table, "--outcome", "fte", "--treated", "nj", "--after", "d")
    assert found["effect"]["value"] == pytest.approx(2.75360578298, abs=1e-6)
    assert found["standard_errors"]["ols"] == pytest.approx(1.68840913091, abs=1e-6)
    assert found["effect"]["n"] == 794
    assert found["verdict"]["word"] == "no effect larger than"
    means = {(group["treated"], group["after"]): group["mean"] for group in found["groups"]}
    assert means[True, True] == pytest.approx(21.0274294671, abs=1e-6)
    alone = ask(archive, "prove", "--table", table, "--outcome", "fte", "--after", "d")
    assert (alone["verdict"], alone["moved"]["label"]) == (None, "not evidence of effect")


# A made-up contact centre whose truths are known; an answer is dated by the period its row names.
WORLD_MAPPING = """
source = "centre"
zone = "UTC"
dates = ["%Y-%m-%dT%H:%M"]

[table.contacts]
file = "planted_cx_world_open*.csv"

[table.contacts.common]
issue = "{case_id}"
contact = "{contact_id}"
subject = "{customer}"
subject_kind = "customer"
channel = "{channel}"
product = "{product}"
reason = "{reason}"
site = "{site}"
agent = "{agent}"

[[signal]]
id = "{contact_id}"
happened_at = "{ts}"
kind = "O"
name = "contact"

[[signal]]
needs = ["value"]
id = "{contact_id}:csat"
happened_at = { from = "{period}", map = { 1 = "2025-01-31T00:00", 2 = "2025-04-30T00:00" } }
kind = "X"
name = "csat"
value = "{csat}"
scale = "1..5"
text = "{comment}"
excluded = { from = "{in_reported_feed}", map = { 0 = "not in the feed" }, unknown = "missing" }
"""
WORLD_OFFICE = """
[[metric]]
key = "mean"
signal = "csat"
score = { kind = "mean" }

[[metric]]
key = "top2"
signal = "csat"
score = { kind = "top_box", top = 4 }

[[metric]]
key = "solved_at_first"
signal = "contact"
score = { kind = "repeat_free", days = 7, key = ["issue"] }
"""
PERIODS = ("--before", "2025-01-01..2025-02-01", "--after", "2025-04-01..2025-05-01")


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory, shared_data: Path) -> Path:
    home = make_office(tmp_path_factory.mktemp("centre") / "home")
    change_office(home, WORLD_OFFICE)
    mapping = home.parent / "centre.toml"
    mapping.write_text(WORLD_MAPPING, encoding="utf-8")
    receipt = ask(home, "import", shared_data / "oracles" / "planted_cx_world_open.csv", "--mapping", mapping)
    assert (receipt["rows"], receipt["accepted"], receipt["rejected"]) == (4915, 4915 + 1457, 0)
    return home


def test_collected_and_reported_answers_give_two_scores(centre: Path) -> None:
    collected, reported = ("--include-excluded",), ()
    for words, n, mean, top2 in [
        (collected, 1457, 3.60192175704, 62.319835278),
        (reported, 1385, 3.71913357401, 65.559566787),
    ]:
        found = one_row(centre, "mean", *words), one_row(centre, "top2", *words)
        assert [row["n"] for row in found] == [n, n]
        assert [row["value"] for row in found] == [pytest.approx(mean, abs=1e-9), pytest.approx(top2, abs=1e-9)]
    assert one_row(centre, "mean")["excluded"] == {"not in the feed": 72}


def test_the_shift_of_channels_and_the_worse_answers_are_told_apart_exactly(centre: Path) -> None:
    found = ask(centre, "explain", "mean", *PERIODS, "--by", "channel", "--include-excluded")
    assert found["change"]["value"] == pytest.approx(-0.271859735874, abs=1e-9)
    assert sum(part["mix"] for part in found["parts"]) == pytest.approx(-0.145668639865, abs=1e-9)
    assert sum(part["rate"] for part in found["parts"]) == pytest.approx(-0.12619109601, abs=1e-9)


def test_the_planted_cause_and_no_other_is_found(centre: Path) -> None:
    found = ask(centre, "explain", "mean", *PERIODS, "--by", "channel,product,site", "--include-excluded")
    assert [cell["by"] for cell in found["localised"]] == [{"channel": "chat", "product": "P3"}]
    assert found["localised"][0]["p"] < 0.001


def test_issues_solved_at_first_contact_are_counted(centre: Path) -> None:
    row = one_row(centre, "solved_at_first")
    assert (row["n"], row["value"]) == (3200, pytest.approx(67.28125, abs=1e-9))
    assert round(row["n"] * (1 - row["value"] / 100)) == 1047  # journeys that failed
