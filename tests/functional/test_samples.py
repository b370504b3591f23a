"""The mappings that ship give the published figures of their public data sets.

Each figure is worked out here in plain Python from the mapped signals, so that it hangs on the mapping alone.
"""

import math
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from statistics import fmean, median
from typing import Any

import msgspec
import pytest

from openxmo.core.errors import UnreadableInput, WrongUsage
from openxmo.core.metrics.checks import check_metric
from openxmo.core.metrics.definitions import Definitions
from openxmo.core.metrics.metric import Dimension, Metric
from openxmo.core.signals.contract import Signal
from openxmo.core.signals.mapping import load_mapping, map_files
from openxmo.core.signals.mapping.samples import find_sample, list_samples

FOLDERS = {
    "cfpb_2015": "cfpb",
    "cfpb_2019": "cfpb",
    "helpdesk": "process_logs",
    "itsm_incidents": "itsm_uci_incident_log",
    "nyc311_animals": "contacts",
    "olist": "olist_sample_A",
    "permit_receipt": "process_logs",
    "problem_log": "process_logs",
    "sfo_airport_survey": "sfo_airport_survey",
    "sfo_airport_survey_2016": "sfo_airport_survey",
    "tweets_airline": "tweets_airline",
}
Signals = list[dict[str, Any]]
Read = Callable[[str], Signals]
real_data = pytest.mark.real_data


@pytest.fixture(scope="module")
def read(shared_data: Path) -> Read:
    """`read(sample)`: the signals of its files; no row may be in error, and all keep the contract."""
    known: dict[str, Signals] = {}

    def read_sample(name: str) -> Signals:
        if name not in known:
            sample = find_sample(name)
            files = [shared_data / "data" / FOLDERS[name] / file for file in sample.files]
            rows = list(map_files(load_mapping(sample.mapping), files))
            assert [row.error for row in rows if row.error] == []
            known[name] = [signal for row in rows for signal in row.signals]
            msgspec.convert(known[name], list[Signal])
        return known[name]

    return read_sample


def named(signals: Signals, name: str) -> Signals:
    return [signal for signal in signals if signal["name"] == name]


def nps(signals: Iterable[dict[str, Any]], *, weighted: bool) -> float:
    scored = [(signal["weight"] if weighted else 1.0, signal["value"]) for signal in signals]
    total = math.fsum(weight for weight, _ in scored)
    points = math.fsum(weight * ((value >= 9) - (value <= 6)) for weight, value in scored)
    return 100 * points / total


def share(signals: Signals, label: str) -> float:
    return 100 * sum(1 for signal in signals if signal.get("label") == label) / len(signals)


def test_every_data_set_tells_what_it_is() -> None:
    samples = list_samples()
    assert {sample.name for sample in samples} == set(FOLDERS)
    for sample in samples:
        assert all([sample.title, sample.holds, sample.publisher, sample.licence, sample.files])
        assert sample.to_document()["mapping"] == str(sample.mapping)


def test_an_unknown_sample_is_told_with_the_nearest() -> None:
    with pytest.raises(WrongUsage, match="Did you mean `olist`"):
        find_sample("olits")


def test_the_office_files_of_samples_hold_metrics_that_can_be_measured() -> None:
    offices = [sample.office for sample in list_samples() if sample.office]
    assert len(offices) >= 5
    keys: Counter[str] = Counter()
    for path in offices:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
        assert set(document) <= {"metric", "dimension"}
        metrics = msgspec.convert(document.get("metric", []), list[Metric])
        dimensions = msgspec.convert(document.get("dimension", []), list[Dimension])
        keys.update([one.key for one in metrics] + [one.key for one in dimensions])
        definitions = Definitions(dimensions={one.key: one for one in dimensions})
        for metric in metrics:
            check_metric(metric, definitions)
    assert max(keys.values()) == 1


