"""Which signals count: conditions, scope, the ends of a range, exclusions and marks, one for each unit."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from openxmo.core.errors import WrongUsage
from openxmo.core.metrics.estimates import estimate
from tests.spec.metrics.heard import AS_OF, Heard, answers, at, measure

NPS = measure("nps")
MEAN = measure("mean")


def test_the_same_key_twice_means_or_and_different_keys_and(heard: Heard) -> None:
    for channel, region, value in (("chat", "n", 1.0), ("phone", "n", 2.0), ("email", "n", 3.0), ("chat", "s", 4.0)):
        heard.hear(*answers([value], channel=channel, region=region))
    assert heard.table(MEAN, by=["channel"], where=[("channel", "chat"), ("channel", "phone")]) == {
        "chat": (2, 2.5),
        "phone": (1, 2.0),
    }
    assert heard.mean(MEAN, where=[("channel", "chat"), ("channel", "phone"), ("region", "n")]) == 1.5


def test_a_missing_value_can_be_asked_for(heard: Heard) -> None:
    heard.hear(*answers([1.0], channel="chat"), *answers([4.0]))
    assert heard.mean(MEAN, where=[("channel", None)]) == 4
    assert heard.mean(MEAN, where=[("channel", "")]) == 4
    assert heard.mean(MEAN, where=[("channel", "chat"), ("channel", None)]) == 2.5


def test_numbers_are_matched_as_numbers_and_attributes_as_words(heard: Heard) -> None:
    heard.hear(*answers([1.0, 4.0], attrs=[("tier", "7")]), *answers([4.0], attrs=[("tier", "8")]))
    assert heard.cell(MEAN, where=[("value", "4")]).tally.n == 2
    assert heard.cell(MEAN, where=[("attrs.tier", 7.0)]).tally.n == 2
    with pytest.raises(WrongUsage, match="value holds numbers, and 'four' is none"):
        heard.cell(MEAN, where=[("value", "four")])


def test_the_end_of_a_range_is_left_out_and_days_are_the_offices(heard: Heard) -> None:
    heard.define(zone="Europe/Amsterdam")
    moments = ["2026-02-28T22:59", "2026-02-28T23:00", "2026-03-31T21:59", "2026-03-31T22:00"]
    for value, moment in enumerate(moments):
        heard.hear(*answers([float(value)], happened_at=moment))
    # March begins at 23:00 UTC (winter time) and ends at 22:00 UTC (summer time).
    assert heard.mean(MEAN, since=date(2026, 3, 1), until=date(2026, 4, 1)) == 1.5
    local = datetime(2026, 3, 1, tzinfo=ZoneInfo("Europe/Amsterdam"))
    assert heard.mean(MEAN, since=local, until=local + timedelta(hours=1)) == 1
    assert heard.mean(MEAN, since=at("2026-03-31T22:00")) == 3


def test_a_range_that_ends_before_it_starts_is_refused(heard: Heard) -> None:
    with pytest.raises(WrongUsage, match="ends before it starts"):
        heard.cells(MEAN, since=date(2026, 3, 1), until=date(2026, 3, 1))


def test_what_is_later_than_the_moment_judged_from_is_not_seen(heard: Heard) -> None:
    heard.hear(*answers([1.0], happened_at="2026-03-10"), *answers([9.0], happened_at="2026-03-10T00:01"))
    assert heard.mean(MEAN, as_of=at("2026-03-10")) == 1
    assert heard.mean(MEAN) == 5


def test_a_past_answer_knows_what_was_heard_by_then(heard: Heard) -> None:
    heard.hear(*answers([1.0], heard_at=at("2026-04-01")), *answers([9.0], heard_at=at("2026-05-01")))
    assert heard.mean(MEAN, known_at=at("2026-04-15")) == 1


def test_a_moment_without_a_zone_is_refused(heard: Heard) -> None:
    with pytest.raises(WrongUsage, match="needs a zone"):
        heard.cells(MEAN, as_of=datetime(2026, 1, 1))  # noqa: DTZ001


def test_everything_left_out_is_counted_by_reason(heard_everywhere: Heard) -> None:
    heard_everywhere.hear(
        *answers([9.0, 9.0, 0.0]),
        *answers([0.0, 0.0], excluded="duplicate"),
        *answers([0.0], basis="inferred"),
        *answers([None]),
        *answers([0.0]),
    )
    heard_everywhere.mark(8, "2026-03", mark="spam", reason="robot")
    cell = heard_everywhere.cell(NPS)
    assert cell.tally.n == 3
    assert cell.excluded == {"duplicate": 2, "inferred": 1, "missing": 1, "robot": 1}
    # Everything received: what the source leaves out counts, marks and inferred ones still do not.
    received = heard_everywhere.cell(NPS, include_excluded=True)
    assert (received.tally.n, received.excluded) == (5, {"inferred": 1, "missing": 1, "robot": 1})
    inferred = heard_everywhere.cell(measure("nps", include_inferred=True))
    assert (inferred.tally.n, "inferred" in inferred.excluded) == (4, False)


def test_a_cell_of_nothing_but_exclusions_is_shown(heard: Heard) -> None:
    heard.hear(*answers([9.0], channel="chat"), *answers([1.0], channel="phone", excluded="pilot"))
    chat, phone = heard.cells(NPS, by=["channel"])
    assert (chat.tally.n, dict(chat.excluded)) == (1, {})
    assert (phone.tally.n, dict(phone.excluded)) == (0, {"pilot": 1})


def test_a_scope_sees_its_units_and_nothing_without_one(heard: Heard) -> None:
    heard.hear(*answers([1.0], unit="north"), *answers([5.0], unit="south"), *answers([9.0]))
    assert heard.mean(MEAN, scope=frozenset({"north", "south"})) == 3
    assert heard.mean(MEAN) == 5
    assert heard.cell(MEAN, scope=frozenset()).tally.n == 0


def test_a_metric_selects_by_its_own_conditions(heard: Heard) -> None:
    heard.hear(*answers([1.0], source="web"), *answers([2.0], source="app"), *answers([3.0], source="shop"))
    assert heard.mean(measure("mean", where={"source": "web"})) == 1
    assert heard.mean(measure("mean", where={"source": ("web", "app")})) == 1.5


def test_the_last_state_of_a_case_counts_once_in_all(heard_everywhere: Heard) -> None:
    steps = [
        ("a", "2026-01-30", "met"),
        ("a", "2026-02-02", "missed"),
        ("b", "2026-01-05", "met"),
        (None, "2026-01-06", "met"),
        (None, "2026-01-07", "met"),
    ]
    heard_everywhere.hear(
        *(
            {"name": "sla", "issue": case, "happened_at": day, "label": label, "value": None}
            for case, day, label in steps
        )
    )
    metric = measure("share", signal="sla", of=("met",), once_per="issue", pick="last")
    assert heard_everywhere.table(metric, every="month") == {"2026-01": (3, 100.0), "2026-02": (1, 0.0)}
    # So a range shows the same as the period of that range.
    assert heard_everywhere.table(metric, every="month", until=date(2026, 2, 1)) == {"2026-01": (3, 100.0)}
    first = measure("share", signal="sla", of=("met",), once_per="issue", pick="first")
    assert heard_everywhere.table(first, every="month") == {"2026-01": (4, 100.0)}


def test_at_the_same_moment_the_revision_and_then_the_id_decide(heard: Heard) -> None:
    step = {"name": "sla", "issue": "a", "happened_at": "2026-01-05"}
    heard.hear(
        {**step, "id": "1", "value": 3.0, "revision": 2.0},
        {**step, "id": "2", "value": 4.0, "revision": 2.0},
        {**step, "id": "3", "value": 5.0, "revision": 1.0},
        {**step, "id": "4", "value": 6.0, "revision": None},
    )
    assert heard.mean(measure("mean", signal="sla", once_per="issue", pick="last")) == 4
    assert heard.mean(measure("mean", signal="sla", once_per="issue", pick="first")) == 6


def test_a_person_counts_once_in_each_period_shown(heard: Heard) -> None:
    for day, value in (("2026-01-10", 0.0), ("2026-01-20", 10.0), ("2026-04-10", 0.0)):
        heard.hear(*answers([value], happened_at=day))
    once = measure("nps", once_per="subject")
    assert heard.table(once, every="quarter") == {"2026-Q1": (1, 100.0), "2026-Q2": (1, -100.0)}
    assert heard.cell(once).tally.n == 1
    assert heard.mean(once, until=date(2026, 4, 1)) == 100


def test_an_answer_that_does_not_count_is_not_the_last_word(heard: Heard) -> None:
    heard.hear(*answers([10.0]), *answers([0.0], happened_at="2026-03-11", excluded="pilot"))
    cell = heard.cell(measure("nps", once_per="subject"))
    assert (cell.tally.n, estimate(cell.tally, NPS).value, dict(cell.excluded)) == (1, 100.0, {"pilot": 1})


def test_a_cut_of_cases_counted_once_shows_the_same_as_a_choice(heard: Heard) -> None:
    heard.hear(
        *answers([10.0], name="x", issue="i", channel="chat"),
        *answers([0.0], name="x", issue="i", channel="phone", happened_at="2026-03-11"),
    )
    once = measure("nps", signal="x", once_per="issue")
    assert heard.table(once, by=["channel"]) == {"phone": (1, -100.0)}
    assert heard.cell(once, where=[("channel", "chat")]).tally.n == 0


def test_unknown_names_are_answered_with_the_nearest(heard: Heard) -> None:
    with pytest.raises(WrongUsage, match=r"no dimension 'chanel' to be cut by\. Did you mean channel\?"):
        heard.cells(MEAN, by=["chanel"])
    with pytest.raises(WrongUsage, match="Did you mean region"):
        heard.cells(MEAN, where=[("regoin", "n")])
    with pytest.raises(WrongUsage, match="no dimension 'subject' to be cut by"):
        heard.cells(MEAN, by=["subject"])


def test_net_promoter_is_refused_by_agent_contact_or_day(heard: Heard) -> None:
    for asked in ({"by": ["agent"]}, {"where": [("contact", "k1")]}, {"every": "day"}, {"where": [("agent", "a1")]}):
        with pytest.raises(WrongUsage, match="is not shown by"):
            heard.cells(NPS, **asked)
    with pytest.raises(WrongUsage, match="is not shown by team"):
        heard.cells(measure("mean", refused_by=("team",)), by=["team"])


@pytest.mark.parametrize(
    ("kind", "more", "message"),
    [
        ("top_box", {}, "A top_box score needs `top`"),
        ("ratio", {}, "A ratio score needs `over`"),
        ("mean", {"top": 4}, "A mean score has no `top`"),
        ("quantile", {"q": 1.5}, "q lies between 0 and 1"),
        ("repeat_free", {"days": 0}, "A window of 0 days"),
        ("index", {"items": {"a": ()}}, "A sub-index without items"),
        ("index", {"items": ("q1",), "once_per": "subject"}, "already counts units"),
        ("mean", {"where": {"exists:": True}}, "no dimension 'exists:'"),
        ("mean", {"weight_by": "attr.revenue"}, "no dimension 'attr.revenue'"),
    ],
)
def test_a_metric_that_cannot_be_measured_says_why(heard: Heard, kind: str, more: dict[str, Any], message: str) -> None:
    with pytest.raises(WrongUsage, match=message) as refused:
        heard.cells(measure(kind, **more))
    assert refused.value.where.startswith("metric measured")


def test_protected_people_are_counted_as_people(heard_everywhere: Heard) -> None:
    staff = {"name": "pulse", "scale": "1..5", "protected": True, "subject_kind": "employee"}
    heard_everywhere.hear(
        *answers([4.0, 5.0], **staff, team="a"),
        *answers([3.0], **staff, team="a", happened_at="2026-04-10"),  # the first person again
        *answers([None], **{**staff, "subject": "not counted"}, team="a"),
        *answers([4.0, 4.0], **{**staff, "subject": None, "response": "r1"}, team="b"),  # one survey, two answers
        *answers([4.0, 4.0], **{**staff, "subject": None}, team="b"),  # nobody knows who: two people
        *answers([4.0], name="pulse", scale="1..5", team="c"),
    )
    a, b, c = heard_everywhere.cells(measure("mean", signal="pulse"), by=["team"])
    assert a.people is not None
    assert b.people is not None
    assert (len(a.people), len(b.people), c.people) == (2, 3, None)
    assert a.months is not None
    assert {month: len(people) for month, people in a.months.items()} == {"2026-03": 2, "2026-04": 1}
    assert a.months["2026-04"] < a.people
    assert all(0 <= person < 2**63 for person in a.people | b.people)
    again = heard_everywhere.cell(measure("share", signal="pulse", of=("5",)), where=[("team", "a")])
    assert again.people == a.people


def test_everything_is_read_from_one_moment(heard: Heard) -> None:
    heard.hear(*answers([1.0], happened_at=AS_OF + timedelta(days=1)))
    assert heard.cell(MEAN).tally.n == 0
    assert heard.cell(MEAN, as_of=AS_OF + timedelta(days=2)).tally.n == 1


def test_an_answer_is_of_one_version_of_the_lake(heard: Heard, monkeypatch: pytest.MonkeyPatch) -> None:
    heard.hear(*answers([9.0]))
    assert heard.mean(NPS) == 100
    fetch = heard.engine.fetch

    def another_thread_refreshes(expression: Any) -> Any:
        monkeypatch.undo()
        heard.hear(*answers([4.0], scale="1..5"))
        return fetch(expression)

    monkeypatch.setattr(heard.engine, "fetch", another_thread_refreshes)
    with pytest.raises(WrongUsage, match="different scales"):
        heard.mean(NPS)