def test_files_of_another_data_set_are_refused(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text("a,b\n1,2\n")
    for sample in list_samples():
        with pytest.raises(UnreadableInput):
            list(map_files(load_mapping(sample.mapping), [tmp_path / "orders.csv"]))


@real_data
def test_the_airport_survey_gives_its_nps_without_the_blanks(read: Read) -> None:
    answers = named(read("sfo_airport_survey"), "nps")
    assert len(answers) == 2746
    assert {signal["value"] for signal in answers} == {float(score) for score in range(11)}
    assert round(nps(answers, weighted=False), 2) == 39.84
    assert round(nps(answers, weighted=True), 2) == 40.40
    days = {signal["happened_at"][:10] for signal in answers}
    assert (min(days), max(days)) == ("2017-05-05", "2017-05-30")


@real_data
def test_the_airport_surveys_of_two_years_share_their_items(read: Read) -> None:
    first, second = read("sfo_airport_survey_2016"), read("sfo_airport_survey")
    assert len({signal["response"] for signal in first}) <= 3087
    assert {signal["item"] for signal in named(first, "rating")} == {
        signal["item"] for signal in named(second, "rating")
    }
    # Counted in the files: answers 1 to 5 to Q7ALL.
    assert (len(named(first, "csat")), len(named(second, "csat"))) == (2919, 2688)


@real_data
def test_repeated_tweets_are_told_apart_as_duplicates_and_conflicts(read: Read) -> None:
    received = read("tweets_airline")
    assert Counter(signal["label"] for signal in received) == {"negative": 9178, "neutral": 3099, "positive": 2363}
    kept: dict[str, dict[str, Any]] = {}
    repeats: Counter[str] = Counter()
    for signal in received:
        standing = kept.setdefault(signal["id"], signal)
        if standing is not signal:
            repeats["duplicate" if standing == signal else "conflict"] += 1
    assert (len(received), len(kept)) == (14640, 14485)
    # Of the 155 repeats, 36 rows equal the first row of their tweet in every column of the file.
    assert repeats == {"duplicate": 36, "conflict": 119}


@real_data
def test_the_complaints_of_both_years_give_their_timely_share(read: Read) -> None:
    early, late = read("cfpb_2015"), read("cfpb_2019")
    answers = named(early, "complaint_answer"), named(late, "complaint_answer")
    assert (len(answers[0]), len(answers[1])) == (28156, 6623)
    assert round(share(answers[0], "timely"), 2) == 97.47
    assert round(share(answers[1], "timely"), 2) == 98.58
    assert {signal["happened_at"][:7] for signal in answers[0]} == {"2015-01", "2015-02", "2015-03"}
    # Counted in the files: products, issues (two complaints of 2015 name none), complaints in their own words.
    assert [len({signal.get("product") for signal in some}) for some in answers] == [11, 13]
    assert [len({signal.get("reason") for signal in some}) for some in answers] == [90, 86]
    assert sum("text" in signal for signal in named(late, "complaint")) == 6623 - 5091


@real_data
def test_late_orders_are_reviewed_worse(read: Read) -> None:
    signals = read("olist")
    late = {signal["issue"]: signal["label"] for signal in named(signals, "order_delivered")}
    reviews = [signal for signal in named(signals, "csat") if signal["issue"] in late]
    by = {label: [r["value"] for r in reviews if late[r["issue"]] == label] for label in ("on_time", "late")}
    assert round(fmean(by["on_time"]), 3) == 4.294
    assert round(fmean(by["late"]), 3) == 2.427
    assert round(100 * len(by["late"]) / len(reviews), 2) == 8.31
    assert len({signal["id"] for signal in signals}) == len(signals)


@real_data
def test_a_marketplace_has_sellers_as_partners_and_people_as_customers(read: Read) -> None:
    signals = read("olist")
    counts = Counter(signal["name"] for signal in signals)
    assert counts == {"csat": 3986, "order_placed": 4000, "order_delivered": 3898, "item_sold": 4519, "payment": 4161}
    sold = named(signals, "item_sold")
    assert {signal["subject_kind"] for signal in sold} == {"partner"}
    assert len({signal["subject"] for signal in sold}) == 1125
    assert {signal["subject_kind"] for signal in named(signals, "csat")} == {"customer"}
    assert all(signal["subject"] for signal in named(signals, "csat"))
    assert "health_beauty" in {signal.get("product") for signal in sold}
    assert "beleza_saude" not in {signal.get("product") for signal in signals}


@real_data
def test_the_service_level_of_incidents_is_read_off_their_last_step(read: Read) -> None:
    steps = read("itsm_incidents")
    assert len(steps) == 34273
    last = {step["issue"]: step for step in sorted(steps, key=lambda step: (step["happened_at"], step["revision"]))}
    assert len(last) == 6000
    assert round(100 * fmean(step["value"] for step in last.values()), 1) == 63.4
    assert not any("?" in (step.get("team"), step.get("subject"), step.get("agent")) for step in steps)


@real_data
def test_the_state_that_is_none_is_kept_and_marked_with_its_reason(read: Read) -> None:
    junk = [step for step in read("itsm_incidents") if step.get("excluded")]
    assert [(step["label"], step["excluded"], step["excluded_by"]) for step in junk] == [
        ("-100", "unknown label: -100", "mapping")
    ] * 2
    assert {step["issue"] for step in junk} == {"INC0028089"}


@real_data
@pytest.mark.parametrize(
    ("sample", "events", "cases", "activities"),
    [("helpdesk", 21348, 4580, 14), ("permit_receipt", 8577, 1434, 27), ("problem_log", 6660, 1487, 7)],
)
def test_event_logs_keep_every_event(read: Read, sample: str, events: int, cases: int, activities: int) -> None:
    steps = read(sample)
    assert len(steps) == len({step["id"] for step in steps}) == events
    assert len({step["issue"] for step in steps}) == cases
    assert len({step["name"] for step in steps}) == activities


@real_data
def test_requests_about_animals_give_their_hours_to_close(read: Read) -> None:
    signals = read("nyc311_animals")
    assert Counter(signal["label"] for signal in named(signals, "request")) == {"closed": 4692, "open": 277}
    hours = [signal["value"] for signal in named(signals, "time_to_close")]
    assert len(hours) == 4692
    assert round(median(hours), 2) == 4.48
    assert round(fmean(hours), 2) == 26.25  # counted on New York's clocks, over the change to summer time
    passed = [
        (datetime.fromisoformat(request["ended_at"]) - datetime.fromisoformat(request["happened_at"])).total_seconds()
        for request in named(signals, "request")
        if "ended_at" in request
    ]
    assert round(fmean(passed) / 3600, 2) == 26.23
